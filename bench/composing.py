"""The composer of one report: parts, sentences, tables and numbers, from frames and labels in one script."""

import math
import random
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kg import ids

FIRST_YEAR = 2015
LARGE = {"zh": ((1e8, "ten-to-8"), (1e4, "ten-to-4")), "en": ((1e9, "ten-to-9"), (1e6, "ten-to-6"))}
MIXED = ("facts", *["fillers"] * 8)  # of sentences: so a report has as many facts a kilobyte as the seeds
_SLOT = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Firm:
    """An invented company; ``names`` and ``shorts`` by language."""

    number: int
    language: str
    names: Mapping[str, str]
    shorts: Mapping[str, str]

    @property
    def slug(self) -> str:
        """A name for identifiers; the number makes it the only one."""
        return f"{self.number:05}-" + re.sub(r"[^a-z]+", "-", self.shorts["en"].lower())

    @property
    def iri(self) -> str:
        """The IRI of the company."""
        return f"{ids.BASE}org/invented-{self.slug}"


@dataclass(frozen=True, slots=True)
class Made:
    """A report that was composed; ``first`` is the first of its firm."""

    firm: Firm
    year: int
    text: str
    title: str

    @property
    def id(self) -> str:
        """The identifier; reports of a firm stand together when sorted."""
        return f"s{self.firm.slug}-{self.year}"


@dataclass(frozen=True, slots=True)
class Measure:
    """A metric as reports of one script name it, and how large it may be."""

    key: str
    labels: Sequence[str]
    amount: Mapping[str, Any]
    people: bool
    flow: bool


@dataclass(frozen=True)
class Script:
    """All that reports in one script are composed of."""

    language: str
    frames: Mapping[str, Any]
    measures: Mapping[str, Measure]
    core: Sequence[str]
    places: Sequence[str]
    technologies: Sequence[str]
    levels: Sequence[str]
    horizons: Sequence[str]
    risks: Mapping[str, Sequence[str]]
    opportunities: Mapping[str, Sequence[str]]
    units: Mapping[str, tuple[str, float]]
    multipliers: Mapping[str, str]


