"""Columns: what entries can be filtered by, kept beside them as numbers and read memory-mapped."""

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

SINGLE = ("kind", "company", "report", "year", "language")  # an entry has one value of each
SEVERAL = ("technologies", "risks")  # an entry has any number of them

Mask = NDArray[np.bool_]
Value = str | int | None


class Columns:
    """The values of every entry: a number for each entry where it has one value, else the holders of each value."""

    def __init__(self, folder: Path) -> None:
        """Open what :meth:`write` wrote."""
        self._values: dict[str, list[Value]] = orjson.loads((folder / "values.json").read_bytes())
        self._codes = {name: _opened(folder / f"{name}.npy") for name in SINGLE}
        self._starts = {name: _opened(folder / f"{name}_starts.npy") for name in SEVERAL}
        self._rows = {name: _opened(folder / f"{name}.npy") for name in SEVERAL}
        self._size = len(self._codes[SINGLE[0]])

    @staticmethod
    def write(folder: Path, entries: Sequence[Any]) -> None:
        """Write the columns of entries, each an object with an attribute for every column."""
        values: dict[str, list[Value]] = {}
        for name in SINGLE:
            held = [getattr(entry, name) for entry in entries]
            values[name] = sorted(set(held), key=lambda value: (value is None, value))
            codes = {value: i for i, value in enumerate(values[name])}
            np.save(folder / f"{name}.npy", np.array([codes[value] for value in held], np.int32))
        for name in SEVERAL:
            holders: dict[str, list[int]] = {}
            for i, entry in enumerate(entries):
                for value in dict.fromkeys(getattr(entry, name)):
                    holders.setdefault(value, []).append(i)
            values[name] = list(known := sorted(holders))
            np.save(folder / f"{name}_starts.npy", np.cumsum([0, *(len(holders[v]) for v in known)], dtype=np.int64))
            np.save(folder / f"{name}.npy", np.array([i for v in known for i in holders[v]], np.int32))
        (folder / "values.json").write_bytes(orjson.dumps(values))

    def values(self, name: str) -> list[Value]:
        """Return the values that occur in a column."""
        return self._values[name]

    def value(self, name: str, i: int) -> Value:
        """Return the value of an entry in a column of which it has one."""
        return self._values[name][int(self._codes[name][i])]

    def holding(self, name: str, wanted: Collection[Value]) -> Mask:
        """Say for every entry whether its ``name`` is one of some values, or one of several is."""
        chosen = [i for i, value in enumerate(self._values[name]) if value in wanted]
        if name in SINGLE:
            flags = np.zeros(len(self._values[name]), np.bool_)
            flags[chosen] = True
            return np.asarray(flags[self._codes[name]])
        mask, starts = np.zeros(self._size, np.bool_), self._starts[name]
        for i in chosen:
            mask[self._rows[name][starts[i] : starts[i + 1]]] = True
        return mask


def _opened(path: Path) -> NDArray[Any]:
    """Return an array that stays on disk; a plain view, since slices of numpy.memmap cost twice as much."""
    found: NDArray[Any] = np.load(path, mmap_mode="r").view(np.ndarray)
    return found
