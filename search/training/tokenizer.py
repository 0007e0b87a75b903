"""The tokenizer of the model: folding, cutting into words and runs of Chinese, and a Unigram model over both."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from tokenizers import Regex, Tokenizer, models, pre_tokenizers
from tokenizers.normalizers import Normalizer

from search.training.charsmap import build_normalizer
from search.training.configuration import Configuration
from search.training.pieces import TOKEN, choose_pieces, count_words, score_pieces
from search.training.sources import SOURCES, Source, read_pairs


def folded_texts(corpus: Path, normalizer: Normalizer) -> Iterator[str]:
    """Yield both sides of the pairs, folded: all of a small source, every fourth pair of a large one."""
    for source in SOURCES:
        step = 1 if source.repeats > 1 or source.glossary else 4
        for pair in islice(read_pairs(corpus, source), 0, None, step):
            yield normalizer.normalize_str("\n".join(pair))


def glossary_words(corpus: Path, normalizer: Normalizer) -> Iterator[str]:
    """Yield the Chinese entries of the glossaries, folded."""
    glossaries: list[Source] = [source for source in SOURCES if source.glossary]
    for source in glossaries:
        for _, chinese in read_pairs(corpus, source):
            yield normalizer.normalize_str(chinese)


def build_tokenizer(corpus: Path, settings: Configuration) -> Tokenizer:
    """Return the tokenizer with the corpus's pieces; what is no word, number or per cent sign is dropped."""
    normalizer = build_normalizer()
    words = glossary_words(corpus, normalizer)
    han, latin = count_words(folded_texts(corpus, normalizer), words, settings.piece_length)
    pieces = choose_pieces(han, latin, settings)
    tokenizer = Tokenizer(models.Unigram(score_pieces(pieces, settings.piece_cost), unk_id=0))
    tokenizer.normalizer = normalizer
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex(TOKEN), behavior="removed", invert=True)
    return tokenizer
