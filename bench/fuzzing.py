"""Requests that nobody would send, by the hundred thousand, against the whole web application.

python -m bench.fuzzing [--requests 200000] [--seed 1] [--wire 0.1]

Half of them are queries made by a grammar, some with a few tokens changed; half are bytes. Most go straight to the
application; a share (``--wire``) goes to a server on loopback as bytes on a socket. Nothing may answer with 500, take
longer than a query's deadline allows, say that it is JSON where it is not, or leave a worker behind. The same seed
sends the same requests; the first one that fails is printed whole.
"""

import argparse
import asyncio
import json
import os
import random
import socket
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple
from urllib.parse import quote_plus

import uvicorn

from bench.runaways import family
from kg.pieces import write_graph
from kg.pool import Pool
from kg.settings import Settings
from kg.store import Store
from kg.terms import IRI
from kg.vocabulary import Vocabulary
from search.endpoint import Endpoint
from search.seeking import Found, Sought
from web.app import create_app

SETTINGS = Settings(workers=2, query_seconds=5, query_memory=512, query_length=20_000, query_rows=10_000)
LONGEST = 30.0  # seconds that an answer may take: a query's own five, and the queue before it on a busy machine
AT_ONCE = 12  # requests on their way
EXPECTED = {200, 303, 400, 403, 404, 405, 413, 415, 431, 501, 503}
E = "http://e/"
SEARCH = "https://w3id.org/tantu/search#"
VARIABLES = ("?s", "?p", "?o", "?f", "?x")
TERMS = ("e:a", "e:b", "<http://e/c>", "<rel>", "e:a%20b")
WILD_TERMS = ("_:b", "[]", "[ e:p 1 ]", "( 1 e:a )", "x:undeclared", "a", "true", "$y", "<a b>", "e:\\,")
LITERALS = ('"a"', "'b'", '"c"@en', '"1"^^xsd:integer', "1", "-2.5", '"water"', '""', '"}"', "'#'", '"\\u4e2d"@zh-Hans')
WILD_LITERALS = (
    *("1e400", '"""l\n"o"""', '"\\uD83D"', '"\\""', "'\\x'", "1.", "00", '"x"^^e:t', '"SERVICE <http://e/> {"', "'"),
    *('"\n"', "1..2", '"a"@', '"a"^^', "''''"),
)
PATHS = ("e:p", "a", "^e:p", "e:p/e:q", "e:p*", "(e:p|e:q)+", "!(e:p|^e:q)", "e:p?", "?p")
WILD_PATHS = ("search:query", "<#>", "e:p{2}", "!", "()", "e:p**")
FUNCTIONS = (
    *("STR({})", "LANG({})", "REGEX({}, {})", "IF({}, {}, {})", "COALESCE({})", "({} + {})", "({} < {})", "(!{})"),
    *("({} && {})", "({} IN ({}, {}))", "xsd:integer({})", "search:similarity({}, {})", "SUBSTR({}, {})", "UUID()"),
    *("REPLACE({}, {}, {})", "BNODE({})", "NOW()", "langMatches({}, {})", "CONCAT({}, {}, {})", "STRDT({}, {})"),
)
WILD_FUNCTIONS = (
    *("BOUND({})", "COUNT({})", "SUM(DISTINCT {})", "GROUP_CONCAT({}; SEPARATOR={})", "search:similarity({})"),
    *("e:unknown({})", "EXISTS {{ ?s ?p {} }}", "-{}", "REPEAT({}, 9)", "{} < {} < {}", "<http://e/f>()", "1/0"),
)
PROPERTIES = ("score", "rank", "language", "limit", "minScore")
WILD_PROPERTIES = ("query", "snippet", "label", "nonsense")
KINDS_OF_HIT, WILD_KINDS = ("facts", "passages", "concepts"), ("other", "Facts", "")
ACCEPTS = (
    *("", "*/*", "application/sparql-results+json", "text/csv", "application/sparql-results+xml;q=0.5, */*;q=0.1"),
    *("text/html", "text/turtle", "application/ld+json, application/rdf+xml", ";;;q=,", "a/b;q=nan", "*/*;q=1e999"),
    *("text/\xff", "/" * 300),
)
FORM, DIRECT = "application/x-www-form-urlencoded", "application/sparql-query"
CONTENT_TYPES = (
    *(FORM, DIRECT) * 6,
    "application/sparql-update",
    "",
    "text/plain",
    "a;charset=x",
    f"{DIRECT};charset=utf-16",
)
METHODS = ("POST", "POST", "POST", "GET", "GET", "GET", "HEAD")
NAMES = ("default-graph-uri", "named-graph-uri", "explain", "query", "update", "using-graph-uri", "format", "", "a")


