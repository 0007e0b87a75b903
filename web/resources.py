"""Any IRI as a page, and the ontology as a list."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any

from kg import ids
from kg.errors import NotFound
from kg.fields import CLASSES
from kg.model import Fact, NumberFact
from kg.terms import IRI, BlankNode, Literal, Term, Triple
from kg.vocabulary import RDF_TYPE, SKOS, Concept, Vocabulary
from web import addresses, numbers
from web.collection import Collection, concepts_of
from web.contexts import OntologyContext, ResourceContext
from web.evidence import Evidence
from web.languages import preferences
from web.names import RDFS_LABEL, Names, short
from web.parts import Cell, FactRow, Link, Page, Phrase, Statement, Terms
from web.parts import Term as TermRow
from web.words import LANGUAGES, words_for

CLASS_IRIS = frozenset(iri.value for iri in CLASSES.values())
INCOMING = 50  # links to a resource that its page lists for each property
_PLAIN = {
    RDF_TYPE: "resource.type",
    RDFS_LABEL: "resource.label",
    f"{SKOS}prefLabel": "resource.pref",
    f"{SKOS}altLabel": "resource.alt",
    f"{SKOS}hiddenLabel": "resource.hidden",
    f"{SKOS}broader": "resource.broader",
    f"{SKOS}inScheme": "resource.scheme",
    f"{SKOS}notation": "resource.notation",
}
OWL = "http://www.w3.org/2002/07/owl#"
OWN_TERMS = (
    ("classes", {f"{OWL}Class"}),
    ("properties", {f"{OWL}ObjectProperty", f"{OWL}DatatypeProperty"}),
)
GROUPS = (
    ("metrics", ("Metric",)),
    ("technologies", ("Technology", "Theme")),
    ("risks", ("RiskCategory",)),
    ("opportunities", ("OpportunityCategory",)),
    ("units", ("Unit",)),
    ("companies", ("Company",)),
)


def resource_context(library: Any, evidence: Evidence, iri: str, page: Callable[[str], Page]) -> ResourceContext:
    """Return the page of an IRI: its evidence where it is a fact, and its triples by name.

    :raises NotFound: if the graph says nothing of it.
    """
    triples = list(library.describe(iri))
    if not triples:
        raise NotFound("resource", iri)
    names = evidence.names
    fact = _fact(library, iri)
    name = _name(iri, triples, fact, evidence)
    return ResourceContext(
        page=page(f"{name.text} \u00b7 {evidence.words('site.name')}"),
        iri=iri,
        path=(addresses.local(iri) or "").split("#")[0],
        name=name,
        kind=_kind(iri, triples, fact, evidence),
        card=replace(evidence.card(0, fact), fact=None, figure=None, reading=Phrase("")) if fact else None,
        figure=evidence.figure(0, fact) if isinstance(fact, NumberFact) else None,
        facts=tuple(_facts(library, iri, evidence)),
        statements=tuple(_statements(triples, iri, names)),
        incoming=tuple(_incoming(triples, iri, names)),
    )


def _fact(library: Any, iri: str) -> Fact | None:
    if "/fact/" not in iri:
        return None
    fact: Fact = library.fact(iri)
    return fact


def _facts(library: Any, iri: str, evidence: Evidence) -> Iterator[FactRow]:
    """Yield the facts that speak of a concept."""
    if iri not in evidence.names.vocabulary or iri in CLASS_IRIS:
        return
    for fact in library.facts():
        if iri in concepts_of(fact):
            yield evidence.row(fact)


def _name(iri: str, triples: Iterable[Triple], fact: Fact | None, evidence: Evidence) -> Phrase:
    if fact:
        return evidence.names.fact(fact, evidence.reports[fact.report].language)
    labels = {
        triple.object.language or "": triple.object.value
        for triple in triples
        if triple.subject == IRI(iri) and isinstance(triple.object, Literal) and _names_it(triple.predicate.value)
    }
    return evidence.names.pick(labels) or evidence.names.of(iri)


def _names_it(predicate: str) -> bool:
    return predicate.endswith(("#prefLabel", "#label", "/title", "/name"))


def _kind(iri: str, triples: Iterable[Triple], fact: Fact | None, evidence: Evidence) -> Phrase:
    if fact:
        return Phrase(evidence.words(f"kind.{fact.kind}"), evidence.words.language)
    types = [t.object.value for t in triples if t.subject == IRI(iri) and t.predicate.value == RDF_TYPE]
    own = sorted(types, key=lambda name: (name.startswith(SKOS), name))
    return evidence.names.of(own[0]) if own else Phrase("")


def _statements(triples: Iterable[Triple], iri: str, names: Names) -> Iterator[Statement]:
    """Yield the properties of the resource, those in our own words first."""
    found: defaultdict[str, list[Term]] = defaultdict(list)
    for triple in triples:
        if triple.subject == IRI(iri):
            found[triple.predicate.value].append(triple.object)
    for predicate in sorted(found, key=lambda name: (name != RDF_TYPE, "tantu" not in name, name)):
        values = sorted(found[predicate], key=lambda term: _order(term, names))
        yield Statement(_predicate(predicate, names), tuple(_cell(term, names) for term in values))


def _incoming(triples: Iterable[Triple], iri: str, names: Names) -> Iterator[Statement]:
    found: defaultdict[str, list[Term]] = defaultdict(list)
    for triple in triples:
        if triple.object == IRI(iri):
            found[triple.predicate.value].append(triple.subject)
    for predicate in sorted(found):
        cells = tuple(_cell(term, names) for term in sorted(found[predicate], key=str)[:INCOMING])
        yield Statement(_predicate(predicate, names), cells)


def _predicate(predicate: str, names: Names) -> Link:
    if predicate in _PLAIN:
        return Link(Phrase(words_for(names.language)(_PLAIN[predicate]), names.language), predicate)
    return Link(names.of(predicate), addresses.opening(predicate))


def _order(term: Term, names: Names) -> tuple[int, str]:
    """Put values in the page's language first."""
    language = getattr(term, "language", None) or ""
    wishes = preferences(names.language)
    return (wishes.index(language) if language in wishes else len(wishes), str(term))