@dataclass
class Composer:
    """Writes one report."""

    script: Script
    firm: Firm
    year: int
    seed: int
    chance: random.Random = field(init=False)
    metric: Measure = field(init=False)
    size: int = 0
    written: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Begin as this report always begins."""
        self.chance = random.Random(f"{self.seed} {self.firm.number} {self.year}")
        self.metric = self.script.measures[self.script.core[0]]

    def report(self, size: int) -> Made:
        """Compose the parts that each report has, and chapters until it is long enough."""
        frames, kind = self.script.frames, self.chance.choice(self.script.frames["kinds"])
        self._cover(kind)
        self._chapter(self._one("opening"), self._sentences("about", 4))
        self._chapter(frames["governance"], self._sentences("governing", 4))
        self._chapter(frames["targets"], *self._items("promising", self.chance.randint(4, 7)))
        self._rows([self._filled(name) for name in frames["target_columns"]], map(self._target, range(4)))
        self._chapter(frames["risks"], self._sentences("risk_intro", 2))
        self._risks()
        appendix, chapters = self._table(), iter(self.chance.sample(frames["chapters"], len(frames["chapters"])))
        left = size - len("\n".join(appendix).encode())
        while self.size < left:
            self._chapter(next(chapters, frames["appendix"]), self._mixed(), self._mixed())
            for part in (self._case, self._list, lambda: self._paragraph(self._mixed())):
                if self.size < left:
                    part()
        self._chapter(frames["appendix"], *appendix)
        title = f"{self.firm.names[self.script.language]} {self.year} {kind}"
        return Made(self.firm, self.year, "\n".join(self.written) + "\n", title)

    def _cover(self, kind: str) -> None:
        self._add(self._filled(self.chance.choice(self.script.frames["covers"]), kind=kind))

    def _chapter(self, title: str, *paragraphs: str) -> None:
        """Add a heading in the style of the firm, and what stands under it."""
        numbered = sum(line.startswith("\n#") for line in self.written) + 1
        style = ("# {title}", "## {number} {title}", "### {title}")[self.firm.number % 3]
        self._add("\n" + style.format(title=title, number=numbered) + "\n")
        for paragraph in paragraphs:
            self._add(paragraph)

    def _paragraph(self, text: str) -> None:
        self._add("\n" + text)

    def _case(self) -> None:
        self._add("\n#### " + self._one("cases") + "\n")
        self._add(self._sentences("case_facts", 3))

    def _list(self) -> None:
        self._add("")
        for line in self._items("fillers", 4):
            self._add(line)

    def _mixed(self) -> str:
        """Return a paragraph in which sentences with numbers and sentences without take turns."""
        kinds = [self.chance.choice(MIXED) for _ in range(self.chance.randint(4, 7))]
        return self.script.frames["space"].join(self._one(kind) for kind in kinds)

    def _sentences(self, name: str, count: int) -> str:
        frames = self.script.frames[name]
        chosen = self.chance.sample(frames, min(count, len(frames)))
        return self.script.frames["space"].join(map(self._filled, chosen))

    def _items(self, name: str, count: int) -> list[str]:
        frames, mark = self.script.frames[name], self.chance.choice(self.script.frames["marks"])
        return [mark + self._filled(self.chance.choice(frames)) for _ in range(count)]

    def _target(self, n: int) -> list[str]:
        """Return a row of the table of targets."""
        metric = self._measure()
        due = str(self._due())
        return [metric, str(self._base()), due, self._amount(int(due)), self._amount(self.year)]

    def _risks(self) -> None:
        """Add the table of risks and that of opportunities."""
        frames, script = self.script.frames, self.script
        self._rows(frames["risk_columns"], [self._risk(script.risks, 5) for _ in range(self.chance.randint(4, 7))])
        rows = [self._risk(script.opportunities, 4) for _ in range(self.chance.randint(2, 4))]
        self._rows(frames["opportunity_columns"], rows)

    def _risk(self, categories: Mapping[str, Sequence[str]], columns: int) -> list[str]:
        category = self.chance.choice(sorted(categories))
        row = [
            category,
            self._filled(self.chance.choice(categories[category])),
            self.chance.choice(self.script.horizons),
        ]
        level = [self.chance.choice(self.script.levels)] if columns == 5 else []
        return [*row, *level, self._filled(self.chance.choice(self.script.frames["answers"]["any"]))]

    def _table(self) -> list[str]:
        """Return the lines of the table of figures: three years of what each report measures, and of a few others."""
        years = [self.year - 2, self.year - 1, self.year]
        others = self.chance.sample(sorted(self.script.measures), 2)
        rows = [[*self.script.frames["columns"], *map(str, years)]]
        for key in dict.fromkeys((*self.script.core, *others)):
            self.metric = self.script.measures[key]
            unit, scale, large = self._unit(self._value(self.year))
            rows.append(
                [
                    self.metric.labels[0],
                    self._joined(large, unit),
                    *(self._digits(self._value(y) / scale) for y in years),
                ]
            )
        return self._lines(rows)

    def _rows(self, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        self._add("\n" + "\n".join(self._lines([header, *rows])))

    def _lines(self, rows: Sequence[Sequence[str]]) -> list[str]:
        """Return a table as lines: of Markdown, or with tabs, as the firm does."""
        if self.firm.number % 2:
            return ["\t".join(row) for row in rows]
        rule = ["---"] * len(rows[0])
        return ["| " + " | ".join(row) + " |" for row in (rows[0], rule, *rows[1:])]

    def _add(self, text: str) -> None:
        self.written.append(text)
        self.size += len(text.encode()) + 1

    def _one(self, name: str) -> str:
        return self._filled(self.chance.choice(self.script.frames[name]))

    def _filled(self, frame: str, **given: str) -> str:
        """Return a frame with its slots filled from the left; a sentence begins with a capital."""
        filled = _SLOT.sub(lambda slot: given.get(slot[1]) or self._slot(slot[1]), frame)
        return filled[:1].upper() + filled[1:]

    def _slot(self, name: str) -> str:
        if made := getattr(self, f"_slot_{name}", None):
            return str(made())
        return self._simple(name) or _SLOT.sub(lambda slot: self._slot(slot[1]), self._any(name))

    def _any(self, name: str) -> str:
        """Return a line of the list of a name, or of its plural."""
        frames = self.script.frames
        line = frames.get(name) or frames[f"{name}s"]
        return line if isinstance(line, str) else str(self.chance.choice(line))

    def _simple(self, name: str) -> str:
        """Return what is drawn anew for each slot of these names, else nothing."""
        script, chance = self.script, self.chance
        match name:
            case "company":
                return self.firm.names[script.language]
            case "short":
                return self.firm.shorts[script.language]
            case "year" | "before":
                return str(self.year - (name == "before"))
            case "base" | "due":
                return str(self._base() if name == "base" else self._due())
            case "place":
                return chance.choice(script.places)
            case "technology":
                return chance.choice(script.technologies)
            case "n":
                return f"{chance.uniform(1, 60):.1f}"
            case "small":
                return str(chance.randint(2, 12))
            case "count":
                return str(chance.randint(20, 9000))
            case "digits":
                return f"{self.firm.number % 10000:04}"
        return ""

    def _slot_metric(self) -> str:
        return self._measure()

    def _slot_flow(self) -> str:
        """Return the name of a metric whose years can be added up."""
        self.metric = self.chance.choice([measure for measure in self.script.measures.values() if measure.flow])
        return self.metric.labels[0]

    def _slot_amount(self) -> str:
        return self._amount(self.year)

    def _slot_earlier(self) -> str:
        return self._amount(self.year - 1)

    def _slot_future(self) -> str:
        return self._amount(self._due())

    def _slot_carbon(self) -> str:
        return self._of("ghg-avoided", 1e-2)

    def _slot_site(self) -> str:
        return self._of("electricity-saved", 1e-4)

    def _slot_money(self) -> str:
        return self._of("environmental-spend", 1e-1)

    def _measure(self) -> str:
        """Choose what is measured next, one of the core in two of three cases, and return its name."""
        pool = self.script.core if self.chance.random() < 0.66 else sorted(self.script.measures)
        self.metric = self.script.measures[self.chance.choice(pool)]
        return self.chance.choice(self.metric.labels)

    def _of(self, key: str, share: float) -> str:
        """Return an amount of another metric, a part of the firm's own."""
        metric, self.metric = self.metric, self.script.measures[key]
        written = self._written(self._value(self.year) * share * self.chance.uniform(0.2, 1))
        self.metric = metric
        return written

    def _base(self) -> int:
        return max(FIRST_YEAR - 5, self.year - self.chance.randint(2, 6))

    def _due(self) -> int:
        return self.year + self.chance.randint(1, 6)

    def _amount(self, year: int) -> str:
        return self._written(self._value(year))

    def _value(self, year: int) -> float:
        """Return what the firm measured in a year, in the base unit: it goes its own way from year to year."""
        amount = self.metric.amount
        own = random.Random(f"{self.seed} {self.firm.number} {self.metric.key}")
        start = math.exp(own.uniform(math.log(amount["low"]), math.log(amount["high"])))
        value = start * (1 + own.uniform(-0.06, 0.09)) ** (year - FIRST_YEAR)
        return min(max(value, amount["low"]), amount["high"])

    def _unit(self, value: float) -> tuple[str, float, str]:
        """Return how a value's unit is written, how many of the base unit it is, and the multiplier before it."""
        script, written = self.script, self.metric.amount[self.script.language[:2]]
        unit, factor = script.units[written[self.firm.number % len(written)]] if written else ("", 1.0)
        for scale, name in LARGE[script.language[:2]]:
            if value / factor >= scale:
                return unit or self._item(), factor * scale, script.multipliers[name]
        return unit or self._item(), factor, ""

    def _item(self) -> str:
        """Return what counted things are counted with, where the language has that."""
        of = self.script.frames
        counted = self.metric.amount["digits"] == 0
        return str(of["person"] if self.metric.people else of["item"]) if counted else ""

    def _written(self, value: float) -> str:
        """Return an amount as sentences have it."""
        unit, scale, large = self._unit(value)
        digits = self._digits(value / scale)
        return digits + unit if unit == "%" else self._joined(digits, large, unit)

    def _joined(self, *parts: str) -> str:
        return str(self.script.frames["space"]).join(filter(None, parts))

    def _digits(self, value: float) -> str:
        """Return a number with the decimals of its metric; large values have one at least, and commas."""
        digits = max(self.metric.amount["digits"], 2 if value < 10 and self.metric.amount["high"] > 1e4 else 0)
        return f"{value:,.{0 if value >= 1000 and digits < 2 else digits}f}"
