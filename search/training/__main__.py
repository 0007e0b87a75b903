"""``python -m search.training --corpus DIR --out search/model``: train the shipped model."""

import argparse
import logging
import sys
from dataclasses import replace
from pathlib import Path

from search.training.configuration import Configuration
from search.training.export import export
from search.training.run import train
from search.training.texts import load_texts
from search.training.tokenizer import build_tokenizer

logger = logging.getLogger(__name__)


def main(arguments: list[str]) -> None:
    """Train on the corpus and write the model."""
    parser = argparse.ArgumentParser(prog="python -m search.training", description=__doc__)
    parser.add_argument("--corpus", type=Path, required=True, help="folder with parallel-*.tsv.gz")
    parser.add_argument("--out", type=Path, required=True, help="folder of the model")
    parser.add_argument("--steps", type=int, default=Configuration().steps, help="batches; fewer for a trial")
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    settings = replace(Configuration(), steps=options.steps)
    tokenizer = build_tokenizer(options.corpus, settings)
    logger.info("%d pieces", tokenizer.get_vocab_size())
    texts = load_texts(options.corpus, tokenizer)
    logger.info("%d pairs", len(texts.source))
    numbers = tokenizer.get_vocab()
    table = train(texts, sorted(numbers, key=numbers.__getitem__), settings)
    export(tokenizer, table, settings, options.out)


if __name__ == "__main__":
    main(sys.argv[1:])
