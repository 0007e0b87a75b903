"""One query over graph, words and meaning at scale: 200,000 passages and a million triples, p50 and p95 of its shapes.

python bench/joins.py FOLDER [--passages 200000] [--repeat 60]

The passages are made of the ontology's labels; building them takes minutes, so FOLDER keeps them for the next run.
"""

import argparse
import random
import statistics
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from kg.pool import Pool
from kg.settings import ROOT, resource
from kg.store import Store
from kg.terms import IRI, PREFIXES, Quad, number, text
from kg.vocabulary import Vocabulary
from search.concepts import Concepts
from search.encoder import Encoder, load_question_encoder
from search.endpoint import Endpoint
from search.entries import PASSAGE, Entry, Where
from search.index import Index, build_index
from search.similarity import Similarity

COMPANIES, SECTORS = 500, 10
E = "http://bench/"
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
    parser.add_argument("--repeat", type=int, default=60)
    given = parser.parse_args()
    vocabulary, encoder = Vocabulary.load(resource("ontology")), load_question_encoder(ROOT / "search" / "model")
    if not (given.folder / "done").exists():
        build(given.folder, given.passages, vocabulary, encoder)
    index = Index.open(given.folder / "index", encoder, vocabulary)
    concepts = Concepts(vocabulary, encoder)

    with Pool(given.folder / "store", workers=2) as pool:
        endpoint = Endpoint(
            pool,
            lambda sought: index.found(sought, Where(frozenset({PASSAGE}), candidates=sought.candidates)),
            lambda: Similarity(index, concepts),
        )
        for name, pattern in SHAPES.items():
            measure(endpoint, name, pattern, given.repeat)


def measure(endpoint: Endpoint, name: str, pattern: str, repeat: int) -> None:
    """Print the milliseconds that a shape takes."""
    taken = []
    for turn in range(repeat + 3):
        query = f"{HEAD} SELECT ?p ?s {{ {pattern.format(text=TEXTS[turn % len(TEXTS)])} }} ORDER BY DESC(?s) LIMIT 20"
        began = time.perf_counter()
        b"".join(endpoint.run(query, ("text/csv",))[1])
        taken.append(1000 * (time.perf_counter() - began))
    taken = sorted(taken[3:])
    sys.stdout.write(
        f"{name:40} p50 {statistics.median(taken):8.1f} ms   p95 {taken[int(0.95 * (repeat - 1))]:8.1f} ms\n"
    )
    sys.stdout.flush()


def build(folder: Path, count: int, vocabulary: Vocabulary, encoder: Encoder) -> None:
    """Write passages and their triples."""
    chance = random.Random(1)
    names = [label.text for concept in vocabulary.of_type("Metric", "Technology") for label in concept.labels]
    entries = [passage(n, chance.sample(names, 6)) for n in range(count)]
    build_index(folder / "index", entries, encoder, vocabulary)
    with Store.create(folder / "store") as store:
        store.load("\n".join(quad.nquads for quad in quads(entries)).encode())
        store.optimize()
    (folder / "done").touch()


def passage(n: int, words: list[str]) -> Entry:
    """Return a passage of some words."""
    body = f"{n}: {'; '.join(words)}."
    return Entry(
        f"{E}p{n:07}", PASSAGE, body, "r", 0, len(body), f"{E}company-{n % COMPANIES}", 2015 + n // 500 % 10, "en"
    )


def quads(entries: list[Entry]) -> Iterator[Quad]:
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
