"""The graph in a store of somebody else's: any endpoint of the SPARQL 1.1 Protocol, with the face of the engine.

Solutions are asked for as JSON and graphs as N-Triples, read by the engine's own parsers and written again by its own
serializers: what comes out has the same media types and the same bytes as if the engine had evaluated the query.
"""

from collections.abc import Iterable, Iterator
from typing import IO, Any, cast

import pyoxigraph as ox

from kg import ids
from kg.errors import QueryError, QueryRefused, QueryTooLarge, QueryUnsupported, StoreError
from kg.sparql import MARK, form, names_dataset, place, prologue, resolve, tokens
from kg.terms import PREFIXES
from kg.wire import Address, Body, Line

SECONDS = 3600.0  # that a store may be silent; who asks ends the process that waits, or the query, much sooner
SOLUTIONS, TRIPLES = "application/sparql-results+json", "application/n-triples, text/turtle;q=0.5"
READ = {
    "application/sparql-results+json": ox.QueryResultsFormat.JSON,
    "application/sparql-results+xml": ox.QueryResultsFormat.XML,
    "application/json": ox.QueryResultsFormat.JSON,
}
GRAPHS = {"application/n-triples": ox.RdfFormat.N_TRIPLES, "text/plain": ox.RdfFormat.N_TRIPLES}
GRAPHS |= {"text/turtle": ox.RdfFormat.TURTLE, "text/ntriples": ox.RdfFormat.N_TRIPLES}
INNER = ("bif:", "sql:")  # names of Virtuoso's own functions, some of which reach beyond the graph
UNION = "union-default-graph"  # Oxigraph's parameter for what we need, which would go before a FROM of the query
CUT = "X-SPARQL-MaxRows"  # Virtuoso says with it that it has left the other rows out
RECORD, KEY = ids.graph_iri("record"), f"{PREFIXES['dcterms']}identifier"
"""The graph that says what was pushed (``kg.pushing``), and what it says of each graph; stores hold others as well."""
OURS = f"GRAPH <{RECORD}> {{ ?g <{KEY}> ?key }} FILTER(?g != <{RECORD}>)"


class Triples:
    """The triples of a CONSTRUCT or DESCRIBE as they come."""

    def __init__(self, body: Body, form: ox.RdfFormat) -> None:
        """Read them from an answer."""
        self._parsed = ox.parse(cast(IO[bytes], body), form)

    def __iter__(self) -> Iterator[ox.Triple]:
        """Yield them.

        :raises OSError: if the answer breaks off.
        """
        try:
            for quad in self._parsed:
                yield quad.triple
        except SyntaxError as error:
            raise OSError(f"the store broke off its answer, or wrote no RDF ({error})") from error


