"""The figures of the model card: ``python -m search.training.measure --bench DIR``.

Finding the translation of a sentence among all sentences of a test set, finding the paragraph that answers a question,
speed; with ``--reports`` and ``--questions``, finding the passage of a report by meaning alone; with ``--ontology``,
finding the paragraph by words and meaning, as the product does.
"""

import argparse
import json
import sys
import time
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kg.errors import KgError
from kg.vocabulary import Vocabulary
from search.encoder import SHIPPED, Encoder, load_encoder
from search.training.card import write_card
from search.training.hybrid import hybrid_hits

Vectors = NDArray[np.float32]
TRANSLATIONS = {
    "flores200 en>zh-Hans": ("flores200/devtest.eng_Latn.txt", "flores200/devtest.zho_Hans.txt"),
    "flores200 en>zh-Hant": ("flores200/devtest.eng_Latn.txt", "flores200/devtest.zho_Hant.txt"),
    "flores200 zh-Hans>en": ("flores200/devtest.zho_Hans.txt", "flores200/devtest.eng_Latn.txt"),
    "ntrex128 en>zh-Hans": ("ntrex128/newstest2019.eng.txt", "ntrex128/newstest2019.zho_Hans.txt"),
    "ntrex128 en>zh-Hant": ("ntrex128/newstest2019.eng.txt", "ntrex128/newstest2019.zho_Hant.txt"),
    "twlaw-energy en>zh-Hant": ("twlaw-energy/en.txt", "twlaw-energy/zh_Hant.txt"),
    "tatoeba en>zh": ("tatoeba-laser/cmn-eng.eng.txt", "tatoeba-laser/cmn-eng.cmn.txt"),
    "tatoeba zh>en": ("tatoeba-laser/cmn-eng.cmn.txt", "tatoeba-laser/cmn-eng.eng.txt"),
}
RETRIEVALS = {"drcd dev": "drcd-retrieval/dev", "drcd test": "drcd-retrieval/test"}


def ranks_of(questions: Vectors, texts: Vectors, right: list[set[int]]) -> NDArray[np.int64]:
    """Return for each question the rank of its best right text, 0 for the first; ties count against it."""
    cosines = questions @ texts.T
    best = np.array([row[sorted(numbers)].max() for row, numbers in zip(cosines, right, strict=True)])
    return np.asarray((cosines > best[:, None]).sum(axis=1), dtype=np.int64)


def translation_accuracy(encoder: Encoder, source: Path, target: Path) -> float:
    """Return the share of lines whose nearest line of the other file is the line with the same number."""
    lines = [path.read_text("utf-8").rstrip("\n").split("\n") for path in (source, target)]
    left, right = (encoder.encode(side) for side in lines)
    same = [{number for number, line in enumerate(lines[1]) if line == wanted} for wanted in lines[1]]
    return float((ranks_of(left, right, same) == 0).mean())


def read_rows(path: Path) -> list[dict[str, Any]]:
    """Return the objects of a file of JSON lines."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def paragraph_hits(encoder: Encoder, prefix: Path, k: int = 5) -> float:
    """Return the share of questions whose paragraph is among the k nearest."""
    paragraphs, questions = (read_rows(prefix.with_name(f"{prefix.name}.{end}.jsonl")) for end in ("corpus", "queries"))
    numbers = {paragraph["id"]: number for number, paragraph in enumerate(paragraphs)}
    texts = encoder.encode([paragraph["text"] for paragraph in paragraphs])
    asked = encoder.encode([question["text"] for question in questions])
    return float((ranks_of(asked, texts, [{numbers[question["positive"]]} for question in questions]) < k).mean())


def hybrid_figures(encoder: Encoder, bench: Path, ontology: Path) -> dict[str, float]:
    """Return the share of questions whose paragraph the product's own search has among the first five."""
    vocabulary, found = Vocabulary.load(ontology), {}
    for name, prefix in RETRIEVALS.items():
        paragraphs, questions = (read_rows(bench / f"{prefix}.{end}.jsonl") for end in ("corpus", "queries"))
        found[f"{name} hit@5, hybrid"] = hybrid_hits(encoder, vocabulary, paragraphs, questions)
    return found