class Sent(NamedTuple):
    """A request, byte for byte."""

    method: str
    path: str
    query: bytes
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes


class Wrong(Exception):
    """An answer that must not be, with the request."""


class Grammar:
    """Queries that are right, nearly right and not right at all."""

    def __init__(self, chance: random.Random) -> None:
        """Draw from a source of chance."""
        self.chance, self.wild = chance, 0.0

    def query(self) -> str:
        """Return a query; some with a few stretches changed."""
        self.wild = self.chance.choice((0.0, 0.0, 0.0, 0.05, 0.3))
        head = f"PREFIX e: <{E}> PREFIX search: <{SEARCH}> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>\n"
        found = head + self.form()
        return self.changed(found) if self.chance.random() < 0.3 else found

    def one(self, tame: Sequence[str], wild: Sequence[str]) -> str:
        """Return one of what is right, or of what may not be."""
        return self.chance.choice(wild if self.chance.random() < self.wild else tame)

    def form(self) -> str:
        """Return a query without its prologue."""
        group, pick = self.group(3), self.chance.random()
        if self.chance.random() < self.wild / 3:
            return self.chance.choice(
                (f"INSERT DATA {{ {self.triple()} }}", "CLEAR ALL", "LOAD <file:///etc/hostname>", group)
            )
        tail = self.one(
            ("", "LIMIT 5", "OFFSET 2", "ORDER BY DESC(?s)"), ("GROUP BY ?s", "HAVING(?s)", "}", "VALUES ?s { }")
        )
        if pick < 0.7:
            made = f"({self.expression(2)} AS ?z)"
            kept = self.one(("*", "DISTINCT ?s ?o", made, "(COUNT(*) AS ?n)"), ("?s (SUM(?o) AS ?n)", "", "?"))
            named = self.one(("", "", "FROM e:g ", "FROM NAMED e:g "), ("FROM", "FROM x:y"))
            return f"SELECT {kept} {named}WHERE {group} {tail}"
        if pick < 0.8:
            return f"ASK {group}"
        if pick < 0.9:
            return f"CONSTRUCT {{ {self.triple()} }} WHERE {group} {tail}"
        return f"DESCRIBE {self.one(('?s', 'e:a'), ('*', '1', ''))} {group}"

    def group(self, depth: int) -> str:
        """Return a group of patterns."""
        return "{ " + " ".join(self.part(depth - 1) for _ in range(self.chance.randrange(1, 4))) + " }"

    def part(self, depth: int) -> str:
        """Return a part of a group."""
        if self.chance.random() < self.wild / 2:
            return f"SERVICE {self.chance.choice(('SILENT ', ''))}<http://127.0.0.1:9/> {{ {self.triple()} }}"
        if depth <= 0 or self.chance.random() < 0.4:
            return f"{self.triple()} ."
        makers = (
            lambda: f"FILTER({self.expression(2)})",
            lambda: f"BIND({self.expression(2)} AS ?z{self.chance.randrange(9999)})",
            lambda: f"OPTIONAL {self.group(depth)}",
            lambda: f"{self.group(depth)} UNION {self.group(depth)}",
            lambda: f"MINUS {self.group(depth)}",
            lambda: f"GRAPH {self.chance.choice(('?g', 'e:g'))} {self.group(depth)}",
            lambda: f"{{ SELECT {self.variable()} {self.group(depth)} LIMIT 3 }}",
            lambda: f"VALUES {self.variable()} {{ {self.one(LITERALS, WILD_LITERALS)} UNDEF }}",
            lambda: f"FILTER NOT EXISTS {self.group(depth)}",
            self.block,
            self.block,
        )
        return self.chance.choice(makers)()

    def block(self) -> str:
        """Return a search block."""
        values = {"query": self.one(('"water"', '"power of \u98ce"', "?x", "?o"), ('""', "1", '"a"@en'))}
        values |= {"limit": self.one(("3", "20"), ("0", "1e3", "?x", "9999999999")), "minScore": "0.5"}
        values |= {"language": self.one(('"zh"', "?l"), ("?s", '""'))}
        kept = (self.one(PROPERTIES, WILD_PROPERTIES) for _ in range(self.chance.randrange(3)))
        body = " ; ".join(f"search:{name} {values.get(name, f'?{name}')}" for name in dict.fromkeys(("query", *kept)))
        kind = self.one(KINDS_OF_HIT, WILD_KINDS)
        return f"SERVICE search:{kind} {{ {self.one(('?f', '?s', 'e:a'), ('[]', '1'))} {body} }}"

    def triple(self) -> str:
        """Return a triple pattern."""
        last = self.one(LITERALS, WILD_LITERALS) if self.chance.random() < 0.2 else self.term()
        return f"{self.term()} {self.one(PATHS, WILD_PATHS)} {last}"

    def term(self) -> str:
        """Return a variable or a constant."""
        return self.variable() if self.chance.random() < 0.7 else self.one(TERMS, WILD_TERMS)

    def variable(self) -> str:
        """Return a variable."""
        return self.chance.choice(VARIABLES)

    def expression(self, depth: int) -> str:
        """Return an expression."""
        if depth == 0 or self.chance.random() < 0.3:
            return self.variable() if self.chance.random() < 0.5 else self.one(LITERALS, WILD_LITERALS)
        made = self.one(FUNCTIONS, WILD_FUNCTIONS)
        return made.format(*(self.expression(depth - 1) for _ in range(made.count("{}"))))

    def changed(self, query: str) -> str:
        """Return a query with a few stretches of it dropped, doubled, moved or made into something else."""
        for _ in range(self.chance.randrange(1, 4)):
            left = self.chance.randrange(len(query))
            right = min(len(query), left + int(self.chance.expovariate(0.3)) + 1)
            other = self.chance.choice((*"{}()<>\"'\\#?:;.,|\x00\ud800\U0001f600\u202e\ufeff碳", "SERVICE", "FROM", ""))
            piece = self.chance.choice(("", query[left:right] * 2, other, query[right : 2 * right - left]))
            query = query[:left] + piece + query[right:]
        return query


