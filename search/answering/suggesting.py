"""Questions to ask next: about the same metric, company or year, all with figures in the graph."""

from collections.abc import Iterable, Iterator, Set
from functools import lru_cache
from itertools import islice

from kg.model import NumberFact
from kg.vocabulary import Vocabulary
from search.answering.drafting import Draft, Sources
from search.answering.understanding import Understanding, understand
from search.facts import Wanted

MOST = 4  # suggestions; of each way to go on there are at most EACH
EACH = 2
TRIED = 60  # figures that a question is looked for of each way; the companies of a large collection have thousands
PLAIN = ("count", "year")  # units of numbers that say little on their own


def suggestions(understanding: Understanding, draft: Draft, sources: Sources) -> tuple[str, ...]:
    """Return questions that go on from an answer, in its language; only such as are read as they are meant."""
    first = next((fact for fact in draft.facts if isinstance(fact, NumberFact)), None)
    if first is None:
        return ()
    found: dict[str, None] = {}
    for facts in _ways(first, sources):
        for question in islice(_asked(facts, understanding.language, sources), EACH):
            found[question] = None
    return tuple(question for question in found if question != understanding.question)[:MOST]


def _asked(facts: Iterable[NumberFact], language: str, sources: Sources) -> Iterator[str]:
    tried: set[str] = set()  # a year's figure is told again in the reports of the years after it
    for fact in islice(facts, TRIED):
        question = _question(fact, language, sources)
        if question not in tried and is_read_as_meant(question, fact, sources):
            yield question
        tried.add(question)


def _ways(first: NumberFact, sources: Sources) -> Iterator[Iterable[NumberFact]]:
    """Yield the figures of the same metric of another company, of another year, and others of the same company."""
    yield _known(sources, Wanted(metric=first.metric, apart_from=first.company))
    alike = _known(sources, Wanted(metric=first.metric, company=first.company))
    yield (fact for fact in alike if fact.year != first.year)
    for year in (first.year, None):  # what most companies tell is what one asks of others
        own = _known(sources, Wanted(company=first.company, year=year, common_first=True))
        yield (fact for fact in own if fact.metric != first.metric and fact.unit.rpartition("/")[2] not in PLAIN)


def _known(sources: Sources, wanted: Wanted) -> Iterator[NumberFact]:
    return (fact for fact in sources.figures(wanted) if _can_be_asked(fact, sources))


def _can_be_asked(fact: NumberFact, sources: Sources) -> bool:
    """Say whether a question can name all that a figure is about: a metric of a whole company in a year.

    What can be neither better nor worse (a temperature, the years that a plan runs) is not asked for unasked.
    """
    if fact.scope != "company" or fact.year is None or fact.form != "level":
        return False
    metric = sources.vocabulary.concept(fact.metric)
    return bool(metric.values("better")) and not metric.is_a("CatchAllMetric")


def _question(fact: NumberFact, language: str, sources: Sources) -> str:
    names = (sources.vocabulary.concept(iri).label(language) for iri in (fact.company, fact.metric))
    company, metric = names
    asked = sources.phrase("ask-target" if fact.kind == "target" else "ask-figure", language)
    return asked.replace("<company>", company).replace("<metric>", metric).replace("<year>", str(fact.year))


def is_read_as_meant(question: str, fact: NumberFact, sources: Sources) -> bool:
    """Say whether a question is understood as one about a figure's metric, company and year."""
    shape, asked, companies, years = _read(question, sources.vocabulary)
    meant = companies == {fact.company} and years == (fact.year,)
    return shape == "number" and fact.metric in asked and meant


@lru_cache(maxsize=4096)
def _read(question: str, vocabulary: Vocabulary) -> tuple[str, Set[str], Set[str], tuple[int, ...]]:
    """Return the shape, metrics, companies and years of a question; suggestions come again and again."""
    seen = understand(question, vocabulary)
    return seen.shape, {metric.iri for metric in seen.asked}, {company.iri for company in seen.companies}, seen.years
