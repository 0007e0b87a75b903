"""The facts that one version of the ontology finds: of a folder, of a git revision, or from a file of facts."""

import io
import json
import subprocess
import tarfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from kg.errors import NotFound, SettingsError, VocabularyError
from kg.extraction import facts_of
from kg.facts import as_json
from kg.model import Fact, Report
from kg.vocabulary import Vocabulary

Line = Mapping[str, Any]  # a fact as `tantu facts` prints it


@dataclass(frozen=True, slots=True)
class Version:
    """What one version of the ontology says of some reports.

    ``lines`` has the facts by IRI; ``facts``, ``vocabulary``, ``reports`` and ``shapes`` (the bytes of its shapes) are
    there where it was extracted here, and empty where it came from a file of facts, which the shapes have seen.
    """

    name: str
    lines: Mapping[str, Line]
    vocabulary: Vocabulary | None = None
    facts: Mapping[str, Fact] = field(default_factory=dict)
    reports: Mapping[str, Report] = field(default_factory=dict)
    folder: Path | None = None
    shapes: bytes = b""

    def refused(self, iris: Iterable[str]) -> dict[str, str]:
        """Return what is wrong with those of some facts that the shapes refuse.

        :raises ShapesError: if there are no shapes, or no Turtle.
        """
        asked = [self.facts[iri] for iri in iris if iri in self.facts]
        if not asked or self.folder is None or self.vocabulary is None:
            return {}
        from kg.shapes import Shapes  # late: most differences are empty and need no validator
        from kg.triples import quads_of_fact

        shapes = Shapes.load(self.folder)
        found: dict[str, str] = {}
        for id, report in self.reports.items():
            quads = {fact.iri: quads_of_fact(fact, report, self.vocabulary) for fact in asked if fact.report == id}
            found |= {rejection.fact: rejection.problem for rejection in shapes.check(quads, report) if quads}
        return found


@contextmanager
def version(name: str, ontology: Path, reports: Sequence[Report]) -> Iterator[Version]:
    """Give what a version finds in some reports.

    ``name`` is a folder, a file of facts, or a revision of the repository that holds the folder ``ontology``.

    :raises SettingsError: if it is none of them.
    :raises VocabularyError: if the ontology cannot be read, or lacks what the present code needs.
    """
    path = Path(name).expanduser()
    if path.is_dir():
        yield extracted(name, path, reports)
    elif path.is_file():
        yield Version(name, {line["iri"]: line for line in _lines(path, {report.id for report in reports})})
    else:
        with TemporaryDirectory(prefix="tantu-ontology-") as folder:
            yield extracted(name, _checked_out(name, ontology, Path(folder)), reports)


def extracted(name: str, folder: Path, reports: Sequence[Report]) -> Version:
    """Return what the ontology in a folder finds.

    :raises VocabularyError: if it cannot be read, or lacks a concept that the present code needs.
    """
    vocabulary = Vocabulary.load(folder)
    try:
        facts = {fact.iri: fact for report in reports for fact in facts_of(report, vocabulary)}
    except NotFound as error:
        remedy = "compare with the facts that it gave then (tantu facts -o FILE) instead"
        raise VocabularyError(f"ontology {name}: lacks {error.name}, which the present code needs; {remedy}") from error
    known = {report.id: report for report in reports}
    lines = {iri: as_json(fact, known[fact.report], vocabulary) for iri, fact in facts.items()}
    shapes = folder / "shapes.ttl"
    return Version(name, lines, vocabulary, facts, known, folder, shapes.read_bytes() if shapes.is_file() else b"")


def _lines(path: Path, reports: set[str]) -> Iterator[Line]:
    for number, text in enumerate(path.read_text("utf-8").splitlines(), 1):
        try:
            line = json.loads(text)
            if line["report"] in reports and line["iri"]:
                yield line
        except (ValueError, KeyError, TypeError) as error:
            raise SettingsError(f"{path}, line {number}: no fact as `tantu facts` prints it ({error})") from error


def _checked_out(revision: str, ontology: Path, folder: Path) -> Path:
    """Put the ontology of a revision into a folder and return where it lies."""
    top = _git(ontology, "rev-parse", "--show-toplevel")
    if top is None:
        raise SettingsError(f"{revision!r} is no folder and no file, and {ontology} lies in no git repository")
    place = ontology.resolve().relative_to(Path(top.decode().strip()).resolve())
    archive = _git(Path(top.decode().strip()), "archive", revision, "--", place.as_posix())
    if archive is None:
        raise SettingsError(f"{revision!r} is no folder, no file and no revision that holds {place.as_posix()}/")
    with tarfile.open(fileobj=io.BytesIO(archive)) as packed:
        packed.extractall(folder, filter="data")
    return folder / place


def _git(folder: Path, *arguments: str) -> bytes | None:
    """Return what git says, None where it refuses or is not there."""
    try:
        done = subprocess.run(["git", "-C", str(folder), *arguments], capture_output=True, check=False)
    except OSError:
        return None
    return done.stdout if done.returncode == 0 else None
