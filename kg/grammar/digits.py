"""Numbers in digits as they stand in folded text: separators of thousands, decimals, powers of ten."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

_DIGITS = re.compile(
    r"(?P<mantissa>\d(?:"
    r"\d{0,2}(?:\.\d{3}){2,6}(?![.\d])"  # points between thousands, as on the Continent
    r"|(?:\d{0,2}(?:,\d{3})+(?!\d)|\d{0,2}(?: \d{3})+(?!\d)|\d{0,2}(?:[\"']\d{3})+(?![\d\"'])|\d*)(?:\.\d+)?))"
    r"(?P<power> ?[x\u00d7] ?10(?:\^(?P<up>-?\d{1,2})|(?P<flat>-?[1-9]|1[0-2]))(?![.,]?\d))?"
)
# Folding and copying from PDFs flatten a raised exponent: "3.2 x 104". Two whole numbers are a product: "2 x 105 MW".
_SCIENTIFIC = re.compile(r"\d|\d{1,3}\.\d+")
_POINTS = re.compile(r"\d+(?:\.\d+){2,}")
_SEPARATORS = re.compile(r"[, \"']")


class Number(NamedTuple):
    """A number before its unit is known.

    ``comparator`` is what stands between it and its unit ("and more"), ``scaled`` says that a multiplier follows it and
    ``scale`` what it was multiplied by; ``in_words`` that it is written in numerals.
    """

    start: int
    end: int
    value: Decimal
    comparator: str | None = None
    in_words: bool = False
    scaled: bool = False
    scale: Decimal = Decimal(1)


def digits(text: str, position: int = 0) -> Iterator[Number]:
    """Yield the numbers in digits of a folded text from a position on.

    >>> [str(number.value) for number in digits("1,234.5; 1 234 567; 3.2\u00d710^4; 4.5 x 105")]
    ['1234.5', '1234567', '32000.0', '450000.0']
    """
    for match in _DIGITS.finditer(text, position):
        yield _number(match)


def digits_at(text: str, position: int) -> Number | None:
    """Return the number in digits that starts at a position."""
    match = _DIGITS.match(text, position)
    return _number(match) if match else None


def _number(match: "re.Match[str]") -> Number:
    written, power = match["mantissa"], match["up"] or match["flat"]
    plain = written.replace(".", "") if _POINTS.fullmatch(written) else _SEPARATORS.sub("", written)
    if power is None or (match["flat"] and not _SCIENTIFIC.fullmatch(written)):
        return Number(match.start(), match.end("mantissa"), Decimal(plain))
    scale = Decimal(10) ** int(power)
    # "f" writes no exponent: 3.2E+4 is 32000.0
    return Number(match.start(), match.end(), Decimal(f"{Decimal(plain) * scale:f}"), scaled=True, scale=scale)
