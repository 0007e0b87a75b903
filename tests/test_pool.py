import json
import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path
from types import SimpleNamespace

import pytest

from bench.runaways import family
from kg import confinement, pool, worker
from kg import result as results
from kg.errors import QueryError, QueryRefused, QueryTimeout, QueryTooLarge, QueryUnsupported, StoreError
from kg.pool import Dataset, Pool, Request
from kg.settings import ROOT
from tests import tiny

COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tiny.build(tmp_path_factory.mktemp("pool") / "store")


@pytest.fixture(scope="module")
def shared(folder):
    with Pool(folder, workers=2, memory=1 << 30, seconds=20) as made:
        yield made


@pytest.fixture
def workers(shared):
    """Two workers, on which every test leaves two."""
    yield shared
    assert tiny.comes(lambda: len(shared.pids()) == 2)


def answer(workers, query, **options):
    return b"".join(workers.run(Request(query, **options)))


def number(workers, **options):
    return int(json.loads(answer(workers, COUNT, **options))["results"]["bindings"][0]["n"]["value"])


@pytest.mark.parametrize(
    ("query", "kind", "form", "starts"),
    [("ASK {}", "boolean", "json", b'{"head"'), ("ASK {}", "boolean", "xml", b"<?xml"), ("ASK {}", "boolean", "csv", b"true"),
     (COUNT, "bindings", "csv", b"n\r\n9"), (COUNT, "bindings", "tsv", b"?n\n9"),
     ("DESCRIBE <http://e/x>", "graph", "ttl", b""), ("CONSTRUCT WHERE { ?s ?p ?o }", "graph", "nt", b"<http"),
     ("CONSTRUCT WHERE { ?s ?p ?o }", "graph", "jsonld", b"["), ("CONSTRUCT WHERE { ?s ?p ?o }", "graph", "rdf", b"<?xml")],
)  # fmt: skip
def test_forms(workers, query, kind, form, starts):
    result = workers.run(Request(query, **({"graph": form} if kind == "graph" else {"rows": form})))
    assert (result.kind, result.form) == (kind, form)
    assert b"".join(result).startswith(starts)


def test_dataset(workers):
    ontology, report = str(tiny.ONTOLOGY), str(tiny.GRAPH)
    assert number(workers) == len(tiny.QUADS)
    assert number(workers, dataset=Dataset((ontology,))) == 3
    assert number(workers, dataset=Dataset((ontology, report))) == len(tiny.QUADS)
    assert number(workers, dataset=Dataset(("http://e/none",))) == 0
    assert number(workers, dataset=Dataset((), (report,))) == 0
    assert (
        answer(workers, f"ASK {{ GRAPH <{report}> {{ ?s ?p ?o }} }}", dataset=Dataset((ontology,)), rows="csv")
        == b"false"
    )


def test_base(workers):
    assert b"http://e/x" in answer(workers, "SELECT (<x> AS ?x) {}", base="http://e/y")


def test_a_mistake_has_its_place_and_spares_the_worker(workers):
    before = workers.pids()
    with pytest.raises(QueryError, match="line 2, column 3"):
        workers.run(Request("ASK {\n  ) }"))
    assert workers.pids() == before


def test_an_unknown_function_is_said(workers):
    with pytest.raises(QueryUnsupported, match="http://e/f"):
        answer(workers, "SELECT (<http://e/f>(1) AS ?x) {}")


def test_a_runaway_query_is_stopped_and_the_next_one_runs(workers):
    before = set(workers.pids())
    with pytest.raises(QueryTimeout, match=r"longer than 0\.2 s"):
        workers.run(Request(tiny.RUNAWAY), seconds=0.2)
    (ended,) = before - set(workers.pids())
    assert tiny.gone(ended)
    assert number(workers) == len(tiny.QUADS)
    assert len(workers.pids()) == 2


