"""Facts as JSON lines: the fields of eval/SCHEMA.md, and what a fact of ours has beyond them."""

import re
from collections.abc import Mapping
from functools import singledispatch

from kg.model import Fact, Initiative, Mention, NumberFact, Report, RiskFact, Span, Technology, Value
from kg.reading.folding import HAN
from kg.vocabulary import Vocabulary

Json = Mapping[str, object]
_HAN = re.compile(f"[{HAN}]")


def as_json(fact: Fact, report: Report, vocabulary: Vocabulary) -> dict[str, object]:
    """Return a fact as a JSON object; ``start`` and ``end`` count code points of the report's text.

    ``page`` is that of the original, where it has pages.

    :raises NotFound: if the fact names a concept that the vocabulary lacks.
    """
    return {
        "id": fact.iri.rsplit("/", 1)[-1],
        "kind": fact.kind,
        "report": report.id,
        **_quoted(fact.quote, report),
        **({"page": report.page_of(fact.quote.start)} if report.pages else {}),
        **_fields(fact, report, vocabulary),
        "iri": fact.iri,
        "company": fact.company,
        "confidence": round(fact.confidence, 4),
        "defaulted": list(fact.defaulted),
        "spans": [{"role": role, **_quoted(span, report)} for role, span in fact.spans],
    }


def _quoted(span: Span, report: Report) -> dict[str, object]:
    return {"quote": span.of(report.text), "start": span.start, "end": span.end}


@singledispatch
def _fields(fact: Fact, report: Report, vocabulary: Vocabulary) -> Json:
    """Return the fields of one kind of fact."""
    raise TypeError(f"{type(fact).__name__} is no kind of fact; kg.model.FACT_KINDS lists them")


@_fields.register
def _number(fact: NumberFact, report: Report, vocabulary: Vocabulary) -> Json:
    metric = vocabulary.concept(fact.metric)
    named = not metric.is_a("CatchAllMetric")
    return {
        "metric": fact.metric,
        "metric_key": fact.metric.rsplit("/", 1)[-1].replace("-", "_"),
        "metric_zh": metric.label("zh-Hans") if named else fact.metric_text,
        "metric_en": metric.label("en") if named else fact.metric_text,
        "metric_text": fact.metric_text,
        "subject": fact.subject,
        "scope": fact.scope,
        "value": plain(fact.value),
        "unit": vocabulary.concept(fact.unit).notation,
        "unit_text": fact.unit_text,
        "as_written": fact.as_written,
        "comparator": fact.comparator,
        "form": fact.form,
        "direction": fact.direction,
        "year": fact.year,
        "baseline": fact.baseline,
        "aggregation": fact.aggregation,
        "joint": list(fact.joint),
        "result_of": list(fact.result_of),
    }


@_fields.register
def _risk(fact: RiskFact, report: Report, vocabulary: Vocabulary) -> Json:
    categories = [vocabulary.concept(iri) for iri in fact.categories]
    codes = [concept.notation for concept in categories]
    return {
        "category": codes[0] if len(codes) == 1 else codes,
        **_names(fact.name, categories[0].label("zh-Hans"), categories[0].label("en")),
        "level": fact.level,
        "horizon": fact.horizon,
        "responses": [span.of(report.text) for span in fact.responses],
        "impacts": [span.of(report.text) for span in fact.impacts],
    }


@_fields.register
def _initiative(fact: Initiative, report: Report, vocabulary: Vocabulary) -> Json:
    technologies = [vocabulary.concept(iri).label("zh-Hans") for iri in fact.technologies]
    return {
        "name_zh": fact.name,
        "name_en": fact.name,
        "place": fact.place,
        "technologies": technologies,
        "leaders": list(fact.leaders),
        "part_of": fact.part_of,
    }


@_fields.register
def _technology(fact: Technology, report: Report, vocabulary: Vocabulary) -> Json:
    if fact.technology is None:
        return {"technology": None, "name_zh": fact.name, "name_en": fact.name}
    concept = vocabulary.concept(fact.technology)
    label = concept.label("zh-Hans")
    abbreviated = report.language.startswith("zh") and not _HAN.search(fact.name) and _HAN.search(label)
    chinese = f"{label}\uff08{fact.name}\uff09" if abbreviated else label  # the label, then "(AI)" in brackets
    return {"technology": fact.technology, **_names(fact.name, chinese, concept.label("en"))}


@_fields.register
def _mention(fact: Mention, report: Report, vocabulary: Vocabulary) -> Json:
    concept = vocabulary.concept(fact.concept)
    return {"concept": fact.concept, **_names(fact.name, concept.label("zh-Hans"), concept.label("en"))}


def _names(name: str, chinese: str, english: str) -> dict[str, str]:
    """Return the text's own words as the name in its language, the ontology's label in the other."""
    return {"name_zh": name, "name_en": english} if _HAN.search(name) else {"name_zh": chinese, "name_en": name}


def plain(value: Value) -> float | int | list[float | int]:
    """Return a value as JSON has it: a pair as a list.

    >>> plain((2, 9)), plain(774.8)
    ([2, 9], 774.8)
    """
    return list(value) if isinstance(value, tuple) else value
