"""Names of things in the language of the page."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kg import ids
from kg.model import Fact, Mention, NumberFact, RiskFact, Technology
from kg.terms import PREFIXES
from kg.vocabulary import Concept, Vocabulary
from web.languages import preferences
from web.parts import Phrase

RDFS_LABEL = "http://www.w3.org/2000/01/rdf-schema#label"


@dataclass(frozen=True, slots=True)
class Names:
    """Looks up names for one language of the interface."""

    vocabulary: Vocabulary
    language: str

    def of(self, iri: str) -> Phrase:
        """Return the name of an IRI: a label, else its short form."""
        concept = self.vocabulary.concepts.get(iri)
        return self.concept(concept) if concept else Phrase(short(iri), "en")

    def concept(self, concept: Concept) -> Phrase:
        """Return the preferred label of a concept, or the label that its class or property carries."""
        names = {label.language: label.text for label in concept.labels if label.role == "pref"}
        if not names:
            names = {node.language or "": node.value for node in concept.properties.get(RDFS_LABEL, ())}
        return self.pick(names) or Phrase(short(concept.iri), "en")

    def pick(self, names: Mapping[str, str]) -> Phrase:
        """Return the text that suits the language best."""
        for tag in (*preferences(self.language), *names):
            if tag in names:
                return Phrase(names[tag], tag)
        return Phrase("")

    def fact(self, fact: Fact, language: str) -> Phrase:
        """Return what a fact is about; ``language`` is that of its report."""
        if isinstance(fact, NumberFact):
            concept = self.vocabulary.concepts.get(fact.metric)
            if concept is None or concept.is_a("CatchAllMetric"):
                return Phrase(fact.metric_text, language)
            return self.concept(concept)
        if isinstance(fact, Mention):
            return self.of(fact.concept)
        if isinstance(fact, Technology) and fact.technology in self.vocabulary.concepts:
            return self.of(fact.technology or "")
        return Phrase(str(getattr(fact, "name", short(fact.iri))), language)

    def details(self, fact: Fact) -> Iterable[Phrase]:
        """Yield the names of what a risk or an initiative is filed under."""
        for iri in getattr(fact, "categories", ()) if isinstance(fact, RiskFact) else getattr(fact, "technologies", ()):
            yield self.of(iri)


def short(iri: str) -> str:
    """Return an IRI with its prefix, or as it is.

    >>> short("https://w3id.org/tantu/metric/pue"), short("http://www.w3.org/2004/02/skos/core#prefLabel")
    ('m:pue', 'skos:prefLabel')
    """
    for prefix, base in sorted(PREFIXES.items(), key=lambda entry: -len(entry[1])):
        if iri.startswith(base):
            return f"{prefix}:{iri.removeprefix(base)}"
    return iri.removeprefix(ids.BASE)
