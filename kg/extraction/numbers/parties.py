"""Other parties: customers, trades and the public, whom a number is about where they are helped, served or spared."""

import re
from functools import lru_cache

from kg.extraction.marks import Marks, marks_of
from kg.extraction.numbers.candidates import candidates
from kg.extraction.numbers.context import Context
from kg.extraction.numbers.outsiders import outsiders
from kg.lexicon import Lexicon, Word
from kg.reading.folding import HAN, compact
from kg.units import CODE
from kg.vocabulary import Match, Vocabulary

_HELPED = 22  # folded characters between "help" and the party that is helped
_FOR = 12  # folded characters between "for" and the party ("for a local developer")
_SERVED = 24  # folded characters between a party and what is saved for it or put up for it
_SPENT = ("kWh", "tce", "tCO2e")
_NAMING = re.compile(rf"[{HAN}]")
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
        self._actors, self._told = cue("actor"), cue("customer-story")
        self._company, self._possessive = cue("company"), "".join(w for w in cue("of").words if len(w) == 1)
        self._thereby, self._of = cue("thereby"), cue("of")
        self._common = {*cue("outside").words, *cue("customer").words}
        self._vocabulary = vocabulary

    def of(self, context: Context) -> tuple[int, int] | None:
        """Return the stretch that names another party that a number is about."""
        start, end = context.clause[0], context.quantity.start
        bracket = context.words(context.after)[:1] == "(" or candidates(self._vocabulary).leads(context)
        behind = (context.quantity.end, context.clause[1] if bracket else context.quantity.end)
        world = next(context.found("world", behind, (start, end)), None)
        if world:
            return world.start, world.end
        country = self._country(context) or self._said_of_all(context)
        if country:
            return country
        outsider = outsiders(self._vocabulary).of(context)
        if outsider:
            return outsider
        aided = helped(context.segment.marks, context.sentence[0], end)
        if aided:
            return self._by_name(context, (aided[0].end, aided[1].end))
        found = self._served(context) or self._sparing(context) or self._acting(context)
        found = found and self._by_name(context, found)
        return found or self._behind(context) or self._by_name(context, self._trade(context))

    def _said_of_all(self, context: Context) -> tuple[int, int] | None:
        """Read "globally, ...", "the IEA expects ...", and a regulator in brackets behind the number."""
        for position in (context.clause[0], context.sentence[0]):
            for match in context.found("world-lead", (position, context.quantity.start)):
                if match.start - position <= _LEAD and self._speaks_of_all(context, match):
                    return match.start, match.end
        behind = context.found("world-lead", (context.quantity.end, context.clause[1]))
        named = next(behind, None) if context.words(context.after)[:1] == "(" else None
        return (named.start, named.end) if named else None

    def _speaks_of_all(self, context: Context, match: Match) -> bool:
        """Say whether a word such as "globally" leads away from the company: not "the industry-leading", no count."""
        measure = context.quantity.measure
        joined = context.words((match.end, match.end + 1)) in ("-", "'")
        counted = measure is not None and measure.counts and match.label in self._generic.words
        return not joined and not counted and not self._is_own(context, match.end)

    def _is_own(self, context: Context, start: int) -> bool:
        """Say whether the company is named between a word such as "globally" and the number."""
        stretch, company = (start, context.quantity.start), context.segment.report.company
        named = any(m.concept.iri == company for m in context.found("Company", stretch))
        return named or any(True for kind in ("company", "agent") for _ in context.found(kind, stretch))

    def _acting(self, context: Context) -> tuple[int, int] | None:
        """Read "our suppliers cut their emissions by ...": the party with which a sentence begins emits or saves."""
        start, measure = context.sentence[0], context.quantity.measure
        if measure is None or measure.counts or not self._spends(context):
            return None
        for party in context.found("outside", (start, context.quantity.start)):
            whole = self._whole(context, party)
            lead = context.words((start, whole)).strip(' -*"')
            premises = any(m.end == party.end for m in context.found("facility", (whole, party.end)))
            led = not lead or lead in self._generic.words or lead.rstrip(self._possessive) in self._company.words
            ours = led and party.label in self._actors.words
            if not premises and party.end - party.start > 1 and ours:
                longer = context.found("Metric", context.sentence)
                own = any(m.start <= party.start and party.end < m.end for m in longer)
                own = own or any(m.start <= party.start < m.end for m in context.found("company", context.sentence))
                return None if own else (whole, party.end)
        return None

    def _spends(self, context: Context) -> bool:
        """Say whether a number tells energy, emissions or the like, used or saved."""
        if context.quantity.measure and context.quantity.measure.code in _SPENT:
            return True
        stretch = (context.clause[0], max(context.quantity.end, context.after[1]))
        return any(m.concept.value("flow") == "true" for m in context.found("Metric", stretch))

    def _sparing(self, context: Context) -> tuple[int, int] | None:
        """Read "tenants thereby saved ...": the party that saves stands before the verb."""
        text = context.segment.text
        for party in context.found("outside", (context.clause[0], context.quantity.start)):
            position = party.end
            while word := self._thereby.at(text, position + (text[position] == " ")):
                position = word.end
            position += text[position] == " "
            verbs = context.found("Direction", (position, context.quantity.start))
            saved = any(verb.start == position and verb.concept.iri == f"{CODE}save" for verb in verbs)
            if saved and party.label in self._actors.words:
                return self._whole(context, party), party.end
        return None

    def _whole(self, context: Context, party: Match) -> int:
        """Return where the name of a party begins: after "of" or the start of its clause."""
        text, start = context.segment.text, party.start
        while start > context.clause[0] and _NAMING.match(text[start - 1]) and not self._of.before(text, start):
            start -= 1
        return start

    def _by_name(self, context: Context, found: tuple[int, int] | None) -> tuple[int, int] | None:
        """Return a party that is named in the paragraph before in the place of "the customer" or a trade."""
        text = context.segment.text
        if found is None or text[slice(*found)].strip() not in self._common:
            return found
        named = found
        for aid in context.found("enable", (0, context.quantity.start)):
            for party in context.found("outside", (aid.end, min(context.quantity.start, aid.end + _HELPED))):
                name = text[aid.end : party.end].strip()
                if name not in self._common and name not in self._generic.words and "," not in name:
                    named = aid.end, party.end
                break
        return named

    def _country(self, context: Context) -> tuple[int, int] | None:
        """Read "China's data centres": those of the company's whole country."""
        company = self._vocabulary.concepts.get(context.segment.report.company)
        home = company.value("locatedIn") if company else None
        above = {home} | {place.iri for place in self._vocabulary.ancestors(home)} if home else set()
        stretch = (context.clause[0], context.quantity.start)
        starts = {site.start for site in context.found("site", stretch)}
        for place in context.found("Place", stretch):
            own = (not above or place.concept.iri in above) and not place.concept.broader
            if own and (place.end in starts or place.end + 1 in starts):
                return place.start, place.end
        return None

    def _served(self, context: Context) -> tuple[int, int] | None:
        """Read "save customers ...", and "for a customer we put up ..."."""
        text, stretch = context.segment.text, (context.sentence[0], context.quantity.start)
        for party in (*context.found("outside", stretch), *context.found("customer", stretch)):
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
        """Read a customer's trade in the paragraph before, unless a sentence since then speaks of somebody else.

        A trade alone is none: a hotel's own rooms use water, but rooms that we help a hotel to cool are a customer's.
        """
        end = context.quantity.start
        for match in context.found("customer", (max(0, end - _BACK), end)):
            if not turned_back(context, match.end) and self._is_served(context, match):
                return match.start, match.end
        return None

    def _is_served(self, context: Context, trade: Match) -> bool:
        """Say whether a paragraph or the heading above it speaks of helping or serving somebody."""
        segment = context.segment
        if any(segment.marks.of(kind) for kind in ("enable", "together")) or trade.label in self._told.words:
            return True
        for heading in segment.block.headings[-1:]:
            marks = marks_of(compact(heading.of(segment.report.text)), self._vocabulary)
            if marks.of("enable") or marks.of("customer"):
                return True
        return False


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
            if any(agent.end == party.end for agent in marks.found("agent", aid.end, party.end)):
                continue  # suppliers are the company's own chain
            if not any(True for _ in marks.found("company", aid.end, party.start)):
                return aid, party
        for place in marks.found("Place", aid.end, min(end, aid.end + _HELPED)):
            reach = (place.end, min(end, place.end + _HELPED))
            ours = any(True for kind in ("facility", "part-word", "Company") for _ in marks.found(kind, *reach))
            if place.start - aid.end <= 1 and place.concept.broader and not ours:
                return aid, place
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
