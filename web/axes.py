"""Which columns of a result make a chart: a number for each year, or for each thing that another column names."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from kg.terms import FLOATS, INTEGERS, PREFIXES
from web.results import JsonTerm, Solutions

LONGEST = 60  # characters that a name of a bar may have on average; more is prose
FEW = 3  # columns of a result that is made to be drawn: a thing, a number, perhaps a series
SERIES = 8  # things that are told apart within one chart
_YEAR = re.compile(r"(?:1[89]|20|21)\d\d")
_PLACES = frozenset({"begin", "end", "start", "rank", "line", "offset", "limit"})  # numbers that measure nothing


@dataclass(frozen=True, slots=True)
class Axes:
    """The columns of a chart: ``y`` numbers by ``x``, a series for each ``by``; ``unit`` is the one column of units.

    ``telling`` says that a result was likely asked for to be compared: over years, or few columns and no single facts.
    """

    y: str
    x: str
    by: str = ""
    unit: str = ""
    years: bool = False
    telling: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """The columns that may be chosen for each axis."""

    y: tuple[str, ...]
    x: tuple[str, ...]
    by: tuple[str, ...]


def year(term: JsonTerm | None) -> int | None:
    """Return the year that a value is: an xsd:gYear, a whole number that looks like one, or one of our periods.

    >>> year({"type": "literal", "value": "2023", "datatype": "http://www.w3.org/2001/XMLSchema#gYear"})
    2023
    >>> year({"type": "uri", "value": "https://w3id.org/tantu/period/2025"}), year({"type": "literal", "value": "2.3"})
    (2025, None)
    """
    if term is None:
        return None
    value = term["value"]
    text = value.removeprefix(PREFIXES["p"]) if term["type"] == "uri" else value
    return int(text) if _YEAR.fullmatch(text) and (term["type"] == "uri") == (text != value) else None


def number(term: JsonTerm | None) -> float | None:
    """Return the number that a value is, None for anything else."""
    if term is None or term.get("datatype") not in FLOATS | INTEGERS:
        return None
    return float(term["value"])


def choice(found: Solutions) -> Choice:
    """Return which columns of a result can be what, those first that are most likely meant."""
    dated = [column for column in found.columns if _all(found, column, year)]
    counted = [column for column in found.columns if column not in dated and _all(found, column, number)]
    named = [column for column in found.columns if column not in (*dated, *counted) and _names(found, column)]
    named.sort(key=lambda column: _is_single(found, column))
    apart = tuple(column for column in named if 2 <= len(_different(found, column)) <= SERIES)
    return Choice(tuple(sorted(counted, key=_PLACES.__contains__)), (*dated, *named), apart)


def axes(found: Solutions, wanted: Mapping[str, str]) -> Axes | None:
    """Return the columns of a result's chart, None where it makes none; ``wanted`` names those that are asked for."""
    if len(found.rows) < 2:
        return None
    offer = choice(found)
    y = wanted["y"] if wanted.get("y") in offer.y else next((name for name in offer.y if name not in _PLACES), "")
    if not y:
        return None
    unit = next((column for column in found.columns if _is_unit(found, column)), "")
    if wanted.get("x") in offer.x:
        x = wanted["x"]
        by = wanted["by"] if wanted.get("by") in offer.by else ""
        return Axes(y, x, by if by != x else "", unit, bool(_all(found, x, year)), True)
    likely = next(_likely(found, offer, y, unit), None)
    few = len(found.columns) <= FEW
    return likely and replace(likely, telling=likely.years or (few and not _is_single(found, likely.x)))


def _likely(found: Solutions, offer: Choice, y: str, unit: str) -> Iterator[Axes]:
    """Yield axes, the likeliest first: those on which no two rows fall together, things that repeat before facts."""
    dated = [x for x in offer.x if _all(found, x, year)]
    named = [x for x in offer.x if x not in dated]
    repeating = [x for x in named if not _is_single(found, x)]
    pairs = [(x, by) for x in dated if len(_different(found, x)) > 1 for by in ("", *offer.by)]
    pairs += [(x, "") for x in repeating] + [(x, by) for x in repeating for by in offer.by] + [(x, "") for x in named]
    yield from (Axes(y, x, by, unit, x in dated) for x, by in pairs if x != by and _is_unique(found, x, by))
    yield from (Axes(y, x, "", unit) for x in named)


def _all(found: Solutions, column: str, read: object) -> bool:
    bound = [row[column] for row in found.rows if column in row]
    return len(bound) > 1 and all(callable(read) and read(term) is not None for term in bound)


def _names(found: Solutions, column: str) -> bool:
    texts = [row[column]["value"] for row in found.rows if column in row]
    fitting = bool(texts) and (_is_iri(found, column) or sum(map(len, texts)) / len(texts) <= LONGEST)
    return fitting and not _is_unit(found, column) and len(set(texts)) > 1


def _is_iri(found: Solutions, column: str) -> bool:
    return all(row[column]["type"] == "uri" for row in found.rows if column in row)


def _is_unit(found: Solutions, column: str) -> bool:
    bound = [row[column]["value"] for row in found.rows if column in row]
    return bool(bound) and all(value.startswith(PREFIXES["u"]) for value in bound)


def _is_single(found: Solutions, column: str) -> bool:
    """Say whether a column names facts or places in texts: each is a thing of its own, and seldom what one compares."""
    places = (PREFIXES["f"], PREFIXES["d"])
    values = (row[column]["value"] for row in found.rows if column in row)
    return all(value.startswith(places) and (value.startswith(places[0]) or "#" in value) for value in values)


def _different(found: Solutions, column: str) -> set[str]:
    return {row[column]["value"] for row in found.rows if column in row}


def _is_unique(found: Solutions, *columns: str) -> bool:
    keys = Counter(tuple(row.get(column, {}).get("value") for column in columns if column) for row in found.rows)
    return max(keys.values()) == 1
