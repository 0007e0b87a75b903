"""Columns: what entries can be filtered by, kept beside them as numbers; 20 bytes of memory for an entry."""

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

SINGLE = ("kind", "company", "report", "year", "language")  # an entry has one value of each
SEVERAL = ("technologies", "risks")  # an entry has any number of them
VALUES, SIZE = "values.json", "entries"  # the file of a folder's values, and how many entries it says there are

Mask = NDArray[np.bool_]
Value = str | int | None


class Columns:
    """The values of every entry: a number for each entry where it has one value, else the holders of each value."""

    def __init__(self, folders: Sequence[Path]) -> None:
        """Open what :func:`write_columns` wrote into some folders, whose entries come one after the other."""
        told = [orjson.loads((folder / VALUES).read_bytes()) for folder in folders]
        self._values: dict[str, list[Value]] = {
            name: sorted({value for values in told for value in values[name]}, key=_in_order)
            for name in (*SINGLE, *SEVERAL)
        }
        places = {name: {value: i for i, value in enumerate(values)} for name, values in self._values.items()}
        self._codes = {
            name: np.concatenate(
                [
                    np.array([places[name][value] for value in values[name]], np.int32)[np.load(folder / f"{name}.npy")]
                    for folder, values in zip(folders, told, strict=True)
                ]
            )
            for name in SINGLE
        }
        self._size = len(self._codes[SINGLE[0]])
        self._holders: dict[str, dict[Value, list[NDArray[np.int32]]]] = {name: {} for name in SEVERAL}
        first = 0
        for folder, values in zip(folders, told, strict=True):
            for name in SEVERAL:
                starts, rows = np.load(folder / f"{name}_starts.npy"), np.load(folder / f"{name}.npy") + np.int32(first)
                for i, value in enumerate(values[name]):
                    self._holders[name].setdefault(value, []).append(rows[starts[i] : starts[i + 1]])
            first += values[SIZE]

    def values(self, name: str) -> list[Value]:
        """Return the values that occur in a column."""
        return self._values[name]

    def value(self, name: str, i: int) -> Value:
        """Return the value of an entry in a column of which it has one."""
        return self._values[name][int(self._codes[name][i])]

    def holding(self, name: str, wanted: Collection[Value]) -> Mask:
        """Say for every entry whether its ``name`` is one of some values, or one of several is."""
        if name in SINGLE:
            flags = np.array([value in wanted for value in self._values[name]], np.bool_)
            return np.asarray(flags[self._codes[name]])
        mask = np.zeros(self._size, np.bool_)
        for value in wanted:
            for rows in self._holders[name].get(value, ()):
                mask[rows] = True
        return mask


def write_columns(folder: Path, entries: Sequence[Any]) -> None:
    """Write the columns of entries, each an object with an attribute for every column."""
    values: dict[str, Any] = {SIZE: len(entries)}
    for name in SINGLE:
        held = [getattr(entry, name) for entry in entries]
        values[name] = sorted(set(held), key=_in_order)
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
    (folder / VALUES).write_bytes(orjson.dumps(values))


def _in_order(value: Any) -> tuple[bool, Any]:
    return value is None, value
