"""Words and meaning inside SPARQL: a SERVICE block of ours becomes VALUES, before the engine sees the query.

::

    SERVICE search:facts {                        {
      ?fact search:query "PUE of data centres" ;    VALUES (?fact ?score) {
            search:score ?score ;          -->        (<https://w3id.org/tantu/fact/...> 0.913000) ...
            search:limit 20 .                       }
    }                                             }

Nothing else of the query changes, not a byte, so OPTIONAL, UNION, MINUS, sub-selects and CONSTRUCT keep SPARQL's own
meaning, and the engine's parser judges the whole. A block means the rows of its best ``limit`` hits, joined with the
rest of its group. What is bound before the block, in its group or in one around it, counts: ``search:query`` may be
such a variable, and where the subject is one, its values are the only ones that may be found.
"""

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from kg.errors import QueryError
from kg.sparql import Token, place, prologue, resolve, tokens
from kg.terms import IRI, LANGUAGE_STRING, STRING, Literal, text
from kg.tsv import term
from search.blocks import Block, blocks, limit, string, wrong
from search.groups import Groups, before_block
from search.seeking import Found, Made, Search, Sought

Rows = Callable[[str], Iterable[list[str]]]
"""Evaluates a SELECT and yields its rows as ``kg.tsv.cells`` does."""

MOST_TEXTS = 100  # values of a variable query text, each a search of its own
MOST_CANDIDATES = 200_000  # values of a subject that is bound before; so many take a second or two
LONGEST_TEXT = 2000  # characters, as for a question
Candidates = frozenset[str] | None


class Edit(NamedTuple):
    """A stretch of a query and the text that takes its place."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A query with its search blocks replaced, what was replaced, and the searches that were made for it."""

    original: str
    query: str
    edits: tuple[Edit, ...] = ()
    searches: tuple[Made, ...] = ()

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


def rewrite(query: str, search: Search, rows: Rows) -> Rewritten:
    """Replace the search blocks of a query by the hits of their searches.

    :raises QueryError: if a block is not as it should be; with line and column.

    >>> rewritten = rewrite(
    ...     'PREFIX search: <https://w3id.org/tantu/search#> ASK { SERVICE search:facts { ?f search:query "PUE" } }',
    ...     lambda sought: [Found("http://e/1", 0.9)],
    ...     lambda query: [],
    ... )
    >>> rewritten.query
    'PREFIX search: <https://w3id.org/tantu/search#> ASK { { VALUES (?f) { (<http://e/1>) } } }'
    """
    if "service" not in query.lower():
        return Rewritten(query, query)
    found = tokens(query)
    asked = Asking(query, found, search, rows)
    for block in blocks(query, found):
        asked.replace(block)
    return Rewritten(query, apply(query, asked.edits, 0, len(query)), tuple(asked.edits), tuple(asked.made))


def apply(query: str, edits: list[Edit], start: int, end: int) -> str:
    """Return a stretch of a query with the edits in it made."""
    inside = [edit for edit in edits if start <= edit.start and edit.end <= end]
    stops = [start, *(place for edit in inside for place in (edit.start, edit.end)), end]
    kept = [query[left:right] for left, right in zip(stops[::2], stops[1::2], strict=True)]
    return "".join(kept[at] + (inside[at].text if at < len(inside) else "") for at in range(len(kept)))


