"""How well facts were found: against facts that people annotated by hand, in the same fields.

A fact is a JSON row as ``tantu facts`` prints it, an annotation a row of ``bench/gold/`` with its ``report``.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kg.reading.folding import compact

Row = Mapping[str, Any]
Years = Mapping[str, Collection[int]]  # those that an undated figure of a report may mean
Pair = tuple[Row, Row]  # a fact, and the annotation that it finds

KINDS: Mapping[str, tuple[str, ...]] = {
    "numbers": ("observation", "target"),
    "risks": ("risk", "opportunity"),
    "initiatives": ("initiative",),
    "technologies": ("technology",),
}
ATTRIBUTES = ("kind", "year", "comparator", "form", "direction", "scope")
CLOSE = 1e-6  # relative difference of two values that are one: annotations write 0.1 + 0.2 as people do
# Units that annotators and texts use for one another: bare tonnes of carbon, watts of peak power, bare counts.
_ALIKE = ({"t", "tCO2e"}, {"W", "kWp"}, {"ratio", "count"})
_SCALE = {("kWp", "W"): 1000.0, ("W", "kWp"): 0.001}


@dataclass(frozen=True, slots=True)
class Score:
    """How many facts were found, of how many predicted and how many annotated.

    >>> Score(8, 10, 16).precision, Score(8, 10, 16).recall, round(Score(8, 10, 16).f1, 3)
    (0.8, 0.5, 0.615)
    """

    found: int
    predicted: int
    annotated: int

    @property
    def precision(self) -> float:
        """The share of the predicted facts that annotators found too."""
        return self.found / self.predicted if self.predicted else 0.0

    @property
    def recall(self) -> float:
        """The share of the annotated facts that were found."""
        return self.found / self.annotated if self.annotated else 0.0

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        return 2 * self.found / (self.predicted + self.annotated) if self.found else 0.0

    def __add__(self, other: "Score") -> "Score":
        """Add the counts of two scores.

        >>> Score(1, 2, 3) + Score(1, 1, 1)
        Score(found=2, predicted=3, annotated=4)
        """
        return Score(self.found + other.found, self.predicted + other.predicted, self.annotated + other.annotated)


def scores(facts: Sequence[Row], gold: Sequence[Row], years: Years) -> dict[str, Score]:
    """Return the score of each kind of fact, of numbers with every attribute right and of the risks' responses.

    The former is called ``exact``; ``years`` has the years that a report speaks of: a year left open agrees with them.
    The latter is called ``responses``; only its recall has a meaning: those of risks that were found are looked for.
    """
    parts = {name: (_of(facts, kinds), _of(gold, kinds)) for name, kinds in KINDS.items()}
    pairs = {name: matched(found, annotated, FINDS[name]) for name, (found, annotated) in parts.items()}
    counted = {name: Score(len(pairs[name]), *map(len, part)) for name, part in parts.items()}
    exact = sum(not disagreements(pair, years) for pair in pairs["numbers"])
    numbers = Score(exact, counted["numbers"].predicted, counted["numbers"].annotated)
    return {**counted, "exact": numbers, "responses": _responses(pairs["risks"])}


def matched(facts: Iterable[Row], gold: Iterable[Row], finds: Callable[[Row, Row], bool]) -> list[Pair]:
    """Pair facts with the annotations that they find, one to one, those that share most characters first."""
    gold = list(gold)
    pairs = [(fact, one) for fact in facts for one in gold if fact["report"] == one["report"] and finds(fact, one)]
    taken: set[int] = set()
    kept = []
    for fact, one in sorted(pairs, key=lambda pair: -shared(*pair)):
        if not taken & {id(fact), id(one)}:
            taken |= {id(fact), id(one)}
            kept.append((fact, one))
    return kept


def shared(fact: Row, one: Row) -> int:
    """Return how many characters two rows share; less than one where they lie apart."""
    return int(min(fact["end"], one["end"]) - max(fact["start"], one["start"]))


def disagreements(pair: Pair, years: Years) -> list[str]:
    """Return the attributes on which a number and its annotation do not agree."""
    return list(_disagreements(*pair, years))


def _disagreements(fact: Row, one: Row, years: Years) -> Iterator[str]:
    for name in ATTRIBUTES:
        said, meant = fact.get(name), one.get(name)
        left_open = name == "year" and None in (said, meant)
        if said != meant and not (left_open and (said or meant) in years.get(one["report"], ())):
            yield name


def finds_number(fact: Row, one: Row) -> bool:
    """Say whether a fact is the number that was annotated: at its place, of its unit and value."""
    units = (str(fact.get("unit")), one["unit"])
    if shared(fact, one) <= 0 or (units[0] != units[1] and set(units) not in _ALIKE) or fact.get("value") is None:
        return False
    values, meant = (_ends(row["value"]) for row in (fact, one))
    scale = _SCALE.get(units, 1.0)
    return len(values) == len(meant) and all(
        abs(scale * a - b) <= CLOSE * max(1.0, abs(b)) for a, b in zip(values, meant, strict=True)
    )


def finds_risk(fact: Row, one: Row) -> bool:
    """Say whether a fact is the risk or opportunity that was annotated: at its place, of its category."""
    named = fact.get("category")
    named = named if isinstance(named, list) else [named]
    return shared(fact, one) > 0 and fact["kind"] == one["kind"] and one["category"] in named


def finds_initiative(fact: Row, one: Row) -> bool:
    """Say whether a fact is the initiative that was annotated: at its place or of its name."""
    return shared(fact, one) > 0 or _plain(fact.get("name_zh")) == _plain(one["name_zh"]) != ""


def finds_technology(fact: Row, one: Row) -> bool:
    """Say whether a fact is the technology that was annotated: of its name, or one name holding the other."""
    said, meant = _plain(fact.get("name_zh")), _plain(one["name_zh"])
    english = _plain(fact.get("name_en"))
    return (min(len(said), len(meant)) > 1 and (said in meant or meant in said)) or (
        len(english) > 2 and english == _plain(one["name_en"])
    )


FINDS: Mapping[str, Callable[[Row, Row], bool]] = {
    "numbers": finds_number,
    "risks": finds_risk,
    "initiatives": finds_initiative,
    "technologies": finds_technology,
}


def _responses(risks: Iterable[Pair]) -> Score:
    """Return how many of the measures that were annotated with risks are among those that were found with them."""
    pairs = [
        (_plain(response), [said for said in map(_plain, fact.get("responses") or ()) if said])
        for fact, one in risks
        for response in one["responses"]
    ]
    return Score(sum(any(meant in x or x in meant for x in said) for meant, said in pairs), 0, len(pairs))


def _of(rows: Iterable[Row], kinds: tuple[str, ...]) -> list[Row]:
    return [row for row in rows if row["kind"] in kinds]


def _ends(value: Any) -> list[float]:
    return list(value) if isinstance(value, list) else [value]


def _plain(words: str | None) -> str:
    return re.sub(r"[\W_]+", "", compact(words or "").text)
