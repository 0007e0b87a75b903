"""The whole graph as files to download, made from a generation's N-Quads piece by piece.

A dump takes the memory of one piece, whatever the size of the graph, and the same graph gives the same bytes.
"""

import re
import zlib
from collections.abc import Callable, Generator, Iterable, Iterator
from io import BufferedReader, BytesIO
from itertools import islice
from pathlib import Path
from typing import IO, Any, NamedTuple

import pyoxigraph as ox

from kg.errors import StoreError
from kg.pieces import GRAPH, Joined
from kg.terms import PREFIXES

PIECE = 1 << 18  # bytes read at a time
BATCH = 5000  # quads written at a time: 0.3 MB; a million quads take 2.5 s as TriG, 3.7 s as Turtle, and 36 MB in all
GZIP = 31  # zlib's number for the gzip format; its header then says nothing of time or name
HEAD = re.compile(rb"\A(?:@prefix [^\n]*\n)+")
LEVEL = 6  # 11 MB in 0.09 s to 695 kB; level 9 takes 0.16 s for 674 kB


class Form(NamedTuple):
    """A form of the dump: what it holds, its media type, whether that is compressed, and what makes it."""

    what: str
    media: str
    compressed: bool
    parts: Callable[[IO[bytes]], Iterator[bytes]]


def dump(folder: Path, form: str) -> Generator[bytes, None, None]:
    """Return the graph of a generation in a form of ``FORMS``, in pieces.

    :raises StoreError: if the generation's folder has no graph any more.
    """
    try:
        file = Joined(folder / GRAPH)
    except OSError as error:
        raise StoreError(f"{folder / GRAPH} cannot be read ({error.strerror}); run `tantu build`") from error
    return _closing(file, FORMS[form].parts(BufferedReader(file)))


def _closing(file: Joined, parts: Iterator[bytes]) -> Generator[bytes, None, None]:
    with file:
        yield from parts


def compressed(parts: Iterable[bytes]) -> Iterator[bytes]:
    """Yield pieces as one gzip file whose bytes depend on nothing but theirs.

    >>> zlib.decompress(b"".join(compressed([b"a", b"b"])), GZIP)
    b'ab'
    """
    packer = zlib.compressobj(LEVEL, zlib.DEFLATED, GZIP)
    for part in parts:
        if packed := packer.compress(part):
            yield packed
    yield packer.flush()


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    return iter(lambda: file.read(PIECE), b"")


def _packed(file: IO[bytes]) -> Iterator[bytes]:
    return compressed(_pieces(file))


def _trig(file: IO[bytes]) -> Iterator[bytes]:
    return _headed_once(_written(quads, ox.RdfFormat.TRIG) for quads in _batches(file))


def _turtle(file: IO[bytes]) -> Iterator[bytes]:
    return _headed_once(_written([quad.triple for quad in quads], ox.RdfFormat.TURTLE) for quads in _batches(file))


def _written(found: list[Any], form: ox.RdfFormat) -> bytes:
    output = BytesIO()
    ox.serialize(found, output, form, prefixes=PREFIXES)
    return output.getvalue()


def _batches(file: IO[bytes]) -> Iterator[list[ox.Quad]]:
    quads = ox.parse(file, ox.RdfFormat.N_QUADS)
    while batch := list(islice(quads, BATCH)):
        yield batch


def _headed_once(parts: Iterable[bytes]) -> Iterator[bytes]:
    """Leave out the prefixes of all pieces but the first: they hold for the whole document."""
    for number, part in enumerate(parts):
        yield part if number == 0 else HEAD.sub(b"", part)


FORMS = {
    "nq.gz": Form("all named graphs", "application/n-quads", True, _packed),
    "trig": Form("all named graphs", "application/trig", False, _trig),
    "ttl": Form("the union of all graphs", "text/turtle", False, _turtle),
}
"""The forms of the dump by the ending of its file name, the one to take first."""
