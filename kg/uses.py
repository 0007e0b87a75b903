"""Which terms facts speak of, counted: concepts, units, years, companies, classes, properties.

A fact speaks of a class that it is of, of every class above that one, of each property that it has, and of whatever one
of its properties names. What was only filled by rule (``o:defaulted``) is the one exception.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping

from kg import ids
from kg.terms import IRI, PREFIXES, Quad
from kg.vocabulary import RDF_TYPE, Vocabulary

DEFAULTED = f"{ids.ONTOLOGY}defaulted"
SUBCLASS = f"{PREFIXES['rdfs']}subClassOf"
# Every fact has these, so that a list of the facts that have them says nothing.
PLUMBING = frozenset({RDF_TYPE, f"{PREFIXES['rdfs']}label", f"{PREFIXES['prov']}wasDerivedFrom"})
_OWN = (f"{ids.BASE}doc/", f"{ids.BASE}fact/")  # reports, their pieces, other facts: no terms


def counted(quads: Mapping[str, Iterable[Quad]], vocabulary: Vocabulary) -> dict[str, int]:
    """Return of how many facts, given with their quads, each term is spoken."""
    found: Counter[str] = Counter()
    higher: dict[str, Collection[str]] = {}
    for fact, own in quads.items():
        named = {term for quad in own if quad.subject.value == fact for term in _terms(quad)}
        higher |= {term: above(term, vocabulary) for term in named if term not in higher}
        found.update(named.union(*(higher[term] for term in named)))
    return dict(sorted(found.items()))


def above(term: str, vocabulary: Vocabulary) -> Collection[str]:
    """Return the classes above a class, at any height."""
    seen: dict[str, None] = {}
    queue = [term]
    while queue:
        one = queue.pop()
        more = vocabulary.concept(one).values(SUBCLASS) if one in vocabulary else ()
        queue += [iri for iri in more if iri not in seen]
        seen |= dict.fromkeys(more)
    return seen


def _terms(quad: Quad) -> Iterator[str]:
    predicate, value = quad.predicate.value, quad.object
    if predicate not in PLUMBING:
        yield predicate
    if isinstance(value, IRI) and predicate != DEFAULTED and not value.value.startswith(_OWN):
        yield value.value
