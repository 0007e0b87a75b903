"""Facts as quads and back: ``facts_of_quads(quads_of_fact(fact)) == [canonical(fact)]``.

Every fact is a named node in its report's graph; what it says hangs on it as ``kg/fields.py`` lists, the characters
that say it as NIF strings, one for each role. Some triples are there for people and queries only (labels, periods,
concepts of levels); reading passes them over.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from kg import ids
from kg.extraction.anchors import fact_iri_at
from kg.extraction.risks.ratings import rating_words
from kg.fields import CLASSES, FIELDS, Field, decimal, name, number
from kg.mentionable import mention_classes
from kg.model import Fact, Initiative, Mention, NumberFact, Report, RiskFact, Span, Target, Value
from kg.reading.folding import compact
from kg.reading.passages import passages
from kg.store import Store
from kg.terms import IRI, XSD, Literal, Quad, Term, text
from kg.verbalise import sentence
from kg.vocabulary import LANGUAGES, Matcher, Vocabulary

Pair = tuple[IRI, Term]  # a predicate and an object; the subject is known where it is used
_TYPE, _LABEL = name("rdf:type"), name("rdfs:label")
_DERIVED = name("prov:wasDerivedFrom")
_CONTEXT, _ANCHOR = name("nif:referenceContext"), name("nif:anchorOf")
_BEGIN, _END = name("nif:beginIndex"), name("nif:endIndex")
_VALUE, _LOW, _HIGH = name("qudt:numericValue"), name("o:minValue"), name("o:maxValue")
_MEASURE, _RESPONSE, _STATEMENT = name("o:Measure"), name("o:respondedBy"), name("o:statementSpan")
_QUOTE = name("o:quoteSpan")
_ROLE_END = "Span"


def canonical(fact: Fact) -> Fact:
    """Return a fact with its sets in order: a graph knows no order and no repetition."""
    changed: dict[str, Any] = {"spans": tuple(sorted(set(fact.spans)))}
    if isinstance(fact, RiskFact):
        changed["responses"] = tuple(sorted(set(fact.responses)))
    for field in FIELDS[type(fact)]:
        if field.many:
            changed[field.name] = tuple(sorted(set(getattr(fact, field.name))))
    return replace(fact, **changed)


# --- writing


def quads_of_fact(fact: Fact, report: Report, vocabulary: Vocabulary) -> list[Quad]:
    """Return the quads of a fact in the named graph of its report, without repetition.

    :raises NotFound: if the fact names a concept that the vocabulary lacks.
    """
    writer = _Writer(report)
    iri = IRI(fact.iri)
    writer.add(iri, (_TYPE, CLASSES[type(fact)]), (_DERIVED, IRI(report.iri)))
    writer.add(iri, *(pair for field in FIELDS[type(fact)] for pair in _field_pairs(fact, field)))
    writer.add_span(iri, _QUOTE, fact.quote)
    for role, span in fact.spans:
        writer.add_span(iri, role_property(role), span)
    if isinstance(fact, NumberFact):
        writer.add(iri, *_value_pairs(fact.value), *_period_pairs(fact, vocabulary), *_subject_pairs(fact, vocabulary))
    if isinstance(fact, RiskFact):
        writer.add(iri, (name("o:statement"), text(fact.quote.of(report.text), report.language)))
        writer.add(iri, *_rating_pairs(fact, vocabulary))
        for response in fact.responses:
            writer.add_measure(iri, fact.company, response)
    if isinstance(fact, Mention):
        writer.add(iri, *((_TYPE, IRI(name)) for name in mention_classes(fact.concept, vocabulary)))
    if isinstance(fact, Initiative):
        writer.add(iri, *_leader_pairs(fact, vocabulary), *_place_pairs(fact, vocabulary))
    writer.add(iri, *((_LABEL, text(sentence(fact, report, vocabulary, tag), tag)) for tag in LANGUAGES))
    return list(dict.fromkeys(writer.quads))


class _Writer:
    """Gathers the quads of one report's graph."""

    def __init__(self, report: Report) -> None:
        self.report, self.graph = report, IRI(ids.graph_iri(report.id))
        self.quads: list[Quad] = []

    def add(self, subject: IRI, *pairs: Pair) -> None:
        self.quads.extend(Quad(subject, predicate, value, self.graph) for predicate, value in pairs)

    def add_span(self, subject: IRI, predicate: IRI, span: Span) -> None:
        """Add a stretch of the report's text and what it is to a subject.

        Quotes and statements name the text that they stand in; for the other spans of a fact it is the same one. That,
        and no rdf:type (the range of o:span says it), keeps provenance under 12 triples a fact.
        """
        iri = IRI(ids.span_iri(self.report.id, span.start, span.end))
        self.add(subject, (predicate, iri))
        if predicate in (_QUOTE, _STATEMENT):
            self.add(iri, (_CONTEXT, IRI(self.report.iri)))
        self.add(iri, *_string_pairs(self.report, span))

    def add_measure(self, subject: IRI, company: str, span: Span) -> None:
        """Add a measure that responds to a risk or opportunity."""
        iri = IRI(fact_iri_at(self.report, "measure", span))
        self.add(subject, (_RESPONSE, iri))
        self.add(iri, (_TYPE, _MEASURE), (name("o:company"), IRI(company)), (_DERIVED, IRI(self.report.iri)))
        self.add(iri, (name("o:statement"), text(span.of(self.report.text), self.report.language)))
        self.add_span(iri, _STATEMENT, span)


