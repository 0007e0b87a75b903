"""A run measured: how well it found and answered what questions ask, by language, script and kind."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from search.evaluation.questions import Question
from search.evaluation.ranks import Quality, Ranks, quality, ranks
from search.evaluation.rightness import rightness
from search.evaluation.runs import NOTHING, Run

Group = tuple[str, str]  # what parts the questions, and a part of it
ALL: Group = ("all", "all")
CHINESE = ("zh-Hans", "zh-Hant")


@dataclass(frozen=True, slots=True)
class Share:
    """The mean rightness of ``count`` answers."""

    count: int
    right: float


@dataclass(frozen=True, slots=True)
class Gap:
    """The same ``count`` questions in several scripts, and how well each script's were found.

    ``moved`` is how many have their first place at another rank in one Chinese script than in the other.
    """

    name: str
    count: int
    moved: int
    quality: Mapping[str, Quality]

    @property
    def five(self) -> float:
        """The distance of hit@5 between the Chinese scripts."""
        return abs(self.quality[CHINESE[0]].five - self.quality[CHINESE[1]].five)

    @property
    def reciprocal(self) -> float:
        """The distance of mrr@10 between the Chinese scripts."""
        return abs(self.quality[CHINESE[0]].reciprocal - self.quality[CHINESE[1]].reciprocal)


def search_groups(question: Question, languages: Mapping[str, str]) -> Iterator[Group]:
    """Yield the groups of a question about places; ``languages`` has the language of each report.

    >>> from kg.model import Span
    >>> from search.evaluation.questions import Place
    >>> asked = Question("q", "zh-Hant", "list", "", (Place("r", Span(0, 5)),), {}, "dev")
    >>> [name for _, name in search_groups(asked, {"r": "zh-Hans"})]
    ['all', 'zh', 'zh-Hant', 'zh-Hant > zh-Hans', 'list', 'dev']
    """
    yield ALL
    yield "language", question.language.partition("-")[0]
    if question.language in CHINESE:
        yield "script", question.language
    written = sorted({languages.get(place.report, "unknown") for place in question.evidence})
    yield "asked > written", f"{question.language} > {' + '.join(written)}"
    yield "kind", question.kind
    yield "questions", question.source


def measured(run: Run, questions: Iterable[Question], languages: Mapping[str, str]) -> dict[Group, Quality]:
    """Return how well the places of questions were found, in each group; questions without places are left out."""
    found: dict[Group, list[Ranks]] = defaultdict(list)
    for question in questions:
        if question.evidence:
            for group in search_groups(question, languages):
                found[group].append(_ranks(run, question))
    several = sum(section == "questions" for section, _ in found) > 1
    return {group: quality(some) for group, some in found.items() if several or group[0] != "questions"}


def answered(run: Run, questions: Iterable[Question]) -> dict[tuple[str, str], Share]:
    """Return how right the answers are: all, of each file where there are several, of each kind; each by language."""
    scores: dict[tuple[str, str], list[float]] = defaultdict(list)
    asked = list(questions)
    right = [rightness(question, run.get(question.id, NOTHING).answer or {}) for question in asked]
    sources, kinds = (sorted({getattr(question, name) for question in asked}) for name in ("source", "kind"))
    for part in ("all", *(sources if len(sources) > 1 else ()), *kinds):
        for question, share in zip(asked, right, strict=True):
            if part in ("all", question.source, question.kind):
                for language in ("all", question.language):
                    scores[part, language].append(share)
    return {group: Share(len(some), sum(some) / len(some)) for group, some in scores.items()}


def gap(name: str, pairs: Sequence[Mapping[str, Ranks]]) -> Gap:
    """Return the gap between scripts; each pair has the ranks of a question by the language that it was asked in."""
    languages = sorted({language for pair in pairs for language in pair}, key=("zh-Hans", "zh-Hant", "en").index)
    moved = sum(len({_first(pair[language]) for language in CHINESE}) > 1 for pair in pairs)
    by_language = {language: quality([pair[language] for pair in pairs if language in pair]) for language in languages}
    return Gap(name, len(pairs), moved, by_language)


def same_questions(run: Run, questions: Iterable[Question]) -> list[dict[str, Ranks]]:
    """Return the ranks of the questions that people asked in both Chinese scripts, by language."""
    stems: dict[str, dict[str, Ranks]] = defaultdict(dict)
    for question in questions:
        if question.evidence:
            stems[question.stem][question.language] = _ranks(run, question)
    return [found for found in stems.values() if found.keys() >= set(CHINESE)]


def converted_questions(
    run: Run, questions: Iterable[Question], other: Run, others: Iterable[Question]
) -> list[dict[str, Ranks]]:
    """Return the ranks of Chinese questions in ``run``, and of the same in the other script in ``other``."""
    known = {question.id: question for question in questions if question.evidence}
    return [
        {known[one.id].language: _ranks(run, known[one.id]), one.language: _ranks(other, one)}
        for one in others
        if one.id in known
    ]


def milliseconds(run: Run, what: str) -> tuple[float, float] | None:
    """Return the median and the 95th percentile of what searches or answers took; None where nobody says."""
    taken = sorted(1000 * outcome.seconds[what] for outcome in run.values() if what in outcome.seconds)
    return (taken[len(taken) // 2], taken[int(0.95 * (len(taken) - 1))]) if taken else None


def _ranks(run: Run, question: Question) -> Ranks:
    return ranks(run.get(question.id, NOTHING).hits or (), question)


def _first(found: Ranks) -> int | None:
    return min((rank for rank in found if rank), default=None)
