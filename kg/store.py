"""The triple store: the one place that queries Oxigraph, beside the workers of ``kg.worker``."""

from collections.abc import Iterable, Iterator
from io import BytesIO
from itertools import chain, islice
from pathlib import Path
from types import TracebackType
from typing import IO, Any

import pyoxigraph as ox

from kg import memory
from kg.complaints import unusable
from kg.errors import QueryError, StoreError
from kg.pieces import Joined
from kg.remote import Remote, Triples
from kg.sparql import names_dataset, syntax_error
from kg.terms import IRI, PREFIXES, BlankNode, Literal, Quad, Term, Triple

__all__ = ["PREFIXES", "RDF_FORMATS", "Store"]

RDF_FORMATS: dict[str, ox.RdfFormat] = {
    "ttl": ox.RdfFormat.TURTLE,
    "nt": ox.RdfFormat.N_TRIPLES,
    "nq": ox.RdfFormat.N_QUADS,
    "trig": ox.RdfFormat.TRIG,
    "rdf": ox.RdfFormat.RDF_XML,
    "jsonld": ox.RdfFormat.JSON_LD,
}

RDF_TYPE = f"{PREFIXES['rdf']}type"
PEEKED = 1000  # triples of a result that are looked at before any is written: for the prefixes, and put in order