def _string_pairs(report: Report, span: Span) -> Iterator[Pair]:
    yield _BEGIN, Literal(str(span.start), f"{XSD}nonNegativeInteger")
    yield _END, Literal(str(span.end), f"{XSD}nonNegativeInteger")
    yield _ANCHOR, Literal(span.of(report.text))


def role_property(role: str) -> IRI:
    """Return the property of a role: ``value`` is held by ``o:valueSpan``."""
    return name(f"o:{role}{_ROLE_END}")


def _field_pairs(fact: Fact, field: Field) -> Iterator[Pair]:
    value = getattr(fact, field.name)
    for one in value if field.many else () if value is None else (value,):
        yield field.property, field.write(one)


def _value_pairs(value: Value) -> Iterator[Pair]:
    if isinstance(value, tuple):
        yield _LOW, decimal(value[0])
        yield _HIGH, decimal(value[1])
    else:
        yield _VALUE, decimal(value)


def _subject_pairs(fact: NumberFact, vocabulary: Vocabulary) -> Iterator[Pair]:
    """Yield the subject of a number as a node: the company, or what the ontology knows under the subject's words."""
    if fact.scope == "company":
        yield name("o:subject"), IRI(fact.company)
        return
    for match in _matcher(vocabulary, "Company", "OrganisationPart", "Facility").find(fact.subject):
        if match.end - match.start == len(fact.subject):
            yield name("o:subject"), IRI(match.concept.iri)


def _period_pairs(fact: NumberFact, vocabulary: Vocabulary) -> Iterator[Pair]:
    """Yield the periods of a number as nodes: its own (due, of a target), and the one it is compared with."""
    if fact.year is not None:
        yield name("o:duePeriod" if isinstance(fact, Target) else "o:period"), IRI(ids.period_iri(str(fact.year)))
    if fact.baseline and fact.baseline.isdigit():
        yield name("o:baselinePeriod"), IRI(ids.period_iri(fact.baseline))
    elif fact.baseline:
        for match in _matcher(vocabulary, "PeriodName").find(fact.baseline)[:1]:
            yield name("o:baselinePeriod"), IRI(match.concept.iri)


def _rating_pairs(fact: RiskFact, vocabulary: Vocabulary) -> Iterator[Pair]:
    """Yield the concepts of a level and of the horizons between the first and the last that the text names."""
    if level := rating_words(vocabulary).level_of(fact.level or ""):
        yield name("o:level"), IRI(level)
    for iri in horizons(fact.horizon or "", vocabulary):
        yield name("o:horizon"), IRI(iri)


