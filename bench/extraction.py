"""How fast facts are found and written, where the time goes, and whether memory stays flat over many reports.

python bench/extraction.py [--copies 1000]

Each copy of a seed report ends its lines with a word of its own, so that nothing remembered of one text serves another.
Seconds are processor time of one core; megabytes are of UTF-8 text.
"""

import argparse
import resource as limits
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import count, islice, product
from string import ascii_lowercase
from typing import Any

from kg.catalogue import read_catalogue
from kg.extraction import EXTRACTORS, facts_of
from kg.model import Report
from kg.pipeline import Pipeline
from kg.reading.blocks import read_blocks
from kg.settings import resource
from kg.triples import quads_of_fact, quads_of_report

ROUNDS = 3  # the fastest round counts: other programs only ever make one slower


def main() -> None:
    """Print one figure a line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--copies", type=int, default=1000, help="reports read for the figures of memory")
    pipeline, copies = Pipeline(resource("ontology")), copies_of(read_catalogue(resource("seeds")))
    speed(pipeline, copies)
    memory(pipeline, islice(copies, parser.parse_args().copies))


def copies_of(seeds: Sequence[Report]) -> Iterator[Report]:
    """Yield the seeds again and again, each time under another id and with other words at the ends of lines."""
    words = ("".join(letters) for letters in product(ascii_lowercase, repeat=5))
    for number, word in zip(count(), words, strict=False):
        seed = seeds[number % len(seeds)]
        text = "".join(f"{line.rstrip()} {word}\n" if line.strip() else "\n" for line in seed.text.splitlines())
        yield replace(seed, id=f"{seed.id}-{word}", text=text)


def speed(pipeline: Pipeline, copies: Iterator[Report]) -> None:
    """Print megabytes a second of extraction alone and of all, and each stage's share of the time."""
    vocabulary, best = pipeline.vocabulary, dict[str, float]()
    for report in islice(copies, 5):  # the automata are built at the first report
        facts_of(report, vocabulary)
    for _ in range(ROUNDS):
        spent: Counter[str] = Counter()
        reports = list(islice(copies, 5))
        for report in reports:
            stages(report, pipeline, spent)
        size = sum(len(report.text.encode()) for report in reports) / 1e6
        best = {name: min(best.get(name, 1e9), seconds / size) for name, seconds in spent.items()}
    for name, seconds in best.items():
        show(f"{name}, s per MB", seconds)
    found = sum(seconds for name, seconds in best.items() if name.startswith("find "))
    show("extraction alone, MB per s and core", 1 / found)
    show("extraction, triples and shapes, MB per s and core", 1 / sum(best.values()))


def stages(report: Report, pipeline: Pipeline, spent: Counter[str]) -> None:
    """Add up the seconds of each stage over one report."""

    def timed(name: str, work: Callable[[], Any]) -> Any:
        began = time.process_time()
        result = work()
        spent[name] += time.process_time() - began
        return result

    vocabulary = pipeline.vocabulary
    document = timed("find blocks", lambda: read_blocks(report))
    for extract in EXTRACTORS:
        package = extract.__module__.removeprefix("kg.extraction.").split(".")[0]
        timed(f"find {package}", lambda extract=extract: list(extract(document, vocabulary)))
    facts = facts_of(report, vocabulary)
    quads = timed("write triples", lambda: {f.iri: quads_of_fact(f, report, vocabulary) for f in facts})
    timed("write passages", lambda: quads_of_report(report, facts))
    timed("check shapes", lambda: pipeline.shapes.check(quads, report))


def memory(pipeline: Pipeline, reports: Iterator[Report]) -> None:
    """Print the largest memory that the process has had, after more and more reports."""
    show_at = {10, 100, 200, 500, 1000, 2000, 5000}
    for number, report in enumerate(reports, 1):
        pipeline.extract(report)
        if number in show_at:
            show(f"memory after {number} reports, MB", limits.getrusage(limits.RUSAGE_SELF).ru_maxrss / 1024)


def show(what: str, figure: float) -> None:
    """Print a figure."""
    sys.stdout.write(f"{what:52} {figure:8.2f}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
