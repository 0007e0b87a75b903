"""Numbers and units as people read them."""

import re
from decimal import Decimal

from kg.model import NumberFact, Value
from kg.vocabulary import Vocabulary

SIGNS = {"=": "", ">": ">", ">=": "\u2265", "<": "<", "<=": "\u2264", "~": "\u2248"}
ARROWS = {"up": "\u2191", "down": "\u2193"}
_CODES = {"CO2": "CO\u2082", "m2": "m\u00b2", "m3": "m\u00b3"}
_DIGITS = re.compile(r"[\d.,\s%~\uff5e\u2013\u2014-]*\d[%\u2030]?")
_DASHES = str.maketrans("\uff5e\u2013\u2014\u2212", "~~~-")
NARROW = "\u202f"  # narrow no-break space, between a number and a Latin unit


def grouped(number: float) -> str:
    """Return a number with separators, without noise digits.

    >>> grouped(35180000.0), grouped(0.8), grouped(1e-3), grouped(-5)
    ('35,180,000', '0.8', '0.001', '\u22125')
    """
    text = f"{Decimal(repr(number)):,f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return text.replace("-", "\u2212")


def shown(value: Value) -> str:
    """Return a value, a range with an en dash.

    >>> shown((0.9, 0.98)), shown(20)
    ('0.9\u20130.98', '20')
    """
    if isinstance(value, int | float):
        return grouped(value)
    return "\u2013".join(grouped(end) for end in value)


def code(notation: str) -> str:
    """Return a unit's code with its small digits.

    >>> code("kgCO2e_per_TB"), code("m3")
    ('kgCO\u2082e/TB', 'm\u00b3')
    """
    for plain, fine in _CODES.items():
        notation = notation.replace(plain, fine) if plain == "CO2" or notation == plain else notation
    return notation.replace("_per_", "/").replace("_", " ")


def unit_of(iri: str, vocabulary: Vocabulary, language: str) -> str:
    """Return how a unit is shown beside a normalised number: a code, or nothing for a pure number."""
    if iri not in vocabulary:
        return code(iri.rsplit("/", 1)[-1])
    concept = vocabulary.concept(iri)
    name = concept.notation or iri.rsplit("/", 1)[-1]
    if name == "percent":
        return "%"
    if name in {"ratio", "count"}:
        return ""
    if name in {"year", "hour", "other"}:
        return concept.label(language)
    return "\u2103" if name == "C" else code(name)


def joined(number: str, unit: str) -> str:
    """Put a number and its unit together, close where the unit is a sign or a Han word.

    >>> joined("35", "%"), joined("8", "kWh") == "8" + NARROW + "kWh"
    ('35%', True)
    """
    gap = NARROW if unit[:1].isascii() and unit[:1].isalpha() else ""
    return f"{number}{gap}{unit}"


def parted(as_written: str, unit_text: str) -> tuple[str, str]:
    """Return a number as it stands in a report in two parts: its digits, and the words after them.

    >>> parted("774.8 \u4e07\u5428", "\u5428"), parted("20%~30%", "%"), parted("400MW", "MW")
    (('774.8', '\u4e07\u5428'), ('20%~30%', ''), ('400', 'MW'))
    """
    found = _DIGITS.match(as_written)
    number, rest = (found[0], as_written[found.end() :].strip()) if found else (as_written, "")
    return number, rest or ("" if unit_text in as_written else unit_text)


def normalised(fact: NumberFact, vocabulary: Vocabulary, language: str) -> str:
    """Return the value in its base unit, or nothing where it would only repeat what is written."""
    unit = unit_of(fact.unit, vocabulary, language)
    number, written = parted(fact.as_written, fact.unit_text)
    repeats = digits(number) == digits(shown(fact.value))
    return "" if repeats and unit in ("", "%", written) else joined(shown(fact.value), unit)


def digits(number: str) -> str:
    """Return the digits of a number or range without what changes with its writing: separators, last zeros, dashes.

    >>> digits("1,200.50%"), digits("0.90\uff5e0.98") == digits("0.9\u20130.98")
    ('1200.5', True)
    """
    plain = re.sub(r"[%,\s]", "", number.translate(_DASHES))
    return re.sub(r"\d+\.\d+", lambda found: found[0].rstrip("0").rstrip("."), plain)


def brief(fact: NumberFact) -> str:
    """Return number and unit as they stand in the report, with an arrow for a change and a sign for a bound."""
    number, unit = parted(fact.as_written, fact.unit_text)
    return f"{ARROWS.get(fact.direction or '', '')}{SIGNS.get(fact.comparator, '')}{joined(number, unit)}"
