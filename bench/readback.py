"""The sentences that say how questions were read, in Chinese and in English, and whether they are right.

``readback.jsonl`` has forty questions of ``questions-own`` and ``questions-work``, the two sentences of each as they
were when they were judged, and the judgement: ``right_zh``, ``right_en`` and, where one is not right, a ``note``.

    .venv/bin/python -m bench.readback            # says which sentences are others now, so have to be judged anew
    .venv/bin/python -m bench.readback --write    # writes them into readback.jsonl, and the table of docs/read-back.md
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from kg.settings import ROOT, Settings
from search.answering import reading_back
from search.library import Library

HERE = Path(__file__).parent
JUDGED = HERE / "readback.jsonl"
PAGE = ROOT / "docs" / "read-back.md"
HEADER = "| question | read back in Chinese | read back in English | right |\n| --- | --- | --- | --- |\n"
Row = dict[str, Any]


def main() -> int:
    """Compare, or write; the exit code is 1 where a sentence was not judged as it is now."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="write the sentences and the table")
    write = parser.parse_args().write
    judged = lines(JUDGED)
    library = Library.open_or_build(Settings.from_environment())
    now = list(read_back(judged, library))
    library.close()
    changed = [row for row, old in zip(now, judged, strict=True) if said(row) != said(old)]
    for row in changed:
        sys.stdout.write(f"{row['id']}: {row['zh']} | {row['en']}\n")
    right = sum(row["right_zh"] and row["right_en"] for row in now)
    sys.stdout.write(f"{right} of {len(now)} right in both languages; {len(changed)} to be judged anew\n")
    if write:
        JUDGED.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in now), encoding="utf-8")
        before = PAGE.read_text(encoding="utf-8").partition(HEADER)[0]
        PAGE.write_text(before + HEADER + "".join(map(cells, now)), encoding="utf-8")
    return int(bool(changed) and not write)


def lines(file: Path) -> list[Row]:
    """Return the objects of a file of JSON lines."""
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def said(row: Row) -> tuple[str, str]:
    """Return the two sentences of a row."""
    return row["zh"], row["en"]


def read_back(judged: Sequence[Row], library: Library) -> Iterator[Row]:
    """Yield the rows with the sentences of now."""
    asked = {row["id"]: row for name in ("own", "work") for row in lines(HERE / f"questions-{name}.jsonl")}
    for row in judged:
        question = asked[row["id"]]
        chinese = question["lang"] if question["lang"] != "en" else "zh-Hans"
        found = library.ask(question["question"])
        seen = (replace(found.understanding, language=language) for language in (chinese, "en"))
        zh, en = (reading_back.read_back(each, found, library.vocabulary) for each in seen)
        yield {**row, "question": question["question"], "zh": zh, "en": en}


def cells(row: Row) -> str:
    """Return a row of the table."""
    right = "yes" if row["right_zh"] and row["right_en"] else f"no: {row['note']}"
    return f"| {row['question']} | {row['zh']} | {row['en']} | {right} |\n"


if __name__ == "__main__":
    sys.exit(main())