class Store:
    """A store on disk, open for writing (``create``) or for reading only (``open``).

    Queries see the union of all named graphs as their default graph unless they name a dataset with FROM, or there are
    triples in no named graph, which are a default graph of their own.
    """

    def __init__(self, engine: ox.Store, folder: Path) -> None:
        """Wrap an open engine; use ``create`` or ``open``."""
        self.folder = folder
        self._engine: ox.Store | None = engine

    @classmethod
    def create(cls, folder: Path) -> "Store":
        """Open a store for writing, making the folder where it is missing.

        :raises StoreError: if another process writes to it, or the folder cannot be written.
        """
        try:
            folder.mkdir(parents=True, exist_ok=True)
            return cls(ox.Store(str(folder)), folder)
        except OSError as error:
            raise unusable(folder, error) from error

    @classmethod
    def open(cls, folder: Path) -> "Store":
        """Open a store for reading only, as it stands now; any number of readers may do so.

        :raises StoreError: if the folder is missing, half-written or unreadable.
        """
        try:
            return cls(ox.Store.read_only(str(folder)), folder)
        except OSError as error:
            raise unusable(folder, error) from error

    @property
    def engine(self) -> ox.Store:
        """The open engine, for ``kg.worker`` and ``kg.loading`` only.

        :raises StoreError: if the store has been closed.
        """
        if self._engine is None:
            raise StoreError(f"the store in {self.folder} has been closed; open it again")
        return self._engine

    def keep(self, graph: Path, most: int) -> None:
        """Go on with the graph in memory, read from N-Quads, unless it has more quads; returns when that is done."""
        found = memory.read(Joined(graph), most, gently=True)
        self._engine = self._engine and (found or self._engine)  # it may have been closed meanwhile

    def __enter__(self) -> "Store":
        """Return the store itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the store."""
        self.close()

    def close(self) -> None:
        """Write everything out and let go of the folder's lock; closing twice does no harm."""
        self._engine = None

    def __len__(self) -> int:
        """Return the number of quads."""
        return len(self.engine)

    def add(self, quads: Iterable[Quad]) -> None:
        """Add quads, all or none."""
        self._write(lambda: self.engine.extend(_engine_quad(quad) for quad in quads))

    def load(self, nquads: bytes | IO[bytes]) -> None:
        """Add the quads of an N-Quads document, its bytes or an open file, fast; not in one transaction.

        :raises StoreError: if the bytes are not N-Quads; the message has the line.
        """
        self._write(lambda: self.engine.bulk_extend(ox.parse(nquads, ox.RdfFormat.N_QUADS)))

    def clear(self, graph: IRI) -> None:
        """Remove a named graph."""
        self._write(lambda: self.engine.remove_graph(ox.NamedNode(graph.value)))

    def optimize(self, *, wholly: bool = True) -> None:
        """Write everything out and, ``wholly``, compact the files; a bulk load leaves them at twice their size."""
        self._write(self.engine.flush)
        self._write(self.engine.optimize if wholly else int)

    def _write(self, change: Any) -> None:
        try:
            change()
        except SyntaxError as error:
            raise StoreError(f"the quads for {self.folder} are not N-Quads: {error}") from error
        except (OSError, RuntimeError) as error:
            raise unusable(self.folder, error) from error

    def select(self, query: str) -> list[dict[str, Term]]:
        """Return the rows of a SELECT; a variable without a value is missing from its row.

        :raises QueryError: if the query cannot be parsed or is not a SELECT.
        """
        rows = self._run(query, ox.QuerySolutions, "SELECT")
        names = [variable.value for variable in rows.variables]
        return [
            {name: _term(value) for name, value in zip(names, row, strict=True) if value is not None} for row in rows
        ]

    def ask(self, query: str) -> bool:
        """Return the answer of an ASK.

        :raises QueryError: if the query cannot be parsed or is not an ASK.
        """
        return bool(self._run(query, ox.QueryBoolean, "ASK"))

    def construct(self, query: str) -> list[Triple]:
        """Return the triples of a CONSTRUCT or DESCRIBE.

        :raises QueryError: if the query cannot be parsed or is neither.
        """
        return [_triple(found) for found in self._run(query, ox.QueryTriples | Triples, "CONSTRUCT or DESCRIBE")]

    def describe(self, iri: str) -> list[Triple]:
        """Return what the graphs say of an IRI, with the blank nodes that hang on it; empty for an unknown one."""
        return self.construct(f"DESCRIBE {IRI(iri).n3}")

    def quads(
        self,
        subject: IRI | BlankNode | None = None,
        predicate: IRI | None = None,
        value: Term | None = None,
        graph: IRI | None = None,
    ) -> Iterator[Quad]:
        """Yield the quads that match; None matches anything."""
        pattern = [None if part is None else _engine_term(part) for part in (subject, predicate, value, graph)]
        for quad in self.engine.quads_for_pattern(*pattern):
            name = quad.graph_name
            graph_name = IRI(name.value) if isinstance(name, ox.NamedNode) else None
            yield Quad(*_triple(quad.triple), graph_name)

    def graphs(self) -> list[str]:
        """Return the IRIs of the named graphs, sorted."""
        return sorted(str(graph.value) for graph in self.engine.named_graphs())

    def dump(self, graph: str | None = None, form: str = "nq") -> bytes:
        """Return one named graph, or with None all quads, in a form of ``RDF_FORMATS``.

        All quads need ``nq`` or ``trig``. N-Quads and N-Triples come with sorted lines: equal content, equal bytes.
        """
        source = ox.NamedNode(graph) if graph else None
        found: Any = self.engine.dump(format=RDF_FORMATS[form], from_graph=source, prefixes=PREFIXES)
        lines = sorted(found.splitlines(keepends=True)) if form in ("nq", "nt") else [found]
        return b"".join(lines)

    def backup(self, target: Path) -> None:
        """Make a snapshot of the store in a new folder beside it; hard links, so it takes milliseconds.

        :raises StoreError: if the target exists or cannot be written.
        """
        try:
            self.engine.backup(str(target))
        except (OSError, RuntimeError) as error:
            raise unusable(target, error) from error

    def _run(self, query: str, wanted: Any, form: str) -> Any:
        found = evaluate(self.engine, query)
        if not isinstance(found, wanted):
            raise QueryError(f"a {form} query is wanted here, this one is of another form", 1, 1)
        return found


