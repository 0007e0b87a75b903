"""The groups of a query: what is bound before a place, as a pattern of its own.

The pattern is a superset where the query's own meaning is narrower (MINUS, a filter after the place): the join with the
rest of the query removes what is too much.
"""

from collections.abc import Callable, Iterator

from kg.sparql import Token

Cut = Callable[[int, int], str]


def before_block(found: list[Token], at: int, cut: Cut) -> str:
    """Return dataset clauses and WHERE of a query for what stands before token ``at``.

    Everything before it in its group counts, and in the groups around it up to the nearest sub-select; other branches
    of a UNION do not, and GRAPH stays around what it was around. ``cut(start, end)`` gives the query's text.

    >>> from kg.sparql import tokens
    >>> query = "SELECT * { ?c :asks ?q OPTIONAL { ?c :in ?x SERVICE <s> { } } }"
    >>> before_block(tokens(query), 11, lambda start, end: query[start:end])
    'WHERE { ?c :asks ?q  { ?c :in ?x  }}'
    """
    partner = _partners(found)
    inner, end = "", at
    for opening in _around(found, at):
        text = f"{cut(found[opening].end, found[end].start)} {inner}"
        end = _element(found, opening, partner)
        graph = found[end].keyword == "GRAPH" and f"GRAPH {found[end + 1].text} "
        inner = f"{graph or ''}{{{text}}}"
        if _is_subselect(found, end):
            break
    return f"{_dataset(found, cut)}WHERE {inner}"


def _partners(found: list[Token]) -> dict[int, int]:
    """Return the index of the opening brace for that of each closing one."""
    stack: list[int] = []
    partner = {}
    for at, token in enumerate(found):
        if token.text == "{":
            stack.append(at)
        elif token.text == "}" and stack:
            partner[at] = stack.pop()
    return partner


def _around(found: list[Token], at: int) -> Iterator[int]:
    """Yield the indexes of the opening braces around a token, innermost first."""
    depth = 0
    for index in range(at - 1, -1, -1):
        text = found[index].text
        if text == "}":
            depth += 1
        elif text == "{" and depth:
            depth -= 1
        elif text == "{":
            yield index


def _element(found: list[Token], opening: int, partner: dict[int, int]) -> int:
    """Return the index of the first token of the pattern that a group belongs to: OPTIONAL, GRAPH, FILTER, ..."""
    before = found[opening - 1].keyword if opening else ""
    if before in ("OPTIONAL", "MINUS", "WHERE"):
        return opening - 1
    if before == "UNION" and opening - 2 in partner:
        return _element(found, partner[opening - 2], partner)
    if before == "EXISTS":
        return _filter(found, opening - 1, partner)
    return opening - 2 if opening > 1 and found[opening - 2].keyword == "GRAPH" else opening


def _filter(found: list[Token], at: int, partner: dict[int, int]) -> int:
    """Return the index of the FILTER or BIND that an EXISTS belongs to, or of the brace around it."""
    while at > 0 and found[at].text != "{" and found[at].keyword not in ("FILTER", "BIND"):
        at = partner.get(at, at) - 1
    return at + 1 if found[at].text == "{" else at


def _is_subselect(found: list[Token], end: int) -> bool:
    """Say whether the group that begins before ``end`` is the WHERE of a SELECT: nothing outside is seen in it."""
    opening = next(_around(found, end), None)
    return opening is None or found[opening + 1].keyword == "SELECT"


def _dataset(found: list[Token], cut: Cut) -> str:
    """Return the FROM clauses of a query."""
    clauses = []
    for at, token in enumerate(found[:-2]):
        if token.keyword == "FROM":
            clauses.append(cut(token.start, found[at + 1 + (found[at + 1].keyword == "NAMED")].end))
    return "".join(f"{clause} " for clause in clauses)
