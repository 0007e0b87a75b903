"""HTTP to a store of somebody else's: connections that are kept, answers that stream, errors in words for people."""

import base64
import http.client
import queue
import re
import ssl
import urllib.error
import urllib.request
from collections.abc import Collection, Mapping
from contextlib import suppress
from urllib.parse import SplitResult, parse_qsl, unquote, urlencode, urlsplit, urlunsplit

from kg.errors import KgError, QueryError, QueryTimeout, QueryTooLarge, QueryUnsupported, SettingsError, StoreError

CONNECTING = 10.0  # seconds that a server may take to accept a connection
SAID = 500  # characters of a server's complaint that are passed on
BROKEN = (ConnectionError, http.client.BadStatusLine, http.client.CannotSendRequest)  # a kept connection that is gone
NOWHERE = "urn:tantu:nowhere"  # a graph that no store has
TOO_LONG = (408, 503, 504)


def without_user(url: str) -> str:
    """Return a URL without user and password.

    >>> without_user("milvus:http://me:secret@127.0.0.1:19530/reports")
    'milvus:http://127.0.0.1:19530/reports'
    """
    return re.sub(r"(?<=://)[^/?#]*@", "", url)


class Address:
    """A URL that may hold a user and a password, which are never shown.

    >>> Address("http://me:secret@127.0.0.1:7878/query?union-default-graph", "store").shown
    'http://127.0.0.1:7878/query?union-default-graph'
    """

    def __init__(self, url: str, setting: str) -> None:
        """Read a URL; ``setting`` is where it was set.

        :raises SettingsError: if it is no URL of a server.
        """
        self.parts, self.setting = urlsplit(url), setting
        try:
            self.port = self.parts.port
        except ValueError:
            self.port = -1
        if self.parts.scheme not in ("http", "https") or not self.parts.hostname or self.port == -1:
            raise SettingsError(
                f"setting {setting} is {self.shown!r}; it needs to be a URL: http://127.0.0.1:7878/query"
            )

    @property
    def shown(self) -> str:
        """The URL without user and password."""
        return without_user(urlunsplit(self.parts))

    @property
    def credentials(self) -> tuple[str, str] | None:
        """User and password, if the URL has them."""
        if self.parts.username is None:
            return None
        return unquote(self.parts.username), unquote(self.parts.password or "")

    def target(self, more: Mapping[str, str] | None = None, without: Collection[str] = ()) -> str:
        """Return path and parameters for a request, with some more parameters and without some."""
        own = parse_qsl(self.parts.query, keep_blank_values=True)
        given = [*(pair for pair in own if pair[0] not in without), *(more or {}).items()]
        return (self.parts.path or "/") + (f"?{urlencode(given)}" if given else "")

    def plain(self, more: Mapping[str, str]) -> str:
        """Return the URL with some more parameters, without user and password."""
        return urlunsplit((self.parts.scheme, self.parts.netloc.rpartition("@")[2], self.target(more), "", ""))

    def replaced(self, last: str) -> str:
        """Return the URL with another last segment of its path, and no parameters."""
        path = self.parts.path.rpartition("/")[0]
        return urlunsplit(SplitResult(self.parts.scheme, self.parts.netloc, f"{path}/{last}", "", ""))


class Line:
    """Requests to one address; safe to use from any thread, each request on a connection of its own."""

    def __init__(self, address: Address, seconds: float) -> None:
        """Name the address; nothing is sent yet. ``seconds`` are how long the server may be silent."""
        self.address, self.seconds = address, seconds
        self._idle: queue.LifoQueue[http.client.HTTPConnection] = queue.LifoQueue()
        self._headers = {}
        if address.credentials:
            self._headers["Authorization"] = basic(address.credentials)

    def post(self, form: list[tuple[str, str]], accept: str, without: Collection[str] = ()) -> "Body":
        """Post a form and return the answer as it comes; ``without`` some of the URL's own parameters.

        :raises QueryError: if the server says that it cannot be parsed, or evaluated (``QueryUnsupported``).
        :raises QueryTimeout: if it gives up on it, or is silent for too long.
        :raises StoreError: if it does not answer, or not as an endpoint does.
        """
        content = urlencode(form).encode()
        headers = {"Accept": accept, "Content-Type": "application/x-www-form-urlencoded"} | self._headers
        while True:
            connection, kept = self._connection()
            try:
                connection.request("POST", self.address.target(without=without), content, headers)
                answer = connection.getresponse()
                break
            except TimeoutError as error:
                connection.close()
                raise QueryTimeout(f"the store {self.address.shown} was silent for {self.seconds:g} s") from error
            except (OSError, http.client.HTTPException) as error:
                connection.close()
                if not (kept and isinstance(error, BROKEN)):
                    raise unreachable(self.address, error) from error
        body = Body(self, connection, answer)
        if answer.status >= 300:
            raise complaint(self.address, answer.status, body.text())
        return body

    def _connection(self) -> tuple[http.client.HTTPConnection, bool]:
        """Return a connection, and whether it has been used before."""
        with suppress(queue.Empty):
            return self._idle.get_nowait(), True
        host, port = self.address.parts.hostname or "", self.address.port
        if self.address.parts.scheme == "https":
            secured = http.client.HTTPSConnection(host, port, timeout=CONNECTING, context=ssl.create_default_context())
            return self._connected(secured), False
        return self._connected(http.client.HTTPConnection(host, port, timeout=CONNECTING)), False

    def _connected(self, connection: http.client.HTTPConnection) -> http.client.HTTPConnection:
        try:
            connection.connect()
        except OSError as error:
            raise unreachable(self.address, error) from error
        connection.sock.settimeout(self.seconds)
        return connection

    def keep(self, connection: http.client.HTTPConnection) -> None:
        """Take back a connection whose answer has been read."""
        self._idle.put(connection)

    def close(self) -> None:
        """Close the connections that nobody uses."""
        with suppress(queue.Empty):
            while True:
                self._idle.get_nowait().close()