def _cell(term: Term, names: Names) -> Cell:
    if isinstance(term, IRI):
        known = term.value in names.vocabulary
        text = names.of(term.value) if known else Phrase(short(term.value), "en")
        return Cell(text, addresses.opening(term.value))
    if isinstance(term, BlankNode):
        return Cell(Phrase(f"_:{term.value}"))
    return Cell(Phrase(term.value, term.language or ""), None, isinstance(term.python, int | float))


def ontology_context(page: Page, names: Names, counts: Collection) -> OntologyContext:
    """Return the lists of the ontology: concepts by scheme, classes, properties, with the facts that speak of each."""
    vocabulary, words = names.vocabulary, page.words
    groups = []
    for key, types in GROUPS:
        rows = tuple(_tree(vocabulary, list(vocabulary.of_type(*types)), names, counts))
        groups.append(Terms(key, words(f"ontology.{key}"), rows))
    for key, kinds in OWN_TERMS:
        own = [c for c in vocabulary.concepts.values() if c.types & kinds and c.iri.startswith(ids.ONTOLOGY)]
        rows = tuple(_row(concept, names, counts, 0) for concept in _by_use(own, counts))
        groups.append(Terms(key, words(f"ontology.{key}"), rows))
    return OntologyContext(page, tuple(group for group in groups if group.terms))


def _tree(vocabulary: Vocabulary, concepts: list[Concept], names: Names, counts: Collection) -> Iterator[TermRow]:
    """Yield concepts under their broader ones, each once."""
    members = {concept.iri for concept in concepts}
    below: defaultdict[str, list[Concept]] = defaultdict(list)
    for concept in concepts:
        above = next((iri for iri in concept.broader if iri in members), "")
        below[above].append(concept)
    totals: dict[str, int] = {}

    def total(concept: Concept) -> int:
        """Count the facts of a concept and of all below it, each concept once."""
        if concept.iri not in totals:
            totals[concept.iri] = counts.by_concept[concept.iri]
            totals[concept.iri] += sum(total(narrower) for narrower in below[concept.iri])
        return totals[concept.iri]

    for siblings in list(below.values()):
        siblings.sort(key=lambda concept: (-total(concept), concept.iri))
    queue = [(concept, 0) for concept in reversed(below[""])]
    seen: set[str] = set()
    while queue:
        concept, depth = queue.pop()
        if concept.iri in seen:
            continue
        seen.add(concept.iri)
        yield _row(concept, names, counts, depth)
        queue.extend((narrower, depth + 1) for narrower in reversed(below[concept.iri]))


def _by_use(concepts: Iterable[Concept], counts: Collection) -> list[Concept]:
    """Return concepts, those that most facts speak of first."""
    return sorted(concepts, key=lambda concept: (-counts.by_concept[concept.iri], concept.iri))


def _row(concept: Concept, names: Names, counts: Collection, depth: int) -> TermRow:
    labels = [names.concept(concept)]
    labels += [Phrase(_label(concept, tag), tag) for tag in LANGUAGES if tag != labels[0].language]
    code = numbers.code(concept.notation) if concept.notation else ""
    named = tuple(label for label in labels if label)
    href = addresses.local(concept.iri) or concept.iri
    return TermRow(concept.iri.partition("#")[2], named, code, href, counts.by_concept[concept.iri], depth)


def _label(concept: Concept, tag: str) -> str:
    labels = (label.text for label in concept.labels if label.role == "pref" and label.language == tag)
    found = concept.properties.get("http://www.w3.org/2000/01/rdf-schema#label", ())
    return next(labels, next((node.value for node in found if node.language == tag), ""))
