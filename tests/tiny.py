"""A graph of a handful of facts with everything that the web layer asks of a library, built in a second."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace

import httpx
import uvicorn

from kg import ids
from kg.errors import NotFound, QuestionError
from kg.generations import Manifest
from kg.holdings import SHARDS
from kg.listings import checksum
from kg.model import Observation, Report, Span
from kg.pieces import GRAPH as PIECES
from kg.pieces import write_graph
from kg.pool import Pool
from kg.settings import Settings
from kg.store import Store
from kg.terms import IRI, PREFIXES, Quad, number, text
from search.endpoint import Endpoint
from search.entries import PASSAGE, Entry, Where
from search.explanation import Matched, Named, Nearest, Why
from search.facts import USES
from search.filters import Filters
from search.index import Hit
from search.seeking import Found
from web.app import create_app

COMPANY = f"{ids.BASE}org/tiny"
PUE = f"{ids.BASE}metric/pue"
TEXT = "绿色数据中心\n2023年平均PUE为1.25，较上年下降0.02。"
REPORT = Report("tiny-2023", TEXT, "zh-Hans", COMPANY, 2023, {"en": "Tiny report"}, sha256(TEXT.encode()).hexdigest())
QUOTE = Span(TEXT.index("PUE"), TEXT.index("，"))
FACT = Observation(
    iri=f"{ids.BASE}fact/tiny-2023-0000000001", report=REPORT.id, company=COMPANY, quote=QUOTE, metric=PUE,
    metric_text="PUE", subject="绿色数据中心", scope="company", value=1.25, unit=f"{ids.BASE}unit/ratio", unit_text="",
    as_written="1.25", comparator="=", form="level", direction=None, year=2023, baseline=None,
)  # fmt: skip
GRAPH, ONTOLOGY = IRI(ids.graph_iri(REPORT.id)), IRI(ids.graph_iri("ontology"))
TYPE, LABEL = IRI(f"{PREFIXES['rdf']}type"), IRI(f"{PREFIXES['rdfs']}label")
O = PREFIXES["o"]  # noqa: E741 - the prefix's own name
QUADS = [
    Quad(IRI(FACT.iri), TYPE, IRI(f"{O}Observation"), GRAPH),
    Quad(IRI(FACT.iri), IRI(f"{O}metric"), IRI(PUE), GRAPH),
    Quad(IRI(FACT.iri), IRI(f"{O}value"), number(1.25), GRAPH),
    Quad(IRI(FACT.iri), IRI(f"{O}asWritten"), text("1.25"), GRAPH),
    Quad(IRI(REPORT.iri), LABEL, text("Tiny report", "en"), GRAPH),
    Quad(IRI(f"{REPORT.iri}#offset_1_2"), LABEL, text("色"), GRAPH),
    Quad(IRI(PUE), LABEL, text("电能利用效率", "zh-Hans"), ONTOLOGY),
    Quad(IRI(PUE), LABEL, text("power usage effectiveness", "en"), ONTOLOGY),
    Quad(IRI(f"{O}Observation"), LABEL, text("observation", "en"), ONTOLOGY),
]
VALUES = " ".join(f"VALUES ?v{n} {{ {' '.join(map(str, range(1000)))} }}" for n in range(4))
RUNAWAY = f"SELECT (COUNT(*) AS ?n) {{ {VALUES} }}"  # 10^12 rows
_DOUBLED = " ".join(f"BIND(CONCAT(?v{n}, ?v{n}) AS ?v{n + 1})" for n in range(40))
GREEDY = f'SELECT (STRLEN(?v40) AS ?n) {{ BIND("x" AS ?v0) {_DOUBLED} }}'  # a string of 10^12 characters
ENDLESS = f"SELECT * {{ {VALUES} }}"  # as many, sent out
_VALUES = " ".join(f"VALUES ?v{n} {{ {' '.join(map(str, range(200)))} }}" for n in range(3))
LONG = f"SELECT (COUNT(*) AS ?n) {{ {_VALUES} FILTER(?v0 + ?v1 + ?v2 >= 0) }}"  # 8 million rows, a second or two


def build(folder: Path) -> Path:
    """Write the graph into a folder, and beside it as N-Quads, as a generation has it."""
    with Store.create(folder) as store:
        store.add(QUADS)
        write_graph(folder.parent, store.dump())
    shard = folder.parent / SHARDS / "00"
    shard.mkdir(parents=True)
    (shard / USES).write_text(json.dumps({PUE: 1, f"{O}Observation": 1}))
    return folder


class Names(dict[str, SimpleNamespace]):
    """What the web layer asks of a vocabulary."""

    concept = dict.__getitem__

    def of_type(self, *names):
        return [concept for concept in self.values() if concept.kind in names]

    def ancestors(self, iri):
        return (self[above] for above in self[iri].broader)


def named(iri, kind, labels, broader=()):
    """Return what the web layer asks of a concept."""
    labels = [SimpleNamespace(text=text, language=language, role="pref") for language, text in labels.items()]
    return SimpleNamespace(iri=iri, kind=kind, labels=labels, broader=broader)


COOLING, LIQUID, FLOODS = (f"{ids.BASE}{name}" for name in ("technology/cooling", "technology/liquid", "code/floods"))
CONCEPTS = [
    named(COMPANY, "Company", {"zh-Hans": "小公司"}),
    named(COOLING, "Technology", {"en": "cooling", "zh-Hant": "冷卻"}),
    named(LIQUID, "Technology", {"en": "liquid cooling", "zh-Hans": "液冷"}, (COOLING,)),
    named(FLOODS, "RiskCategory", {"en": "floods"}),
]


class TinyFacts:
    """What the web layer asks of ``search.facts.Facts``, of the one fact."""

    def where(self, years=None, **names):
        told = {"report": FACT.report, "company": FACT.company, "kind": FACT.kind}
        fits = all(wanted is None or told[name] in wanted for name, wanted in names.items())
        return [0] if fits and (years is None or FACT.year in years) else []

    def places(self, iris):
        return [0] if FACT.iri in iris else []

    def at(self, places):
        return (FACT for _ in places)

    def of_report(self, report):
        return [0]

    def counts(self, column):
        return {"report": {FACT.report: 1}, "kind": {FACT.kind: 1}}[column]


class TinyLibrary:
    """What the web layer asks of ``search.library.Library``, over the tiny graph."""

    def __init__(self, folder: Path, settings: Settings) -> None:
        self.folder, self.store = folder.parent, Store.open(folder)
        self.manifest = Manifest({}, {PIECES: checksum(self.folder / PIECES)}, {})
        memory = settings.query_memory << 20
        limits = {"memory": memory, "seconds": settings.query_seconds, "rows": settings.query_rows}
        self.pool = Pool(folder, workers=settings.workers, **limits)
        self.sparql = Endpoint(self.pool, self.sought)
        self.reports = {REPORT.id: REPORT}
        self.vocabulary = Names({concept.iri: concept for concept in CONCEPTS})
        self.filters = Filters(self.vocabulary, self.reports)
        self.searches: list[tuple[str, str]] = []
        self.wheres: list[Where | None] = []

    def sought(self, sought):
        self.searches.append((sought.kind, sought.text))
        return [Found(FACT.iri, 0.9)] if sought.kind == "facts" else [Found(f"{REPORT.iri}#passage_0_7", 0.8)]

    @property
    def told(self):
        return TinyFacts()

    def facts(self, report=None):
        return iter([FACT]) if self.report(report or REPORT.id) else iter([])

    def fact(self, name):
        if name not in FACT.iri:
            raise NotFound("fact", name, [FACT.iri.rsplit("/", 1)[-1]])
        return FACT

    def report(self, name):
        if name not in self.reports:
            raise NotFound("report", name, [REPORT.id])
        return self.reports[name]

    def fact_line(self, fact):
        return {
            "id": fact.iri.rsplit("/", 1)[-1], "iri": fact.iri, "kind": fact.kind, "report": fact.report, "unit": "ratio",
            "company": fact.company, "quote": fact.quote.of(TEXT), "start": fact.quote.start, "end": fact.quote.end,
            "confidence": 1.0, "value": fact.value, "metric": fact.metric, "year": fact.year,
        }  # fmt: skip

    def search(self, question, k=10, *, where=None):
        if not question.strip() or len(question) > 2000:
            raise QuestionError("a question has 1 to 2000 characters")
        self.wheres.append(where)
        entry = Entry(f"{REPORT.iri}#passage_0_7", PASSAGE, TEXT, REPORT.id, 0, len(TEXT), COMPANY, 2023, "zh-Hans")
        at, end = QUOTE.start, QUOTE.start + 3
        matched, named = Matched("PUE", at, end, "PUE"), Named(PUE, "PUE", "PUE", at, end)
        why = Why((matched,), (named,), 0.7, Nearest(0.6, at, len(TEXT)))
        return [Hit(entry, 0.9, why, (QUOTE,))][:k]

    def choices(self):
        return {
            "company": [COMPANY], "year": [2023], "type": [PASSAGE], "report": [REPORT.id],
            "technology": [COOLING, LIQUID], "risk": [FLOODS],
        }  # fmt: skip

    def describe(self, iri):
        return self.store.describe(iri)

    def health(self):
        return {"status": "ok", "facts": 1}

    def close(self):
        self.pool.close()
        self.store.close()


@contextmanager
def serving(library, settings: Settings) -> Iterator[str]:
    """Give the address of a real server over a library, on loopback."""
    with socket.socket(proto=socket.IPPROTO_TCP) as taken:
        taken.bind(("127.0.0.1", 0))
        config = uvicorn.Config(create_app(settings, library), log_level="error", timeout_graceful_shutdown=1)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [taken]})
        thread.start()
        address = f"http://127.0.0.1:{taken.getsockname()[1]}"
        while not server.started:
            time.sleep(0.01)
        try:
            yield address
        finally:
            server.should_exit = True
            thread.join(20)


@contextmanager
def listener() -> Iterator[tuple[str, list[bytes]]]:
    """Give an address on loopback, and the list of what is sent to it; it never answers well."""
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.05)
        stop = threading.Event()

        def listen() -> None:
            while not stop.is_set():
                try:
                    connection, _ = server.accept()
                except TimeoutError:
                    continue
                with connection:
                    connection.settimeout(0.2)
                    heard.append(b"connected")

        thread = threading.Thread(target=listen)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.getsockname()[1]}/", heard
        finally:
            stop.set()
            thread.join(5)


def comes(condition, seconds: float = 20.0) -> bool:
    """Say whether something becomes true within some seconds."""
    until = time.monotonic() + seconds
    while not (found := condition()) and time.monotonic() < until:
        time.sleep(0.01)
    return bool(found)


def gone(pid: int) -> bool:
    """Say whether a process ends, with all its threads."""

    def ended() -> bool:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
            return state == "Z" and len(list(Path(f"/proc/{pid}/task").iterdir())) == 1
        except OSError:
            return True

    return comes(ended)


def client(address: str) -> httpx.Client:
    """Return a client of a server."""
    return httpx.Client(base_url=address, timeout=30)