class Body:
    """The bytes of an answer, as a binary file; its connection serves others when the end has been read."""

    def __init__(self, line: Line, connection: http.client.HTTPConnection, answer: http.client.HTTPResponse) -> None:
        """Take an answer whose head has been read."""
        self._line, self._connection, self._answer = line, connection, answer
        self._given_back = False
        self.headers = answer.headers

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes, none at the end.

        :raises OSError: if the server breaks off.
        """
        try:
            content = self._answer.read(size) if size >= 0 else self._answer.read()
        except (OSError, http.client.HTTPException) as error:
            self._connection.close()
            if isinstance(error, TimeoutError):
                raise
            raise OSError(f"the store {self._line.address.shown} broke off its answer ({error})") from error
        if not content and size > 0 and self._answer.length:  # a read of so many bytes does not complain of fewer
            self._connection.close()
            raise OSError(f"the store {self._line.address.shown} broke off its answer")
        if self._answer.isclosed() and not self._given_back:
            self._given_back = True
            if self._connection.sock is not None:
                self._line.keep(self._connection)
        return content

    def __del__(self) -> None:
        """Close a connection whose answer nobody has read to its end."""
        if not self._given_back:
            self._connection.close()

    def text(self) -> str:
        """Return the rest as text on one line, cut where it is long."""
        with suppress(OSError):
            return " ".join(self.read().decode("utf-8", "replace").split())[:SAID]
        return ""


def send(address: Address, method: str, content: bytes, media: str, more: Mapping[str, str], seconds: float) -> bytes:
    """Send content to a server that asks for user and password in whichever way, and return what it answers.

    :raises StoreError: if the server refuses it, or does not answer.
    """
    plain = address.plain(more)
    try:
        headers = {"Content-Type": media, **_authorization(address, method, plain)}
        return _opened(urllib.request.Request(plain, content, headers, method=method), seconds)
    except urllib.error.HTTPError as error:
        with error:
            said = " ".join(error.read().decode("utf-8", "replace").split())[:SAID]
        if error.code == 404 and method == "DELETE":  # there was no such graph
            return b""
        found = complaint(address, error.code, said)
        if isinstance(found, StoreError):
            raise found from error
        raise StoreError(f"the store {address.shown} refuses what was built: {said or error.code}") from error
    except (OSError, http.client.HTTPException) as error:
        raise unreachable(address, error) from error


def _opened(request: urllib.request.Request, seconds: float) -> bytes:
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=seconds) as answer:
        return bytes(answer.read())


def _authorization(address: Address, method: str, plain: str) -> dict[str, str]:
    """Return the header with user and password in the way that a server asks for, none where it asks for nothing.

    A server that asks in answer to a long request closes the connection before it has read it; so a short one goes
    first.
    """
    if address.credentials is None:
        return {}
    try:
        _opened(urllib.request.Request(address.plain({"graph": NOWHERE})), CONNECTING)
    except urllib.error.HTTPError as error:
        with error:
            asked = error.headers.get_all("WWW-Authenticate", [])
        passwords = urllib.request.HTTPPasswordMgrWithDefaultRealm()
        passwords.add_password(None, plain, *address.credentials)
        for scheme, _, told in (header.partition(" ") for header in asked):
            if scheme.lower() == "digest":
                asks = urllib.request.parse_keqv_list(urllib.request.parse_http_list(told))
                request = urllib.request.Request(plain, method=method)
                answer = urllib.request.HTTPDigestAuthHandler(passwords).get_authorization(request, asks)
                return {"Authorization": f"Digest {answer}"}
    return {"Authorization": basic(address.credentials)}


def basic(credentials: tuple[str, str]) -> str:
    """Return user and password as a header has them.

    >>> basic(("me", "secret"))
    'Basic bWU6c2VjcmV0'
    """
    return f"Basic {base64.b64encode(':'.join(credentials).encode()).decode()}"


def unreachable(address: Address, error: Exception) -> StoreError:
    """Return the error for a server that does not answer."""
    reason = getattr(error, "reason", None) or getattr(error, "strerror", None) or error
    variable = f"TANTU_{address.setting.upper()}"
    return StoreError(f"the store {address.shown} does not answer ({reason}); start it, or correct {variable}")


def complaint(address: Address, status: int, said: str) -> KgError:
    """Return the error for an answer that is none."""
    if status in (401, 403):
        variable = f"TANTU_{address.setting.upper()}"
        return StoreError(
            f"the store {address.shown} wants another user; put one into {variable}: http://USER:PASSWORD@..."
        )
    if status in (301, 302, 307, 308, 404, 405, 501):
        variable = f"TANTU_{address.setting.upper()}"
        return StoreError(
            f"{address.shown} is not what {variable} needs (status {status}); see docs/scale.md for the URLs"
        )
    if status in TOO_LONG:
        return QueryTimeout(f"the store {address.shown} gave up on the query: {said or status}")
    if status == 413:
        return QueryTooLarge(f"the store {address.shown} takes no query as long as this one")
    return QueryError(said) if status == 400 else QueryUnsupported(said or f"status {status}")
