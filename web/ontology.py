"""The ontology as lists: concepts under their broader ones, classes and properties, with their facts counted."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache

from kg import ids
from kg.terms import PREFIXES
from kg.vocabulary import SKOS, Concept, Vocabulary
from web import addresses, numbers
from web.contexts import OntologyContext
from web.names import RDFS_LABEL, Names
from web.parts import Page, Phrase, Terms
from web.parts import Term as TermRow
from web.uses import Uses
from web.words import LANGUAGES

OWL, RDFS = PREFIXES["owl"], PREFIXES["rdfs"]
BROADER = (f"{SKOS}broader", f"{RDFS}subClassOf", f"{RDFS}subPropertyOf")
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


def ontology_context(page: Page, names: Names, uses: Uses, labels: str = "") -> OntologyContext:
    """Return the lists of the ontology; ``labels`` is the address of the index of labels, where there is one."""
    vocabulary, words = names.vocabulary, page.words
    groups = [
        Terms(key, words(f"ontology.{key}"), tuple(tree(vocabulary.of_type(*types), names, uses)))
        for key, types in GROUPS
    ]
    schemes = sorted(vocabulary_schemes(vocabulary), key=lambda concept: concept.iri)
    groups.append(Terms("schemes", words("ontology.schemes"), tuple(row(one, names, uses) for one in schemes)))
    for key, kinds in OWN_TERMS:
        own = [c for c in vocabulary.concepts.values() if c.types & kinds and c.iri.startswith(ids.ONTOLOGY)]
        groups.append(Terms(key, words(f"ontology.{key}"), tuple(tree(own, names, uses))))
    return OntologyContext(page, tuple(group for group in groups if group.terms), labels)


def vocabulary_schemes(vocabulary: Vocabulary) -> list[Concept]:
    """Return the concept schemes."""
    return [concept for concept in vocabulary.concepts.values() if f"{SKOS}ConceptScheme" in concept.types]


def parents(concept: Concept) -> tuple[str, ...]:
    """Return the IRIs of what stands right above a term: a broader concept, class or property."""
    return tuple(iri for predicate in BROADER for iri in concept.values(predicate))


def tree(concepts: Iterable[Concept], names: Names, uses: Uses, top: str = "") -> Iterator[TermRow]:
    """Yield terms under their broader ones, each once, those of most facts first; ``top`` starts below one of them."""
    members = {concept.iri: concept for concept in concepts}
    below: defaultdict[str, list[Concept]] = defaultdict(list)
    for concept in members.values():
        below[next((iri for iri in parents(concept) if iri in members), "")].append(concept)
    ranks = _ranks(members, below, uses)
    for siblings in below.values():
        siblings.sort(key=lambda concept: (-ranks[concept.iri], concept.iri))
    queue = [(concept, 0) for concept in reversed(below[top])]
    seen: set[str] = set()
    while queue:
        concept, depth = queue.pop()
        if concept.iri not in seen:
            seen.add(concept.iri)
            yield row(concept, names, uses, depth)
            queue.extend((narrower, depth + 1) for narrower in reversed(below[concept.iri]))


def _ranks(members: Iterable[str], below: dict[str, list[Concept]], uses: Uses) -> dict[str, int]:
    """Count the facts of each term and of all below it, each term once."""
    totals: dict[str, int] = {}

    def total(iri: str) -> int:
        if iri not in totals:
            totals[iri] = uses.count(iri)
            totals[iri] += sum(total(narrower.iri) for narrower in below.get(iri, ()))
        return totals[iri]

    for iri in members:
        total(iri)
    return totals


def row(concept: Concept, names: Names, uses: Uses, depth: int = 0) -> TermRow:
    """Return a term as a line of a list: its names, its code, its number of facts."""
    labels = [names.concept(concept)]
    labels += [Phrase(_label(concept, tag), tag) for tag in LANGUAGES if tag != labels[0].language]
    code = numbers.code(concept.notation) if concept.notation else ""
    named = tuple(label for label in labels if label)
    href = addresses.local(concept.iri) or concept.iri
    return TermRow(concept.iri.partition("#")[2], named, code, href, uses.count(concept.iri), depth)


def _label(concept: Concept, tag: str) -> str:
    labels = (label.text for label in concept.labels if label.role == "pref" and label.language == tag)
    found = concept.properties.get(RDFS_LABEL, ())
    return next(labels, next((node.value for node in found if node.language == tag), ""))


@lru_cache(maxsize=4)
def narrower(vocabulary: Vocabulary) -> dict[str, tuple[str, ...]]:
    """Return for each term all terms below it, at any depth."""
    below: defaultdict[str, list[str]] = defaultdict(list)
    for concept in vocabulary.concepts.values():
        for iri in parents(concept):
            below[iri].append(concept.iri)
    return {iri: tuple(_all_below(iri, below)) for iri in list(below)}


def _all_below(iri: str, below: dict[str, list[str]]) -> list[str]:
    found: dict[str, None] = {}
    queue = list(below.get(iri, ()))
    while queue:
        one = queue.pop(0)
        if one not in found:
            found[one] = None
            queue.extend(below.get(one, ()))
    return list(found)
