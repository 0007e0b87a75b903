"""Where Milvus is, and the connection to it."""

import logging
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit, urlunsplit

from kg.errors import SettingsError, StoreError

SCHEME = "milvus:"
# What Milvus is told of each index, and of a search in it for so many.
INDEXES: Mapping[str, Mapping[str, int]] = {"FLAT": {}, "HNSW": {"M": 16, "efConstruction": 200}, "AUTOINDEX": {}}
LONGEST = 60.0  # seconds that one request may take


class Place(NamedTuple):
    """Where vectors are kept, as ``TANTU_VECTORS`` says it: ``milvus:URL?index=FLAT#collection``, or a file.

    >>> Place.of("milvus:http://me:secret@127.0.0.1:19530/reports?index=HNSW#ours")
    Place(uri='http://127.0.0.1:19530', user='me', password='secret', database='reports', kind='HNSW', name='ours')
    >>> Place.of("milvus:vectors.db").uri
    'vectors.db'
    """

    uri: str
    user: str = ""
    password: str = ""
    database: str = ""
    kind: str = "FLAT"
    name: str = ""

    @classmethod
    def of(cls, setting: str) -> "Place":
        """Read a setting.

        :raises SettingsError: if it names no place, or an index that we do not know.
        """
        parts = urlsplit(setting.removeprefix(SCHEME))
        kind = parse_qs(parts.query).get("index", ["FLAT"])[0].upper()
        if not setting.startswith(SCHEME) or not (parts.path or parts.netloc) or kind not in INDEXES:
            said = "setting vectors names no Milvus; write milvus:http://HOST:19530 or milvus:FILE.db"
            raise SettingsError(f"{said}, and behind it ?index= one of {', '.join(INDEXES)}")
        if parts.scheme not in ("http", "https"):
            return cls(parts.path, kind=kind, name=parts.fragment)
        bare = urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], "", "", ""))
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
        return cls(bare, user, password, parts.path.strip("/"), kind, parts.fragment)


def _library() -> Any:
    """Return pymilvus, which takes half a second to import.

    :raises StoreError: if it is not installed.
    """
    try:
        import pymilvus
    except ImportError as error:
        raise StoreError("vectors in Milvus need its library: pip install 'tantu[milvus]'") from error
    return pymilvus


@contextmanager
def reached(place: Place) -> Iterator[None]:
    """Turn what Milvus complains of into our error."""
    pymilvus = _library()
    try:
        yield
    except (pymilvus.MilvusException, OSError, ValueError) as error:
        said = " ".join(str(getattr(error, "message", "") or error).split())[:300]
        remedy = "start it, or correct TANTU_VECTORS"
        raise StoreError(f"the vectors in Milvus at {place.uri} cannot be used ({said}); {remedy}") from error


def client(place: Place) -> Any:
    """Return the connection to a place; all in this process share it, as a file can be opened once.

    :raises StoreError: if nothing answers there, or the library is not installed.
    """
    with _connecting:
        return _connected(place)


_connecting = threading.Lock()  # two threads that ask at once would open a file twice


@lru_cache(maxsize=4)
def _connected(place: Place) -> Any:
    library = _library()
    logging.getLogger("pymilvus").setLevel(logging.CRITICAL)  # what it logs is raised as well
    with reached(place):
        options = {"user": place.user, "password": place.password, "db_name": place.database}
        return library.MilvusClient(
            place.uri, timeout=LONGEST, **{name: value for name, value in options.items() if value}
        )
