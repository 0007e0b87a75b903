"""Joint claims: numbers that the reporting company shares with others, with whom it built and shares a network."""

from functools import lru_cache

from kg.extraction.numbers.context import Context
from kg.lexicon import Lexicon
from kg.reading.folding import compact
from kg.units import CODE
from kg.vocabulary import Match, Matcher, Vocabulary, longest

ORG = "http://www.w3.org/ns/org#"
_NAMED = ("pref", "alt")  # the labels by which numbers are read
_NEAR = 30  # folded characters between a partner's name and the word that says that both act together


class Joint:
    """The bodies that two companies form, and the words for acting together, gathered from a vocabulary once."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        """Gather them."""
        self._vocabulary = vocabulary
        bodies = [c for c in vocabulary.concepts.values() if f"{ORG}OrganizationalCollaboration" in c.types]
        self._bodies = Matcher(bodies)
        self._both = Lexicon([vocabulary.concept(f"{CODE}cue-both")])
        self._sharing = Lexicon([vocabulary.concept(f"{CODE}cue-share-with")])
        self._shares = Lexicon([vocabulary.concept(f"{CODE}cue-co-built")])
        self._acting = Matcher([vocabulary.concept(f"{CODE}cue-together")], _NAMED)
        self._companies = Matcher(vocabulary.of_type("Company"), _NAMED)

    def partners(self, context: Context) -> tuple[str, ...]:
        """Return the IRIs of the companies that share a number with the reporting one, in the order of the text."""
        sentence = self._stretch(context)
        acts = list(context.found("together", sentence))
        if not acts:
            return ()
        company = context.segment.report.company
        bodies = [m for m in self._bodies.find_folded(context.segment.folded) if m.end <= context.quantity.start]
        inside = [m for m in bodies if m.start >= sentence[0]]
        if inside:
            members = inside[-1].concept.values(f"{ORG}hasMember")
            return tuple(sorted(iri for iri in members if iri != company)) if company in members else ()
        sharing = [act for act in acts if self._sharing.at(context.segment.text, act.start)]
        named = [m for m in context.found("Company", sentence) if _near(m, acts)]
        named = [m for m in named if _near(m, sharing) or self._is_alike(m.concept.iri, company)]
        partners = tuple(dict.fromkeys(m.concept.iri for m in named if m.concept.iri != company))
        if partners or not self._means_both(context, acts):
            return partners
        return self._only_partner(context.segment.report.text, company)

    @lru_cache(maxsize=4)  # noqa: B019  # one object a vocabulary, kept as long as it
    def _only_partner(self, text: str, company: str) -> tuple[str, ...]:
        """Return the company that a report names beside words for acting together, if it is one and the same."""
        folded = compact(text)
        acts = self._acting.all_folded(folded)
        companies = longest(self._companies.all_folded(folded), len(folded.text), later=True) if acts else ()
        found = {m.concept.iri for m in companies if _near(m, acts)}
        found |= {iri for m in self._bodies.find_folded(folded) for iri in m.concept.values(f"{ORG}hasMember")}
        alike = [iri for iri in found - {company} if self._is_alike(iri, company)]
        return tuple(alike) if len(alike) == 1 else ()

    def _is_alike(self, one: str, other: str) -> bool:
        """Say whether two companies are of one industry: operators share networks with operators."""
        concepts = self._vocabulary.concepts
        return len({concepts[iri].value("industry") if iri in concepts else iri for iri in (one, other)}) == 1

    def _means_both(self, context: Context, acts: list[Match]) -> bool:
        """Say whether "both parties" stand in the sentence of a number, or what they share in its clause or figure."""
        text, start = context.segment.text, 0 if context.segment.block.kind == "figure" else context.clause[0]
        both = any(self._both.at(text, act.start) for act in acts)
        return both or any(self._shares.at(text, act.start) for act in acts if act.start >= start)

    def _stretch(self, context: Context) -> tuple[int, int]:
        """Return the sentence up to the number and the words behind it; a figure's caption counts whole."""
        if context.segment.block.kind == "figure":
            return 0, len(context.segment.text)
        return context.sentence[0], max(context.quantity.end, context.after[1])


def _near(company: Match, acts: list[Match]) -> bool:
    return any(-_NEAR <= act.start - company.end <= _NEAR for act in acts)


@lru_cache(maxsize=4)
def joint(vocabulary: Vocabulary) -> Joint:
    """Return the words for acting together of a vocabulary, gathered once."""
    return Joint(vocabulary)