def requests(seed: int, count: int) -> Iterator[Sent]:
    """Yield requests, always the same ones for a seed."""
    chance = random.Random(seed)
    grammar = Grammar(chance)
    for number in range(count):
        yield sent(chance, grammar.query().encode("utf-8", "surrogatepass") if number % 2 else noise(chance))


SIGNS = b"{}()<>\"'\\#?:;.,=&%+*/|^!$@_- \n\r\t\x00az09\xe7\xa2\xb3"
WORDS = (
    b"SELECT",
    b"{",
    b"}",
    b"?s",
    b"SERVICE",
    b"search:facts",
    b'"',
    b"PREFIX",
    b"<http://e/>",
    b"(",
    b")",
    b"*",
    b".",
)


def noise(chance: random.Random) -> bytes:
    """Return bytes: any, of few kinds, or of the words of a query."""
    size = min(4000, int(chance.expovariate(0.02)) + 1)
    pick = chance.random()
    if pick < 0.4:
        return chance.randbytes(size)
    return bytes(chance.choices(SIGNS, k=size)) if pick < 0.7 else b" ".join(chance.choices(WORDS, k=size // 6 + 1))


def sent(chance: random.Random, text: bytes) -> Sent:
    """Return a request that carries a text as a query, or as something else."""
    escaped = quote_plus(text).encode() if chance.random() < 0.9 else text
    values = (E, "true", "", "g", "%", "http://e/g")
    chosen = chance.sample(NAMES, chance.choice((0, 0, 0, 1, 2)))
    fields = b"".join(f"&{name}={quote_plus(chance.choice(values))}".encode() for name in chosen)
    headers = [(b"host", b"127.0.0.1")]
    if accept := chance.choice(ACCEPTS):
        headers.append((b"accept", accept.encode("latin-1")))
    if chance.random() < 0.2:
        name, value = (
            chance.choice((b"origin", b"accept-encoding", b"range", b"x-a")),
            chance.choice((b"gzip", b"*", b"\xff")),
        )
        headers.append((name, value))
    path, method = (
        chance.choice(("/sparql", "/sparql", "/sparql", "/sparql/", "/sparql/result")),
        chance.choice(METHODS),
    )
    if chance.random() < 0.03:
        method = chance.choice(("PUT", "OPTIONS", "DELETE", "PATCH", "TRACE"))
    if method != "POST":
        return Sent(method, path, b"query=" + escaped + fields, tuple(headers), b"")
    kind = chance.choice(CONTENT_TYPES)
    headers.append((b"content-type", kind.encode()))
    if kind == FORM:
        return Sent(method, path, b"", tuple(headers), b"query=" + escaped + fields)
    return Sent(method, path, fields[1:], tuple(headers), text)


@contextmanager
def application() -> Iterator[tuple[Any, Pool]]:
    """Give the application over a graph of nine triples, with its workers."""
    vocabulary = Vocabulary.load(SETTINGS.ontology)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "store"
        with Store.create(place) as store:
            lines = [
                f"<{E}{s}> <{E}{p}> {o} <{E}g> ."
                for s in "abc"
                for p, o in (("p", f"<{E}b>"), ("p", '"water"@en'), ("q", "<x:y>"))
            ]
            store.load("\n".join(lines).encode())
        with Pool(
            place,
            workers=SETTINGS.workers,
            seconds=SETTINGS.query_seconds,
            memory=SETTINGS.query_memory << 20,
            rows=SETTINGS.query_rows,
        ) as pool:
            endpoint = Endpoint(pool, found, lambda: lambda question: b'{"value": 0.5, "all": null}')
            write_graph(Path(folder), "\n".join(lines).encode())
            library = SimpleNamespace(
                sparql=endpoint, store=Store.open(place), folder=Path(folder), reports={}, vocabulary=vocabulary
            )
            yield create_app(SETTINGS, library), pool


def found(sought: Sought) -> list[Found]:
    """Find the letters a to c."""
    hits = [Found(f"{E}{name}", 0.9, "en", 'a "text"\n') for name in "abc"]
    return [hit for hit in hits if sought.candidates is None or IRI(hit.iri).value in sought.candidates][: sought.limit]


async def ask(app: Any, one: Sent) -> tuple[int, str, bytes]:
    """Send a request straight to the application; return status, content type and body."""
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": one.method, "scheme": "http",
        "path": one.path, "raw_path": one.path.encode(), "query_string": one.query, "root_path": "",
        "headers": list(one.headers), "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80), "state": {},
    }  # fmt: skip
    messages: list[dict[str, Any]] = []
    told = iter([{"type": "http.request", "body": one.body, "more_body": False}])
    done = asyncio.Event()

    async def receive() -> dict[str, Any]:
        for message in told:
            return message
        await done.wait()
        return {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        messages.append(message)

    try:
        await asyncio.wait_for(app(scope, receive, send), LONGEST)
    finally:
        done.set()
    head = next(message for message in messages if message["type"] == "http.response.start")
    kind = next((value.decode("latin-1") for name, value in head["headers"] if name.lower() == b"content-type"), "")
    whole = not messages[-1].get("more_body", False)
    encoded = any(name.lower() == b"content-encoding" for name, _ in head["headers"])
    body = b"".join(message.get("body", b"") for message in messages if message["type"] == "http.response.body")
    return head["status"], kind if whole and not encoded and one.method != "HEAD" else "", body


def wrong(status: int, kind: str, body: bytes) -> str:
    """Say what is wrong with an answer, "" where nothing is."""
    if status not in EXPECTED:
        return f"status {status}: {body[:300]!r}"
    if "json" in kind and body:
        try:
            json.loads(body)
        except ValueError as error:
            return f"{kind} that is none: {error}: {body[:300]!r}"
    return ""


async def send_all(app: Any, count: int, seed: int) -> Counter[int]:
    """Send requests straight to the application, some at a time.

    :raises Wrong: with the first answer that is wrong.
    """
    statuses: Counter[int] = Counter()
    queue = requests(seed, count)

    async def client() -> None:
        for one in queue:
            try:
                status, kind, body = await ask(app, one)
            except Exception as error:
                raise Wrong(f"{type(error).__name__}: {error}\n{one}") from error
            if said := wrong(status, kind, body):
                raise Wrong(f"{said}\n{one}")
            statuses[status] += 1
            if sum(statuses.values()) % 10_000 == 0:
                print(f"{sum(statuses.values()):,} sent", file=sys.stderr, flush=True)

    async with app.router.lifespan_context(app), asyncio.TaskGroup() as clients:
        for _ in range(AT_ONCE):
            clients.create_task(client())
    return statuses


def send_bytes(port: int, count: int, seed: int) -> Counter[int]:
    """Send requests to a server as bytes on a socket, a third of them with some bytes of the head changed.

    :raises Wrong: with the first answer that is wrong; closing the connection is one for what is not HTTP.
    """
    chance, statuses = random.Random(seed), Counter[int]()
    for one in requests(seed, count):
        target = one.path.encode() + (b"?" + bytes(c if 32 < c < 127 else 63 for c in one.query) if one.query else b"")
        head = b"\r\n".join(
            [b"%s %s HTTP/1.1" % (one.method.encode(), target), *(b"%s: %s" % pair for pair in one.headers)]
        )
        whole = head + b"\r\nconnection: close\r\ncontent-length: %d\r\n\r\n" % len(one.body) + one.body
        if changed := chance.random() < 0.33:
            at = chance.randrange(min(len(whole), 300))
            whole = whole[:at] + chance.choice((b"", b"\x00", b"\r\n", b"\xff", b":", b" ")) + whole[at + 1 :]
        status = answered(port, whole, changed)
        if status not in EXPECTED | {0}:
            raise Wrong(f"status {status}\n{whole!r}")
        statuses[status] += 1
    return statuses


def answered(port: int, content: bytes, changed: bool) -> int:
    """Send bytes and return the status that comes back, 0 where the server hangs up or waits for more."""
    with socket.create_connection(("127.0.0.1", port), LONGEST) as connection:
        try:
            connection.sendall(content)
            if changed:  # the head may promise more than there is; a server takes the end of its input for a hang-up
                connection.shutdown(socket.SHUT_WR)
            answer = b""
            while part := connection.recv(1 << 16):
                answer += part
        except TimeoutError as error:
            raise Wrong(f"no answer in {LONGEST} s\n{content!r}") from error
        except OSError:
            return 0
    if not answer and not changed:
        raise Wrong(f"no answer\n{content!r}")
    return int(answer[9:12]) if answer.startswith(b"HTTP/1.1 ") else 0


def children() -> list[int]:
    """Return the processes that this one has started, and those that these have."""
    return family(os.getpid())[1:]


def main() -> None:
    """Send everything and print the statuses that came back."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--wire", type=float, default=0.1, help="share of the requests that go through a socket")
    given = parser.parse_args()
    through = int(given.requests * given.wire)
    began = time.monotonic()
    with application() as (app, pool):
        straight = asyncio.run(send_all(app, given.requests - through, given.seed))
        with socket.create_server(("127.0.0.1", 0), backlog=512) as taken:
            server = uvicorn.Server(uvicorn.Config(app, log_level="critical"))
            thread = threading.Thread(target=server.run, kwargs={"sockets": [taken]})
            thread.start()
            while not server.started:
                time.sleep(0.01)
            by_wire = send_bytes(taken.getsockname()[1], through, given.seed + 1)
            server.should_exit = True
            thread.join()
        time.sleep(1)
        print(f"straight: {sum(straight.values()):,} requests, {dict(sorted(straight.items()))}")
        print(
            f"by socket: {sum(by_wire.values()):,} requests, {dict(sorted(by_wire.items()))}; 0 is a connection closed"
        )
        print(f"{time.monotonic() - began:.0f} s; workers at the end: {len(pool.pids())}, processes: {len(children())}")
    time.sleep(1)
    print(f"processes after closing: {len(children())}")
    sys.exit(1 if children() else 0)


if __name__ == "__main__":
    main()
