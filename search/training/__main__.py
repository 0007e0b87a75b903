"""``python -m search.training --corpus DIR --out search/model``: train the shipped model."""

import argparse
import logging
import sys
from dataclasses import replace
from pathlib import Path

from kg.errors import KgError
from search.training.configuration import Configuration
from search.training.run import run


def main(arguments: list[str]) -> int:
    """Train on the corpus and write the model."""
    parser = argparse.ArgumentParser(prog="python -m search.training", description=__doc__)
    parser.add_argument("--corpus", type=Path, required=True, help="folder with parallel-*.tsv.gz")
    parser.add_argument("--out", type=Path, required=True, help="folder of the model")
    parser.add_argument("--steps", type=int, default=Configuration().steps, help="batches; fewer for a trial")
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    try:
        run(options.corpus, options.out, replace(Configuration(), steps=options.steps))
    except (KgError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
