"""Questions whose answers and places are known, as ``bench/`` keeps them: one JSON object a line."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import orjson

from kg.errors import SettingsError
from kg.model import Span
from kg.reading.folding import mainland, taiwanese

_STEM = re.compile(r"(.+)-(?:hans|hant|en)")  # what the ids of one question in several scripts share
_OTHER = {"zh-Hans": ("zh-Hant", taiwanese), "zh-Hant": ("zh-Hans", mainland)}


@dataclass(frozen=True, slots=True)
class Place:
    """A piece of a report."""

    report: str
    span: Span

    def shares(self, other: "Place") -> int:
        """Return how many characters two places share.

        >>> one = Place("r", Span(0, 10))
        >>> one.shares(Place("r", Span(8, 20))), one.shares(Place("s", Span(0, 10)))
        (2, 0)
        """
        ends = min(self.span.end, other.span.end) - max(self.span.start, other.span.start)
        return max(0, ends) if self.report == other.report else 0


@dataclass(frozen=True, slots=True)
class Question:
    """A question, the places that answer it, the answer as annotators wrote it down, and the file it comes from."""

    id: str
    language: str
    kind: str
    text: str
    evidence: tuple[Place, ...]
    answer: Mapping[str, Any]
    source: str = ""

    @property
    def stem(self) -> str:
        """What its id shares with those of the same question in another script.

        >>> Question("own/07-hant", "zh-Hant", "list", "", (), {}).stem
        'own/07'
        """
        found = _STEM.fullmatch(self.id)
        return found[1] if found else self.id


def read_questions(paths: Iterable[Path]) -> list[Question]:
    """Read questions with the fields ``id lang kind question evidence answer``.

    :raises SettingsError: if a file or a line of it cannot be read, or two questions have the same id.
    """
    questions = [question for path in paths for question in _read(path)]
    seen: set[str] = set()
    for question in questions:
        if question.id in seen:
            raise SettingsError(f"there are two questions {question.id!r}; give each an id of its own")
        seen.add(question.id)
    return questions


def converted(questions: Iterable[Question]) -> Iterator[Question]:
    """Yield the Chinese questions in the other script and its region's words, under the same ids."""
    for question in questions:
        if question.language in _OTHER:
            language, convert = _OTHER[question.language]
            yield replace(question, language=language, text=convert(question.text))


def place(about: Mapping[str, Any], report: str = "report") -> Place:
    """Return the place that a JSON object names; ``report`` is the field that names the report.

    :raises KeyError: if a field is missing.
    :raises ValueError: if the offsets are none of a piece of a text.
    """
    return Place(str(about[report]), Span(int(about["start"]), int(about["end"])))


def _read(path: Path) -> Iterator[Question]:
    for number, line in enumerate(lines(path, "bench/README.md describes the format"), 1):
        try:
            yield _question(line, path.stem)
        except (ValueError, KeyError, TypeError) as error:
            what = f"lacks {error}" if isinstance(error, KeyError) else f"cannot be read ({error})"
            raise SettingsError(
                f"{path}, question {number}: {what}; bench/README.md describes the format of questions"
            ) from error


def lines(path: Path, remedy: str) -> list[Mapping[str, Any]]:
    """Return the JSON objects of a file, one a line; blank lines are left out.

    :raises SettingsError: if the file cannot be read, or a line is no JSON.
    """
    try:
        return [orjson.loads(line) for line in path.read_bytes().splitlines() if line.strip()]
    except OSError as error:
        raise SettingsError(f"{path}: cannot be read ({error.strerror}); {remedy}") from error
    except ValueError as error:
        raise SettingsError(f"{path}: a line is no JSON ({error}); {remedy}") from error


def _question(line: Mapping[str, Any], source: str) -> Question:
    id, language, kind, text = (str(line[name]) for name in ("id", "lang", "kind", "question"))
    evidence = tuple(place(about, "doc") for about in line["evidence"] or ())
    return Question(id, language, kind, text, evidence, line["answer"] or {}, source)
