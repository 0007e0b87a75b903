"""An answer in words, from the ontology's phrases."""

from collections.abc import Sequence

from kg.model import Fact, NumberFact
from search.answering.drafting import Draft, Sources
from search.answering.quoting import sentence_like
from search.answering.understanding import Understanding


def say(understanding: Understanding, draft: Draft, sources: Sources) -> str:
    """Say what was found, or that nothing was."""
    language = understanding.language
    if draft.reason == "no-report":
        companies = dict.fromkeys(report.company for report in sources.reports.values())
        known = sources.phrase("comma", language).join(sources.vocabulary.concept(c).label(language) for c in companies)
        absent = understanding.outsiders or [company.label(language) for company in understanding.others]
        return sources.phrase("no-report", language, company=", ".join(absent), companies=known)
    if not draft.answered:
        nearest = draft.reason == "nearest" and draft.facts and sources.sentence(draft.facts[0], language)
        phrase = "nearest" if nearest else "not-found"
        return sources.phrase(phrase, language, reports=len(sources.reports), nearest=nearest)
    if draft.items and understanding.shape == "list":
        return sources.phrase("list", language, items=sources.phrase("comma", language).join(draft.items))
    if understanding.shape == "comparison" and draft.facts:
        return _compared(understanding, draft, sources)
    if understanding.shape == "number" and draft.facts:
        return sources.sentence(draft.facts[0], language) + _beside(draft.facts, language, sources)
    report = sources.reports[draft.citations[0].report]
    title = report.title.get(language) or next(iter(report.title.values()), report.id)
    quote = sentence_like(understanding.question, draft.citations[0].quote, sources)[0]
    return sources.phrase("quote", language, title=title, quote=quote)


def _compared(understanding: Understanding, draft: Draft, sources: Sources) -> str:
    """Say the fact of each side, or of each company where a question names no sides; and who has none."""
    language = understanding.language
    first = {fact.company: fact for fact in reversed(draft.facts)}
    shown = draft.facts[: draft.sides] or [fact for fact in draft.facts if first[fact.company] is fact]
    said = sources.phrase("stop", language).join(sources.sentence(fact, language) for fact in shown)
    told = {fact.company for fact in shown}
    lacking = [company.label(language) for company in understanding.companies if company.iri not in told]
    if not lacking:
        return said
    names = sources.phrase("comma", language).join(lacking)
    return said + sources.phrase("gap", language) + sources.phrase("lacking", language, companies=names)


def _beside(facts: Sequence[Fact], language: str, sources: Sources) -> str:
    """Say what other places give for the same company, metric, subject and year: the same figure, or others."""
    first, *others = (fact for fact in facts if isinstance(fact, NumberFact))
    alike = [fact for fact in others if first.year is not None and _about(fact) == _about(first)]
    differing = [fact for fact in alike if fact.value != first.value and not fact.unit.endswith("/count")]
    same = [fact for fact in alike if fact.value == first.value]
    gap = sources.phrase("gap", language)
    if differing:
        written = dict.fromkeys(fact.as_written for fact in differing)
        return gap + sources.phrase("conflict", language, others=sources.phrase("comma", language).join(written))
    return gap + sources.phrase("agreement", language, n=len(same)) if same else ""


def _about(fact: NumberFact) -> tuple[object, ...]:
    return fact.kind, fact.company, fact.metric, fact.subject, fact.year, fact.unit, fact.form, fact.aggregation
