"""What a fact's confidence is worth: how often facts of each confidence are right, by kind.

python -m bench.calibration

A number is right if it was annotated at its place with the same value and unit and all of kind, year, comparator,
form, direction and scope agree; another fact if an annotator found it too. The last figure of a kind is the expected
calibration error: the mean distance between confidence and share, weighted by count.
"""

import sys
from collections import defaultdict

from bench import annotated
from kg.scoring import FINDS, KINDS, disagreements, matched


def main() -> None:
    """Print count and share of right facts for each confidence."""
    right: dict[str, dict[float, list[bool]]] = {name: defaultdict(list) for name in KINDS}
    for one in annotated.every():
        found, meant, years = one.facts(), one.rows, {one.report.id: one.years}
        for name, kinds in KINDS.items():
            said, noted = ([row for row in rows if row["kind"] in kinds] for rows in (found, meant))
            pairs = matched(said, noted, FINDS[name])
            good = {id(p[0]) for p in pairs if name != "numbers" or not disagreements(p, years)}
            for fact in said:
                right[name][fact["confidence"]].append(id(fact) in good)
    for name, bands in right.items():
        show(name, bands)


def show(name: str, bands: dict[float, list[bool]]) -> None:
    """Print the bands of one kind of fact."""
    count, error = sum(map(len, bands.values())), 0.0
    for confidence, results in sorted(bands.items()):
        share = sum(results) / len(results)
        error += abs(confidence - share) * len(results) / count
        sys.stdout.write(f"{name:14} confidence {confidence:5.2f}: {len(results):5} facts, {share:.2f} right\n")
    sys.stdout.write(f"{name:14} expected calibration error {error:.3f}\n")


if __name__ == "__main__":
    main()