def test_a_result_without_end_is_broken_off(workers):
    with pytest.raises(QueryTimeout):
        for _ in workers.run(Request(tiny.ENDLESS, rows="csv"), seconds=0.3):
            pass
    assert number(workers) == len(tiny.QUADS)


def test_a_greedy_query_ends_its_worker_only(folder):
    with Pool(folder, workers=1, memory=256 << 20, seconds=300) as one:  # behind others it may take very long
        assert number(one) == len(tiny.QUADS), "the least memory that can be set is enough"
        with pytest.raises(QueryTooLarge, match="256 MiB"):
            one.run(Request(tiny.GREEDY))
        assert number(one) == len(tiny.QUADS)


def test_a_deeply_nested_query_ends_its_worker_only(workers):
    with pytest.raises(QueryTooLarge, match="nested"):
        workers.run(Request(f"ASK {{ FILTER({'(' * 20_000}1{')' * 20_000}) }}"))
    assert number(workers) == len(tiny.QUADS)


def test_many_threads(workers):
    with ThreadPoolExecutor(12) as threads:
        assert set(threads.map(lambda _: number(workers), range(120))) == {len(tiny.QUADS)}


def test_runaways_beside_others(folder):
    """Two of four workers run away again and again; everybody else gets answers, and all processes stay accounted for."""
    stop = threading.Event()

    def run_away():
        while not stop.is_set():
            with pytest.raises(QueryTimeout):
                workers.run(Request(tiny.RUNAWAY), seconds=0.2)

    with Pool(folder, workers=4, memory=1 << 30, seconds=60) as workers:
        with ThreadPoolExecutor(6) as threads:
            running = [threads.submit(run_away) for _ in range(2)]
            assert set(threads.map(lambda _: number(workers), range(100))) == {len(tiny.QUADS)}
            stop.set()
            for future in running:
                future.result()
        assert tiny.comes(lambda: len(workers.pids()) == 4)


def test_a_busy_pool_says_so(folder, monkeypatch):
    monkeypatch.setattr(pool, "PATIENCE", 60)
    with Pool(folder, workers=1, seconds=60) as one:
        result = one.run(Request(tiny.ENDLESS))
        with pytest.raises(QueryTimeout, match="busy"):
            one.run(Request("ASK {}"), seconds=0.1)
        result.close()
        result.close()
        assert number(one) == len(tiny.QUADS)


def test_closing_an_unfinished_result_ends_its_worker(workers):
    before = set(workers.pids())
    result = workers.run(Request(tiny.ENDLESS))
    next(iter(result))
    result.close()
    (ended,) = before - set(workers.pids())
    assert tiny.gone(ended)
    assert len(workers.pids()) == 2


def test_a_reader_that_waits_is_released_by_closing(workers):
    result = workers.run(Request(tiny.ENDLESS))
    threading.Timer(0.1, result.close).start()
    with pytest.raises(QueryError):
        for _ in result:
            pass
    assert number(workers) == len(tiny.QUADS)


def test_a_slow_reader_loses_its_worker_in_the_end(workers, monkeypatch):
    parts = iter(workers.run(Request(tiny.ENDLESS)))
    next(parts)
    later = time.monotonic() + results.HOLD * 20 + 1
    monkeypatch.setattr(results, "time", SimpleNamespace(monotonic=lambda: later))
    with pytest.raises(QueryTimeout):
        next(parts)


def test_a_worker_that_was_killed_is_replaced(workers):
    for pid in workers.pids():
        os.kill(pid, signal.SIGKILL)
        assert tiny.gone(pid)
    assert number(workers) == len(tiny.QUADS)
    assert number(workers) == len(tiny.QUADS)


def test_a_result_that_is_dropped_is_given_back(folder):
    with Pool(folder, workers=1) as one:
        assert one.run(Request(tiny.ENDLESS)).kind == "bindings"
        assert number(one) == len(tiny.QUADS)
        assert len(one.pids()) == 1


