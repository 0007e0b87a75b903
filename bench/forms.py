"""How many facts survive the way through a form: the seeds as HTML, Markdown, DOCX and PDF, read again and scored.

python -m bench.forms [--reports mobile-2023,telecom-2023] [--chromium /usr/bin/chromium]

The facts of each form are put back to where their quotes stand in the seed's own text and scored against ``bench/gold``
as `python -m bench.quality` scores those of the text itself.
"""

import argparse
from bisect import bisect_left
from dataclasses import replace
from functools import partial
from typing import Any

from bench import typeset
from bench.annotated import every
from kg.annotations import Annotated
from kg.extraction import facts_of
from kg.facts import as_json
from kg.importing import read_file
from kg.scoring import Score, scores

FORMS = {
    "text": ("a.txt", lambda report: report.text.encode()),
    "HTML": ("a.html", typeset.html),
    "Markdown": ("a.md", typeset.markdown),
    "DOCX": ("a.docx", typeset.docx),
    "PDF, one column": ("a.pdf", typeset.paper),
    "PDF, two columns": ("a.pdf", lambda report: typeset.paper(report, 2)),
}
KINDS = ("numbers", "exact", "risks", "initiatives", "technologies")
_MARKS = frozenset("#*|•-<>")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reports", default="mobile-2023,telecom-2023")
    parser.add_argument("--chromium", help="also as PDF printed by this program, in several styles")
    given = parser.parse_args()
    named = given.reports.split(",")
    for style in typeset.STYLES if given.chromium else ():
        FORMS[f"printed, {style}"] = ("a.pdf", partial(typeset.printed, style=style, chromium=given.chromium))
    chosen = [one for one in every() if one.report.id in named]
    print(f"{'F1':26}", *(f"{kind:>12}" for kind in KINDS))
    for form in FORMS:
        total: dict[str, Score] = {}
        for one in chosen:
            for kind, score in through(one, form).items():
                total[kind] = total.get(kind, Score(0, 0, 0)) + score
        print(f"{form:26}", *(f"{total[kind].f1:12.3f}" for kind in KINDS), flush=True)


def through(one: Annotated, form: str) -> dict[str, Score]:
    """Return the scores of a report's facts after it was written and read in a form."""
    name, write = FORMS[form]
    imported = read_file(write(one.report), name)
    report = replace(one.report, text=imported.text)
    rows = [as_json(fact, report, one.vocabulary) for fact in facts_of(report, one.vocabulary)]
    place = Places(one.report.text, imported.text)
    return scores([place.back(row) for row in rows], one.rows, {one.report.id: one.years})


class Places:
    """Where the characters of one text stand in another that differs from it in blanks and marks."""

    def __init__(self, original: str, text: str) -> None:
        self._at = [i for i, character in enumerate(original) if _counts(character)]
        self._words = "".join(original[i] for i in self._at)
        self._from = [i for i, character in enumerate(text) if _counts(character)]
        self._text = text

    def back(self, row: dict[str, Any]) -> dict[str, Any]:
        """Return a fact with its place in the original; one whose quote is not there lies nowhere."""
        quote = "".join(filter(_counts, self._text[row["start"] : row["end"]]))
        near = bisect_left(self._from, row["start"]) * len(self._words) // max(1, len(self._from))
        found, start = [], self._words.find(quote)
        while quote and start >= 0:
            found.append(start)
            start = self._words.find(quote, start + 1)
        if not found:
            return row | {"start": -2, "end": -1}
        first = min(found, key=lambda each: abs(each - near))
        return row | {"start": self._at[first], "end": self._at[first + len(quote) - 1] + 1}


def _counts(character: str) -> bool:
    return not character.isspace() and character not in _MARKS


if __name__ == "__main__":
    main()
