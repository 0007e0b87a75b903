"""Measures as tables for people and as JSON for machines."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kg.scoring import Score
from search.evaluation.measures import Gap, Group, Share
from search.evaluation.ranks import Quality

MEASURES = {"hit@1": "first", "hit@5": "five", "hit@10": "ten", "mrr@10": "reciprocal", "ndcg@10": "gain"}
LANGUAGES = ("all", "zh-Hans", "zh-Hant", "en")
FACTS = ("numbers", "exact", "risks", "responses", "initiatives", "technologies")

Scores = Mapping[str, Score]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """All that was measured of one system; what was not is empty.

    ``milliseconds`` has median and 95th percentile by what took them; ``left_out`` the questions that a run lacks.
    """

    system: str
    search: Mapping[Group, Quality] = field(default_factory=dict)
    gaps: Sequence[Gap] = ()
    answers: Mapping[tuple[str, str], Share] = field(default_factory=dict)
    extraction: Mapping[Group, Scores] = field(default_factory=dict)
    milliseconds: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    left_out: Sequence[str] = ()


def as_text(evaluation: Evaluation) -> str:
    """Return the tables of an evaluation."""
    parts = [
        [f"system: {evaluation.system}"],
        _search(evaluation),
        *map(_gap, evaluation.gaps),
        _answers(evaluation),
        _extraction(evaluation.extraction),
    ]
    if evaluation.left_out:
        parts.append([f"{len(evaluation.left_out)} questions have no line in the run and count as not found"])
    return "\n\n".join("\n".join(part) for part in parts if part)


def as_json(evaluation: Evaluation) -> dict[str, Any]:
    """Return an evaluation as a JSON object."""
    return {
        "system": evaluation.system,
        "search": _nested(evaluation.search, quality_json),
        "scripts": [_gap_json(gap) for gap in evaluation.gaps],
        "answers": _nested(evaluation.answers, lambda share: {"n": share.count, "right": round(share.right, 4)}),
        "extraction": _nested(evaluation.extraction, _scores_json),
        "ms": {
            name: {"p50": round(half, 3), "p95": round(most, 3)}
            for name, (half, most) in evaluation.milliseconds.items()
        },
        "left_out": list(evaluation.left_out),
    }


def quality_json(quality: Quality) -> dict[str, float]:
    """Return measures under their usual names."""
    return {"n": quality.count, **{name: round(getattr(quality, it), 4) for name, it in MEASURES.items()}}


def _search(evaluation: Evaluation) -> list[str]:
    if not evaluation.search:
        return []
    head = _row("search", "n", MEASURES)
    rows = _sections(evaluation.search, lambda q: [q.count, *(f"{getattr(q, it):.3f}" for it in MEASURES.values())])
    return [head, *rows, *_times(evaluation, "search")]


def _gap(gap: Gap) -> list[str]:
    rows = [f"the same questions in both scripts: {gap.name}", _row("", "n", MEASURES)]
    for language, q in gap.quality.items():
        rows.append(_row(f"  {language}", q.count, (f"{getattr(q, it):.3f}" for it in MEASURES.values())))
    cells = ("", f"{gap.five:.3f}", "", f"{gap.reciprocal:.3f}", "")
    return [*rows, _row("  gap of the Chinese scripts", "", cells), f"  at another rank: {gap.moved} of {gap.count}"]


def _answers(evaluation: Evaluation) -> list[str]:
    if not evaluation.answers:
        return []
    rows = [f"{'answers: share right (n)':32}" + "".join(f"{language:>14}" for language in LANGUAGES)]
    for part in dict.fromkeys(part for part, _ in evaluation.answers):
        shares = (evaluation.answers.get((part, language)) for language in LANGUAGES)
        cells = (f"{share.right:.3f} ({share.count})" if share else "-" for share in shares)
        rows.append(f"  {part:30}" + "".join(f"{cell:>14}" for cell in cells))
    return [*rows, *_times(evaluation, "answer")]


def _extraction(extraction: Mapping[Group, Scores]) -> list[str]:
    if not extraction:
        return []
    head = f"{'extraction: F1':20}" + "".join(f"{name:>14}" for name in FACTS)
    note = "exact: numbers right in every attribute; responses: recall in the risks that were found"
    return [head, *_sections(extraction, _score_cells, 20, 14), note]


def _score_cells(scores: Scores) -> list[str]:
    return [f"{_headline(name, scores[name]):.3f}" if scores[name].annotated else "-" for name in FACTS]


def _headline(name: str, score: Score) -> float:
    return score.recall if name == "responses" else score.f1


def _sections(groups: Mapping[Group, Any], cells: Any, label: int = 30, width: int = 8) -> Iterator[str]:
    """Yield a line for each group, below the name of what parts them."""
    for section in dict.fromkeys(section for section, _ in groups):
        inner = {name: found for (part, name), found in groups.items() if part == section}
        if section != "all":
            yield section
        for name, found in inner.items() if section == "all" else sorted(inner.items()):
            indent = "" if section == "all" else "  "
            yield f"{indent + name:{label}}" + "".join(f"{cell:>{width}}" for cell in cells(found))


def _row(label: str, count: int | str, cells: Iterable[str]) -> str:
    return (f"{label:30}{count:>8}" + "".join(f"{cell:>8}" for cell in cells)).rstrip()


def _times(evaluation: Evaluation, what: str) -> list[str]:
    if what not in evaluation.milliseconds:
        return []
    half, most = evaluation.milliseconds[what]
    spent = evaluation.milliseconds.get(f"{what}_processor")
    processor = f"; of the processor {spent[0]:.1f} and {spent[1]:.1f} ms" if spent else ""
    return [f"one {what}: {half:.1f} ms (half of them), {most:.1f} ms (95 of 100){processor}"]


def _nested(groups: Mapping[Group, Any], convert: Any) -> dict[str, Any]:
    nested: dict[str, Any] = {}
    for (section, name), found in groups.items():
        nested.setdefault(section, {})[name] = convert(found)
    return nested


def _scores_json(scores: Scores) -> dict[str, Any]:
    return {
        name: {
            "precision": round(score.precision, 4),
            "recall": round(score.recall, 4),
            "f1": round(score.f1, 4),
            "found": score.found,
            "predicted": score.predicted,
            "annotated": score.annotated,
        }
        for name, score in scores.items()
    }


def _gap_json(gap: Gap) -> dict[str, Any]:
    measures = {language: quality_json(quality) for language, quality in gap.quality.items()}
    distances = {"hit@5": round(gap.five, 4), "mrr@10": round(gap.reciprocal, 4)}
    return {"name": gap.name, "n": gap.count, "moved": gap.moved, "gap": distances, **measures}
