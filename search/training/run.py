"""One training run, from the parallel text to the model's folder."""

import logging
import time
from itertools import islice
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from search.training.batches import Sampler
from search.training.configuration import Configuration
from search.training.contrast import contrast
from search.training.descent import Descent
from search.training.export import export
from search.training.network import PieceVectors
from search.training.texts import Texts, load_texts
from search.training.tokenizer import build_tokenizer

logger = logging.getLogger(__name__)


def train(texts: Texts, vocabulary: list[str], settings: Configuration) -> NDArray[np.float32]:
    """Return the trained vectors of the pieces, float32 [pieces, dimension]."""
    torch.manual_seed(settings.seed)
    torch.set_num_threads(settings.threads)
    network = PieceVectors(vocabulary, settings)
    descent = Descent(network.parameters(), settings.learning_rate, settings.steps)
    began = time.monotonic()
    for step, sides in enumerate(islice(Sampler(texts, settings).batches(), settings.steps), 1):
        left, right = network(*sides)
        loss = contrast(left, right, settings.scale)
        descent.step(loss)
        if step % 100 == 0:
            logger.info("step %d of %d, loss %.3f, %.0f s", step, settings.steps, loss.item(), time.monotonic() - began)
    return network.table()


def run(corpus: Path, out: Path, settings: Configuration) -> None:
    """Train on the parallel text of a folder and write the model.

    :raises ReadingError: if a source is not in the folder, or all are too small for one batch.
    """
    tokenizer = build_tokenizer(corpus, settings)
    numbers = tokenizer.get_vocab()
    texts = load_texts(corpus, tokenizer)
    logger.info("%d pieces, %d pairs", len(numbers), len(texts.source))
    table = train(texts, sorted(numbers, key=numbers.__getitem__), settings)
    export(tokenizer, table, settings, out)
