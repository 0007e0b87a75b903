"""Facts as sentences, in any of our languages, from the ontology's labels and the text's own words."""

import re
from collections.abc import Iterable
from functools import singledispatch

from kg import ids
from kg.fields import COMPARATORS, DIRECTIONS
from kg.mentionable import mention_classes
from kg.model import Fact, Initiative, Mention, Number, NumberFact, Report, RiskFact, Target, Technology, Value
from kg.vocabulary import LANGUAGES, Vocabulary

CHINESE_STEPS = (
    ("ten-to-8", 10**8),
    ("ten-to-4", 10**4),
)  # the codes of the multipliers that Chinese counts large numbers by
QUOTE_LENGTH = 120  # characters of a quote in a sentence; the gold's quotes are no longer
_WRAPPED = re.compile(r"(?<=[\u2e80-\uffef]) (?=[\u2e80-\uffef])")  # where a line broke inside Chinese text
RDFS_LABEL = "http://www.w3.org/2000/01/rdf-schema#label"


def sentence(fact: Fact, report: Report, vocabulary: Vocabulary, language: str) -> str:
    """Return one line that says a fact: company, what, when, how much, in the words of a language.

    :raises NotFound: if the fact names a concept that the vocabulary lacks.
    """
    return _Speaker(report, vocabulary, language).say(fact)


class _Speaker:
    """What is said in one language about one report."""

    def __init__(self, report: Report, vocabulary: Vocabulary, language: str) -> None:
        self.report, self.vocabulary, self.language = report, vocabulary, language
        self.latin = not language.startswith("zh")

    def say(self, fact: Fact) -> str:
        """Return the sentence of a fact."""
        head, told = _parts(fact, self)
        colon = ": " if self.latin else "："
        return f"{' '.join(part for part in head if part)}{colon}{told}"

    def label(self, iri: str) -> str:
        """Return the label of a concept or class in the language; the last part of an IRI that has none."""
        if iri not in self.vocabulary:
            return iri.rsplit("/", 1)[-1].rsplit("#", 1)[-1]
        concept = self.vocabulary.concept(iri)
        if concept.labels:
            return concept.label(self.language)
        names = {node.language: node.value for node in concept.properties.get(RDFS_LABEL, ())}
        return next((names[tag] for tag in (self.language, *LANGUAGES) if tag in names), concept.label(self.language))

    def code(self, slug: str) -> str:
        """Return the label of one of our codes."""
        return self.label(f"{ids.BASE}code/{slug}")

    def company(self, fact: Fact) -> str:
        """Return the reporting company's name."""
        return self.label(fact.company)

    def bracketed(self, parts: Iterable[str | None]) -> str:
        """Return remarks in brackets, nothing for none."""
        found = [part for part in parts if part]
        return "" if not found else f" ({'; '.join(found)})" if self.latin else f"（{'；'.join(found)}）"

    def quantity(self, fact: NumberFact) -> str:
        """Return a number with its unit: large ones in ten thousands and hundred millions in Chinese."""
        amount, multiplier = grouped(fact.value), ""
        for slug, factor in () if self.latin else CHINESE_STEPS:
            if min(map(abs, both(fact.value))) >= factor and f"{ids.BASE}code/{slug}" in self.vocabulary:
                shared = tuple(round(value / factor, 6) for value in both(fact.value))
                amount, multiplier = grouped(shared if len(shared) > 1 else shared[0]), self.code(slug)
                break
        unit = self.unit(fact)
        joint = "" if unit == "%" or not (multiplier or unit) else " "
        return f"{amount}{joint}{multiplier}{unit}"

    def unit(self, fact: NumberFact) -> str:
        """Return what stands for a unit: a code such as kWh in English, its name or the classifier in Chinese."""
        slug = fact.unit.rsplit("/", 1)[-1]
        if slug in ("percent", "ratio", "count"):
            return {"percent": "%", "ratio": ""}.get(slug, "" if self.latin else fact.unit_text)
        code = self.vocabulary.concept(fact.unit).notation if fact.unit in self.vocabulary else slug
        return code if self.latin and code and code.isalnum() and code != "other" else self.label(fact.unit)

    def quote(self, fact: Fact) -> str:
        """Return the quote on one line, cut where it is long."""
        words = _WRAPPED.sub("", " ".join(fact.quote.of(self.report.text).split()))
        return words if len(words) <= QUOTE_LENGTH else f"{words[: QUOTE_LENGTH - 1]}\u2026"