def horizons(words: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    """Return the IRIs of the horizons that words name; from short to long takes in the medium term too."""
    said = compact(words).text
    named = {concept for concept in vocabulary.of_type("Horizon") for word in _stems(concept) if word in said}
    places = sorted(int(concept.value("ordinal") or 0) for concept in named)
    inside = range(places[0], places[-1] + 1) if places else range(0)
    whole = (concept for concept in vocabulary.of_type("Horizon") if int(concept.value("ordinal") or 0) in inside)
    return tuple(sorted(concept.iri for concept in whole))


def _stems(concept: Any) -> Iterator[str]:
    yield from concept.values("cellLabel")


def _leader_pairs(fact: Initiative, vocabulary: Vocabulary) -> Iterator[Pair]:
    """Yield who leads an initiative as a node: the company, or what the ontology knows under the leaders' names."""
    if not fact.leaders:
        yield name("o:ledBy"), IRI(fact.company)
    for leader in fact.leaders:
        for match in _matcher(vocabulary, "Company", "OrganisationPart").find(leader):
            if match.end - match.start == len(leader):
                yield name("o:ledBy"), IRI(match.concept.iri)


def _place_pairs(fact: Initiative, vocabulary: Vocabulary) -> Iterator[Pair]:
    for match in _matcher(vocabulary, "Place").find(fact.place or ""):
        yield name("o:locatedIn"), IRI(match.concept.iri)


@lru_cache(maxsize=16)
def _matcher(vocabulary: Vocabulary, *kinds: str) -> Matcher:
    return vocabulary.matcher(*kinds)


def quads_of_document(report: Report) -> list[Quad]:
    """Return the quads that say whose text a report is, of which year, in which language."""
    writer = _Writer(report)
    iri = IRI(report.iri)
    writer.add(iri, (_TYPE, name("o:Document")), (_TYPE, name("nif:Context")))
    writer.add(iri, *((name("dcterms:title"), text(title, tag)) for tag, title in sorted(report.title.items())))
    writer.add(
        iri,
        (name("dcterms:publisher"), IRI(report.company)),
        (name("dcterms:language"), Literal(report.language)),
        (name("o:sha256"), Literal(report.sha256)),
        (name("o:reportYear"), Literal(f"{report.year:04d}", f"{XSD}gYear")),
    )
    return writer.quads


def quads_of_report(report: Report, facts: Iterable[Fact] = ()) -> list[Quad]:
    """Return the quads that describe a report's text and its passages, and say which passage each fact stands in."""
    writer = _Writer(report)
    writer.quads.extend(quads_of_document(report))
    found = passages(report)
    for passage in found:
        span = Span(passage.start, passage.end)
        headings = ((name("o:heading"), Literal(" ".join(part.of(report.text).split()))) for part in passage.headings)
        node = IRI(passage.iri)
        writer.add(node, (_TYPE, name("o:Passage")), (_CONTEXT, IRI(report.iri)), *_string_pairs(report, span))
        writer.add(node, *headings)
    starts = [passage.start for passage in found]
    for fact in facts:  # the passage that holds the middle of the quote
        if at := bisect_right(starts, (fact.quote.start + fact.quote.end) // 2):
            writer.add(IRI(fact.iri), (name("o:passage"), IRI(found[at - 1].iri)))
    return list(dict.fromkeys(writer.quads))


# --- reading


def facts_of_quads(quads: Iterable[Quad]) -> list[Fact]:
    """Return the facts that quads tell of, in the order of the text."""
    nodes: dict[Term, dict[IRI, list[Term]]] = defaultdict(lambda: defaultdict(list))
    for subject, predicate, value, _ in quads:
        nodes[subject][predicate].append(value)
    kinds = {iri: kind for kind, iri in CLASSES.items()}
    found = [
        _fact(subject, kinds[kind], nodes)
        for subject, node in list(nodes.items())
        for kind in node.get(_TYPE, ())
        if isinstance(kind, IRI) and kind in kinds
    ]
    return sorted(found, key=lambda fact: (fact.report, fact.quote, fact.iri))


def facts_in(store: Store, report: Report) -> list[Fact]:
    """Return the facts of a report's graph in a store, in the order of the text."""
    return facts_of_quads(store.quads(graph=IRI(ids.graph_iri(report.id))))


def _fact(subject: Term, kind: type[Fact], nodes: dict[Term, dict[IRI, list[Term]]]) -> Fact:
    node = nodes[subject]
    fields = {field.name: _read(field, node.get(field.property, ())) for field in FIELDS[kind]}
    if issubclass(kind, NumberFact):
        ends = [number(node[end][0]) for end in (_LOW, _HIGH) if node.get(end)]
        fields["value"] = tuple(ends) if ends else number(node[_VALUE][0])
    if issubclass(kind, RiskFact):
        measures = (nodes[measure][_STATEMENT][0] for measure in node.get(_RESPONSE, ()))
        fields["responses"] = tuple(sorted(_span(nodes[span]) for span in measures))
    return kind(
        iri=subject.value,
        report=node[_DERIVED][0].value.rsplit("/", 1)[-1],
        quote=_span(nodes[node[_QUOTE][0]]),
        spans=tuple(sorted(_roles(node, nodes))),
        **fields,
    )


def _read(field: Field, values: Sequence[Term]) -> Any:
    if field.many:
        return tuple(sorted(field.read(value) for value in values))
    return field.read(values[0]) if values else None


def _span(node: dict[IRI, list[Term]]) -> Span:
    return Span(int(node[_BEGIN][0].value), int(node[_END][0].value))


def _roles(node: dict[IRI, list[Term]], nodes: dict[Term, dict[IRI, list[Term]]]) -> Iterator[tuple[str, Span]]:
    for predicate, values in node.items():
        if predicate != _QUOTE and predicate.value.startswith(ids.ONTOLOGY) and predicate.value.endswith(_ROLE_END):
            role = predicate.value.removeprefix(ids.ONTOLOGY).removesuffix(_ROLE_END)
            yield from ((role, _span(nodes[value])) for value in values)
