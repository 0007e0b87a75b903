"""Opening the graph for trusted queries: in its folder, or at the URL that is set."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

from kg.errors import BuildNeeded, KgError, StoreError
from kg.generations import Manifest
from kg.remote import KEY, RECORD, UNION, Remote
from kg.settings import Settings
from kg.store import Store
from kg.terms import Term, Triple, text
from kg.writer import Hold


class RemoteStore(Store):
    """A store at a URL, for reading."""

    def __init__(self, remote: Remote, folder: Path) -> None:
        """Take the store, and the folder of the generation that it holds."""
        super().__init__(cast(Any, remote), folder)
        self._remote = remote

    @contextmanager
    def _whole(self) -> Iterator[None]:
        """Say that the store is to blame where an answer ends in the middle."""
        try:
            yield
        except (OSError, SyntaxError) as error:
            raise StoreError(f"the store {self._remote.address.shown} broke off its answer ({error})") from error

    def select(self, query: str) -> list[dict[str, Term]]:
        """Return the rows of a SELECT, as ``Store.select`` does."""
        with self._whole():
            return super().select(query)

    def construct(self, query: str) -> list[Triple]:
        """Return the triples of a CONSTRUCT or DESCRIBE, as ``Store.construct`` does."""
        with self._whole():
            return super().construct(query)

    def close(self) -> None:
        """Let go of the connections; closing twice does no harm."""
        self._remote.close()
        super().close()

    def keep(self, graph: Path, most: int) -> None:
        """Leave the graph where it is."""


def opened(settings: Settings, folder: Path) -> Store:
    """Open the graph of a generation.

    :raises StoreError: if the folder is missing, half-written or unreadable.
    """
    if settings.store:
        return RemoteStore(Remote(settings.store, settings.query_seconds), folder)
    return Store.open(folder / "store")


def checked(settings: Settings, held: tuple[Path, Manifest, Hold]) -> tuple[Path, Manifest, Hold]:
    """Return a generation that was found, once the store at the URL that is set is seen to hold its graph.

    :raises BuildNeeded: if the store holds another one, or part of one.
    :raises StoreError: if it does not answer, or its default graph is not the union of its graphs.
    """
    if settings.store:
        try:
            check(settings, held[1].key)
        except KgError:
            held[2].close()
            raise
    return held


def check(settings: Settings, generation: str) -> None:
    """See that the store holds a generation.

    :raises BuildNeeded: if it holds another one, or part of one.
    :raises StoreError: if it does not answer, or its default graph is not the union of its graphs.
    """
    remote = Remote(settings.store, settings.query_seconds)
    try:
        here = bool(remote.query(f"ASK {{ GRAPH <{RECORD}> {{ <{RECORD}> <{KEY}> {text(generation).n3} }} }}"))
        united = bool(remote.query(f"ASK {{ <{RECORD}> <{KEY}> ?k }}"))
    finally:
        remote.close()
    if not here:
        said = f"the store {remote.address.shown} does not hold the graph of {settings.data}"
        raise BuildNeeded(f"{said}; run `tantu build`")
    if not united:
        advice = f"it has to query the union of all graphs; where it is Oxigraph, add ?{UNION} to TANTU_STORE"
        raise StoreError(f"the store {remote.address.shown} finds nothing outside GRAPH; {advice}")
