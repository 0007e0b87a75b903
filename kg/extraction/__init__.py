"""Finding facts: one extractor for each kind, in a plain table."""

from collections.abc import Callable, Iterator

from kg.extraction import technologies, things
from kg.extraction.initiatives import facts as initiatives
from kg.extraction.numbers import observations
from kg.extraction.results import links as results
from kg.extraction.risks import facts as risks
from kg.model import Fact, Report
from kg.reading.blocks import Document, read_blocks
from kg.vocabulary import Vocabulary

Extractor = Callable[[Document, Vocabulary], Iterator[Fact]]
EXTRACTORS: tuple[Extractor, ...] = (
    observations.extract,
    risks.extract,
    initiatives.extract,
    technologies.extract,
    things.extract,
)


def facts_of(report: Report, vocabulary: Vocabulary) -> tuple[Fact, ...]:
    """Return the facts of a report in the order of its text, each IRI once."""
    document = read_blocks(report)
    found = {fact.iri: fact for extract in EXTRACTORS for fact in extract(document, vocabulary)}
    linked = results.linked(document, found.values(), vocabulary)
    return tuple(sorted(linked, key=lambda fact: (fact.quote, fact.iri)))
