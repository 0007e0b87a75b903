"""SPARQL as tokens: which form a query has, what it may not do, and where it goes wrong.

There is no parser here. The engine's parser judges queries; this module reads just enough, and errs towards refusal.
Grammar of the tokens: https://www.w3.org/TR/sparql11-query/#sparqlGrammar
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import NamedTuple

from kg import ids
from kg.errors import QueryError, QueryRefused
from kg.terms import PREFIXES

NAME = r"\w\u00b7\u0300-\u036f\u203f\u2040"
ESCAPED = r"%[0-9A-Fa-f]{2}|\\."
TOKEN = re.compile(
    rf"""
  (?P<space>(?:\s|\#[^\n\r]*)+)
| (?P<iri><[^<>"{{}}|^`\x00-\x20]*>)
| (?P<string>\"\"\"(?:\"{{0,2}}(?:[^"\\]|\\.))*\"\"\"|'''(?:'{{0,2}}(?:[^'\\]|\\.))*'''
    |"(?!\"\")(?:[^"\\\n\r]|\\.)*"|'(?!'')(?:[^'\\\n\r]|\\.)*')
| (?P<var>[?$][{NAME}]+)
| (?P<language>@[A-Za-z]+(?:-[A-Za-z0-9]+)*(?:--[a-z]+)?)
| (?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)
| (?P<blank>_:[{NAME}](?:[{NAME}.-]*[{NAME}-])?)
| (?P<name>(?:[^\W\d_](?:[{NAME}.-]{{0,60}}[{NAME}-])?)?:
    (?:(?:[{NAME}:]|{ESCAPED})(?:(?:[{NAME}.:-]|{ESCAPED})*(?:[{NAME}:-]|{ESCAPED}))?)?)
