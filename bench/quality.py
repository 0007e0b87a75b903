"""How well facts are found in every annotated report: F1 by kind, and of numbers with every attribute right.

python -m bench.quality
"""

import sys
from collections import Counter

from bench.annotated import facts, gold, reports
from kg.scoring import FINDS, KINDS, Score, disagreements, matched, scores
from kg.settings import resource
from kg.vocabulary import Vocabulary

COLUMNS = ("numbers", "exact", "risks", "initiatives", "technologies")


def main() -> None:
    """Print a line for each report, one for all, and what the numbers that were found disagree in."""
    total = {name: Score(0, 0, 0) for name in COLUMNS}
    wrong: Counter[str] = Counter()
    sys.stdout.write(f"{'':14}" + "".join(f"{name:>14}" for name in COLUMNS) + "\n")
    for report, vocabulary in reports(Vocabulary.load(resource("ontology"))):
        found, meant, years = facts(report, vocabulary), gold(report.id), {report.id: report.year}
        got = scores(found, meant, years)
        total = {name: plus(total[name], got[name]) for name in COLUMNS}
        show(report.id, got)
        said, noted = ([row for row in rows if row["kind"] in KINDS["numbers"]] for rows in (found, meant))
        for pair in matched(said, noted, FINDS["numbers"]):
            wrong.update(disagreements(pair, years))
    show("all", total)
    sys.stdout.write(f"numbers found that differ in: {dict(wrong.most_common())} of {total['numbers'].found}\n")


def plus(one: Score, other: Score) -> Score:
    """Add two scores up."""
    return Score(one.found + other.found, one.predicted + other.predicted, one.annotated + other.annotated)


def show(name: str, got: dict[str, Score]) -> None:
    """Print a line of F1."""
    cells = (f"{got[column].f1:14.3f}" if got[column].annotated else f"{'-':>14}" for column in COLUMNS)
    sys.stdout.write(f"{name:14}{''.join(cells)}\n")


if __name__ == "__main__":
    main()
