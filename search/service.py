"""Words and meaning inside SPARQL: a SERVICE block of ours becomes VALUES, before the engine sees the query.

::

    SERVICE search:facts {                        {
      ?fact search:query "PUE of data centres" ;    VALUES (?fact ?score) {
            search:score ?score ;          -->        (<https://w3id.org/tantu/fact/...> 0.913000) ...
            search:limit 20 .                       }
    }                                             }

Nothing else of the query changes, not a byte, so OPTIONAL, UNION, MINUS, sub-selects and CONSTRUCT keep SPARQL's own
meaning, and the engine's parser judges the whole. A block means the rows of its best ``limit`` hits, joined with the
rest of its group. ``search:query`` may be a variable that is bound before the block, in its group or in one around it.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from kg.errors import QueryError
from kg.ids import SEARCH
from kg.sparql import SERVICES, Token, place, prologue, resolve, tokens
from kg.terms import IRI, text
from search.groups import before_block

Search = Callable[[str, str, int, float], list[tuple[str, float]]]
"""``search(kind, text, limit, minimum score)`` -> IRIs with their scores, best first; kind is "facts" or "passages"."""

Texts = Callable[[str], list[str]]
"""Evaluates a SELECT of one variable and returns its strings."""

LIMITS = {"facts": 50, "passages": 10}  # hits of a block that names no limit
MOST_HITS = 1000  # rows of VALUES; Virtuoso's compiler gives up somewhere above
MOST_BLOCKS = 8
MOST_TEXTS = 100  # values of a variable query text, each a search of its own
LONGEST_TEXT = 2000  # characters, as for a question
OUTPUTS = ("score", "rank")
ARGUMENTS = {"query": ("string", "var"), "limit": ("number",), "minScore": ("number",)}
ESCAPES = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}


@dataclass(frozen=True, slots=True)
class Block:
    """A search block: its kind, the tokens of its parts, and where it stands among the query's tokens."""

    kind: str
    first: int
    last: int
    subject: Token
    parts: dict[str, Token] = field(default_factory=dict)


class Edit(NamedTuple):
    """A stretch of a query and the text that takes its place."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A query with its search blocks replaced, and what was replaced."""

    original: str
    query: str
    edits: tuple[Edit, ...] = ()

    def locate(self, error: QueryError) -> QueryError:
        """Return an error about the rewritten query with the place in the original one."""
        if error.line is None or error.column is None or not self.edits:
            return error
        lines = self.query.split("\n")
        offset = sum(len(line) + 1 for line in lines[: error.line - 1]) + error.column - 1
        return type(error)(error.reason, *place(self.original, self._before(offset)))

    def _before(self, offset: int) -> int:
        shift = 0
        for edit in self.edits:
            start = edit.start + shift
            if offset < start:
                break
            if offset < start + len(edit.text):
                return edit.start
            shift += len(edit.text) - (edit.end - edit.start)
        return offset - shift


def rewrite(query: str, search: Search, texts: Texts) -> Rewritten:
    """Replace the search blocks of a query by the hits of their searches.

    :raises QueryError: if a block is not as it should be; with line and column.

    >>> rewritten = rewrite(
    ...     'PREFIX search: <https://w3id.org/tantu/search#> ASK { SERVICE search:facts { ?f search:query "PUE" } }',
    ...     lambda kind, text, limit, least: [("http://e/1", 0.9)],
    ...     lambda query: [],
    ... )
    >>> rewritten.query
    'PREFIX search: <https://w3id.org/tantu/search#> ASK { { VALUES (?f) { (<http://e/1>) } } }'
    """
    if "service" not in query.lower():
        return Rewritten(query, query)
    found = tokens(query)
    edits: list[Edit] = []
    for block in _blocks(query, found):
        start, end = found[block.first].start, found[block.last].end
        edits.append(Edit(start, end, _values(query, found, block, edits, search, texts)))
    return Rewritten(query, apply(query, edits, 0, len(query)), tuple(edits))


def apply(query: str, edits: list[Edit], start: int, end: int) -> str:
    """Return a stretch of a query with the edits in it made."""
    inside = [edit for edit in edits if start <= edit.start and edit.end <= end]
    stops = [start, *(place for edit in inside for place in (edit.start, edit.end)), end]
    kept = [query[left:right] for left, right in zip(stops[::2], stops[1::2], strict=True)]
    return "".join(kept[at] + (inside[at].text if at < len(inside) else "") for at in range(len(kept)))


def _blocks(query: str, found: list[Token]) -> list[Block]:
    prefixes = prologue(found).prefixes
    blocks: list[Block] = []
    for at, token in enumerate(found):
        if token.keyword != "SERVICE" or (blocks and at < blocks[-1].last):
            continue
        name = at + 1 + (at + 1 < len(found) and found[at + 1].keyword == "SILENT")
        if name < len(found) and (iri := resolve(found[name], prefixes)) in SERVICES:
            blocks.append(_read(query, found, at, name, iri.removeprefix(SEARCH), prefixes))
    if len(blocks) > MOST_BLOCKS:
        raise _error(query, found[blocks[MOST_BLOCKS].first], f"a query has at most {MOST_BLOCKS} search blocks")
    return blocks


def _read(query: str, found: list[Token], first: int, name: int, kind: str, prefixes: dict[str, str]) -> Block:
    """Read the block whose SERVICE is token ``first`` and whose service IRI is token ``name``."""
    if name + 1 == len(found) or found[name + 1].text != "{":
        raise _error(query, found[name], "a search block begins with '{'")
    last = name + 1
    while found[last].text != "}":
        last += 1
        if last == len(found) or found[last].text == "{":
            raise _error(query, found[last - 1], "this search block is not closed, or has a group in it")
    body = [token for token in found[name + 2 : last] if token.kind != "language"]
    if not body or body[0].kind not in ("var", "iri", "name"):
        raise _error(query, found[name + 1], "a search block begins with its subject, a variable or an IRI")
    block = Block(kind, first, last, body[0])
    for predicate, value in _statements(query, body):
        _take(query, block, resolve(predicate, prefixes), predicate, value)
    if "query" not in block.parts:
        raise _error(query, found[first], "this search block has no search:query")
    return block


