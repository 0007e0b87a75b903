"""Closed namespaces: a name of another vocabulary exists, or it is a slip that no parser would ever catch.

``ontology/namespaces/*.txt`` hold the names of each vocabulary that we use, with source, version and licence.
"""

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from kg import ids
from kg.checks.findings import ERROR, Finding
from kg.checks.notation import tokens
from kg.checks.queries import queries
from kg.checks.sources import Sources
from kg.errors import VocabularyError
from kg.settings import ROOT
from kg.terms import PREFIXES

OPEN = ("https://creativecommons.org/licenses/",)  # places to point at, which have no terms
PACKAGES = ("kg", "search", "web")
_OURS = frozenset({"o", "m", "t", "c", "u", "p", "org_", "place"})  # prefixes whose names are blocks of the ontology
_CURIE = re.compile(r"(?<![\w:/.#-])([A-Za-z][A-Za-z_]*):([A-Za-z][\w-]*)")
_WHOLE = re.compile(r"[a-z]+_?:[\w-]*\w")
_SCHEMA = ("http://schema.org/", "https://schema.org/")


@dataclass(frozen=True, slots=True)
class Namespace:
    """The names of a vocabulary: a list, or a pattern where the names are too many to list."""

    prefix: str
    iri: str
    names: frozenset[str]
    pattern: str | None = None

    def has(self, name: str) -> bool:
        """Say whether there is such a name; the namespace itself counts as one."""
        return not name or name in self.names or bool(self.pattern and re.fullmatch(self.pattern, name))


def read_namespace(path: Path) -> Namespace:
    """Read a list of names with its header.

    :raises VocabularyError: if the header lacks a line.
    """
    lines = path.read_text("utf-8").splitlines()
    head = dict(line[2:].split(": ", 1) for line in lines if line.startswith("# ") and ": " in line)
    for wanted in ("prefix", "namespace", "source", "version", "licence"):
        if wanted not in head:
            raise VocabularyError(f"{path}: its header lacks '# {wanted}: ...'; say where the names come from")
    names = frozenset(line for line in lines if line and not line.startswith("#"))
    return Namespace(head["prefix"], head["namespace"], names, head.get("pattern"))


class Names:
    """All vocabularies that an ontology folder may use."""

    def __init__(self, sources: Sources) -> None:
        """Read the lists of names of the ontology folder."""
        files = sorted((sources.folder / "namespaces").glob("*.txt"))
        self.sources, self.known = sources, [read_namespace(path) for path in files]

    @cached_property
    def prefixes(self) -> Mapping[str, str]:
        """The one meaning of each prefix."""
        declared = (pair for known in self.sources.prefixes.values() for pair in known.items())
        ours = {prefix: iri for prefix, iri in declared if iri.startswith(ids.BASE)}
        return {**ours, **{known.prefix: known.iri for known in self.known}, **PREFIXES}

    def problem(self, iri: str) -> str | None:
        """Return what is wrong with an IRI, None where nothing is."""
        if iri.startswith(_SCHEMA[0]):
            return f"is of {_SCHEMA[0]}, and this ontology uses {_SCHEMA[1]}"
        if iri.startswith((ids.BASE, *OPEN)):
            return None
        space = max((n for n in self.known if iri.startswith(n.iri)), key=lambda n: len(n.iri), default=None)
        if space is None:
            return "is of a vocabulary that ontology/namespaces/ does not list"
        return None if space.has(iri.removeprefix(space.iri)) else f"is no name of {space.iri}"

    def ours(self, prefix: str, name: str) -> bool:
        """Say whether a name of ours has a block in the ontology."""
        return prefix not in _OURS or f"{PREFIXES[prefix]}{name}" in self.sources.subjects


def check(sources: Sources) -> Iterator[Finding]:
    """Yield names that no vocabulary has and prefixes with another meaning, in the ontology and in the code."""
    names = Names(sources)
    yield from _in_turtle(names, sources)
    for path in sorted(sources.folder.rglob("*.rq")):
        yield from _in_query(names, path.read_text("utf-8"), sources.at(path))
    for query in queries(sources):
        yield from _in_query(names, query.text, query.place)
    root = sources.folder.parent if (sources.folder.parent / "kg").is_dir() else ROOT
    catalogue = Sources(root / "seeds")
    if catalogue.folder.is_dir():
        yield from _in_turtle(names, catalogue)
    for package in PACKAGES:
        for path in sorted((root / package).rglob("*.py")):
            yield from _in_code(names, path.read_text("utf-8"), path.relative_to(root).as_posix())


def _in_turtle(names: Names, sources: Sources) -> Iterator[Finding]:
    for path, text in sources.texts.items():
        declared = sources.prefixes[path]
        for prefix, iri in declared.items():
            wanted = names.prefixes.get(prefix)
            if wanted not in (None, iri):
                remedy = "one prefix has one meaning everywhere"
                yield _finding(sources.at(path), f"@prefix {prefix}:", f"is <{iri}> and not <{wanted}>", remedy)
        for token in tokens(text):
            if token.kind == "name" or (token.kind == "iri" and token.text[1:-1] not in declared.values()):
                iri = sources.full(path, token.text)
                problem = names.problem(iri) if iri else "has a prefix that is not declared"
                if problem:
                    yield _finding(sources.at(path, token.line), token.text, problem)


def _in_query(names: Names, text: str, place: str) -> Iterator[Finding]:
    for number, line in enumerate(text.splitlines(), 1):
        written = line.partition("#")[0] if line.lstrip().startswith("#") else line
        for prefix, name in _CURIE.findall(re.sub(r'"[^"]*"', "", written)):
            yield from _named(names, prefix, name, place if ":" in place else f"{place}:{number}")


def _in_code(names: Names, source: str, place: str) -> Iterator[Finding]:
    foreign = {known.prefix for known in names.known}
    for line, value in _strings(source):
        where = f"{place}:{line}"
        for prefix, name in _CURIE.findall(value):
            if prefix in foreign or _WHOLE.fullmatch(value):
                yield from _named(names, prefix, name, where, strict=False)
        for known in names.known if "://" in value else ():
            for name in re.findall(re.escape(known.iri) + r"([A-Za-z][\w-]*)", value):
                if not known.has(name):
                    yield _finding(where, f"<{known.iri}{name}>", f"is no name of {known.iri}")


@lru_cache(maxsize=1024)
def _strings(source: str) -> tuple[tuple[int, str], ...]:
    """Return the strings of a module that may hold a name, each with its line."""
    found = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Constant))
    return tuple((node.lineno, node.value) for node in found if isinstance(node.value, str) and ":" in node.value)


def _named(names: Names, prefix: str, name: str, place: str, strict: bool = True) -> Iterator[Finding]:
    """Yield what is wrong with a prefixed name; unknown prefixes only where ``strict``."""
    space = names.prefixes.get(prefix)
    if space is None:
        if strict:
            yield _finding(place, f"{prefix}:{name}", "has a prefix that nobody knows")
        return
    problem = names.problem(space + name)
    if problem is None and not names.ours(prefix, name):
        problem = "has no block in the ontology"
    if problem:
        yield _finding(place, f"{prefix}:{name}", problem)


def _finding(place: str, term: str, problem: str, remedy: str = "mend the name, or add it to its list") -> Finding:
    return Finding("namespaces", ERROR, place, term, problem, remedy)
