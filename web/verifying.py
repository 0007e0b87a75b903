"""``tantu verify``: a sentence with a number is supported, contradicted, or not in the reports."""

import argparse
import json
import sys
from collections.abc import Callable

from kg.settings import Settings
from web import progress

Run = Callable[[Settings, argparse.Namespace], int]
EXITS = {"supported": 0, "contradicted": 1}  # anything else is not in the reports: 3


def add_command(command: Callable[[str, Run, str], argparse.ArgumentParser]) -> None:
    """Add ``tantu verify`` to the commands."""
    verify = command(
        "verify", _verify, "check a sentence with a number: supported, contradicted, or not in the reports"
    )
    verify.add_argument("sentence")
    verify.add_argument("--json", action="store_true", help="print the verdict with all evidence as JSON")


def _verify(settings: Settings, given: argparse.Namespace) -> int:
    from web.studies.checks import check_json, checked, lines

    with progress.library(settings) as library:
        found = checked(given.sentence, library)
        if given.json:
            text = json.dumps(check_json(found, library), ensure_ascii=False, indent=1)
        else:
            text = "\n".join(lines(found, library))
    sys.stdout.write(f"{text}\n")
    return EXITS.get(found.verdict, 3)
