"""Which texts stand side by side in a batch: translations, or a sentence and the sentences around it."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kg.errors import ReadingError
from search.training.configuration import Configuration
from search.training.sources import SOURCES
from search.training.texts import Ints, Side, Texts


@dataclass(frozen=True, slots=True)
class Bags:
    """Texts as bags: text ``i`` is ``pieces[offsets[i]:offsets[i + 1]]``."""

    pieces: NDArray[np.int32]
    offsets: Ints


def gather(side: Side, starts: Ints, ends: Ints) -> Bags:
    """Return the pieces of the stretches ``starts[i, j]:ends[i, j]``, the stretches of a row in one bag."""
    lengths = (ends - starts).ravel()
    firsts = np.repeat(starts.ravel() - np.cumsum(lengths) + lengths, lengths)
    offsets = np.cumsum((ends - starts).sum(axis=1))
    return Bags(side.pieces[firsts + np.arange(len(firsts))], np.concatenate([[0], offsets[:-1]]))


def whole(side: Side, rows: Ints, longest: int) -> Bags:
    """Return the texts of the rows, cut at the longest length."""
    starts, ends = side.starts[rows], side.starts[rows + 1]
    return gather(side, starts[:, None], np.minimum(ends, starts + longest)[:, None])


def cropped(side: Side, rows: Ints, longest: int, random: np.random.Generator) -> Bags:
    """Return a random stretch of each text, between a third and the whole of it."""
    starts, ends = side.starts[rows], side.starts[rows + 1]
    lengths = np.minimum(ends - starts, longest)
    kept = np.maximum(1, np.ceil(lengths * random.uniform(1 / 3, 1, len(rows)))).astype(np.int64)
    first = starts + (random.random(len(rows)) * (ends - starts - kept + 1)).astype(np.int64)
    return gather(side, first[:, None], (first + kept)[:, None])


def surrounding(side: Side, rows: Ints, reach: tuple[Ints, Ints], skipped: NDArray[np.bool_], longest: int) -> Bags:
    """Return each text with its neighbours, ``reach`` before and after, itself left out where ``skipped``."""
    before = side.starts[np.maximum(rows - reach[0], 0)]
    after = side.starts[np.minimum(rows + reach[1] + 1, len(side.starts) - 1)]
    begin, end = side.starts[rows], side.starts[rows + 1]
    middle = np.where(skipped, end, begin)
    before, after = np.maximum(before, begin - longest), np.minimum(after, end + longest)
    return gather(side, np.stack([before, middle], 1), np.stack([begin, after], 1))


class Sampler:
    """Draws the rows and the kinds of the batches; one seed, one sequence."""

    def __init__(self, texts: Texts, settings: Configuration) -> None:
        """Count the repeats and the groups of the rows."""
        self.texts, self.settings = texts, settings
        self.random = np.random.default_rng(settings.seed)
        self.repeats = np.array([source.repeats for source in SOURCES])[texts.source]
        names = sorted({source.group for source in SOURCES})
        self.groups = np.array([names.index(source.group) for source in SOURCES])[texts.source]
        self.reaching = np.array([source.ordered for source in SOURCES])[texts.source]

    def epoch(self) -> list[Ints]:
        """Return the rows of the batches of one epoch, each source as often as it repeats."""
        times = np.floor(self.repeats + self.random.random(len(self.repeats))).astype(np.int64)
        rows = self.random.permutation(np.repeat(np.arange(len(times)), times))
        share = int(len(rows) * self.settings.grouped_share)
        grouped = rows[:share][np.argsort(self.groups[rows[:share]], kind="stable")]
        size = self.settings.batch
        batches = [part[i : i + size] for part in (grouped, rows[share:]) for i in range(0, len(part) - size + 1, size)]
        return [batches[i] for i in self.random.permutation(len(batches))]

    def batches(self) -> Iterator[tuple[Bags, Bags]]:
        """Yield batches for ever: two bags whose texts with the same number belong together.

        :raises ReadingError: if there are too few texts for one batch.
        """
        while True:
            epoch = self.epoch()
            if not epoch:
                raise ReadingError(
                    f"Fewer than {self.settings.batch} pairs are no batch; give more text or a smaller batch"
                )
            for rows in epoch:
                windowed = self.random.random() < self.settings.window_share
                yield self.windows(rows) if windowed else self.translations(rows)

    def translations(self, rows: Ints) -> tuple[Bags, Bags]:
        """Return the English and the Chinese of the rows."""
        longest = self.settings.longest
        return whole(self.texts.english, rows, longest), whole(self.texts.chinese, rows, longest)

    def windows(self, rows: Ints) -> tuple[Bags, Bags]:
        """Return a stretch of each text in one language, and in any language the text with its neighbours.

        In the same language the text itself is left out half of the time, so that the match is one of topic.
        """
        languages = self.random.integers(2, size=2)
        sides = (self.texts.english, self.texts.chinese)
        asked, told = sides[languages[0]], sides[languages[1]]
        reach = self.random.integers(self.settings.window_reach + 1, size=(2, len(rows))) * self.reaching[rows]
        skipped = (self.random.random(len(rows)) < 0.5) & (reach.sum(axis=0) > 0) & (languages[0] == languages[1])
        longest = self.settings.longest
        passages = surrounding(told, rows, (reach[0], reach[1]), skipped, longest)
        return cropped(asked, rows, longest, self.random), passages
