"""Reading Turtle files into plain triples (with pyoxigraph's parser, 30 times faster than rdflib's)."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import pyoxigraph as ox

from kg.errors import VocabularyError
from kg.store import Store

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


def read_turtle_once(path: Path) -> tuple[Triple, ...]:
    """Return what :func:`read_turtle` yields; a file that has not changed is not read again.

    :raises VocabularyError: as :func:`read_turtle` does.
    """
    try:
        about = path.stat()
    except OSError as error:
        raise VocabularyError(f"{path}: cannot be read ({error.strerror})") from error
    return _read_once(path, about.st_ino, about.st_size, about.st_mtime_ns)


@lru_cache(maxsize=4)
def _read_once(path: Path, *version: int) -> tuple[Triple, ...]:
    return tuple(read_turtle(path))


def turtle_files(folder: Path) -> list[Path]:
    """Return the Turtle files under a folder, sorted by name, ``shapes.ttl`` and the example queries left out.

    :raises VocabularyError: if there is none.
    """
    found = (path.relative_to(folder) for path in folder.rglob("*.ttl") if path.name != "shapes.ttl")
    files = [folder / path for path in found if path.parts[0] not in ("cq", "examples")]
    if not files:
        raise VocabularyError(f"{folder}: holds no Turtle file; an ontology folder is needed")
    return sorted(files)


def example_files(folder: Path) -> list[Path]:
    """Return the Turtle files of an ontology folder's example queries, sorted by name; there may be none."""
    return sorted((folder / "examples").glob("*.ttl"))


def mistake(text: str) -> tuple[int, str] | None:
    r"""Return the line and the kind of the first mistake in a Turtle text, None where it is Turtle.

    >>> mistake("<http://e/a> <http://e/b>\n .")
    (2, '. is not a valid RDF object')
    """
    try:
        for _ in ox.parse(text.encode(), ox.RdfFormat.TURTLE):
            pass
    except SyntaxError as error:
        return error.lineno or 1, str(error.msg).split(": ", 1)[-1]
    return None


def alike(text: str, other: str) -> bool:
    """Say whether two Turtle texts say the same, whatever their blank nodes are called.

    >>> alike("<e:a> <e:b> [ <e:c> 1 ] .", "<e:a> <e:b> _:x . _:x <e:c> 1 .")
    True
    """
    one, two = (ox.Dataset(ox.parse(part.encode(), ox.RdfFormat.TURTLE)) for part in (text, other))
    for found in (one, two):
        found.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return bool(one == two)


def memory_store(files: Mapping[str, Path]) -> Store:
    """Return a store in memory with each Turtle file in the named graph of its key.

    :raises VocabularyError: if a file is not Turtle.
    """
    engine = ox.Store()
    for graph, path in files.items():
        try:
            engine.load(path=path, format=ox.RdfFormat.TURTLE, to_graph=ox.NamedNode(graph))
        except SyntaxError as error:
            raise VocabularyError(f"{path}: not Turtle: {error.msg}") from error
    return Store(engine, Path())
