"""How well claims are checked: ``python -m bench.claims`` prints a table of verdicts on each of its files of claims.

``claims.jsonl`` was looked at while the check was made; ``claims-held.jsonl`` was written before its last changes and
looked at after them.
"""

import json
import sys
from collections import Counter
from pathlib import Path

from kg.settings import Settings
from search.library import Library
from search.studies.claims import ABSENT, CONTRADICTED, NO_NUMBER, SUPPORTED
from web.studies.checks import checked

FILES = ("claims.jsonl", "claims-held.jsonl")
WANTED = (SUPPORTED, CONTRADICTED, ABSENT)


def main(arguments: list[str]) -> int:
    """Check every claim and print wanted against given verdicts; ``--show`` prints those that are wrong."""
    library = Library.open_or_build(Settings.from_environment())
    for name in [argument for argument in arguments if argument != "--show"] or FILES:
        sys.stdout.write(f"{name}\n")
        _table(Path(__file__).with_name(name), library, "--show" in arguments)
    library.close()
    return 0


def _table(path: Path, library: Library, show: bool) -> None:
    counts: Counter[tuple[str, str]] = Counter()
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for line in path.read_text("utf-8").splitlines():
        claim = json.loads(line)
        found = checked(claim["text"], library)
        verdict = ABSENT if found.verdict == NO_NUMBER else found.verdict
        counts[claim["verdict"], verdict] += 1
        for key in ("all", claim["lang"]):
            total[key] += 1
            right[key] += verdict == claim["verdict"]
        if show and verdict != claim["verdict"]:
            read = [(one.verdict, one.claim.as_written, one.claim.metric.rpartition("/")[2]) for one in found.numbers]
            sys.stdout.write(f"  {claim['id']} {claim['verdict']} {claim['text']} -> {verdict} {read}\n")
    for wanted in WANTED:
        row = "  ".join(f"{given} {counts[wanted, given]:3}" for given in WANTED)
        sys.stdout.write(f"  {wanted:13} {row}\n")
    for key in sorted(total):
        sys.stdout.write(f"  {key:13} {right[key] / total[key]:.3f} of {total[key]}\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