def test_long_queries_make_room_and_the_longest_ends_when_there_is_none(folder, monkeypatch):
    monkeypatch.setattr(pool, "LONG", 0.2)
    monkeypatch.setattr(pool, "ENOUGH", 0.0)  # a busy machine gives none of its time to long queries
    with Pool(folder, workers=1, seconds=60) as workers:
        running = [iter(workers.run(Request(tiny.ENDLESS))) for _ in range(3)]
        for _ in range(3):
            assert number(workers) == len(tiny.QUADS)
        ended = list[str]()
        for parts in running:
            try:
                assert len(list(islice(parts, 10))) == 10
            except QueryTimeout as error:
                ended.append(str(error))
        assert ["others were waiting" in said for said in ended] == [True, True]
        assert len(workers.pids()) == 2, "the third goes on beside"
        for parts in running:
            parts.close()
        assert number(workers) == len(tiny.QUADS)
        assert len(workers.pids()) == 1


def niceness(pid):
    """Return by how much the nicest thread of a process is nicer than this one."""
    found = [0]
    with suppress(OSError):  # one that has ended since
        for task in Path(f"/proc/{pid}/task").iterdir():
            found.append(os.getpriority(os.PRIO_PROCESS, int(task.name)))
    return max(found) - os.getpriority(os.PRIO_PROCESS, 0)


@contextmanager
def waiting(workers):
    """Give a query that waits, as a long one does, until one sets the event; and the future of its answer."""
    asked, go_on = threading.Event(), threading.Event()

    def answers(question):
        asked.set()
        assert go_on.wait(60)
        return longer(question)

    request = Request(f'SELECT (<{LENGTHS}>("abc", "a") AS ?n) {{}}', "csv", functions=(LENGTHS,))
    with ThreadPoolExecutor(1) as threads:
        running = threads.submit(lambda: b"".join(workers.run(request, answers=answers)))
        try:
            assert asked.wait(60)
            yield running, go_on
        finally:
            go_on.set()


def test_a_long_query_that_steps_back_still_finishes(folder):
    with Pool(folder, workers=1, seconds=60) as workers:
        with waiting(workers) as (running, go_on):
            assert number(workers) == len(tiny.QUADS)
            assert not running.done()
            go_on.set()
            assert running.result().split() == [b"n", b"2"]
        assert number(workers) == len(tiny.QUADS)
        assert len(workers.pids()) == 1


def test_closing_leaves_no_process_behind(folder):
    made = Pool(folder, workers=3)
    running = made.run(Request(tiny.ENDLESS))
    pids = made.pids()
    made.close()
    made.close()
    assert all(tiny.gone(pid) for pid in pids)
    with pytest.raises(QueryError):
        for _ in running:
            pass
    with pytest.raises(StoreError, match="stopped"):
        made.run(Request("ASK {}"))


def test_workers_follow_a_parent_that_is_killed(folder):
    code = (
        "import sys, threading; from pathlib import Path; from kg.pool import Pool, Request\n"
        f"pool = Pool(Path({str(folder)!r}), workers=2, seconds=60)\n"
        f"pool.keep(Path({str(folder.parent / tiny.PIECES)!r}), 100)\n"
        f"threading.Thread(target=pool.run, args=[Request({tiny.RUNAWAY!r})]).start()\n"
        "sys.stdin.read()"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdin=-1, stderr=-3, cwd=ROOT) as parent:
        try:
            # what workers are forked from, on disk and in memory, and two workers
            assert tiny.comes(lambda: len(family(parent.pid)) >= 5)
            assert tiny.comes(lambda: max(map(niceness, family(parent.pid))) >= 5), "the query is under way"
        finally:
            started = family(parent.pid)
            parent.kill()
            parent.wait()
    assert all(tiny.gone(pid) for pid in started)


LENGTHS = "http://e/longer"


