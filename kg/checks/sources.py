"""An ontology folder as the checks see it: texts with their places, triples by file, concepts."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path

from kg import ids
from kg.checks.notation import Clause, Statement, statements
from kg.errors import VocabularyError
from kg.store import Store
from kg.terms import IRI, PREFIXES
from kg.turtle import memory_store
from kg.vocabulary import Vocabulary


class Sources:
    """The files of an ontology folder, each read once, when a check asks for it."""

    def __init__(self, folder: Path) -> None:
        """Name the folder; nothing is read yet."""
        self.folder = folder.resolve()

    @cached_property
    def texts(self) -> Mapping[Path, str]:
        """Every Turtle file with its text, by name.

        :raises VocabularyError: if there is none, or one cannot be read.
        """
        try:
            found = {path: path.read_text("utf-8") for path in sorted(self.folder.rglob("*.ttl"))}
        except (OSError, UnicodeDecodeError) as error:
            raise VocabularyError(f"{self.folder}: cannot be read ({error}); write its files in UTF-8") from error
        if not found:
            raise VocabularyError(f"{self.folder}: holds no Turtle file; an ontology folder is needed")
        return found

    @cached_property
    def statements(self) -> Mapping[Path, list[Statement]]:
        """The statements of each file in order."""
        return {path: statements(text) for path, text in self.texts.items()}

    @cached_property
    def prefixes(self) -> Mapping[Path, Mapping[str, str]]:
        """The namespaces of each file by prefix, as declared."""
        return {
            path: {clause.predicate.rstrip(":"): clause.objects[0].strip("<>") for clause in _declared(found)}
            for path, found in self.statements.items()
        }

    @cached_property
    def store(self) -> Store:
        """The triples in memory, a named graph for each file.

        :raises VocabularyError: if a file is not Turtle.
        """
        return memory_store({self.graph(path): path for path in self.texts})

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The concepts.

        :raises VocabularyError: if a file is not Turtle.
        """
        return Vocabulary.load(self.folder)

    def graph(self, path: Path) -> str:
        """Return the name of a file's graph in the store."""
        return f"{ids.BASE}ontology/{path.relative_to(self.folder).as_posix()}"

    def at(self, path: Path, line: int | None = None) -> str:
        """Return a place for people: the file, and the line where one is known."""
        name = f"{self.folder.name}/{path.relative_to(self.folder).as_posix()}"
        return f"{name}:{line}" if line else name

    def full(self, path: Path, name: str) -> str:
        """Return the IRI of a name as a file writes it; empty for a prefix that the file does not declare."""
        if name.startswith("<"):
            return name.strip("<>")
        prefix, _, local = name.partition(":")
        space = self.prefixes[path].get(prefix)
        return space + local.replace("\\", "") if space is not None else ""

    @cached_property
    def _places(self) -> Mapping[str, str]:
        typed: dict[str, str] = {}
        found: dict[str, str] = {}
        for path, known in self.statements.items():
            for statement in known:
                if statement.subject not in ("", "@prefix"):
                    declared = any(clause.predicate == "a" for clause in statement.clauses)
                    places = typed if declared else found
                    places.setdefault(self.full(path, statement.subject), self.at(path, statement.line))
        return {**found, **typed}

    def place(self, iri: str) -> str:
        """Return where a term's block begins; the folder's name for a term that has none."""
        return self._places.get(iri, self.folder.name)

    @property
    def subjects(self) -> set[str]:
        """The IRIs of all terms that have a block in the files."""
        return set(self._places)

    def short(self, iri: str) -> str:
        """Return an IRI with a prefix of ours or of the files, in angle brackets where none fits."""
        spaces = {space: prefix for known in (PREFIXES, *self.prefixes.values()) for prefix, space in known.items()}
        fitting = max((space for space in spaces if iri.startswith(space)), key=len, default=None)
        return f"{spaces[fitting]}:{iri.removeprefix(fitting)}" if fitting else IRI(iri).n3


def _declared(found: list[Statement]) -> Iterator[Clause]:
    return (clause for statement in found if statement.subject == "@prefix" for clause in statement.clauses)
