"""What the ontology says of one of its terms: definition, tree, labels, examples, questions, and counts of facts."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path

from kg.model import Report
from kg.terms import PREFIXES
from kg.vocabulary import RDF_TYPE, SKOS, Concept, Vocabulary
from web import addresses
from web.names import RDFS_LABEL, Names
from web.ontology import BROADER, narrower, parents, tree
from web.parts import Labels, Link, Phrase, Sheet, Tally
from web.parts import Term as TermRow
from web.questions import questions_by_term
from web.uses import Uses
from web.words import LANGUAGES, Words

DEFINITIONS = (f"{PREFIXES['rdfs']}comment", f"{SKOS}definition", f"{SKOS}scopeNote")
EXAMPLES, COUNTER_EXAMPLES = f"{PREFIXES['o']}example", f"{PREFIXES['o']}counterExample"
REPORTS = 50  # that a page lists with their facts; a metric has a thousand of a large collection
_LABELS = (RDFS_LABEL, *(f"{SKOS}{role}Label" for role in ("pref", "alt", "hidden")))
SHOWN = frozenset({*DEFINITIONS, *_LABELS, *BROADER, EXAMPLES, COUNTER_EXAMPLES})  # by a sheet, so nowhere else
_STRUCTURE = frozenset({*BROADER, RDF_TYPE, f"{SKOS}inScheme"})


def sheet(concept: Concept, names: Names, words: Words, uses: Uses, reports: Mapping[str, Report], cq: Path) -> Sheet:
    """Return the sheet of a term; ``cq`` is the folder of the ontology that holds the competency questions."""
    vocabulary = names.vocabulary
    return Sheet(
        definitions=tuple(_definitions(concept, names)),
        above=tuple(reversed([_link(above, names) for above in _ancestors(concept, vocabulary)])),
        below=tuple(_below(concept, names, uses)),
        members=tuple(_members(concept, names, uses)),
        labels=tuple(_labels(concept, words)),
        examples=tuple(_phrases(concept, EXAMPLES)),
        counter_examples=tuple(_phrases(concept, COUNTER_EXAMPLES)),
        questions=tuple(
            one["en" if words.language == "en" else "zh"] for one in questions_by_term(cq).get(concept.iri, ())
        ),
        tallies=tuple(_tallies(uses.facts(concept.iri), reports, names)),
    )


def _link(concept: Concept, names: Names) -> Link:
    return Link(names.concept(concept), addresses.opening(concept.iri))


def _ancestors(concept: Concept, vocabulary: Vocabulary) -> Iterator[Concept]:
    """Yield the terms above one along the first of its parents, the nearest first."""
    seen = {concept.iri}
    above = next((iri for iri in parents(concept) if iri in vocabulary), None)
    while above is not None and above not in seen:
        seen.add(above)
        yield vocabulary.concept(above)
        above = next((iri for iri in parents(vocabulary.concept(above)) if iri in vocabulary), None)


def _below(concept: Concept, names: Names, uses: Uses) -> Iterator[TermRow]:
    found = narrower(names.vocabulary).get(concept.iri, ())
    return tree((concept, *map(names.vocabulary.concept, found)), names, uses, concept.iri) if found else iter(())


def _members(concept: Concept, names: Names, uses: Uses) -> Iterator[TermRow]:
    """Yield what is of a class, or stands in a scheme."""
    found = _belonging(names.vocabulary).get(concept.iri, ())
    return tree(map(names.vocabulary.concept, found), names, uses)


@lru_cache(maxsize=4)
def _belonging(vocabulary: Vocabulary) -> Mapping[str, tuple[str, ...]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for concept in vocabulary.concepts.values():
        for iri in (*concept.types, *concept.values(f"{SKOS}inScheme")):
            found[iri].append(concept.iri)
    return {iri: tuple(members) for iri, members in found.items()}


def _definitions(concept: Concept, names: Names) -> Iterator[Phrase]:
    """Yield the definition of a term in the language of the page, or the nearest one that it has."""
    for predicate in DEFINITIONS:
        found = {node.language or "": node.value for node in concept.properties.get(predicate, ())}
        if found:
            yield names.pick(found)


def _labels(concept: Concept, words: Words) -> Iterator[Labels]:
    """Yield the names of a term language by language, those of the page first."""
    for tag in sorted(LANGUAGES, key=lambda tag: (tag != words.language, LANGUAGES.index(tag))):
        own = [label for label in concept.labels if label.language == tag]
        preferred = [label.text for label in own if label.role == "pref"]
        preferred += [node.value for node in concept.properties.get(RDFS_LABEL, ()) if node.language == tag]
        others = tuple(label.text for label in own if label.role == "alt")
        hidden = tuple(label.text for label in own if label.role == "hidden")
        if preferred or others or hidden:
            yield Labels(tag, words(f"language.{tag}"), "".join(preferred[:1]), others, hidden)


def _phrases(concept: Concept, predicate: str) -> Iterator[Phrase]:
    for node in concept.properties.get(predicate, ()):
        yield Phrase(node.value, node.language or "")


def _tallies(facts: Iterable[str], reports: Mapping[str, Report], names: Names) -> Iterator[Tally]:
    """Yield how many of some facts stand in each report."""
    counts = Counter(iri.rsplit("/", 1)[-1].rsplit("-", 1)[0] for iri in facts)
    for id, count in sorted(counts.items())[:REPORTS]:
        title = names.pick(reports[id].title) or Phrase(id, "en")
        yield Tally(Link(title, addresses.reader(id)), count)


@lru_cache(maxsize=4)
def referrers(vocabulary: Vocabulary) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    """Return for each term the terms that name it, by the property that does; what the tree shows is left out."""
    found: defaultdict[str, defaultdict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for concept in vocabulary.concepts.values():
        for predicate, nodes in concept.properties.items():
            for node in nodes if predicate not in _STRUCTURE else ():
                if node.datatype is None and node.value in vocabulary:
                    found[node.value][predicate].append(concept.iri)
    return {iri: {name: tuple(iris) for name, iris in by.items()} for iri, by in found.items()}
