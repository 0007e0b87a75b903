"""The graph in memory: two to eight times as fast as on disk, for 350 bytes a quad."""

import time
from functools import partial
from io import BufferedReader, RawIOBase
from itertools import accumulate, chain, islice
from typing import BinaryIO

import pyoxigraph as ox

# Quads added at a time where others shall have their turn, for which they wait 14 ms at most, and the seconds that they
# then have for themselves.
PART, REST = 1000, 0.01


def read(graph: RawIOBase, most: int, *, gently: bool = False) -> ox.Store | None:
    """Return the quads of N-Quads, each blank node under its name there; None for more than ``most``. Closes them.

    No thread is left behind. ``gently`` lets other threads of this process go on, and takes 6.6 seconds of the
    processor and 10 of rest for a million quads, rather than 3.7.

    :raises SyntaxError: if the file is not N-Quads.
    """
    with BufferedReader(graph) as nquads:
        nquads.seek(0)
        counts = accumulate(part.count(b"\n") for part in iter(partial(nquads.read, 1 << 20), b""))
        if any(count > most for count in counts):  # seen as soon as it is so, in the first gigabyte
            return None
        nquads.seek(0)
        return _filled(nquads, gently=gently)


def _filled(nquads: BinaryIO, *, gently: bool) -> ox.Store:
    engine, quads = ox.Store(), ox.parse(nquads, ox.RdfFormat.N_QUADS)
    if not gently:
        engine.bulk_extend(quads)
    for first in quads:
        engine.extend(chain([first], islice(quads, PART - 1)))
        time.sleep(REST)
    return engine