| (?P<word>[^\W\d]\w*)
| (?P<sign>\^\^|&&|\|\||!=|<=|>=|[{{}}()\[\],;.|/^*+!?=<>-])
| (?P<bad>(?:\"\"\"|''').*|["'][^\n\r]*|.)
""",
    re.VERBOSE | re.DOTALL,
)  # an open string is one bad token and a prefix has 60 letters at most, so that no query takes quadratic time

SERVICES = frozenset(f"{ids.SEARCH}{name}" for name in ("passages", "facts", "concepts"))
UPDATES = frozenset({"INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH"})
FORMS = frozenset({"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"}) | UPDATES
# What a FROM looks like, in a string or a comment too; "from 2020 to 2023" does not and needs no reading of the tokens.
FROM = re.compile(r"from(?:\s*[<#:]|\s+(?:named\b|[^\s<>{}\"]*:))")
MARK = " " * 40 + "\x01"  # longer than any keyword, so that the parser cannot take the mark for part of one


class Token(NamedTuple):
    """A piece of a query: ``kind`` is a group of the grammar above, offsets count code points of the query."""

    kind: str
    text: str
    start: int
    end: int

    @property
    def keyword(self) -> str:
        """The word in upper case, or "" for what is not a bare word."""
        return self.text.upper() if self.kind == "word" else ""


_new = tuple.__new__  # makes a Token in half the time of Token(...); a query has some 300


class Prologue(NamedTuple):
    """The prefixes that a query declares, and the index of the first token after them."""

    prefixes: dict[str, str]
    length: int


def tokens(query: str) -> list[Token]:
    """Return the tokens of a query, without white space and comments; never fails.

    >>> [token.text for token in tokens('ASK { ?s m:pue "1.25" } # end')]
    ['ASK', '{', '?s', 'm:pue', '"1.25"', '}']
    """
    found = TOKEN.finditer(query)
    return [_new(Token, (kind, m.group(), *m.span())) for m in found if (kind := m.lastgroup or "") != "space"]


def place(query: str, offset: int) -> tuple[int, int]:
    r"""Return line and column of an offset, both from 1.

    >>> place("ASK\n{ ?s }", 6)
    (2, 3)
    """
    return query.count("\n", 0, offset) + 1, offset - query.rfind("\n", 0, offset)


def prologue(found: list[Token]) -> Prologue:
    """Read the PREFIX and BASE lines that a query starts with."""
    prefixes, at = {}, 0
    while at + 1 < len(found) and found[at].keyword in ("PREFIX", "BASE", "VERSION"):
        declares = found[at].keyword == "PREFIX" and at + 2 < len(found)
        if declares and found[at + 1].kind == "name" and found[at + 2].kind == "iri":
            prefixes[found[at + 1].text[:-1]] = _unescape(found[at + 2].text[1:-1])
        at += 3 if declares else 2
    return Prologue(prefixes, at)


def form(query: str) -> str:
    """Return the query's first keyword after the prologue: SELECT, ASK, ..., INSERT, ... or "" for none of them.

    >>> form("PREFIX a: <http://a/> select * { ?s ?p ?o }")
    'SELECT'
    """
    found = tokens(query)
    length = prologue(found).length
    keyword = found[length].keyword if length < len(found) else ""
    return keyword if keyword in FORMS else ""


def names_dataset(query: str) -> bool:
    """Say whether a query names its own dataset with FROM."""
    return FROM.search(query.lower()) is not None and any(token.keyword == "FROM" for token in tokens(query))


def resolve(token: Token, prefixes: dict[str, str]) -> str:
    """Return the IRI that an ``iri`` or ``name`` token stands for, or "" where it stands for none.

    >>> resolve(tokens("search:facts")[0], {"search": "https://w3id.org/tantu/search#"})
    'https://w3id.org/tantu/search#facts'
    """
    if token.kind == "iri":
        return _unescape(token.text[1:-1])
    prefix, _, local = token.text.partition(":")
    if token.kind != "name" or prefix not in prefixes:
        return ""
    return prefixes[prefix] + re.sub(r"\\(.)", r"\1", local)


def _unescape(text: str) -> str:
    return re.sub(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})", lambda m: chr(int(m[1] or m[2], 16) % 0x110000), text)


def refuse(query: str, services: frozenset[str] = SERVICES) -> None:
    """Refuse what a read-only endpoint does not run; anything else is left to the engine's parser.

    FROM needs no refusal: the engine reads graphs of its own store only and fetches nothing.

    :raises QueryRefused: for an update and for every SERVICE that is not in ``services``.

    >>> refuse("SELECT * { SERVICE <http://e/> { ?s ?p ?o } }")
    Traceback (most recent call last):
    kg.errors.QueryRefused: line 1, column 20: SERVICE <http://e/> is refused: this endpoint fetches nothing ...
    """
    found = tokens(query)
    prefixes, length = prologue(found)
    if length < len(found) and found[length].keyword in UPDATES:
        said = f"{found[length].keyword} is refused: this endpoint is read-only"
        raise QueryRefused(said, *place(query, found[length].start))
    for name in _services(found):
        if resolve(name, prefixes) not in services:
            said = f"SERVICE {name.text} is refused: this endpoint fetches nothing from elsewhere"
            raise QueryRefused(said, *place(query, name.start))
    _refuse_two_readings(query, found)


def _services(found: list[Token]) -> Iterator[Token]:
    """Yield the token that names the endpoint after each SERVICE, the keyword itself where nothing follows."""
    for at, token in enumerate(found):
        if token.keyword == "SERVICE":
            rest = [other for other in found[at + 1 : at + 3] if other.keyword != "SILENT"]
            yield rest[0] if rest else token


def _refuse_two_readings(query: str, found: list[Token]) -> None:
    """Refuse a ``<`` that may be an IRI or a comparison where the second reading could bring out a hidden SERVICE.

    ``?a<?b#>`` may be an IRI, or a comparison and a comment; after it the two readings disagree on what is a string.
    An IRI with ``//`` before such a character has only one reading.
    """
    seen = sum(token.keyword == "SERVICE" for token in found)
    hidden = len(re.findall("service", query, re.IGNORECASE)) > seen
    for before, token in pairwise(found):
        operand = before.kind in ("var", "iri", "name", "string", "number", "language") or before.text in (")", "]")
        if hidden and operand and token.kind == "iri" and re.match(r"<(?!\w+://)[^#']*['#]", token.text):
            raise QueryRefused("put a space after '<' if it compares", *place(query, token.start))


def syntax_error(query: str, reason: str, complaint: Callable[[str], str]) -> QueryError:
    """Turn the engine's complaint about a query into an error at the first token that no query can go on with.

    The engine names the furthest character that it looked at, which lies some letters after the mistake, or far behind
    it. ``complaint`` is its parser, for trying how much of the query it follows.
    """
    found = tokens(query)
    bad = next((token for token in found if token.kind == "bad"), None)
    undeclared = _undeclared(found)
    if bad is None and undeclared is None:
        fits = bisect_left(found, 1, key=lambda token: 0 if _follows(query[: token.end], complaint) else 1)
        bad = found[fits] if fits < len(found) else None
    if undeclared is not None:
        return QueryError(_advice(undeclared), *place(query, undeclared.start))
    if bad is None:
        said = _said(reason) or f"the query ends too early; {_unclosed(found)}"
        return QueryError(said, *place(query, len(query)))
    before = [token for token in found if token.end <= bad.start]
    where = f"after {_short(before[-1].text)}" if before else "at the start"
    said = _said(reason)
    return QueryError(f"{_short(bad.text)} does not fit {where}{': ' if said else ''}{said}", *place(query, bad.start))


def _follows(start: str, complaint: Callable[[str], str]) -> bool:
    """Say whether the engine's parser reads on to the end of the beginning of a query."""
    line, column = place(start + MARK, len(start + MARK) - 1)
    found = re.match(r"error at (\d+):(\d+)", complaint(start + MARK))
    return found is None or (int(found[1]), int(found[2])) >= (line, column)


def _undeclared(found: list[Token]) -> Token | None:
    prefixes, length = prologue(found)
    return next((t for t in found[length:] if t.kind == "name" and t.text.partition(":")[0] not in prefixes), None)


def _advice(name: Token) -> str:
    prefix = name.text.partition(":")[0]
    advice = f"; add PREFIX {prefix}: <{PREFIXES[prefix]}>" if prefix in PREFIXES else ""
    return f"the prefix {prefix}: is not declared{advice}"


def _said(reason: str) -> str:
    """Return the sentence in the engine's complaint, if it has one.

    >>> _said("error at 1:39: expected one of The SELECT contains a variable that is unbound, [_]")
    'The SELECT contains a variable that is unbound'
    """
    sentence = re.search(r"[A-Z?]\w*(?: [\w?'$-]+){2,}", reason.partition("expected")[2])
    return sentence[0].removeprefix("one of ") if sentence else ""


def _unclosed(found: list[Token]) -> str:
    signs = "".join(token.text for token in found if token.kind == "sign")
    surplus = {opening: signs.count(opening) - signs.count(closing) for opening, closing in ("{}", "()", "[]")}
    missing = [f"{count} '{sign}'" for sign, count in surplus.items() if count > 0]
    return f"not closed: {' and '.join(missing)}" if missing else "something is missing after its last word"


def _short(text: str) -> str:
    return repr(text if len(text) <= 40 else f"{text[:37]}...")
