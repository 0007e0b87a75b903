"""What the collection holds, counted once: facts by report and by kind."""

from collections import Counter
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Collection:
    """Counts over all facts."""

    facts: int
    by_report: Counter[str]
    by_kind: Counter[str]


def counted(library: Any) -> Collection:
    """Count the facts of a library."""
    by_report, by_kind = Counter(library.told.counts("report")), Counter(library.told.counts("kind"))
    return Collection(by_report.total(), by_report, by_kind)


def collection(state: Any) -> Collection:
    """Return the counts of the library of an application, counted again only when the library is another."""
    held: tuple[Any, Collection] | None = getattr(state, "collection", None)
    if held is None or held[0] is not state.library:
        held = (state.library, counted(state.library))
        state.collection = held
    return held[1]
