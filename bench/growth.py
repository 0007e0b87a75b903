"""How an index grows: seconds to build, bytes on disk, milliseconds of a search and what it misses, by passages.

python -m bench.growth FOLDER [--sizes 1000 10000 50000 200000] [--plot]

Everything is measured in the process's own seconds, a search as the best of several; FOLDER keeps the indexes for the
next run. A search is that of `tantu search`: the question's encoding, its words and their translations, and the
explanation of ten hits are part of it. What it finds is compared with a search that scores every passage. `--plot`
writes what was measured to docs/images/growth.csv and growth.svg.
"""

import argparse
import csv
import json
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from unittest.mock import patch

import numpy as np

from bench.plotting import Panel, plot
from bench.recombined import passages
from kg.settings import ROOT, resource
from kg.vocabulary import Vocabulary
from search.assembling import build_index
from search.encoder import Encoder, load_question_encoder
from search.entries import Where
from search.index import Index
from search.shards import quality

IMAGES = ROOT / "docs" / "images"
FILTERS: Mapping[str, Where] = {
    "all": Where(),
    "a fifth": Where(years=frozenset({2015, 2016})),
    "a company": Where(companies=frozenset({"http://bench/company-7"})),
    "a language": Where(language="en"),
}
Row = dict[str, float]


def main() -> None:
    """Print one line for each size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1000, 10_000, 50_000, 200_000])
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--plot", action="store_true")
    given = parser.parse_args()
    vocabulary, encoder = Vocabulary.load(resource("ontology")), load_question_encoder(ROOT / "search" / "model")
    lines = (ROOT / "bench" / "questions-dev.jsonl").read_text("utf-8").splitlines()
    questions = [json.loads(line)["question"] for line in lines]
    rows = []
    for size in given.sizes:
        folder = given.folder / str(size)
        built = _built(folder, size, vocabulary, encoder)
        rows.append({"passages": size, **built, **_measured(folder, vocabulary, encoder, questions, given.repeat)})
        sys.stdout.write("  ".join(f"{name} {value:g}" for name, value in rows[-1].items()) + "\n")
        sys.stdout.flush()
    if given.plot:
        _write(rows)


def _write(rows: list[Row]) -> None:
    """Write what was measured as a table and as a picture."""
    with (IMAGES / "growth.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        table.writeheader()
        table.writerows(rows)
    panels = [
        Panel(title, unit, [(row["passages"], row[name]) for row in rows])
        for name, title, unit in (
            ("build_s", "Building", "s"),
            ("megabytes", "On disk", "MB"),
            ("all_p95_ms", "A search, 95 of 100", "ms"),
        )
    ]
    (IMAGES / "growth.svg").write_text(plot(panels, "passages"), "utf-8")


def _built(folder: Path, size: int, vocabulary: Vocabulary, encoder: Encoder) -> Row:
    """Build an index where there is none, and return what it took."""
    kept = folder / "built.json"
    if not kept.is_file():
        entries = list(passages(size, vocabulary))
        began = time.process_time()
        build_index(folder, entries, encoder, vocabulary)
        kept.write_text(json.dumps({"build_s": round(time.process_time() - began, 1)}), "utf-8")
    found: Row = json.loads(kept.read_text("utf-8"))
    vectors = quality(folder)
    size_mb = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6
    return {**found, "megabytes": round(size_mb, 1), "vectors": vectors.count, "vectors_recall": vectors.recall}


def _measured(folder: Path, vocabulary: Vocabulary, encoder: Encoder, questions: Sequence[str], repeat: int) -> Row:
    began = time.process_time()
    index = Index.open(folder, encoder, vocabulary)
    found: Row = {"open_ms": round(1000 * (time.process_time() - began), 1)}
    for question in questions:
        index.search(question)
    for name, where in FILTERS.items():
        taken = [min(_took(index, question, where) for _ in range(repeat)) for question in questions]
        found[f"{name}_p50_ms"], found[f"{name}_p95_ms"] = (float(np.percentile(taken, p).round(1)) for p in (50, 95))
        found[f"{name}_recall"] = _recall(index, questions, where)
    found["memory_mb"] = _memory()
    return found


def _took(index: Index, question: str, where: Where) -> float:
    """Return the milliseconds of the process that a search takes."""
    began = time.process_time()
    index.search(question, where=where)
    return 1000 * (time.process_time() - began)


def _recall(index: Index, questions: Sequence[str], where: Where) -> float:
    """Return the share of the best ten that a search finds; what is as good as the tenth counts as one of them."""
    shares = []
    for question in questions:
        quick = [hit.score for hit in index.search(question, where=where)]
        with patch("search.index.ALL", len(index.entries)):
            best = [hit.score for hit in index.search(question, where=where)]
        shares.append(sum(score >= best[-1] for score in quick) / len(best) if best else 1.0)
    return round(float(np.mean(shares)), 4)


def _memory() -> float:
    """Return the megabytes of this process that are no file's."""
    status = Path("/proc/self/status")
    lines = status.read_text("utf-8").splitlines() if status.is_file() else []
    return round(sum(int(line.split()[1]) for line in lines if line.startswith("RssAnon:")) / 1000, 1)


if __name__ == "__main__":
    main()