class Remote:
    """A store at a URL, queried as ``pyoxigraph.Store`` is."""

    def __init__(self, url: str, seconds: float = SECONDS) -> None:
        """Name the store; nothing is sent yet.

        :raises SettingsError: if it is no URL.
        """
        self.address = Address(url, "store")
        self._line = Line(self.address, seconds)
        self._parser = ox.Store()

    def query(
        self,
        query: str,
        *,
        base_iri: str | None = None,
        default_graph: Iterable[ox.NamedNode] | None = None,
        named_graphs: Iterable[ox.NamedNode] | None = None,
        use_default_graph_as_union: bool = False,
        custom_functions: Any = None,
    ) -> Any:
        """Start evaluating a query; solutions and triples come while they are read.

        The default graph is the store's own, which has to be the union of all graphs.

        :raises SyntaxError: if the query cannot be parsed.
        :raises QueryError: if the store cannot evaluate it, or gives up.
        :raises StoreError: if the store does not answer.
        """
        if custom_functions:
            raise QueryUnsupported("search:similarity is not known to the store of TANTU_STORE; use a SERVICE block")
        self._check(query, base_iri)
        asked = [("query", f"BASE <{base_iri}> {query}" if base_iri else query)]
        asked += [("default-graph-uri", graph.value) for graph in default_graph or ()]
        asked += [("named-graph-uri", graph.value) for graph in named_graphs or ()]
        rows = form(query) in ("SELECT", "ASK")
        named = len(asked) > 1 or names_dataset(query)
        try:
            body = self._line.post(asked, SOLUTIONS if rows else TRIPLES, {UNION} if named else set())
        except QueryError as error:
            if type(error) is not QueryError:
                raise
            self._parser.query(query, base_iri=base_iri)  # it says what is wrong
            raise QueryUnsupported(error.reason) from error
        return self._solutions(body) if rows else self._triples(body)

    def _check(self, query: str, base: str | None) -> None:
        """See that it is a query of SPARQL's own, for as far as it goes: stores have additions that do more than read.

        :raises SyntaxError: if our engine's parser does not follow it to its end.
        """
        found = tokens(query)
        prefixes = prologue(found).prefixes
        for token in found:
            if token.kind in ("iri", "name") and resolve(token, prefixes).lower().startswith(INNER):
                raise QueryRefused(
                    f"{token.text} is refused: it is a function of the store's own", *place(query, token.start)
                )
        marked = f"{query}\n{MARK}"
        try:
            self._parser.query(marked, base_iri=base)
        except SyntaxError as error:
            if _place(str(error)) < place(marked, len(marked) - 1):
                self._parser.query(query, base_iri=base)  # fails in the same place, and says what it lacks
                raise

    def _solutions(self, body: Body) -> Any:
        known = _form(body, READ, "solutions")
        if CUT in body.headers:
            raise QueryTooLarge(
                f"the store gives no more than {body.headers[CUT]} rows; add a LIMIT, or raise its ResultSetMaxRows"
            )
        try:
            return ox.parse_query_results(cast(IO[bytes], body), known)
        except SyntaxError as error:
            raise StoreError(f"the store {self.address.shown} wrote no results that can be read ({error})") from error

    def _triples(self, body: Body) -> Triples:
        return Triples(body, _form(body, GRAPHS, "triples"))

    def quads_for_pattern(self, *pattern: Any) -> Iterator[ox.Quad]:
        """Yield the quads of our graphs that match subject, predicate, object and graph; None matches anything."""
        if isinstance(pattern[3], ox.DefaultGraph):
            return
        names = [str(part or f"?{name}") for name, part in zip("spog", pattern, strict=True)]
        bound = {name: part for name, part in zip("spog", pattern, strict=True) if part is not None}
        where = f"{'' if pattern[3] else self._ours} GRAPH {names[3]} {{ {' '.join(names[:3])} }}"
        for row in self.query(f"SELECT * {{ {where} }}"):
            parts = [bound[name] if name in bound else row[name] for name in "spog"]
            yield ox.Quad(*parts)

    def named_graphs(self) -> list[ox.NamedNode]:
        """Return those of the named graphs that a build has pushed."""
        return [row["g"] for row in self.query(f"SELECT DISTINCT ?g {{ {self._ours} GRAPH ?g {{ ?s ?p ?o }} }}")]

    @property
    def _ours(self) -> str:
        """What chooses the graphs that a build has pushed; all of a store that none was pushed to."""
        return OURS if self.query(f"ASK {{ GRAPH <{RECORD}> {{ ?g <{KEY}> ?key }} }}") else ""

    def __len__(self) -> int:
        """Return the number of quads in them."""
        found = self.query(f"SELECT (COUNT(*) AS ?n) {{ {self._ours} GRAPH ?g {{ ?s ?p ?o }} }}")
        return int(next(found)["n"].value)

    def dump(self, *, format: ox.RdfFormat, from_graph: ox.NamedNode | None, prefixes: Any = None) -> bytes:
        """Return the quads, or the triples of one graph, in a format."""
        quads = self.quads_for_pattern(None, None, None, from_graph)
        content = (quad.triple for quad in quads) if from_graph else quads
        return ox.serialize(content, None, format, prefixes=prefixes) or b""

    def close(self) -> None:
        """Let go of the connections."""
        self._line.close()


def _form(body: Body, known: dict[str, Any], what: str) -> Any:
    """Return the form of an answer by its media type.

    :raises StoreError: if it is none that we asked for.
    """
    media = (body.headers.get_content_type() or "").lower()
    if media not in known:
        body.read()
        raise StoreError(
            f"the store answers with {media} where {what} were asked for; is TANTU_STORE its query endpoint?"
        )
    return known[media]


def _place(complaint: str) -> tuple[int, int]:
    """Return line and column of what the engine's parser complains about.

    >>> _place("error at 2:41: expected a keyword")
    (2, 41)
    """
    words = complaint.split(" ", 3)
    line, _, column = words[2].rstrip(":").partition(":") if len(words) > 2 else ("1", "", "1")
    return (int(line), int(column)) if line.isdigit() and column.isdigit() else (1, 1)
