"""Finding a sentence by a clause of its translation: the search on words that are not the text's own.

python -m bench.clauses FOLDER

FOLDER holds NTREX-128 (``newstest2019.eng.txt``, ``.zho_Hans.txt``, ``.zho_Hant.txt``). The Traditional sentences are
indexed; asked are clauses of the English ones and of the Simplified ones, which were translated by somebody else.
"""

import re
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from kg.settings import Settings
from kg.vocabulary import Vocabulary
from search.assembling import build_index
from search.encoder import load_question_encoder
from search.entries import PASSAGE, Entry
from search.index import Index

ASKED = 400  # questions, evenly spread over the sentences
# The clauses asked with: what ends one, and the fewest characters that it may have; three times as many are the most.
CLAUSES = {"zho_Hans": ("[\uff0c\u3002\uff1b\uff1a\u3001\uff01\uff1f\u201c\u201d]", 7), "eng": ('[,.;:!?"]', 24)}


def main(folder: Path) -> None:
    """Print hit@1, hit@5 and mrr@10 for each language of the question."""
    settings = Settings.from_environment()
    vocabulary, encoder = Vocabulary.load(settings.ontology), load_question_encoder(settings.model)
    texts = lines(folder, "zho_Hant")
    entries = [
        Entry(f"{i:05}", PASSAGE, text, "ntrex", 0, len(text), "", 2019, "zh-Hant") for i, text in enumerate(texts)
    ]
    with TemporaryDirectory() as made:
        build_index(Path(made), entries, encoder, vocabulary)
        index = Index.open(Path(made), encoder, vocabulary)
        for language in CLAUSES:
            found = [rank(index, row, clause) for row, clause in clauses(lines(folder, language), language)]
            five, first = (sum(0 < one <= most for one in found) / len(found) for most in (5, 1))
            reciprocal = sum(1 / one for one in found if one) / len(found)
            sys.stdout.write(f"{language:10}{len(found):5}{first:8.3f}{five:8.3f}{reciprocal:8.3f}\n")


def lines(folder: Path, language: str) -> list[str]:
    """Return the sentences of a language."""
    return (folder / f"newstest2019.{language}.txt").read_text("utf-8").rstrip("\n").split("\n")


def clauses(sentences: list[str], language: str) -> list[tuple[int, str]]:
    """Return the first clause of usual length of each sentence, with the sentence's number."""
    mark, least = CLAUSES[language]
    parts = ((i, part.strip()) for i, sentence in enumerate(sentences) for part in re.split(mark, sentence))
    firsts: dict[int, str] = {}
    for i, part in parts:
        if least <= len(part) <= 3 * least:
            firsts.setdefault(i, part)
    found = list(firsts.items())
    return found[:: max(1, len(found) // ASKED)]


def rank(index: Index, row: int, clause: str) -> int:
    """Return the rank of a sentence among ten hits, 0 where it is none of them."""
    hits = [int(hit.entry.iri) for hit in index.search(clause, 10)]
    return hits.index(row) + 1 if row in hits else 0


if __name__ == "__main__":
    main(Path(sys.argv[1]))
