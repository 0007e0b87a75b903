"""Mentions: where a report first names a thing of a class that the ontology declares to be looked for."""

from collections.abc import Iterator
from functools import lru_cache

from kg.extraction.anchors import fact_iri_at
from kg.mentionable import mentionable
from kg.model import Fact, Mention, Span
from kg.reading.blocks import Document
from kg.reading.folding import compact
from kg.vocabulary import Matcher, Vocabulary

_CONFIDENCE = 0.9  # as that of a technology that is known by its label


def extract(document: Document, vocabulary: Vocabulary) -> Iterator[Fact]:
    """Yield the first mention of each thing, in the order of the text."""
    if not mentionable(vocabulary):
        return
    report, seen = document.report, set()
    for block in document.blocks:
        folded = compact(document.text(block.span))
        for match in _matcher(vocabulary).find_folded(folded):
            if match.concept.iri not in seen:
                seen.add(match.concept.iri)
                place = folded.span(match.start, match.end)
                span = Span(block.span.start + place.start, block.span.start + place.end)
                yield Mention(
                    iri=fact_iri_at(report, "mention", span),
                    report=report.id,
                    company=report.company,
                    quote=span,
                    defaulted=("company",),
                    confidence=_CONFIDENCE,
                    name=" ".join(span.of(report.text).split()),
                    concept=match.concept.iri,
                )


@lru_cache(maxsize=4)
def _matcher(vocabulary: Vocabulary) -> Matcher:
    return Matcher(mentionable(vocabulary))
