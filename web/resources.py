"""Any IRI as a page: what it is, the facts that speak of it, and what the graph says of it."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from kg import ids
from kg.errors import NotFound
from kg.model import Fact, NumberFact
from kg.terms import IRI, PREFIXES, BlankNode, Literal, Term, Triple
from kg.turtle import Node
from kg.vocabulary import RDF_TYPE, SKOS, Concept
from web import addresses
from web.contexts import ResourceContext
from web.evidence import Evidence
from web.languages import preferences
from web.names import RDFS_LABEL, Names, short
from web.ontology import OWL, RDFS
from web.parts import Cell, FactRow, Link, Page, Phrase, Statement
from web.sheets import SHOWN, referrers, sheet
from web.uses import Uses
from web.words import words_for

FACTS = 100  # that a page lists; a class or a company has most of them
REFERRERS = 50  # terms that a page lists for each property that leads to it
_PLAIN = {
    RDF_TYPE: "resource.type",
    RDFS_LABEL: "resource.label",
    f"{SKOS}prefLabel": "resource.pref",
    f"{SKOS}altLabel": "resource.alt",
    f"{SKOS}hiddenLabel": "resource.hidden",
    f"{SKOS}broader": "resource.broader",
    f"{SKOS}inScheme": "resource.scheme",
    f"{SKOS}notation": "resource.notation",
    f"{SKOS}closeMatch": "resource.close-match",
    f"{SKOS}exactMatch": "resource.exact-match",
    f"{RDFS}domain": "resource.domain",
    f"{RDFS}range": "resource.range",
    f"{PREFIXES['qudt']}hasQuantityKind": "resource.quantity-kind",
    f"{PREFIXES['qudt']}hasUnit": "resource.unit",
    f"{PREFIXES['qudt']}numericValue": "resource.value",
    f"{PREFIXES['prov']}wasDerivedFrom": "resource.source",
}
# What the types are called that are none of ours.
_TYPES = {
    f"{OWL}Class": "resource.class",
    f"{OWL}ObjectProperty": "resource.property",
    f"{OWL}DatatypeProperty": "resource.property",
    f"{SKOS}ConceptScheme": "resource.scheme",
    f"{PREFIXES['qudt']}QuantityKind": "resource.quantity-kind",
}


@dataclass(frozen=True, slots=True)
class Resources:
    """Makes the pages of IRIs for one language of the interface; lines of facts are made once."""

    library: Any
    evidence: Evidence
    uses: Uses
    rows: dict[str, FactRow] = field(default_factory=dict)

    def context(self, iri: str, page: Callable[[str], Page]) -> ResourceContext:
        """Return the page of an IRI: the evidence of a fact, the sheet of a term, and its triples by name.

        :raises NotFound: if the graph says nothing of it.
        """
        evidence, names = self.evidence, self.evidence.names
        concept = _concept(iri, names)
        triples = list(_triples(concept) if concept else self.library.describe(iri))
        if not triples:
            raise NotFound("resource", iri)
        fact: Fact | None = self.library.fact(iri) if "/fact/" in iri else None
        name = names.concept(concept) if concept else _name(iri, triples, fact, evidence)
        return ResourceContext(
            page=page(f"{name.text} \u00b7 {evidence.words('site.name')}"),
            iri=iri,
            path=_path(iri),
            graph=addresses.with_query("/graph", iri=iri.removeprefix(ids.BASE)),
            name=name,
            kind=_kind(iri, triples, fact, evidence),
            card=replace(evidence.card(0, fact), fact=None, figure=None, reading=Phrase("")) if fact else None,
            figure=evidence.figure(0, fact) if isinstance(fact, NumberFact) else None,
            sheet=sheet(concept, names, evidence.words, self.uses, evidence.reports, self.library.settings.ontology)
            if concept
            else None,
            facts=tuple(self.row(found) for found in self.uses.facts(iri)[:FACTS]) if concept else (),
            total=self.uses.count(iri) if concept else 0,
            statements=tuple(_statements(triples, iri, names)),
            incoming=tuple(_incoming(iri, names)) if concept else (),
        )

    def row(self, iri: str) -> FactRow:
        """Return the line of a fact."""
        if iri not in self.rows:
            self.rows[iri] = self.evidence.row(self.library.fact(iri))
        return self.rows[iri]


def _concept(iri: str, names: Names) -> Concept | None:
    """Return a term of the ontology, None for facts and spans and what else is no term."""
    return names.vocabulary.concept(iri) if iri in names.vocabulary else None


def _triples(concept: Concept) -> Iterator[Triple]:
    """Yield what a sheet does not show of a term."""
    for predicate, nodes in concept.properties.items():
        if predicate not in SHOWN:
            yield from (Triple(IRI(concept.iri), IRI(predicate), _term(node)) for node in nodes)


def _term(node: Node) -> Term:
    return IRI(node.value) if node.datatype is None else Literal(node.value, node.datatype, node.language)


def _path(iri: str) -> str:
    """Return where a term's RDF is found; that of a class or a property is the ontology's."""
    return "/o" if "/o#" in iri else (addresses.local(iri) or "").split("#")[0]


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
    known = next((_TYPES[name] for name in types if name in _TYPES), None)
    if known:
        return Phrase(evidence.words(known), evidence.words.language)
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


def _incoming(iri: str, names: Names) -> Iterator[Statement]:
    """Yield the terms that name a term, by property."""
    for predicate, subjects in sorted(referrers(names.vocabulary).get(iri, {}).items()):
        cells = tuple(_cell(IRI(subject), names) for subject in sorted(subjects)[:REFERRERS])
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
