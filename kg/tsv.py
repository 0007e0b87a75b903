"""Rows of a result from its tab-separated form: https://www.w3.org/TR/sparql11-results-csv-tsv/ ."""

import re
from collections.abc import Iterable, Iterator

from kg.terms import IRI, LANGUAGE_STRING, STRING, XSD, BlankNode, Literal, Term

LITERAL = re.compile(r'"((?:[^"\\]|\\.)*)"(?:@([\w-]+)|\^\^<([^>]*)>)?')
ESCAPES = {"t": "\t", "n": "\n", "r": "\r", "b": "\b", "f": "\f"}


def cells(parts: Iterable[bytes]) -> Iterator[list[str]]:
    r"""Yield the rows of a result without its head, as the cells that are written there; :func:`term` reads one.

    >>> list(cells([b'?a\t?b\n<http://e/1>\t"x', b'\\n"@en\n\t5\n']))
    [['<http://e/1>', '"x\\n"@en'], ['', '5']]
    """
    rest, head = b"", True
    for part in parts:
        whole, end, rest = (rest + part).rpartition(b"\n")
        if end:
            yield from (line.split("\t") for line in whole.decode("utf-8").split("\n")[head:])
            head = False


def term(cell: str) -> Term | None:
    """Return what a cell holds.

    >>> term('"5"^^<http://www.w3.org/2001/XMLSchema#int>').python, term("_:b").value, term("true").python, term("")
    (5, 'b', True, None)
    """
    if cell.startswith("<"):
        return IRI(cell[1:-1])
    if cell.startswith("_:"):
        return BlankNode(cell[2:])
    if found := LITERAL.fullmatch(cell):
        value = re.sub(r"\\(.)", lambda match: ESCAPES.get(match[1], match[1]), found[1])
        return Literal(value, LANGUAGE_STRING if found[2] else found[3] or STRING, found[2])
    if not cell:
        return None
    name = "boolean" if cell in ("true", "false") else "double" if "e" in cell.lower() else "decimal"
    return Literal(cell, f"{XSD}{'integer' if re.fullmatch('[+-]?[0-9]+', cell) else name}")
