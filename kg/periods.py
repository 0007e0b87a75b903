"""Periods: years, named spans of years, and what they are to a number: its year, its due date or its baseline."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from kg.grammar.numerals import Numerals
from kg.lexicon import Lexicon
from kg.reading.folding import Folded
from kg.units import CODE, UNIT, units
from kg.vocabulary import Matcher, Vocabulary, gathered

# Four digits from 1950 to 2099; no letter, digit or decimal point around them, no percent sign after them.
_YEAR = re.compile(r"(?<![\d.a-z+])(?<!\d,)(?:fy ?)?(?P<year>19[5-9]\d|20\d{2})(?!\d|[.,]\d|%|[a-z])")
_SECOND = re.compile(r"[/-](?:20)?(?P<year>\d{2})(?![\d/-]|[.,]\d|%|[a-z])")
_SHORT = re.compile(r"(?<![\d.a-z])(?<!\d,)(?P<fy>fy ?)?(?P<year>\d{2})(?!\d|[.,]\d|%|[a-z])")
_REPUBLIC = re.compile(r"(?<![\d.])(?<!\d,)1[0-3]\d(?![\d.,])")
_EPOCH = 1911  # the year before the first of the Republic's calendar
_STANDARD = re.compile(
    r"(?<!\d)(?!(?:19[5-9]\d|20\d{2})-)\d+[-:]\Z"
)  # "ISO 14064-" before a year makes it a part of that name
_WORDS = re.compile(r"[^\W\d]*(?: ?[^\W\d]+)*")
_SCENARIO = 12  # folded characters between a year and the word "scenario"
_BLANK_OR_QUOTE = ' "'
_CUES = {"due": "until", "as-of": "as-of", "since": "since", "baseline": "baseline"}


@dataclass(frozen=True, slots=True)
class Period:
    """A mention of a period in folded text, cues included.

    ``years`` are the years it names, in order; ``role`` is ``year``, ``due`` (until a year), ``as-of``, ``since``,
    ``scenario`` (part of a scenario's name), ``baseline`` (compared with), ``previous`` (the year before), ``this``
    (the reporting year) or ``next`` (the year after it; no years are named in the last three). ``named`` is the IRI of
    a period with a name; its name, without cues, starts at ``core``.
    """

    start: int
    end: int
    years: tuple[int, ...]
    role: str = "year"
    named: str | None = None
    core: int = 0

    @property
    def last(self) -> int | None:
        """The last year."""
        return self.years[-1] if self.years else None

    @property
    def is_baseline(self) -> bool:
        """Say whether a number is compared with this period and not of it."""
        return self.role in ("baseline", "previous")


class Periods:
    """The words of periods, gathered from a vocabulary once."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        """Gather names of periods and the cues around years."""

        def cue(name: str) -> Lexicon:
            return Lexicon([vocabulary.concept(f"{CODE}{name}")])

        self._vocabulary = vocabulary
        self._names = vocabulary.matcher("PeriodName")
        self._roles = {role: cue(f"cue-{name}") for role, name in _CUES.items()}
        self._relative = {role: _only(vocabulary, f"cue-{name}") for role, name in _RELATIVE.items()}
        self._base, self._and, self._end = cue("cue-base-year"), cue("cue-and"), cue("cue-period-end")
        self._start, self._year = cue("cue-period-start"), cue("calendar-year")
        self._month, self._day = cue("calendar-month"), cue("calendar-day")
        self._numerals, self._era = Numerals(vocabulary), cue("cue-era")
        self._more, self._scenario = cue("gt-after"), cue("cue-scenario")
        self._marks = Lexicon(vocabulary.of_type("RangeMark"))
        self._units, self._multipliers = units(vocabulary), Lexicon(vocabulary.of_type("Multiplier"))

    def find(self, folded: Folded, republic: bool = False) -> list[Period]:
        """Return the mentions of periods in a folded text, in order, none overlapping.

        ``republic`` says that the text counts its years from 1912 without saying so each time.
        """
        years = self._years(folded.text, republic)
        found = sorted([*self._named(folded), *years], key=lambda p: (p.start, -p.end))
        kept: list[Period] = []
        for period in found:
            if not kept or period.start >= kept[-1].end:
                kept.append(period)
        relative = [p for p in self._relatively(folded) if not any(p.start < k.end and k.start < p.end for k in kept)]
        return sorted([*kept, *relative], key=lambda p: p.start)

    def _named(self, folded: Folded) -> Iterator[Period]:
        for match in self._names.find_folded(folded):
            first, last = (int(match.concept.value(name) or 0) for name in ("firstYear", "lastYear"))
            position = _skip(folded.text, match.end)
            begins = self._start.at(folded.text, position)
            ends = self._end.at(folded.text, position)
            years = (last,) if ends else (first,) if begins else tuple(range(first, last + 1))
            end = (ends or begins or match).end
            yield self._with_role(folded.text, Period(match.start, end, years, "year", match.concept.iri, match.start))

    def counts_from_republic(self, text: str, year: int) -> bool:
        """Say whether a report of some year calls it by its number since 1912, more than once."""
        spans = (match.span() for match in re.finditer(rf"(?<![\d.,]){year - _EPOCH} ?(?=\D)", text))
        return sum(self._year.at(text, end) is not None for _, end in spans) > 1

    def _years(self, text: str, republic: bool) -> Iterator[Period]:
        """Yield years, those that a range or a list holds together as one period."""
        group: list[tuple[int, int, int]] = []
        for year in self._single_years(text, republic):
            if group and not self._joined(text, group[-1][1], year[0]):
                yield self._grouped(text, group)
                group = []
            group.append(year)
        if group:
            yield self._grouped(text, group)

    def _single_years(self, text: str, republic: bool) -> Iterator[tuple[int, int, int]]:
        """Yield start, end and number of each year; the end takes in the words after it: month, day, end of year."""
        for match in _YEAR.finditer(text):
            end = self._word_end(text, match.end())
            if _STANDARD.search(text[max(0, match.start() - 8) : match.start()]):
                continue
            second = _SECOND.match(text, match.end())
            year = int(match["year"])
            if second and (year + 1) % 100 == int(second["year"]):
                yield match.start(), self._word_end(text, second.end()), year + 1  # a business year: 2022/23
            elif end > match.end() or not self._is_number(text, match.end()):
                yield match.start(), end, year
        yield from self._in_other_words(text, republic)
        for match in _SHORT.finditer(text):
            word = self._year.at(text, match.end() + (text[match.end() : match.end() + 1] == " "))
            if match["fy"] or (word and self._end.at(text, word.end)):
                yield match.start(), self._word_end(text, match.end()), 2000 + int(match["year"])

    def _in_other_words(self, text: str, republic: bool) -> Iterator[tuple[int, int, int]]:
        """Yield years that numerals spell digit by digit, and those of the Republic's calendar."""
        for start, end in self._numerals.runs(text, 4):
            year = self._numerals.year(text[start:end])
            if year is not None and 1950 <= year <= 2099 and self._year.at(text, end):
                yield start, self._word_end(text, end), year
        for match in _REPUBLIC.finditer(text):
            word = self._year.at(text, match.end() + (text[match.end() : match.end() + 1] == " "))
            era = self._era.before(text, match.start() - (text[match.start() - 1 : match.start()] == " "))
            alone = match.start() == 0 and word is not None and word.end == len(text)  # the name of a column
            if word and (era or alone or republic or word.end - word.start > 1):
                year = _EPOCH + int(match.group())
                yield era.start if era else match.start(), self._word_end(text, match.end()), year

    def _word_end(self, text: str, position: int) -> int:
        for word in (self._year, self._end, self._start):
            found = word.at(text, position + (text[position : position + 1] == " "))
            position = found.end if found else position
        for word in (self._month, self._day):
            number = re.compile(r" ?\d{1,2} ?").match(text, position)
            found = word.at(text, number.end()) if number else None
            position = found.end if found else position
        return position

    def _is_number(self, text: str, position: int) -> bool:
        """Say whether four digits without a word for "year" count something."""
        unit = self._units.at(text, position)
        blank = position + (text[position : position + 1] == " ")
        scaled = self._multipliers.at(text, blank) or self._more.at(text, position)
        return scaled is not None or (unit is not None and unit.written.iri != f"{UNIT}year")

    def _joined(self, text: str, end: int, start: int) -> bool:
        between = text[end:start].strip()
        return between == "/" or any(
            (word := lexicon.at(between, 0)) is not None and word.end == len(between)
            for lexicon in (self._marks, self._and)
        )

    def _grouped(self, text: str, group: list[tuple[int, int, int]]) -> Period:
        start, end, years = group[0][0], group[-1][1], [year for _, _, year in group]
        between = text[group[0][1] : group[1][0]].strip() if len(group) == 2 else ""
        if self._marks.at(between, 0) and years[0] < years[-1]:
            years = list(range(years[0], years[-1] + 1))
        return self._with_role(text, Period(start, end, tuple(years)))

    def _with_role(self, text: str, period: Period) -> Period:
        """Read the words before and after a period that say what it is to a number."""
        position = period.start
        while position and text[position - 1] in _BLANK_OR_QUOTE:
            position -= 1
        base = self._base.at(text, _skip(text, period.end))
        before = self._base.before(text, position)  # "compared with the base year 2020"
        position = before.start if before else position
        position -= text[position - 1 : position] == " " if before else 0
        if self._is_scenario(text, period.end):
            return replace(period, role="scenario")
        cues = [(word.start, role) for role, lexicon in self._roles.items() if (word := lexicon.before(text, position))]
        start, role = min(cues, default=(before.start, "baseline") if before else (period.start, "year"))
        if role == "baseline" and len(period.years) > 1 and not period.named:
            return period  # "from 2020 to 2023"
        if base and role != "due":
            return replace(period, start=start, end=base.end, role="baseline")
        return replace(period, start=start, role=role)

    def _is_scenario(self, text: str, position: int) -> bool:
        """Say whether a year is part of a scenario's name ("the net zero 2050 scenario")."""
        behind = _WORDS.match(text, position)
        reach = range(position, min(behind.end() if behind else position, position + _SCENARIO))
        return any(self._scenario.at(text, i) for i in reach)

    def _relatively(self, folded: Folded) -> Iterator[Period]:
        for role, matcher in self._relative.items():
            for match in matcher.find_folded(folded):
                yield Period(match.start, match.end, (), role)


_RELATIVE = {"previous": "previous-year", "this": "this-year", "next": "next-year"}


def _only(vocabulary: Vocabulary, name: str) -> Matcher:
    return Matcher([vocabulary.concept(f"{CODE}{name}")])


def _skip(text: str, position: int) -> int:
    while text[position : position + 1] and text[position] in _BLANK_OR_QUOTE:
        position += 1
    return position


def years_in(periods: Iterable[Period]) -> set[int]:
    """Return all years that some periods name, baselines left out."""
    return {year for period in periods if not period.is_baseline for year in period.years}


@gathered
def periods(vocabulary: Vocabulary) -> Periods:
    """Return the periods of a vocabulary, gathered once."""
    return Periods(vocabulary)
