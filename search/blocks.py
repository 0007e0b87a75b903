"""Search blocks as a query writes them: their kind, their subject, what they are asked and what they give."""

import re
from dataclasses import dataclass, field
from itertools import pairwise

from kg.errors import QueryError
from kg.ids import SEARCH
from kg.sparql import SERVICES, Token, place, prologue, resolve

LIMITS = {"facts": 50, "passages": 10, "concepts": 10}  # hits of a block that names no limit
MOST_HITS = 1000  # rows of VALUES; Virtuoso's compiler gives up somewhere above
MOST_BLOCKS = 8
OUTPUTS = ("score", "rank", "language", "snippet", "label")
CONCEPT = ("iri", "name", "string")  # an IRI, or a label in any script
ARGUMENTS = {
    "query": ("string", "var"),
    "limit": ("number",),
    "minScore": ("number",),
    "language": ("string", "var"),
    "technology": CONCEPT,
    "riskCategory": CONCEPT,
    **{name: ("var",) for name in OUTPUTS if name != "language"},
}
WITHOUT = {"facts": ("label",), "passages": ("label",), "concepts": ("snippet", "technology", "riskCategory")}
WORDS = {"var": "a variable", "string": "a string", "number": "a number", "iri": "an IRI", "name": "a prefixed name"}
ESCAPES = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}


@dataclass(frozen=True, slots=True)
class Block:
    """A search block: its kind, the tokens of its parts, and where it stands among the query's tokens."""

    kind: str
    first: int
    last: int
    subject: Token
    parts: dict[str, Token] = field(default_factory=dict)

    @property
    def outputs(self) -> dict[str, Token]:
        """The variables that a hit gives a value, by what they mean."""
        return {name: self.parts[name] for name in OUTPUTS if name in self.parts and self.parts[name].kind == "var"}

    @property
    def variables(self) -> list[Token]:
        """The variables of a row: the subject, the text, and what a hit gives."""
        given = [self.subject, self.parts["query"], *self.outputs.values()]
        return [token for token in given if token.kind == "var"]


def blocks(query: str, found: list[Token]) -> list[Block]:
    """Return the search blocks of a query, in order.

    :raises QueryError: if one is not as it should be; with line and column.
    """
    prefixes = prologue(found).prefixes
    read: list[Block] = []
    for at, token in enumerate(found):
        if token.keyword != "SERVICE" or (read and at < read[-1].last):
            continue
        name = at + 1 + (at + 1 < len(found) and found[at + 1].keyword == "SILENT")
        if name < len(found) and (iri := resolve(found[name], prefixes)) in SERVICES:
            read.append(_read(query, found, at, name, iri.removeprefix(SEARCH), prefixes))
    if len(read) > MOST_BLOCKS:
        raise wrong(query, found[read[MOST_BLOCKS].first], f"a query has at most {MOST_BLOCKS} search blocks")
    return read


def _read(query: str, found: list[Token], first: int, name: int, kind: str, prefixes: dict[str, str]) -> Block:
    """Read the block whose SERVICE is token ``first`` and whose service IRI is token ``name``."""
    if name + 1 == len(found) or found[name + 1].text != "{":
        raise wrong(query, found[name], "a search block begins with '{'")
    last = name + 1
    while found[last].text != "}":
        last += 1
        if last == len(found) or found[last].text == "{":
            raise wrong(query, found[last - 1], "this search block is not closed, or has a group in it")
    body = [token for token in found[name + 2 : last] if token.kind != "language"]
    if not body or body[0].kind not in ("var", "iri", "name"):
        raise wrong(query, found[name + 1], "a search block begins with its subject, a variable or an IRI")
    block = Block(kind, first, last, body[0])
    for predicate, value in _statements(query, body):
        _take(query, block, resolve(predicate, prefixes), predicate, value)
    if "query" not in block.parts:
        raise wrong(query, found[first], "this search block has no search:query")
    for one, other in pairwise(sorted(block.variables, key=lambda token: token.text[1:])):
        if one.text[1:] == other.text[1:]:
            raise wrong(query, other, f"{other.text} is used twice in this search block")
    return block


def _statements(query: str, body: list[Token]) -> list[tuple[Token, Token]]:
    """Split the triples of a block, all with one subject, into pairs of predicate and object."""
    pairs: list[tuple[Token, Token]] = []
    at, subject = 1, body[0].text
    while at < len(body):
        if at + 1 == len(body) or body[at + 1].kind == "sign":
            raise wrong(query, body[at], f"a value is missing after {body[at].text}")
        pairs.append((body[at], body[at + 1]))
        at += 2
        end = at
        while end < len(body) and body[end].text in (";", "."):
            end += 1
        if end == at and at < len(body):
            raise wrong(query, body[at], "';' or '.' is missing before this")
        if end < len(body) and body[end - 1].text == ".":
            if body[end].text != subject:
                raise wrong(query, body[end], "a search block has one subject")
            end += 1
        at = end
    return pairs


def _take(query: str, block: Block, iri: str, predicate: Token, value: Token) -> None:
    """Put one statement of a block into its parts."""
    name = iri.removeprefix(SEARCH) if iri.startswith(SEARCH) else ""
    if name not in ARGUMENTS or name in WITHOUT[block.kind]:
        known = ", ".join(f"search:{each}" for each in ARGUMENTS if each not in WITHOUT[block.kind])
        raise wrong(query, predicate, f"{predicate.text} does not belong in this search block; it has {known}")
    if name in block.parts:
        raise wrong(query, predicate, f"search:{name} stands twice in this search block")
    if value.kind not in ARGUMENTS[name]:
        wanted = " or ".join(WORDS[kind] for kind in ARGUMENTS[name])
        raise wrong(query, value, f"search:{name} needs {wanted}")
    block.parts[name] = value


def limit(query: str, block: Block) -> int:
    """Return how many hits a block wants.

    :raises QueryError: if it is no whole number, or too many.
    """
    token = block.parts.get("limit")
    wanted = float(token.text) if token else LIMITS[block.kind]
    if token and (wanted != int(min(wanted, MOST_HITS)) or not 1 <= wanted <= MOST_HITS):
        raise wrong(query, token, f"search:limit needs a whole number from 1 to {MOST_HITS}")
    return int(wanted)


def string(token: str) -> str:
    r"""Return the string that a token stands for.

    >>> string(r'"w\u0061ter\n"')
    'water\n'
    """
    inner = token[3:-3] if token[:3] in ('"""', "'''") else token[1:-1]
    escape = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
    return escape.sub(lambda m: ESCAPES.get(m[3], m[3]) if m[3] else _character(int(m[1] or m[2], 16)), inner)


def _character(number: int) -> str:
    """Return a character by its number; half of a surrogate pair is none, and nothing could encode it."""
    return "\ufffd" if 0xD800 <= number < 0xE000 or number > 0x10FFFF else chr(number)


def wrong(query: str, token: Token, reason: str) -> QueryError:
    """Return an error at the place of a token."""
    return QueryError(reason, *place(query, token.start))
