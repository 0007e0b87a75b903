"""Named sites: a data centre, plant or office whose own name says where it is, though no gazetteer knows the place."""

import re
from collections.abc import Iterator
from functools import lru_cache

from kg.extraction.numbers.context import Context
from kg.lexicon import Lexicon
from kg.reading.folding import HAN
from kg.units import CODE
from kg.vocabulary import Match, Vocabulary

_NAME = range(2, 9)  # characters of a site's name in Chinese, without what kind of site it is
_HAN = re.compile(rf"[{HAN}]+\Z")
_CAPITAL = re.compile(r"(?:[A-Z][\w'’-]*(?:\s+(?:and|&)\s+|,\s*|\s+|\Z)){1,5}\Z")
_WORDS = re.compile(r"[A-Z][\w'’-]*")
_OPENS = re.compile(r"\s+([A-Z][a-z]+(?: [A-Z][a-z]+)?),\s")
_PLACE = re.compile(r"\s+[A-Z][a-z]+")
_LIST = 16  # characters of such a list
_REACH = 48  # characters before an English word for a site in which its name stands
_NEAR = 12  # folded characters: no word that ends a site's name is longer
_KINDS = ("Metric", "Direction", "Aggregation", "Modality", "company", "Company")


class Sites:
    """The words for sites, and the words that are no part of a site's name."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        """Gather them."""

        def cue(name: str) -> Lexicon:
            return Lexicon([vocabulary.concept(f"{CODE}cue-{name}")])

        self._generic, self._governing, self._in = cue("generic"), cue("governing"), cue("in-place")
        self._narrows = cue("class-modifier")
        self._and = re.compile("|".join(re.escape(word) for word in sorted(cue("and").words, key=len, reverse=True)))
        self._of, self._months, self._premises = cue("of"), cue("month-name"), cue("premises")

    def named(self, context: Context, start: int, end: int) -> tuple[int, int] | None:
        """Return the stretch of the first site in ``text[start:end]`` that has a name of its own."""
        for site in self._each(context, start, end):
            first = self._english(context, site) if site.label.isascii() and site.label.islower() else None
            first = first if first is not None else self._chinese(context, start, site)
            first = first if first is not None else self._in_places(context, start, site)
            if first is not None:
                return first, site.end
        return None

    def titled(self, context: Context, start: int, end: int) -> tuple[int, int] | None:
        """Return the stretch of the site that a title ``text[start:end]`` begins with; any premises count there."""
        text = context.segment.text
        for position in range(start, end):
            word = self._premises.at(text, position)
            name = text[start:position]
            if word and word.end <= end and len(name) in _NAME and _HAN.match(name):
                return start, word.end
        return self.named(context, start, end)

    def begun(self, context: Context, start: int | None = None) -> tuple[int, int] | None:
        """Return the stretch of a building with a name of its own with which a sentence begins: that of a number."""
        text, start = context.segment.text, context.sentence[0] if start is None else start
        for word in self._premises.within(text, start + _NAME.start, min(context.quantity.start, start + _NAME.stop)):
            first = self._chinese(context, start, Match(word.start, word.end, "", ()))
            if first is not None and first - start <= 1 and text[first : word.start] not in self._narrows.words:
                return first, word.end
        return None

    def placed(self, context: Context, start: int, end: int) -> tuple[int, int] | None:
        """Return the stretch of "sites in Spain": a word for a site and a capitalised place behind it."""
        text, report = context.segment.text, context.segment.report.text
        pilots = context.found("programme", (start, end))
        for site in (*self._each(context, start, end), *pilots):
            word = self._in.at(text, site.end + 1) if text[site.end : site.end + 1].isspace() else None
            if word is None or not text[word.start : word.end].isascii():
                continue
            after = _PLACE.match(report, context.segment.place(word.start, word.end).end)
            if after:
                return site.start, min(len(text), word.end + after.end() - after.start())
        return None

    def opening(self, context: Context) -> tuple[int, int] | None:
        """Return the stretch of "In Kenya, ...": a capitalised name of no month that a sentence begins with."""
        start, report = context.sentence[0], context.segment.report.text
        start += context.segment.text[start : start + 1] == " "
        word = self._in.at(context.segment.text, start)
        found = _OPENS.match(report, context.segment.place(word.start, word.end).end) if word else None
        if word is None or found is None or found[1].lower() in self._months.words:
            return None
        return word.end + 1, word.end + len(found[1]) + 1

    def _each(self, context: Context, start: int, end: int) -> Iterator[Match]:
        matches = list(context.found("site", (start, end)))
        for match in matches:
            if not any(m.start <= match.start and match.end < m.end for m in matches):
                yield match

    # --- Chinese: what stands before the word for the site, up to a verb, a mark or the clause's start

    def _chinese(self, context: Context, start: int, site: Match) -> int | None:
        text, last = context.segment.text, site.start
        last -= text[last - 1 : last] == " "
        last = self._without_generic(text, start, last)
        first = last
        while first > start and self._goes_on(context, text, first):
            first -= 1
        name = text[first:last]
        if any(q.last == first for q in context.segment.quantities):
            return None  # "46 exchange buildings" are counted and have no name
        return first if len(name) in _NAME and _HAN.match(name) else None

    def _in_places(self, context: Context, start: int, site: Match) -> int | None:
        """Read "in Kwai Chung, Kwun Tong and Tsuen Wan's data centres" in Chinese order."""
        text, of = context.segment.text, self._of.before(context.segment.text, site.start)
        if of is None or of.end - of.start != 1:
            return None
        for position in range(of.start - 1, max(start, of.start - _LIST) - 1, -1):
            word = self._in.at(text, position)
            if word:
                names = self._and.split(text[word.end : of.start])
                named = all(len(name) in _NAME and name not in self._generic.words for name in names)
                return word.end if named and not any(char.isdigit() for char in "".join(names)) else None
        return None

    def _without_generic(self, text: str, start: int, position: int) -> int:
        """Skip words such as "green" or "cloud computing" that say which kind of site it is."""
        while word := self._generic.before(text, position):
            if word.start < start:
                break
            position = word.start
        return position

    def _goes_on(self, context: Context, text: str, position: int) -> bool:
        """Say whether the character before a position can belong to the name that ends there."""
        stops = (self._governing, self._generic, self._of)
        if any(lexicon.before(text, position) for lexicon in stops) or not _HAN.match(text[position - 1]):
            return False
        if any(
            m.start < position < m.end for m in context.found("Place", (max(0, position - _NEAR), position + _NEAR))
        ):
            return True  # a place may have such a word in its name
        dated = any(p.start < position <= p.end for p in context.segment.periods)
        return not dated and not any(
            m.start < position <= m.end and m.end - m.start > 1
            for kind in _KINDS
            for m in context.found(kind, (max(0, position - _NEAR), position))
        )

    # --- English: capitalised words before the word for the site

    def _english(self, context: Context, site: Match) -> int | None:
        report, place = context.segment.report.text, context.segment.place(site.start, site.end)
        ends = [context.segment.place(q.first, q.last).end for q in context.segment.quantities if q.last <= site.start]
        floor = max(context.segment.cell.span.start, place.start - _REACH, *ends)
        found = _CAPITAL.search(report[floor : place.start])
        words = _WORDS.findall(found.group()) if found else []
        own = [word for word in words if word.lower() not in self._generic.words]
        if not own or found is None or report[floor + found.start() - 1 : floor + found.start()].isdigit():
            return None  # "5G base stations" are no stations named G
        return context.segment.folded.at(floor + found.start() - context.segment.cell.span.start)


@lru_cache(maxsize=4)
def sites(vocabulary: Vocabulary) -> Sites:
    """Return the words for sites of a vocabulary, gathered once."""
    return Sites(vocabulary)