def evaluate(
    engine: ox.Store | Remote,
    query: str,
    dataset: tuple[list[str], list[str]] | None = None,
    base: str = "",
    functions: Any = None,
) -> Any:
    """Start evaluating a query; rows come while they are read.

    ``dataset`` holds the default and the named graphs that a request asks for, which stand before the query's FROM;
    ``functions`` are the engine's custom ones.

    :raises QueryError: if the query cannot be parsed, with the line and column of the first token that does not fit.
    """
    options: dict[str, Any] = {"base_iri": base or None, "custom_functions": functions or None}
    if dataset is not None:
        options["default_graph"], options["named_graphs"] = ([ox.NamedNode(iri) for iri in part] for part in dataset)
    elif not names_dataset(query):
        own = next(iter(engine.quads_for_pattern(None, None, None, ox.DefaultGraph())), None)  # a built store has none
        options["use_default_graph_as_union"] = own is None
    try:
        return engine.query(query, **options)
    except SyntaxError as error:
        raise syntax_error(query, str(error), _complaint) from error


def serialize(triples: Iterable[Any], output: Any, form: str) -> None:
    """Write the engine's triples to anything that has ``write(bytes)``, with our prefixes where the form has some."""
    rest = iter(triples)
    first = list(islice(rest, PEEKED))
    if len(first) < PEEKED:
        first.sort(key=_reading_order)
    ox.serialize(chain(first, rest), output, RDF_FORMATS[form], prefixes=_prefixes(first))


def written(triples: Iterable[Triple], form: str) -> bytes:
    """Return triples of ours as RDF in a form of ``RDF_FORMATS``."""
    found = [ox.Triple(*(_engine_term(part) for part in triple)) for triple in triples]
    output = BytesIO()
    serialize(found, output, form)
    return output.getvalue()


def _reading_order(triple: Any) -> tuple[str, bool, str, str]:
    """Put the triples of a subject together, its types first: the same triples are then the same bytes."""
    predicate = triple.predicate.value
    return str(triple.subject), predicate != RDF_TYPE, predicate, str(triple.object)


def _prefixes(triples: Iterable[Any]) -> dict[str, str]:
    """Return those of our prefixes that shorten an IRI in some triples."""
    parts = {part for triple in triples for part in triple}
    names = {part.value for part in parts if isinstance(part, ox.NamedNode)}
    names |= {part.datatype.value for part in parts if isinstance(part, ox.Literal)}
    spaces = {name[: max(name.rfind("/"), name.rfind("#")) + 1] for name in names}
    return {prefix: space for prefix, space in PREFIXES.items() if space in spaces}


def _complaint(query: str) -> str:
    """Return what the engine's parser says about a query that cannot be right."""
    try:
        ox.Store().query(query)
    except SyntaxError as error:
        return str(error)
    return ""


LANGUAGE_TAGS = {"zh-hans": "zh-Hans", "zh-hant": "zh-Hant"}  # the engine keeps tags in lower case


def _term(value: Any) -> Term:
    if isinstance(value, ox.NamedNode):
        return IRI(value.value)
    if isinstance(value, ox.Literal):
        language = value.language and LANGUAGE_TAGS.get(value.language, value.language)
        return Literal(value.value, value.datatype.value, language)
    return BlankNode(value.value if isinstance(value, ox.BlankNode) else str(value))


def _triple(found: ox.Triple) -> Triple:
    return Triple(*(_term(part) for part in found))  # type: ignore[arg-type]  # the engine keeps the positions


def _engine_term(term: Term) -> Any:
    if isinstance(term, IRI):
        return ox.NamedNode(term.value)
    if isinstance(term, BlankNode):
        return ox.BlankNode(term.value)
    if term.language:
        return ox.Literal(term.value, language=term.language)
    return ox.Literal(term.value, datatype=ox.NamedNode(term.datatype))


def _engine_quad(quad: Quad) -> ox.Quad:
    subject, predicate, value = (_engine_term(part) for part in quad[:3])
    return ox.Quad(subject, predicate, value, ox.NamedNode(quad.graph.value) if quad.graph else None)
