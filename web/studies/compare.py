"""Metrics by company and year."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from markupsafe import Markup

from kg.model import NumberFact
from search.studies.alike import single
from web import addresses, numbers
from web.choosing import Choice, Chooser
from web.parts import Link, Page, Phrase
from web.studies.bars import Bar, bars, written
from web.studies.contexts import CompareContext, Comparison, Series
from web.studies.frames import Desk, drawings, query, study

FORMS = ("level", "cumulative", "change")
SHOWN = 8  # metrics of the page that none was chosen for
COLUMNS: tuple[str, ...] = (
    "metric",
    "company",
    "year",
    "value",
    "unit",
    "form",
    "direction",
    "baseline",
    "comparator",
    "subject",
    "written",
    "report",
    "start",
    "end",
    "fact",
)
Found = Mapping[str, list[NumberFact]]


def _found(desk: Desk, sparql: str) -> Found:
    """Return the figures of each metric."""
    found: dict[str, list[NumberFact]] = defaultdict(list)
    for row in desk.rows(sparql):
        found[str(row["metric"])].append(desk.fact(row["fact"]))
    return found


def compare_context(desk: Desk, page: Page, metric: str | None) -> CompareContext:
    """Return the chosen metric, or those that most companies and years can be compared by."""
    every = _found(desk, query(desk, "compare"))
    order = sorted(every, key=lambda iri: (-_breadth(every[iri]), iri))
    chosen = [metric] if metric else [iri for iri in order if _is_performance(desk, iri)][:SHOWN]
    sparql = query(desk, "compare", metrics=chosen)
    facts = [fact for iri in chosen for fact in every.get(iri, ())]
    short = (metric or "").rpartition("/")[2]
    return CompareContext(
        page=page,
        study=study(desk, "compare", facts, sparql, _metrics(desk, order, short), asked={"metric": short}, drawn=False),
        comparisons=tuple(_comparison(desk, iri, every[iri]) for iri in chosen if iri in every),
    )


def _is_performance(desk: Desk, metric: str) -> bool:
    """Say whether a metric can be better or worse: a number of stations or of years running is not compared unasked."""
    return bool(desk.library.vocabulary.concept(metric).values("better"))


def _breadth(facts: Sequence[NumberFact]) -> int:
    """Return how much there is to compare: pairs of company and year, companies counting most."""
    pairs = {(fact.company, fact.year) for fact in facts}
    return 10 * len({company for company, _ in pairs}) + len(pairs)


def _metrics(desk: Desk, order: Sequence[str], chosen: str) -> Chooser:
    named = sorted(((desk.names.of(iri), iri) for iri in order), key=lambda pair: pair[0].text)
    every = Choice("", Phrase(desk.words("studies.broadest"), desk.words.language))
    choices = [Choice(iri.rpartition("/")[2], phrase, iri) for phrase, iri in named]
    return Chooser("metric", desk.words("chip.metrics"), (every, *choices), chosen)


def _comparison(desk: Desk, metric: str, facts: Sequence[NumberFact]) -> Comparison:
    years = sorted({fact.year for fact in facts if fact.year})
    companies = _reporting(desk, facts)
    name = desk.names.of(metric)
    asked = {"metric": metric.rpartition("/")[2], "company": (desk.company or "").rpartition("/")[2]}
    return Comparison(
        metric=Link(name, addresses.local(metric)),
        unit=_unit(desk, facts),
        years=tuple(map(str, years)),
        series=tuple(_series(desk, iri, facts, years) for iri in companies),
        chart=_chart(desk, metric, facts, companies),
        downloads=tuple(drawings(addresses.with_query("/compare.svg", **asked, ui=desk.words.language))),
    )


def _chart(desk: Desk, metric: str, facts: Sequence[NumberFact], companies: Sequence[str]) -> Markup:
    return bars(desk.names.of(metric).text, list(_bars(desk, facts, companies)))


def chart_of(desk: Desk, metric: str) -> Markup:
    """Return the chart of a metric, empty where there is nothing to set side by side."""
    facts = _found(desk, query(desk, "compare", metrics=[metric])).get(metric, [])
    return _chart(desk, metric, facts, _reporting(desk, facts))


def _reporting(desk: Desk, facts: Sequence[NumberFact]) -> list[str]:
    """Return the companies that some facts are of, by name."""
    return [iri for iri in desk.reporting() if any(fact.company == iri for fact in facts)]


def _series(desk: Desk, company: str, facts: Sequence[NumberFact], years: Sequence[int]) -> Series:
    own = list(_once(fact for fact in facts if fact.company == company))
    cells = (tuple(desk.evidence.figure(0, fact) for fact in own if fact.year == year) for year in years)
    return Series(desk.company_link(company), tuple(cells))


def _once(facts: Iterable[NumberFact]) -> Iterator[NumberFact]:
    """Yield the facts, what a report says twice once; yearly amounts first, then sums and changes."""
    seen: set[tuple[object, ...]] = set()
    for fact in sorted(facts, key=lambda fact: (FORMS.index(fact.form), -single(fact.value), fact.iri)):
        told = (
            fact.report,
            fact.year,
            fact.subject,
            fact.value,
            fact.comparator,
            fact.form,
            fact.direction,
            fact.baseline,
        )
        if told not in seen:
            seen.add(told)
            yield fact


def _unit(desk: Desk, facts: Sequence[NumberFact]) -> str:
    """Return the unit that the figures share, or nothing."""
    units = {fact.unit for fact in facts}
    return numbers.unit_of(units.pop(), desk.library.vocabulary, desk.words.language) if len(units) == 1 else ""


def _bars(desk: Desk, facts: Sequence[NumberFact], companies: Sequence[str]) -> Iterator[Bar]:
    """Yield a bar for each company and year that have one figure of the commonest kind: form, direction, unit.

    Of several that differ those count that are compared with no other year: a saving against 2022 is of one measure.
    """
    kinds = Counter((fact.form, fact.direction, fact.unit) for fact in facts)
    kind = max(sorted(kinds, key=str), key=lambda kind: kinds[kind])
    alike = [fact for fact in facts if (fact.form, fact.direction, fact.unit) == kind and fact.year]
    unit = numbers.unit_of(kind[2], desk.library.vocabulary, desk.words.language)
    for shade, company in enumerate(companies):
        for year in sorted({fact.year for fact in alike if fact.company == company and fact.year}):
            own = _whole([fact for fact in alike if fact.company == company and fact.year == year])
            value, signs = single(own[0].value), {numbers.SIGNS.get(fact.comparator, "") for fact in own}
            if all(single(fact.value) == value for fact in own):
                shown = (signs.pop() if len(signs) == 1 else "") + written(value, unit)
                yield Bar(desk.names.of(company).text, str(year), value, shown, shade)


def _whole(figures: Sequence[NumberFact]) -> Sequence[NumberFact]:
    """Return figures of a year, where they differ those that are compared with no other year: the whole of it."""
    return figures if len({fact.value for fact in figures}) == 1 else [f for f in figures if not f.baseline] or figures


def compare_rows(desk: Desk, metric: str | None) -> Iterator[tuple[object, ...]]:
    """Yield the figures as rows of ``COLUMNS``."""
    for iri, facts in _found(desk, query(desk, "compare", metrics=[metric] if metric else [])).items():
        for fact in facts:
            unit = desk.library.vocabulary.concept(fact.unit).notation
            about = (
                desk.names.of(iri).text,
                desk.names.of(fact.company).text,
                fact.year,
                numbers.shown(fact.value),
                unit,
            )
            how = (fact.form, fact.direction, fact.baseline, fact.comparator, fact.subject, fact.as_written)
            yield (*about, *how, fact.report, fact.quote.start, fact.quote.end, fact.iri)
