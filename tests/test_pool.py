import json
import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest

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


@pytest.fixture
def workers(folder):
    with Pool(folder, workers=2, memory=1 << 30, seconds=20) as made:
        yield made


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
    began = time.monotonic()
    with pytest.raises(QueryTimeout, match=r"longer than 0\.5 s"):
        workers.run(Request(tiny.RUNAWAY), seconds=0.5)
    assert time.monotonic() - began < 1.5
    assert number(workers) == len(tiny.QUADS)
    assert len(workers.pids()) == 2


def test_a_result_without_end_is_broken_off(workers):
    result = workers.run(Request(tiny.ENDLESS, rows="csv"), seconds=0.5)
    with pytest.raises(QueryTimeout):
        for _ in result:
            pass
    assert number(workers) == len(tiny.QUADS)


def test_a_greedy_query_ends_its_worker_only(folder):
    with Pool(folder, workers=1, memory=1 << 29, seconds=30) as one:
        with pytest.raises(QueryTooLarge, match="512 MiB"):
            one.run(Request(tiny.GREEDY))
        assert number(one) == len(tiny.QUADS)


def test_a_deeply_nested_query_ends_its_worker_only(workers):
    with pytest.raises(QueryTooLarge, match="nested"):
        workers.run(Request(f"ASK {{ FILTER({'(' * 20_000}1{')' * 20_000}) }}"))
    assert number(workers) == len(tiny.QUADS)


def test_the_least_memory_that_can_be_set_is_enough(folder):
    with Pool(folder, workers=1, memory=256 << 20) as small:
        assert number(small) == len(tiny.QUADS)


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

    with Pool(folder, workers=4, memory=1 << 30, seconds=5) as workers:
        with ThreadPoolExecutor(6) as threads:
            running = [threads.submit(run_away) for _ in range(2)]
            assert set(threads.map(lambda _: number(workers), range(100))) == {len(tiny.QUADS)}
            stop.set()
            for future in running:
                future.result()
        assert len(workers.pids()) == 4


def test_a_busy_pool_says_so(folder, monkeypatch):
    monkeypatch.setattr(pool, "PATIENCE", 60)
    with Pool(folder, workers=1, seconds=5) as one:
        result = one.run(Request(tiny.ENDLESS))
        with pytest.raises(QueryTimeout, match="busy"):
            one.run(Request("ASK {}"), seconds=0.2)
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
    threading.Timer(0.2, result.close).start()
    with pytest.raises(QueryError):
        for _ in result:
            pass
    assert number(workers) == len(tiny.QUADS)


def test_a_slow_reader_loses_its_worker_in_the_end(folder, monkeypatch):
    monkeypatch.setattr(results, "HOLD", 1)
    with Pool(folder, workers=1, seconds=0.3) as one:
        parts = iter(one.run(Request(tiny.ENDLESS)))
        next(parts)
        time.sleep(0.5)
        with pytest.raises(QueryTimeout):
            for _ in parts:
                pass


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
    monkeypatch.setattr(pool, "LONG", 0.3)
    said = []

    def run_away():
        with pytest.raises(QueryTimeout) as caught:
            workers.run(Request(tiny.RUNAWAY))
        said.append(str(caught.value))

    with Pool(folder, workers=1, seconds=4) as workers, ThreadPoolExecutor(3) as threads:
        running = [threads.submit(run_away) for _ in range(3)]
        time.sleep(0.3)
        for _ in range(3):
            began = time.monotonic()
            assert number(workers) == len(tiny.QUADS)
            assert time.monotonic() - began < 2.5
        until = time.monotonic() + 2
        while len(workers.pids()) > 2 and time.monotonic() < until:  # one that is ended is gone a moment later
            time.sleep(0.02)
        assert 1 <= len(workers.pids()) <= 2
        for future in running:
            future.result()
        assert any("others were waiting" in each for each in said)
        assert any("longer than 4 s" in each for each in said)
        assert number(workers) == len(tiny.QUADS)
        assert len(workers.pids()) == 1


def test_a_long_query_that_steps_back_still_finishes(folder):
    with Pool(folder, workers=1, seconds=60) as workers, ThreadPoolExecutor(1) as threads:
        running = threads.submit(answer, workers, tiny.LONG)
        time.sleep(pool.PATIENCE + 0.2)
        assert number(workers) == len(tiny.QUADS)
        assert not running.done()
        assert b'"8000000"' in running.result()
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
        f"threading.Thread(target=pool.run, args=[Request({tiny.RUNAWAY!r})]).start()\n"
        "print(*pool.pids(), flush=True); sys.stdin.read()"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdin=-1, stdout=-1, stderr=-3, cwd=ROOT) as parent:
        assert parent.stdout is not None
        pids = [int(pid) for pid in parent.stdout.readline().split()]
        time.sleep(0.3)
        parent.kill()
        parent.wait()
    assert len(pids) == 2
    assert all(tiny.gone(pid) for pid in pids)


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
        time.sleep(0.3)
        return longer(question)

    query = f'SELECT (<{LENGTHS}>(STR(?v), "b") AS ?n) {{ VALUES ?v {{ 1 2 3 4 5 6 }} }}'
    with pytest.raises(QueryTimeout):
        b"".join(workers.run(Request(query, functions=(LENGTHS,)), seconds=0.5, answers=answers))


@pytest.mark.parametrize("form", ["json", "xml", "csv", "tsv"])
def test_a_result_has_so_many_rows(folder, form):
    with Pool(folder, workers=1, rows=len(tiny.QUADS)) as bounded:
        assert answer(bounded, "SELECT * { ?s ?p ?o }", rows=form)
        with pytest.raises(QueryTooLarge, match="more than 9 rows"):
            answer(bounded, "SELECT * { ?s ?p ?o . ?a ?b ?c }", rows=form)
        with pytest.raises(QueryTooLarge, match="more than 9 rows"):
            answer(
                bounded, "CONSTRUCT { ?s ?p ?o . ?s ?o2 ?p } WHERE { ?s ?p ?o BIND(IRI(CONCAT(STR(?p), '2')) AS ?o2) }"
            )


@pytest.mark.skipif(sys.platform != "linux", reason="threads have a niceness of their own on Linux only")
def test_a_query_that_takes_long_comes_after_others_and_its_worker_does_not(folder):
    def niceness(pid):
        found = [0]
        for task in Path(f"/proc/{pid}/task").iterdir():
            with suppress(ProcessLookupError):  # a thread that has ended since
                found.append(os.getpriority(os.PRIO_PROCESS, int(task.name)))
        return max(found) - os.getpriority(os.PRIO_PROCESS, 0)

    with Pool(folder, workers=1, seconds=30) as one:
        (pid,) = one.pids()
        with ThreadPoolExecutor(1) as threads:
            running = threads.submit(answer, one, tiny.LONG)
            until = time.monotonic() + 10
            while niceness(pid) < 5 and time.monotonic() < until:
                time.sleep(0.01)
            assert niceness(pid) >= 5
            assert running.result()
        assert pid in one.pids() or number(one) == len(tiny.QUADS)


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