def _statements(query: str, body: list[Token]) -> list[tuple[Token, Token]]:
    """Split the triples of a block, all with one subject, into pairs of predicate and object."""
    pairs: list[tuple[Token, Token]] = []
    at, subject = 1, body[0].text
    while at < len(body):
        if at + 1 == len(body) or body[at + 1].kind == "sign":
            raise _error(query, body[at], f"a value is missing after {body[at].text}")
        pairs.append((body[at], body[at + 1]))
        at += 2
        end = at
        while end < len(body) and body[end].text in (";", "."):
            end += 1
        if end == at and at < len(body):
            raise _error(query, body[at], "';' or '.' is missing before this")
        if end < len(body) and body[end - 1].text == ".":
            if body[end].text != subject:
                raise _error(query, body[end], "a search block has one subject")
            end += 1
        at = end
    return pairs


def _take(query: str, block: Block, iri: str, predicate: Token, value: Token) -> None:
    """Put one statement of a block into its parts."""
    name = iri.removeprefix(SEARCH) if iri.startswith(SEARCH) else ""
    kinds = ARGUMENTS.get(name, ("var",) if name in OUTPUTS else ())
    if not kinds:
        known = ", ".join(f"search:{each}" for each in (*ARGUMENTS, *OUTPUTS))
        raise _error(query, predicate, f"{predicate.text} does not belong in a search block; it has {known}")
    if name in block.parts:
        raise _error(query, predicate, f"search:{name} stands twice in this search block")
    if value.kind not in kinds:
        wanted = " or ".join({"var": "a variable", "string": "a string", "number": "a number"}[kind] for kind in kinds)
        raise _error(query, value, f"search:{name} needs {wanted}")
    block.parts[name] = value


def _values(query: str, found: list[Token], block: Block, edits: list[Edit], search: Search, texts: Texts) -> str:
    """Search, and return the group that takes the block's place."""
    words = block.parts["query"]
    given = [block.subject, words, *(block.parts[name] for name in OUTPUTS if name in block.parts)]
    variables = [token for token in given if token.kind == "var"]
    for one, other in pairwise(sorted(variables, key=lambda token: token.text[1:])):
        if one.text[1:] == other.text[1:]:
            raise _error(query, other, f"{other.text} is used twice in this search block")
    rows = [
        _row(block, string, rank, iri, score)
        for string in _texts(query, found, block, edits, texts)
        for rank, (iri, score) in enumerate(_hits(query, block, string, search), 1)
        if block.subject.kind == "var" or iri == resolve(block.subject, prologue(found).prefixes)
    ]
    if not variables:
        return "{ }" if rows else "{ FILTER(false) }"
    return f"{{ VALUES ({' '.join(token.text for token in variables)}) {{ {' '.join(rows)} }} }}"


def _texts(query: str, found: list[Token], block: Block, edits: list[Edit], texts: Texts) -> list[str]:
    """Return what to search for: the string itself, or the values of the variable."""
    token = block.parts["query"]
    if token.kind == "string":
        string = _string(token.text)
        if not string.strip() or len(string) > LONGEST_TEXT:
            raise _error(query, token, f"a search text has 1 to {LONGEST_TEXT:,} characters, this one {len(string):,}")
        return [string]
    head = apply(query, edits, 0, found[prologue(found).length].start)
    pattern = before_block(found, block.first, lambda start, end: apply(query, edits, start, end))
    found_texts = texts(f"{head} SELECT DISTINCT {token.text} {pattern} LIMIT {MOST_TEXTS + 1}")
    if len(found_texts) > MOST_TEXTS:
        raise _error(query, token, f"{token.text} has more than {MOST_TEXTS} values, each a search; bind it to fewer")
    return [string for string in found_texts if string.strip() and len(string) <= LONGEST_TEXT]


def _hits(query: str, block: Block, string: str, search: Search) -> list[tuple[str, float]]:
    token = block.parts.get("limit")
    limit = float(token.text) if token else LIMITS[block.kind]
    if token and (limit != int(limit) or not 1 <= limit <= MOST_HITS):
        raise _error(query, token, f"search:limit needs a whole number from 1 to {MOST_HITS}")
    least = block.parts.get("minScore")
    return search(block.kind, string, int(limit), float(least.text) if least else 0.0)


def _row(block: Block, string: str, rank: int, iri: str, score: float) -> str:
    values = [IRI(iri).n3] if block.subject.kind == "var" else []
    values += [text(string).n3] if block.parts["query"].kind == "var" else []
    outputs = {"score": f"{score:.6f}", "rank": str(rank)}
    return f"({' '.join(values + [outputs[name] for name in OUTPUTS if name in block.parts])})"


def _string(token: str) -> str:
    r"""Return the string that a token stands for.

    >>> _string(r'"w\u0061ter\n"')
    'water\n'
    """
    inner = token[3:-3] if token[:3] in ('"""', "'''") else token[1:-1]
    escape = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
    return escape.sub(lambda m: ESCAPES.get(m[3], m[3]) if m[3] else chr(int(m[1] or m[2], 16) % 0x110000), inner)


def _error(query: str, token: Token, reason: str) -> QueryError:
    return QueryError(reason, *place(query, token.start))