class Asking:
    """A query whose search blocks are being replaced, one after the other."""

    def __init__(self, query: str, found: list[Token], search: Search, rows: Rows) -> None:
        """Take a query with its tokens."""
        self.query, self.found, self.groups = query, found, Groups(found)
        self.search, self.rows, self.prologue = search, rows, prologue(found)
        self.edits: list[Edit] = []
        self.made: list[Made] = []

    def replace(self, block: Block) -> None:
        """Search, and put the group of hits into the block's place."""
        start, end = self.found[block.first].start, self.found[block.last].end
        self.edits.append(Edit(start, end, self._values(block, self.found[block.first])))

    def _values(self, block: Block, first: Token) -> str:
        lines: list[str] = []
        began = time.perf_counter()
        for words, sought in self._sought(block):
            chosen = time.perf_counter()
            hits = self.search(sought) if sought.candidates != frozenset() else []
            lines += _rows(block, words, hits)
            passed = 1000 * (chosen - began), 1000 * (time.perf_counter() - chosen)
            self.made.append(Made(sought, *place(self.query, first.start), len(hits), *passed))
            began = time.perf_counter()
        if not block.variables:
            return "{ }" if lines else "{ FILTER(false) }"
        return f"{{ VALUES ({' '.join(token.text for token in block.variables)}) {{ {' '.join(lines)} }} }}"

    def _sought(self, block: Block) -> Iterator[tuple[Literal, Sought]]:
        """Yield what to search for: one search for each text, among what the graph has bound together with it."""
        wanted, least = limit(self.query, block), block.parts.get("minScore")
        language = block.parts.get("language")
        spoken = string(language.text) if language and language.kind == "string" else None
        for words, candidates in self._bound(block).items():
            yield (
                words,
                Sought(
                    kind=block.kind,
                    text=words.value,
                    limit=wanted,
                    least=float(least.text) if least else 0.0,
                    language=spoken,
                    candidates=candidates,
                    snippets="snippet" in block.parts,
                    technology=self._concept(block, "technology"),
                    risk=self._concept(block, "riskCategory"),
                ),
            )

    def _concept(self, block: Block, name: str) -> str | None:
        """Return the name or the IRI of a concept that hits have to speak of."""
        token = block.parts.get(name)
        if token is None:
            return None
        return string(token.text) if token.kind == "string" else resolve(token, self.prologue.prefixes)

    def _bound(self, block: Block) -> dict[Literal, Candidates]:
        """Return the texts of a block, each with the subjects that are bound together with it, None for any."""
        words, subject = block.parts["query"], block.subject
        constant = self._constant(words) if words.kind == "string" else None
        only = None if subject.kind == "var" else frozenset({resolve(subject, self.prologue.prefixes)})
        chosen = subject.kind == "var" and subject.text[1:] in self.groups.names(block.first)
        asked = [words] * (constant is None) + [subject] * chosen
        if constant is not None and not chosen:
            return {constant: only}
        found: dict[Literal, set[str] | None] = defaultdict(set, {} if constant is None else {constant: set()})
        for row in self._select(block, asked):
            asks = constant or _searchable(row[0])
            if asks is not None:
                _add(found, asks, row[-1] if chosen else "")
        if len(found) > MOST_TEXTS:
            said = f"{words.text} has more than {MOST_TEXTS} values, each a search; bind it to fewer"
            raise wrong(self.query, words, said)
        return {asks: only if iris is None else frozenset(iris) for asks, iris in found.items()}

    def _constant(self, token: Token) -> Literal:
        value = string(token.text)
        if not value.strip() or len(value) > LONGEST_TEXT:
            said = f"a search text has 1 to {LONGEST_TEXT:,} characters, this one {len(value):,}"
            raise wrong(self.query, token, said)
        return text(value)

    def _select(self, block: Block, variables: list[Token]) -> list[list[str]]:
        """Return the values that variables have before a block."""
        most = MOST_CANDIDATES if variables[-1] is block.subject else MOST_TEXTS
        dropped = [self._stretch(*each) for each in self.groups.hasty(block.first)]
        kept = [edit for edit in self.edits if not any(d.start <= edit.start and edit.end <= d.end for d in dropped)]
        edits = sorted([*kept, *dropped])
        head = apply(self.query, edits, 0, self.found[self.prologue.length].start)
        pattern = before_block(self.found, block.first, lambda start, end: apply(self.query, edits, start, end))
        names = " ".join(token.text for token in variables)
        found = list(self.rows(f"{head} SELECT DISTINCT {names} {pattern} LIMIT {most + 1}"))
        if len(found) > most:
            last = variables[-1]
            said = "each a search; bind it to fewer" if most == MOST_TEXTS else "put the block before what binds it"
            raise wrong(self.query, last, f"{last.text} has more than {most:,} values before this block; {said}")
        return found

    def _stretch(self, first: int, last: int) -> Edit:
        return Edit(self.found[first].start, self.found[last].end, "")


def _searchable(cell: str) -> Literal | None:
    """Return what a value of a variable asks for, None where it cannot be searched."""
    asks = term(cell)
    if not isinstance(asks, Literal) or asks.datatype not in (STRING, LANGUAGE_STRING):
        return None
    return asks if asks.value.strip() and len(asks.value) <= LONGEST_TEXT else None


def _add(found: dict[Literal, set[str] | None], words: Literal, subject: str) -> None:
    """Add a subject to those of a text; a row without a subject is joined with any."""
    iris = found[words]
    if not subject:
        found[words] = None
    elif iris is not None and subject.startswith("<"):
        iris.add(subject[1:-1])


def _rows(block: Block, words: Literal, hits: Iterable[Found]) -> Iterator[str]:
    named, outputs = block.subject.kind == "var", tuple(block.outputs)
    asked = (words.n3,) if block.parts["query"].kind == "var" else ()
    for rank, hit in enumerate(hits, 1):
        values = (*((IRI(hit.iri).n3,) if named else ()), *asked, *(_output(name, rank, hit) for name in outputs))
        yield f"({' '.join(values)})"


def _output(name: str, rank: int, hit: Found) -> str:
    if name == "score":
        return f"{hit.score:.6f}"
    if name == "rank":
        return str(rank)
    if name == "language":
        return text(hit.language).n3 if hit.language else "UNDEF"
    return text(hit.text, hit.language).n3 if hit.text else "UNDEF"