def longer(question):
    """Say by how many characters the first term is longer."""
    first, second = json.loads(question)["terms"]
    return json.dumps({"value": float(len(first) - len(second)), "all": None}).encode()


def test_a_function_that_the_parent_computes(workers):
    query = f'SELECT ?x (<{LENGTHS}>(?x, "a") AS ?n) {{ VALUES ?x {{ "a" "abc" "ab" }} FILTER(<{LENGTHS}>(?x, "a") > 0) }} ORDER BY <{LENGTHS}>(?x, "a")'
    asked = []

    def answers(question):
        asked.append(question)
        return longer(question)

    result = workers.run(Request(query, "csv", functions=(LENGTHS,)), answers=answers)
    assert b"".join(result).split() == [b"x,n", b"ab,1", b"abc,2"]
    assert len(asked) == 3, "each value is asked for once"
    assert (
        b"".join(workers.run(Request(f'SELECT (<{LENGTHS}>("a") AS ?n) {{}}', "csv", functions=(LENGTHS,))))
        == b"n\r\n\r\n"
    )


def test_all_values_at_once(workers):
    asked = []

    def answers(question):
        asked.append(question)
        return json.dumps({"value": 1.0, "all": {f"<http://e/{n}>": float(n) for n in range(5)}}).encode()

    values = " ".join(f"<http://e/{n}>" for n in range(9))
    query = f'SELECT ?x {{ VALUES ?x {{ {values} }} FILTER(<{LENGTHS}>(?x, "a") > 1) }}'
    found = b"".join(workers.run(Request(query, "csv", functions=(LENGTHS,)), answers=answers))
    assert found.split() == [b"x", b"http://e/2", b"http://e/3", b"http://e/4"]
    assert len(asked) == 1


def test_a_function_that_fails_ends_the_query_and_spares_the_pool(workers):
    def answers(question):
        raise StoreError("no model")

    query = f'SELECT (<{LENGTHS}>("a", "b") AS ?n) {{}}'
    with pytest.raises(StoreError, match="no model"):
        b"".join(workers.run(Request(query, functions=(LENGTHS,)), answers=answers))
    assert number(workers) == len(tiny.QUADS)
    assert len(workers.pids()) == 2


def test_a_parent_that_takes_long_to_answer_counts_for_the_deadline(workers):
    def answers(question):
        time.sleep(0.1)
        return longer(question)

    query = f'SELECT (<{LENGTHS}>(STR(?v), "b") AS ?n) {{ VALUES ?v {{ 1 2 3 4 5 6 }} }}'
    with pytest.raises(QueryTimeout):
        b"".join(workers.run(Request(query, functions=(LENGTHS,)), seconds=0.2, answers=answers))


def test_a_result_has_so_many_rows(folder):
    with Pool(folder, workers=1, rows=len(tiny.QUADS)) as bounded:
        for form in ("json", "xml", "csv", "tsv"):
            assert answer(bounded, "SELECT * { ?s ?p ?o }", rows=form)
            with pytest.raises(QueryTooLarge, match="more than 9 rows"):
                answer(bounded, "SELECT * { ?s ?p ?o . ?a ?b ?c }", rows=form)
        doubled = "CONSTRUCT { ?s ?p ?o . ?s ?o2 ?p } WHERE { ?s ?p ?o BIND(IRI(CONCAT(STR(?p), '2')) AS ?o2) }"
        with pytest.raises(QueryTooLarge, match="more than 9 rows"):
            answer(bounded, doubled)


@pytest.mark.skipif(sys.platform != "linux", reason="threads have a niceness of their own on Linux only")
def test_a_query_that_takes_long_comes_after_others_and_its_worker_does_not(folder, monkeypatch):
    monkeypatch.setattr(pool, "PATIENCE", 60)
    with Pool(folder, workers=1, seconds=60) as one:
        (pid,) = one.pids()
        with waiting(one) as (running, go_on):
            assert tiny.comes(lambda: niceness(pid) >= 5)
            go_on.set()
            assert running.result()
        assert one.pids() == [pid]
        assert tiny.comes(lambda: niceness(pid) == 0)


