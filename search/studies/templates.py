"""The queries of the studies: SPARQL files with a few slots, filled with IRIs of the ontology."""

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from kg.terms import IRI

FOLDER = Path(__file__).parent
_SLOT = re.compile(r"\{\{(\w+)\}\}")


def filled(name: str, **iris: Iterable[str]) -> str:
    """Return the query of a study; a line whose slot is given nothing is left out.

    >>> print(filled("risks", companies=["https://w3id.org/tantu/org/zte"]).splitlines()[3])
      VALUES ?company { <https://w3id.org/tantu/org/zte> }
    >>> "VALUES ?company" in filled("risks")
    False
    """
    lines = _text(name).splitlines()
    return "\n".join(line for line in (_line(line, iris) for line in lines) if line is not None)


def _line(line: str, iris: dict[str, Iterable[str]]) -> str | None:
    slot = _SLOT.search(line)
    if slot is None:
        return line
    given = " ".join(IRI(iri).n3 for iri in sorted(iris.get(slot[1], ())))
    return line.replace(slot[0], given) if given else None


@cache
def _text(name: str) -> str:
    return (FOLDER / f"{name}.rq").read_text("utf-8").rstrip()
