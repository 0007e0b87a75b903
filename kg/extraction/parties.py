"""Other parties: customers, trades and the public, whom a number is about where they are helped, served or spared."""

from functools import lru_cache

from kg.extraction.candidates import candidates
from kg.extraction.context import Context
from kg.extraction.marks import Marks
from kg.lexicon import Lexicon, Word
from kg.units import CODE
from kg.vocabulary import Match, Vocabulary

_HELPED = 22  # folded characters between "help" and the party that is helped
_FOR = 12  # folded characters between "for" and the party ("for a local developer")
_SERVED = 24  # folded characters between a party and what is saved for it or put up for it
_BACK = 1000  # folded characters before a number that count as its paragraph
_LEAD = 4  # folded characters before a name that still begins its sentence: a bullet, a bracket, "in"


class Parties:
    """The words that say that something is done for somebody."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        """Gather them."""

        def cue(name: str) -> Lexicon:
            return Lexicon([vocabulary.concept(f"{CODE}cue-{name}")])

        self._for, self._serve, self._by = cue("for"), cue("serve"), cue("by-party")
        self._other, self._generic = cue("no-for"), cue("generic")
        self._vocabulary = vocabulary

    def of(self, context: Context) -> tuple[int, int] | None:
        """Return the stretch that names another party that a number is about."""
        start, end = context.clause[0], context.quantity.start
        bracket = context.words(context.after)[:1] == "(" or candidates(self._vocabulary).leads(context)
        behind = (context.quantity.end, context.clause[1] if bracket else context.quantity.end)
        world = next(context.found("world", behind, (start, end)), None)
        if world:
            return world.start, world.end
        country = self._country(context)
        if country:
            return country
        aided = helped(context.segment.marks, context.sentence[0], end)
        if aided:
            return aided[0].end, aided[1].end
        return self._served(context) or self._behind(context) or self._trade(context)

    def _country(self, context: Context) -> tuple[int, int] | None:
        """Read "China's data centres": those of the company's whole country."""
        company = self._vocabulary.concepts.get(context.segment.report.company)
        home = company.value("locatedIn") if company else None
        above = {home} | {place.iri for place in self._vocabulary.ancestors(home)} if home else set()
        stretch = (context.clause[0], context.quantity.start)
        starts = {site.start for site in context.found("site", stretch)}
        for place in context.found("Place", stretch):
            own = (not above or place.concept.iri in above) and not place.concept.broader
            if own and place.end in starts:
                return place.start, place.end
        return None

    def _served(self, context: Context) -> tuple[int, int] | None:
        """Read "save customers ...", and "for a customer we put up ..."."""
        text, stretch = context.segment.text, (context.sentence[0], context.quantity.start)
        for party in context.found("outside", stretch):
            clause = (context.clause[0], context.quantity.start)
            end = party.start - (text[party.start - 1] == " ")
            spared = any(m.end == end and _falls(m) for m in context.found("Direction", clause))
            led = [w for i in range(max(stretch[0], party.start - _FOR), party.start) if (w := self._for.at(text, i))]
            led = [word for word in led if self._is_for(text, word) and _is_object(context, word, party)]
            if spared or (led and self._serves(context, party)):
                return (led[0].end if led else party.start), party.end
        return None

    def _is_for(self, text: str, word: Word) -> bool:
        """Say whether a word means "for" and is no part of a longer one."""
        other = self._other.before(text, word.end)
        return other is None or other.start >= word.start

    def _serves(self, context: Context, party: Match) -> bool:
        """Say whether what comes after a party is put up or saved for it."""
        reach = (party.end, min(context.quantity.start, party.end + _SERVED))
        if any(_falls(match) for match in context.found("Direction", reach)):
            return True
        if party.label in self._generic.words:
            return False  # what is offered to all customers is the company's own business
        return any(self._serve.at(context.segment.text, i) for i in range(*reach))

    def _behind(self, context: Context) -> tuple[int, int] | None:
        """Read "avoided by our customers" behind a number."""
        text = context.segment.text
        for party in context.found("outside", context.after):
            word = self._by.before(text, party.start - (text[party.start - 1] == " "))
            if word and word.start >= context.quantity.end:
                return word.start, party.end
        return None

    def _trade(self, context: Context) -> tuple[int, int] | None:
        """Read a customer's trade in the paragraph before, unless a sentence since then speaks of somebody else."""
        end = context.quantity.start
        for match in context.found("customer", (max(0, end - _BACK), end)):
            if not turned_back(context, match.end):
                return match.start, match.end
        return None


def turned_back(context: Context, position: int) -> bool:
    """Say whether a sentence that starts between a position and the number begins with the company or a new name."""
    starts = [stop for stop in context.segment.stops if position < stop <= context.sentence[0]]
    return any(_begins_anew(context, start) for start in starts)


def _begins_anew(context: Context, start: int) -> bool:
    if context.segment.text[start : start + 2].strip()[:1] == '"':
        return True
    own = (m for kind in ("company", "Company") for m in context.found(kind, (start, start + 3 * _LEAD)))
    return any(match.start - start <= _LEAD // 2 for match in own)


def helped(marks: Marks, start: int, end: int) -> tuple[Match, Match] | None:
    """Return a word such as "help" and the party after it."""
    for aid in marks.found("enable", start, end):
        for party in marks.found("outside", aid.end, min(end, aid.end + _HELPED)):
            return aid, party
    return None


def _is_object(context: Context, word: Word, party: Match) -> bool:
    """Say whether nothing parts "for" from a party: "to lower firms' costs" (Chinese order) is a purpose."""
    stretch = (word.end, party.start)
    return "," not in context.words(stretch) and not any(context.found("Direction", stretch))


def _falls(match: Match) -> bool:
    return match.concept.notation == "down"


@lru_cache(maxsize=4)
def parties(vocabulary: Vocabulary) -> Parties:
    """Return the words for other parties of a vocabulary, gathered once."""
    return Parties(vocabulary)
