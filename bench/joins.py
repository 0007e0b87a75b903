"""One query over graph, words and meaning at scale: 200,000 passages and a million triples, p50 and p95 of its shapes.

python -m bench.joins FOLDER [--index INDEX] [--passages 200000] [--repeat 60] [--only 3]

The passages are those of ``bench/growth.py``; building an index of them takes minutes, so FOLDER keeps it for the next
run, and INDEX may be one that ``bench.growth`` has left. Each shape is measured as wall time and as processor time of
this process and the query workers together: the latter is what an idle machine would take at most.
"""

import argparse
import os
import statistics
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from bench.recombined import COMPANIES, E, passages
from kg.pool import Pool
from kg.settings import ROOT, resource
from kg.store import Store
from kg.terms import IRI, PREFIXES, Quad, number, text
from kg.vocabulary import Vocabulary
from search.assembling import build_index
from search.concepts import Concepts
from search.encoder import Encoder, load_question_encoder
from search.endpoint import Endpoint
from search.entries import PASSAGE, Entry, Where
from search.index import Index
from search.similarity import Similarity

SECTORS = 10
TYPE = IRI(f"{PREFIXES['rdf']}type")
HEAD = f"PREFIX e: <{E}> PREFIX search: <https://w3id.org/tantu/search#> "
TEXTS = ("liquid cooling of data centres", "water recycling", "renewable electricity", "flood risk of base stations")
SEARCH = 'SERVICE search:passages {{ ?p search:query "{text}" ; search:score ?s ; search:limit 50 }}'
NEAR = 'BIND(search:similarity(?p, "{text}") AS ?s)'
CHOSEN = "?p e:year 2020 ; e:company ?c . ?c e:sector e:sector-3 . FILTER(?c != e:company-13)"
SHAPES = {
    "search, then graph, filter and order": f"{SEARCH} ?p e:year ?y ; e:company/e:sector ?x . FILTER(?y > 2016)",
    "2,000 candidates chosen by the graph": f"{CHOSEN} {SEARCH}",
    "20,000 candidates chosen by the graph": f"?p e:company ?c . ?c e:sector e:sector-3 . {SEARCH}",
    "all 200,000 as candidates": f"?p e:company ?c . {SEARCH}",
    "similarity of 40 passages": f"?p e:company e:company-7 ; e:year 2020 . {NEAR}",
    "similarity of 20,000 passages": f"?p e:company ?c . ?c e:sector e:sector-3 . {NEAR}",
}  # fmt: skip


def main() -> None:
    """Build what is missing, and print p50 and p95 of each shape."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--passages", type=int, default=200_000)
    parser.add_argument("--index", type=Path)
    parser.add_argument("--repeat", type=int, default=60)
    parser.add_argument("--only", type=int, default=len(SHAPES), help="measure so many of the shapes")
    given = parser.parse_args()
    vocabulary, encoder = Vocabulary.load(resource("ontology")), load_question_encoder(ROOT / "search" / "model")
    place = given.index or given.folder / "index"
    build(given.folder / "store", place, given.passages, vocabulary, encoder)
    index = Index.open(place, encoder, vocabulary)
    concepts = Concepts(vocabulary, encoder)

    with Pool(given.folder / "store", workers=2) as pool:
        endpoint = Endpoint(
            pool,
            lambda sought: index.found(sought, Where(frozenset({PASSAGE}), candidates=sought.candidates)),
            lambda: Similarity(index, concepts),
        )
        for name, pattern in list(SHAPES.items())[: given.only]:
            measure(endpoint, name, pattern, given.repeat)


def measure(endpoint: Endpoint, name: str, pattern: str, repeat: int) -> None:
    """Print the milliseconds that a shape takes, and those of the processor."""
    taken, used = [], []
    for turn in range(repeat + 3):
        query = f"{HEAD} SELECT ?p ?s {{ {pattern.format(text=TEXTS[turn % len(TEXTS)])} }} ORDER BY DESC(?s) LIMIT 20"
        began, before = time.perf_counter(), processor(endpoint.pool)
        b"".join(endpoint.run(query, ("text/csv",))[1])
        taken.append(1000 * (time.perf_counter() - began))
        used.append(1000 * (processor(endpoint.pool) - before))
    figures = [figure for every in (taken[3:], used[3:]) for figure in (statistics.median(every), p95(every))]
    sys.stdout.write(
        f"{name:40} p50 {figures[0]:7.1f} ms  p95 {figures[1]:7.1f} ms  "
        f"processor p50 {figures[2]:7.1f} ms  p95 {figures[3]:7.1f} ms\n"
    )
    sys.stdout.flush()


def p95(figures: list[float]) -> float:
    """Return what 95 in 100 do not pass."""
    return sorted(figures)[int(0.95 * (len(figures) - 1))]


def processor(pool: Pool) -> float:
    """Return the seconds of processor time that this process and the workers have used."""
    found = time.process_time()
    for pid in pool.pids():
        with suppress(OSError):
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            found += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return found


def build(folder: Path, index: Path, count: int, vocabulary: Vocabulary, encoder: Encoder) -> None:
    """Write the triples of the passages, and their index, where they are missing."""
    if not (index / "vectors.faiss").exists():
        build_index(index, list(passages(count, vocabulary)), encoder, vocabulary)
    if not folder.exists():
        aside = folder.with_suffix(".part")
        with Store.create(aside) as store:
            store.load("\n".join(quad.nquads for quad in quads(passages(count, vocabulary))).encode())
            store.optimize()
        aside.rename(folder)


def quads(entries: Iterable[Entry]) -> Iterator[Quad]:
    """Yield five triples for each passage, and the sectors of the companies."""
    graph = IRI(f"{E}g")
    for entry in entries:
        subject = IRI(entry.iri)
        yield Quad(subject, TYPE, IRI(f"{E}Passage"), graph)
        yield Quad(subject, IRI(f"{E}company"), IRI(entry.company), graph)
        yield Quad(subject, IRI(f"{E}year"), number(entry.year or 0), graph)
        yield Quad(subject, IRI(f"{E}text"), text(entry.text, "en"), graph)
        yield Quad(subject, IRI(f"{E}length"), number(entry.end), graph)
    for n in range(COMPANIES):
        yield Quad(IRI(f"{E}company-{n}"), IRI(f"{E}sector"), IRI(f"{E}sector-{n % SECTORS}"), graph)


if __name__ == "__main__":
    main()
