"""In which attributes the numbers that extraction finds differ from the annotated ones, report by report.

python -m bench.quality

``tantu evaluate --extraction`` says how many are found and right.
"""

import sys
from collections import Counter

from bench import annotated
from kg.scoring import FINDS, KINDS, disagreements, matched


def main() -> None:
    """Print a line for each report and one for all."""
    all_wrong: Counter[str] = Counter()
    number = 0
    for one in annotated.every():
        wrong: Counter[str] = Counter()
        said, noted = ([row for row in rows if row["kind"] in KINDS["numbers"]] for rows in (one.facts(), one.rows))
        pairs = matched(said, noted, FINDS["numbers"])
        for pair in pairs:
            wrong.update(disagreements(pair, {one.report.id: one.years}))
        show(one.report.id, wrong, len(pairs))
        all_wrong, number = all_wrong + wrong, number + len(pairs)
    show("all", all_wrong, number)


def show(name: str, wrong: Counter[str], number: int) -> None:
    """Print how many of the numbers that were found differ in which attribute."""
    said = ", ".join(f"{attribute} {count}" for attribute, count in wrong.most_common()) or "nothing"
    sys.stdout.write(f"{name:14} of {number:3} found: {said}\n")


if __name__ == "__main__":
    main()