@pytest.mark.parametrize("name", ["missing", "file"])
def test_a_store_that_cannot_be_opened_is_said_in_answer(tmp_path, name):
    (tmp_path / "file").write_text("")
    with Pool(tmp_path / name, workers=1) as broken:
        for _ in range(2):
            with pytest.raises(StoreError, match=name):
                broken.run(Request("ASK {}"))


FETCHING = [
    "SELECT * {{ SERVICE <{}> {{ ?s ?p ?o }} }}",
    "SELECT * {{ SERVICE SILENT <{}> {{ ?s ?p ?o }} }}",
    "PREFIX e: <{}> SELECT * {{ SERVICE e:x {{ ?s ?p ?o }} }}",
    "LOAD <{}>",
    "INSERT {{ ?s ?p ?o }} WHERE {{ SERVICE <{}> {{ ?s ?p ?o }} }}",
    "LOAD SILENT <{0}> INTO GRAPH <{0}>",
    "SELECT * {{ {{ SELECT * {{ OPTIONAL {{ SERVICE <{}> {{ ?s ?p ?o }} }} }} }} }}",
    "ASK {{ FILTER NOT EXISTS {{ SERVICE SILENT <{}> {{ }} }} }}",
    "BASE <{}> SELECT * {{ SERVICE <x> {{ ?s ?p ?o }} }}",
    "SELECT * {{ BIND(<{}> AS ?x) SERVICE ?x {{ ?s ?p ?o }} }}",
]


@pytest.mark.parametrize("query", FETCHING)
def test_nothing_is_fetched(workers, query):
    with tiny.listener() as (address, heard):
        with pytest.raises(QueryRefused):
            workers.run(Request(query.format(address)))
        assert heard == []


@pytest.mark.parametrize(
    "query", ["SELECT * FROM <{}> {{ ?s ?p ?o }}", "SELECT * FROM NAMED <{}> {{ GRAPH ?g {{ ?s ?p ?o }} }}"]
)
def test_from_reads_our_graphs_only(workers, tmp_path, query):
    (tmp_path / "secret.ttl").write_text("<http://e/s> <http://e/p> <http://e/o> .")
    with tiny.listener() as (address, heard):
        for source in (address, (tmp_path / "secret.ttl").as_uri()):
            assert b"http://e/s" not in answer(workers, query.format(source))
            assert number(workers, dataset=Dataset((source,))) == 0
        assert heard == []


@pytest.mark.skipif(sys.platform != "linux", reason="seccomp is Linux's")
def test_the_second_lock_holds_where_the_first_is_open(workers, monkeypatch):
    monkeypatch.setattr(pool.sparql, "refuse", lambda query, services: None)
    with tiny.listener() as (address, heard):
        with pytest.raises(QueryError, match="denied"):
            answer(workers, FETCHING[0].format(address))
        assert answer(workers, FETCHING[1].format(address), rows="csv").count(b"\n") <= 2
        assert heard == []


def test_frames_join_small_writes_and_split_at_the_chunk():
    read, write = os.pipe()
    found: list[bytes] = []
    reader = threading.Thread(target=lambda: found.append(worker.read_exactly(read, 5 + 2 + worker.CHUNK)))
    reader.start()
    frames = worker.Frames(write)
    frames.write(b"ab")
    frames.write(b"c" * worker.CHUNK)
    reader.join(5)
    assert found[0][:1] == b"D"
    assert found[0][5:8] == b"abc"
    os.close(write)
    assert worker.read_exactly(read, 1) == b""
    os.close(read)


def test_other_systems_go_without_the_second_lock(monkeypatch):
    monkeypatch.setattr(confinement.platform, "machine", lambda: "riscv64")
    assert confinement.forbid_network() is False
