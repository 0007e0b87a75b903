"""Turtle as it is written: tokens, statements with the comments above them, and where each stands.

The engine's parser judges Turtle and gives triples; this module keeps what it drops: comments, lines, order.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

_TOKEN = re.compile(
    r"""
  (?P<space>\s+)
| (?P<comment>\#[^\n]*)
| (?P<iri><[^<>"{}|^`\\\x00-\x20]*>)
| (?P<string>\"{3}(?:\"{0,2}(?:[^"\\]|\\.))*\"{3}|"(?:[^"\\\n]|\\.)*")
| (?P<tag>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
| (?P<type>\^\^)
| (?P<number>[+-]?(?:\d+\.\d+|\.\d+|\d+)(?:[eE][+-]?\d+)?)
| (?P<blank>_:\w+)
| (?P<name>(?:[^\W\d_][\w-]*)?:(?:(?:[\w:%-]|\\.)(?:[\w:%.-]*[\w:%-])?)?)
| (?P<word>[A-Za-z]+)
| (?P<sign>[.;,\[\]()])
| (?P<bad>.)
""",
    re.VERBOSE | re.DOTALL,
)
_OPEN, _CLOSE = "[(", "])"


class Token(NamedTuple):
    """A piece of a file: ``kind`` is a group of the grammar above, ``line`` counts from 1."""

    kind: str
    text: str
    line: int


class Clause(NamedTuple):
    """A predicate with its objects, all as they are written."""

    predicate: str
    objects: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """A block of Turtle: a prefix, or a subject with its clauses.

    ``comments`` are the lines above it and inside it, ``apart`` says that a blank line stands above; ``inside`` that
    a comment stood inside it. ``subject`` is ``@prefix`` for prefixes, whose clause is the prefix and its IRI, and
    empty for comments that no statement follows.
    """

    line: int
    subject: str
    clauses: tuple[Clause, ...]
    comments: tuple[str, ...] = ()
    apart: bool = False
    inside: bool = False


def tokens(text: str) -> Iterator[Token]:
    """Yield the tokens of a Turtle file, blanks and comments too."""
    line = 1
    for match in _TOKEN.finditer(text):
        yield Token(match.lastgroup or "bad", match.group(), line)
        line += match.group().count("\n")


def chunks(text: str) -> Iterator[list[Token]]:
    """Yield the tokens of each statement with its full stop; what stands behind the last one comes last."""
    gathered: list[Token] = []
    for token in tokens(text):
        gathered.append(token)
        if token.text == ".":
            yield gathered
            gathered = []
    if gathered:
        yield gathered


def statements(text: str) -> list[Statement]:
    r"""Return the statements of a Turtle file in order.

    >>> [one] = statements('# why\no:a a o:B , o:C ; o:n 1.5 .')
    >>> one.subject, one.clauses[1], one.comments
    ('o:a', Clause(predicate='o:n', objects=('1.5',)), ('# why',))
    """
    return [_statement(chunk) for chunk in chunks(text) if any(token.kind != "space" for token in chunk)]


def _statement(chunk: list[Token]) -> Statement:
    real = [token for token in chunk if token.kind not in ("space", "comment")]
    comments = [token for token in chunk if token.kind == "comment"]
    inside = bool(real) and any(comment.line >= real[0].line for comment in comments)
    first = min((token.line for token in chunk if token.kind != "space"), default=1)
    above = chunk[0].text if chunk[0].kind == "space" else ""
    words = [word for word in _words(real) if word != "."]
    subject, rest = (words[0], words[1:]) if words else ("", [])
    clauses = [Clause(rest[0], tuple(rest[1:]))] if subject == "@prefix" and rest else list(_clauses(rest))
    line = real[0].line if real else first
    written = tuple(comment.text.rstrip() for comment in comments)
    return Statement(line, subject, tuple(clauses), written, above.count("\n") > 1, inside)


def _words(real: list[Token]) -> Iterator[str]:
    """Yield terms and signs; a literal with its tag, a list and a node in brackets are one term each."""
    position = 0
    while position < len(real):
        end = position + 1
        if real[position].text in _OPEN:
            end = _closing(real, position)
            yield " ".join(_words_inside(real[position:end]))
        else:
            if real[position].kind == "string":
                end = _literal(real, position)
            yield "".join(token.text for token in real[position:end])
        position = end


def _words_inside(inner: list[Token]) -> Iterator[str]:
    position = 0
    while position < len(inner):
        end = _literal(inner, position) if inner[position].kind == "string" else position + 1
        yield "".join(token.text for token in inner[position:end])
        position = end


def _literal(real: list[Token], position: int) -> int:
    """Return where a literal with its language or datatype ends."""
    following = real[position + 1].kind if position + 1 < len(real) else ""
    return position + {"tag": 2, "type": 3}.get(following, 1)


def _closing(real: list[Token], position: int) -> int:
    depth = 0
    for end in range(position, len(real)):
        depth += (real[end].text in _OPEN) - (real[end].text in _CLOSE)
        if depth == 0:
            return end + 1
    return len(real)


def _clauses(words: list[str]) -> Iterator[Clause]:
    clause: list[str] = []
    for word in [*words, ";"]:
        if word == ";":
            if clause:
                yield Clause(clause[0], tuple(clause[1:]))
            clause = []
        elif word != ",":
            clause.append(word)