@singledispatch
def _parts(fact: Fact, speaker: _Speaker) -> tuple[list[str], str]:
    """Return what stands before the colon, and what after it."""
    raise TypeError(f"{type(fact).__name__} is no kind of fact; kg.model.FACT_KINDS lists them")


@_parts.register
def _number(fact: NumberFact, speaker: _Speaker) -> tuple[list[str], str]:
    metric = speaker.label(fact.metric)
    if fact.metric in speaker.vocabulary and speaker.vocabulary.concept(fact.metric).is_a("CatchAllMetric"):
        metric = fact.metric_text or metric
    period = speaker.label(ids.period_iri(str(fact.year))) if fact.year else ""
    target = speaker.code("target") if isinstance(fact, Target) else ""
    company = speaker.company(fact)
    head = [company, metric, target, period] if speaker.latin else [company, period, target, metric]
    about = fact.subject if fact.scope != "company" and fact.subject != company else None
    compared = fact.baseline
    if compared and compared.isdigit():
        compared = f"{speaker.code('cue-baseline')} {speaker.label(ids.period_iri(compared))}"
    return head, f"{_amount(fact, speaker)}{speaker.bracketed((about, compared))}"


def _amount(fact: NumberFact, speaker: _Speaker) -> str:
    """Return direction, comparator, number and unit."""
    parts = [speaker.code(DIRECTIONS[fact.direction])] if fact.direction and fact.form == "change" else []
    if fact.comparator != "=":
        parts.append(speaker.code(COMPARATORS[fact.comparator]))
    parts.append(speaker.quantity(fact))
    return " ".join(parts)


@_parts.register
def _risk(fact: RiskFact, speaker: _Speaker) -> tuple[list[str], str]:
    categories = [speaker.label(iri) for iri in fact.categories]
    kind = speaker.label(f"{ids.ONTOLOGY}{fact.kind.capitalize()}")
    remarks = (fact.level and f"{speaker.label(ids.ONTOLOGY + 'level')} {fact.level}", fact.horizon)
    head = [speaker.company(fact), f"{kind}{speaker.bracketed(categories)}"]
    return head, f"{speaker.quote(fact)}{speaker.bracketed(remarks)}"


@_parts.register
def _initiative(fact: Initiative, speaker: _Speaker) -> tuple[list[str], str]:
    comma = ", " if speaker.latin else "、"
    technologies = comma.join(speaker.label(iri) for iri in fact.technologies)
    head = [speaker.company(fact), speaker.label(f"{ids.ONTOLOGY}Initiative")]
    return head, f"{fact.name}{speaker.bracketed((fact.place, technologies))}"


@_parts.register
def _technology(fact: Technology, speaker: _Speaker) -> tuple[list[str], str]:
    head = [speaker.company(fact), speaker.label(f"{ids.ONTOLOGY}Technology")]
    label = speaker.label(fact.technology) if fact.technology else fact.name
    return head, label if fact.name in label else f"{label}{speaker.bracketed((fact.name,))}"


@_parts.register
def _mention(fact: Mention, speaker: _Speaker) -> tuple[list[str], str]:
    classes = mention_classes(fact.concept, speaker.vocabulary) or (f"{ids.ONTOLOGY}Mention",)
    label = speaker.label(fact.concept)
    head = [speaker.company(fact), speaker.label(classes[0])]
    return head, label if fact.name in label else f"{label}{speaker.bracketed((fact.name,))}"


def both(value: Value) -> tuple[Number, ...]:
    """Return the ends of a range, or the one number."""
    return value if isinstance(value, tuple) else (value,)


def grouped(value: Value | tuple[Number, ...]) -> str:
    """Return a number with its thousands grouped; a range with a dash.

    >>> grouped(7748000), grouped((2, 9)), grouped(0.5)
    ('7,748,000', '2\u20139', '0.5')
    """
    return "\u2013".join(map(_digits, value)) if isinstance(value, tuple) else _digits(value)


def _digits(value: Number) -> str:
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        value = int(value)
    return f"{value:,}" if isinstance(value, int) or abs(value) < 1e15 else f"{value:g}"
