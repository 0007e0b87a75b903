"""The store of a generation: loaded as a whole, or made from the one before where little has changed.

A copy of a store is links to its files, there in milliseconds, and those who read the other do not notice. What the
graph of a report has become is then dropped and put in: one report of 10,000 takes a tenth of a second, all of them
take minutes.
"""

from io import BufferedReader
from pathlib import Path

from kg.complaints import unusable
from kg.listings import Listing, read_listing
from kg.pieces import GRAPH, Joined, graphs
from kg.store import RDF_FORMATS, Store
from kg.terms import IRI

STORE = "store"  # the part of a generation
# Of the graph's bytes, those that come and go. A quad that goes or comes by itself takes twice the time that it takes
# with all, and leaves its place in the old files until the engine has compacted them.
LITTLE = 1 / 8


def load(generation: Path, before: Path | None) -> None:
    """Write the store of a generation whose graph is there, with its list; ``before`` is an earlier generation.

    :raises StoreError: if it cannot be written.
    """
    new, old = read_listing(generation / GRAPH), read_listing(before / GRAPH) if before else {}
    changed = [name for name in {*new, *old} if new.get(name) != old.get(name)]
    moved = sum(listing[name][0] for name in changed for listing in (new, old) if name in listing)
    if before and (before / STORE).is_dir() and moved <= LITTLE * sum(size for size, _ in new.values()):
        _change(generation, before, sorted(changed), new)
        return
    with Store.create(generation / STORE) as store, BufferedReader(Joined(generation / GRAPH)) as graph:
        try:
            store.engine.bulk_load(graph, RDF_FORMATS["nq"])  # unlike Store.load, it lets other threads go on
        except (OSError, RuntimeError) as error:
            raise unusable(store.folder, error) from error
        store.optimize()


def _change(generation: Path, before: Path, changed: list[str], new: Listing) -> None:
    """Copy the store of an earlier generation, and change what has changed."""
    with Store.open(before / STORE) as store:
        store.backup(generation / STORE)
    with Store.create(generation / STORE) as store:
        for name in changed:
            for graph in graphs(name):
                store.clear(IRI(graph))
            if name in new:
                store.load((generation / GRAPH / name).read_bytes())
        store.optimize(wholly=False)
