"""How long things take, as whole processes see it: a build, a start, a first answer, searches and answers.

python -m bench.timings [--questions bench/questions-dev.jsonl]
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from pathlib import Path

from bench.serving import HERE, TANTU, server


def main() -> None:
    """Print one figure a line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--questions", type=Path, default=HERE / "questions-dev.jsonl")
    questions = [json.loads(line)["question"] for line in parser.parse_args().questions.read_text("utf-8").splitlines()]
    with tempfile.TemporaryDirectory() as data:
        began = time.perf_counter()
        subprocess.run([*TANTU, "build", "--data", data], check=True, cwd=HERE.parent, capture_output=True)
        show("build of the five reports, s", time.perf_counter() - began)
        began = time.perf_counter()
        with server("--data", data) as (url, _):
            show("start to the address printed, s", time.perf_counter() - began)
            get(url, "/")
            show("start to the first page, s", time.perf_counter() - began)
            get(url, "/api/ask", q=questions[0])
            show("start to the first answer, s", time.perf_counter() - began)
            for path in ("/api/search", "/api/ask"):
                taken = sorted(1000 * get(url, path, q=question) for question in questions)
                show(f"{path} p50, ms", statistics.median(taken))
                show(f"{path} p95, ms", taken[int(0.95 * (len(taken) - 1))])


def show(what: str, figure: float) -> None:
    """Print a figure."""
    sys.stdout.write(f"{what:40} {figure:8.2f}\n")


def get(url: str, path: str, **parameters: str) -> float:
    """Fetch a page and return the seconds that it took."""
    began = time.perf_counter()
    with urllib.request.urlopen(f"{url}{path}?{urllib.parse.urlencode(parameters)}", timeout=60) as answer:
        answer.read()
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
