"""What of a report can be found: its passages and facts as entries, with the technologies and risks that they name."""

from collections.abc import Iterator, Sequence

from kg.extraction.technologies import technology_cues
from kg.model import Fact, Initiative, NumberFact, Passage, Report, RiskFact, Span, Technology
from kg.pipeline import Extracted
from kg.reading.folding import compact
from kg.reading.passages import passages
from kg.records import record
from kg.verbalise import sentence
from kg.vocabulary import Vocabulary
from search.entries import Entry, passage_entry


def entries(result: Extracted, vocabulary: Vocabulary) -> Iterator[Entry]:
    """Yield the entries of a report: its passages, and its facts in words of both languages."""
    for passage in passages(result.report):
        inside = [fact for fact in result.facts if _shares(passage, fact)]
        yield passage_entry(passage, _technologies(passage.text, inside, vocabulary), _risks(inside))
    for fact in result.facts:
        yield _fact_entry(fact, result.report, vocabulary)


def _fact_entry(fact: Fact, report: Report, vocabulary: Vocabulary) -> Entry:
    quote = fact.quote.of(report.text)
    spoken = [sentence(fact, report, vocabulary, language) for language in ("zh-Hans", "en")]
    return Entry(
        fact.iri, fact.kind, "\n".join([*spoken, quote]), report.id, fact.quote.start, fact.quote.end, fact.company,
        getattr(fact, "year", None), report.language, _technologies(quote, [fact], vocabulary), _risks([fact]),
        record(fact),
    )  # fmt: skip


def _shares(passage: Passage, fact: Fact) -> bool:
    """Say whether a fact's quote and a passage share a character."""
    return fact.quote.overlaps(Span(passage.start, passage.end))


def _technologies(text: str, facts: Sequence[Fact], vocabulary: Vocabulary) -> tuple[str, ...]:
    """Return the technologies that a text names by their labels, and those that its facts speak of."""
    found = {match.concept.iri for match in technology_cues(vocabulary).known(compact(text))}
    for fact in facts:
        if isinstance(fact, Technology) and fact.technology:
            found.add(fact.technology)
        elif isinstance(fact, Initiative):
            found |= set(fact.technologies)
        elif isinstance(fact, NumberFact):
            found |= {iri for iri in fact.result_of if iri in vocabulary}  # the others are initiatives
    return tuple(sorted(found))


def _risks(facts: Sequence[Fact]) -> tuple[str, ...]:
    """Return the categories of the risks and opportunities among facts."""
    return tuple(sorted({iri for fact in facts if isinstance(fact, RiskFact) for iri in fact.categories}))
