"""The graph of a generation as N-Quads: a folder of files, one for each report, that are read as if they were one.

::

    GENERATION/graph/ontology.nq      the ontology and its examples
    GENERATION/graph/catalogue.nq     what only catalogues say
    GENERATION/graph/reports/ID.nq    the named graph of a report, sorted

A report's file is the one that was written when the report was read, linked into each generation that has it.
"""

import os
from collections.abc import Iterator
from io import RawIOBase
from pathlib import Path
from typing import IO, Any

from kg import ids

GRAPH = "graph"  # the part of a generation
ONTOLOGY, CATALOGUE, REPORTS = "ontology.nq", "catalogue.nq", "reports"


def names(folder: int) -> list[str]:
    """Return the files of a graph, given by the descriptor of its folder, in the order in which they are read."""
    here = os.listdir(folder)
    found = sorted(name for name in here if name.endswith(".nq"))
    if REPORTS in here:
        inner = os.open(REPORTS, os.O_RDONLY, dir_fd=folder)
        found += [f"{REPORTS}/{name}" for name in sorted(os.listdir(inner))]  # noqa: PTH208
        os.close(inner)
    return found


def write_graph(generation: Path, nquads: bytes) -> None:
    """Write a graph that is one piece, for tests and benchmarks."""
    (generation / GRAPH).mkdir(exist_ok=True)
    (generation / GRAPH / CATALOGUE).write_bytes(nquads)


def graphs(name: str) -> list[str]:
    """Return the named graphs of one of the files.

    >>> graphs("reports/zte-2024.nq")
    ['https://w3id.org/tantu/graph/zte-2024']
    """
    kinds = {ONTOLOGY: ["ontology", "examples"], CATALOGUE: ["catalogue"]}
    return [ids.graph_iri(kind) for kind in kinds.get(name, [Path(name).stem])]


class Joined(RawIOBase):
    """The files of a graph, one after the other, open for reading in binary.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     for name in ("b.nq", "a.nq"):
    ...         _ = (Path(folder) / name).write_text(name)
    ...     with Joined(Path(folder)) as graph:
    ...         graph.read(), graph.seek(0), graph.read(3)
    (b'a.nqb.nq', 0, b'a.n')
    """

    def __init__(self, folder: Path | int) -> None:
        """Open a folder, given by its path or by a descriptor, which is closed with this.

        :raises OSError: if it cannot be read.
        """
        super().__init__()
        self._folder: int = folder if isinstance(folder, int) else os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        self._names = names(self._folder)
        self._files = self._opened()
        self._file: IO[bytes] | None = next(self._files, None)

    def _opened(self) -> Iterator[IO[bytes]]:
        for name in self._names:
            with os.fdopen(os.open(name, os.O_RDONLY, dir_fd=self._folder), "rb") as file:
                yield file

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def seekable(self) -> bool:
        """Say that it can be read again."""
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        """Go back to the beginning, which is the only place to go to.

        :raises OSError: for any other place.
        """
        if offset or whence:
            raise OSError("a graph is read from its beginning")
        self._files.close()  # type: ignore[attr-defined]  # a generator
        self._files = self._opened()
        self._file = next(self._files, None)
        return 0

    def readinto(self, buffer: Any) -> int:
        """Read some bytes; none are left where it returns 0."""
        while self._file is not None:
            if count := self._file.readinto(buffer):  # type: ignore[attr-defined]  # a buffered reader has it
                return int(count)
            self._file = next(self._files, None)
        return 0

    def fileno(self) -> int:
        """Return the descriptor of the folder."""
        return self._folder

    def close(self) -> None:
        """Close all."""
        if not self.closed:
            self._files.close()  # type: ignore[attr-defined]
            os.close(self._folder)
        super().close()
