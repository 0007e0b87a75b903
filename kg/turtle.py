"""Reading Turtle files into plain triples (with pyoxigraph's parser, 30 times faster than rdflib's)."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pyoxigraph as ox

from kg.errors import VocabularyError

LANGUAGES = {"zh-hans": "zh-Hans", "zh-hant": "zh-Hant", "en": "en"}  # pyoxigraph lower-cases tags


class Node(NamedTuple):
    """The object of a triple: a literal, or an IRI or a blank node's name (``_:...``), which have no datatype."""

    value: str
    datatype: str | None = None
    language: str | None = None


class Triple(NamedTuple):
    """Subject, predicate and object."""

    subject: str
    predicate: str
    object: Node


def _node(term: object) -> Node:
    if isinstance(term, ox.Literal):
        language = LANGUAGES.get(term.language, term.language) if term.language else None
        return Node(term.value, term.datatype.value, language)
    return Node(_name(term))


def _name(term: object) -> str:
    return f"_:{term.value}" if isinstance(term, ox.BlankNode) else str(getattr(term, "value", term))


def read_turtle(path: Path) -> Iterator[Triple]:
    """Yield the triples of a Turtle file in the order of the file.

    :raises VocabularyError: if the file cannot be read or is not Turtle; the message names line and column.
    """
    try:
        with path.open("rb") as file:
            for quad in ox.parse(file, ox.RdfFormat.TURTLE):
                yield Triple(_name(quad.subject), quad.predicate.value, _node(quad.object))
    except SyntaxError as error:
        raise VocabularyError(f"{path}: not Turtle: {error.msg}") from error
    except OSError as error:
        raise VocabularyError(f"{path}: cannot be read ({error.strerror})") from error


def turtle_files(folder: Path) -> list[Path]:
    """Return the Turtle files under a folder, sorted by name, ``shapes.ttl`` left out.

    :raises VocabularyError: if there is none.
    """
    files = sorted(path for path in folder.rglob("*.ttl") if path.name != "shapes.ttl" and "cq" not in path.parts)
    if not files:
        raise VocabularyError(f"{folder}: holds no Turtle file; an ontology folder is needed")
    return files