def cut(text: str, size: int = 400, overlap: int = 100) -> list[tuple[int, int]]:
    """Return the stretches of a text that a plain splitting gives.

    >>> cut("x" * 500)
    [(0, 400), (300, 500)]
    """
    return [(start, min(start + size, len(text))) for start in range(0, max(1, len(text) - overlap), size - overlap)]


def report_hits(encoder: Encoder, reports: Path, questions: Path, k: int = 5) -> Mapping[str, float]:
    """Return, by language, the share of questions with a piece of their evidence among the k nearest passages."""
    passages = [(path.stem, *span) for path in sorted(reports.glob("*.txt")) for span in cut(path.read_text("utf-8"))]
    texts = {path.stem: path.read_text("utf-8") for path in reports.glob("*.txt")}
    vectors = encoder.encode([texts[report][start:end] for report, start, end in passages])
    found: dict[str, list[bool]] = defaultdict(list)
    asked = [question for question in read_rows(questions) if question["evidence"]]
    for question, vector in zip(asked, encoder.encode([question["question"] for question in asked]), strict=True):
        nearest = [passages[number] for number in np.argsort(-(vectors @ vector), kind="stable")[:k]]
        hit = any(overlaps(passage, evidence) for passage in nearest for evidence in question["evidence"])
        found[question["lang"]].append(hit)
        found["all"].append(hit)
    return {language: float(np.mean(hits)) for language, hits in sorted(found.items())}


def overlaps(passage: tuple[str, int, int], evidence: Mapping[str, Any]) -> bool:
    """Say whether a passage holds 10 characters of the evidence, or all of it."""
    report, start, end = passage
    shared = min(end, evidence["end"]) - max(start, evidence["start"])
    return bool(report == evidence["doc"] and shared >= min(10, evidence["end"] - evidence["start"]))


def passages_a_second(encoder: Encoder, prefix: Path) -> float:
    """Return how many texts of 200 characters are encoded in a second, in the best of five rounds."""
    whole = "".join(row["text"] for row in read_rows(prefix.with_name(f"{prefix.name}.corpus.jsonl")))
    texts = [whole[start : start + 200] for start in range(0, len(whole) - 200, 200)]
    rounds = []
    for _ in range(5):
        began = time.perf_counter()
        encoder.encode(texts)
        rounds.append(time.perf_counter() - began)
    return len(texts) / min(rounds)


def figures(encoder: Encoder, bench: Path) -> dict[str, float]:
    """Return all figures over a folder of test sets."""
    found = {name: translation_accuracy(encoder, bench / a, bench / b) for name, (a, b) in TRANSLATIONS.items()}
    found |= {f"{name} hit@5": paragraph_hits(encoder, bench / prefix) for name, prefix in RETRIEVALS.items()}
    found["passages of 200 characters a second"] = round(passages_a_second(encoder, bench / RETRIEVALS["drcd dev"]))
    return found


def read_options(arguments: list[str]) -> argparse.Namespace:
    """Return the options of the command line."""
    parser = argparse.ArgumentParser(prog="python -m search.training.measure", description=__doc__)
    parser.add_argument("--bench", type=Path, required=True, help="folder with flores200, ntrex128, ...")
    parser.add_argument("--model", default=str(SHIPPED), help="folder or name of the model")
    parser.add_argument("--reports", type=Path, help="folder of reports as text")
    parser.add_argument("--questions", type=Path, help="questions with evidence in these reports, JSON lines")
    parser.add_argument("--ontology", type=Path, help="folder of the ontology, to measure the hybrid search as well")
    parser.add_argument("--write", action="store_true", help="write figures.json and README.md of the model")
    return parser.parse_args(arguments)


def main(arguments: list[str]) -> int:
    """Measure a model and write the figures as JSON."""
    options = read_options(arguments)
    try:
        encoder = load_encoder(options.model)
        found: dict[str, Any] = dict(figures(encoder, options.bench))
        if options.reports and options.questions:
            found["reports hit@5"] = report_hits(encoder, options.reports, options.questions)
        if options.ontology:
            found |= hybrid_figures(encoder, options.bench, options.ontology)
        if options.write:
            write_card(Path(options.model), found)
    except (KgError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(json.dumps(found, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
