"""The groups of a query: what is bound before a place, as a pattern of its own.

The pattern is a superset where the query's own meaning is narrower (MINUS, a filter after the place): the join with the
rest of the query removes what is too much.
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from kg.sparql import Token

Cut = Callable[[int, int], str]
CLOSING = {")": "(", "}": "{"}


class Stretch(NamedTuple):
    """The tokens ``first`` to ``last`` of a query."""

    first: int
    last: int


class Groups:
    """The braces and brackets of a query, read once: which belong together, and which brace is around which token."""

    def __init__(self, found: list[Token]) -> None:
        """Read the tokens of a query; braces that do not fit are left to the engine's parser."""
        self.found = found
        self.opening: dict[int, int] = {}
        self.closing: dict[int, int] = {}
        self._around: list[int | None] = []
        stack: list[int] = []
        for at, token in enumerate(found):
            if token.text in CLOSING and stack and found[stack[-1]].text == CLOSING[token.text]:
                self.opening[at] = stack.pop()
                self.closing[self.opening[at]] = at
            inside = stack and found[stack[-1]].text == "("
            self._around.append(self._around[stack[-1]] if inside else stack[-1] if stack else None)
            if token.text in CLOSING.values():
                stack.append(at)

    def around(self, at: int) -> int | None:
        """Return the index of the brace around a token, None outside of all."""
        return self._around[at]

    def chain(self, at: int) -> Iterator[int]:
        """Yield the indexes of the opening braces around a token, innermost first."""
        opening = self._around[at]
        while opening is not None:
            yield opening
            opening = self._around[opening]

    def element(self, opening: int) -> int:
        """Return the index of the first token of the pattern that a group belongs to: OPTIONAL, GRAPH, FILTER, ..."""
        while (before := self._keyword(opening - 1)) == "UNION" and opening - 2 in self.opening:
            opening = self.opening[opening - 2]
        if before in ("OPTIONAL", "MINUS", "WHERE"):
            return opening - 1
        if before == "EXISTS":
            return self._filter(opening - 1)
        return opening - 2 if self._keyword(opening - 2) == "GRAPH" else opening

    def _keyword(self, at: int) -> str:
        return self.found[at].keyword if at >= 0 else ""

    def _filter(self, at: int) -> int:
        """Return the index of the FILTER or BIND that an EXISTS belongs to, or of the brace around it."""
        while at > 0 and self.found[at].text != "{" and self._keyword(at) not in ("FILTER", "BIND"):
            at = self.opening.get(at, at) - 1
        return at + 1 if self.found[at].text == "{" else at

    def is_subselect(self, end: int) -> bool:
        """Say whether the group that begins before ``end`` is the WHERE of a SELECT: nothing outside is seen in it."""
        opening = self._around[end]
        return opening is None or self._keyword(opening + 1) == "SELECT"

    def before(self, at: int) -> list[Stretch]:
        """Return what is bound before a token: its group up to it, and the groups around up to the next sub-select."""
        made, end = [], at
        for opening in self.chain(at):
            made.append(Stretch(opening + 1, end - 1))
            end = self.element(opening)
            if self.is_subselect(end):
                break
        return made

    def hasty(self, at: int) -> list[Stretch]:
        """Return the FILTERs before a token that speak of a variable which only gets its value after it.

        A FILTER counts for its whole group wherever it stands, so before the group's end it would be decided too early.
        """
        before, groups = self.before(at), set(self.chain(at))
        filters = [
            Stretch(index, last)
            for each in before
            for index in range(each.first, each.last + 1)
            if self._keyword(index) == "FILTER" and self._around[index] in groups
            if (last := self._end(index)) <= each.last
        ]
        inside = {index for each in filters for index in range(each.first, each.last + 1)}
        bound = {name for each in before for name in self._names(each, inside)}
        later = {token.text[1:] for token in self.found[at:] if token.kind == "var"} - bound
        return [each for each in filters if later.intersection(self._names(each))]

    def names(self, at: int) -> set[str]:
        """Return the variables that stand before a token, where they may get a value."""
        return {name for each in self.before(at) for name in self._names(each)}

    def _names(self, stretch: Stretch, leave: set[int] | frozenset[int] = frozenset()) -> Iterator[str]:
        for index in range(stretch.first, stretch.last + 1):
            if self.found[index].kind == "var" and index not in leave:
                yield self.found[index].text[1:]

    def _end(self, at: int) -> int:
        """Return the index of the last token of the FILTER at ``at``: a bracket, an EXISTS group or a call."""
        bracket = next((index for index in range(at + 1, at + 4) if index in self.closing), None)
        return len(self.found) if bracket is None else self.closing[bracket]


def before_block(found: list[Token], at: int, cut: Cut) -> str:
    """Return dataset clauses and WHERE of a query for what stands before token ``at``.

    Everything before it in its group counts, and in the groups around it up to the nearest sub-select; other branches
    of a UNION do not, and GRAPH stays around what it was around. ``cut(start, end)`` gives the query's text.

    >>> from kg.sparql import tokens
    >>> query = "SELECT * { ?c :asks ?q OPTIONAL { ?c :in ?x SERVICE <s> { } } }"
    >>> before_block(tokens(query), 11, lambda start, end: query[start:end])
    'WHERE { ?c :asks ?q  { ?c :in ?x  }}'
    """
    groups = Groups(found)
    inner, end = "", at
    for opening in groups.chain(at):
        text = f"{cut(found[opening].end, found[end].start)} {inner}"
        end = groups.element(opening)
        graph = found[end].keyword == "GRAPH" and f"GRAPH {found[end + 1].text} "
        inner = f"{graph or ''}{{{text}}}"
        if groups.is_subselect(end):
            break
    return f"{_dataset(found, cut)}WHERE {inner}"


def _dataset(found: list[Token], cut: Cut) -> str:
    """Return the FROM clauses of a query."""
    clauses = []
    for at, token in enumerate(found[:-2]):
        if token.keyword == "FROM":
            clauses.append(cut(token.start, found[at + 1 + (found[at + 1].keyword == "NAMED")].end))
    return "".join(f"{clause} " for clause in clauses)
