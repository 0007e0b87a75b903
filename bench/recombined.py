"""Passages for a collection of any size: sentences of the reports put together anew, with other names and numbers.

Each sentence of ``seeds/`` and ``bench/invented/`` is a template: the metrics, technologies and places that it names
give way to others of the same kind and script, and its numbers to others of the same length. So the words are as
frequent as in reports, sentences differ, and the same count and seed give the same passages.
"""

import random
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bench.annotated import reports
from kg.model import PASSAGE_LENGTH
from kg.reading.folding import compact
from kg.reading.passages import sentences
from kg.vocabulary import Vocabulary
from search.entries import PASSAGE, Entry

E = "http://bench/"
KINDS = ("Metric", "Technology", "Place")
PASSAGES = 50  # of a report; the seeds have 51 each
COMPANIES, FIRST_YEAR, YEARS = 500, 2015, 10
SHORTEST, LEAST, MOST = 8, 150, 420  # characters of a sentence and of a passage, as those of the seeds
_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Template:
    """A sentence with what can be put for its names: texts between them, and each name's kind."""

    texts: tuple[str, ...]
    kinds: tuple[str, ...]


Names = Mapping[tuple[str, str], list[str]]  # language and kind -> labels


def passages(count: int, vocabulary: Vocabulary, seed: int = 1) -> Iterator[Entry]:
    """Yield passages in the order of their IRIs."""
    templates, names = _templates(vocabulary), _names(vocabulary)
    for n in range(count):
        number = n // PASSAGES
        chance = random.Random(f"{seed} {n}")
        language = sorted(templates)[number % len(templates)]
        body = _body(templates[language], names, language, chance)
        company, year = f"{E}company-{number % COMPANIES}", FIRST_YEAR + number // COMPANIES % YEARS
        yield Entry(f"{E}p{n:08}", PASSAGE, body, f"r{number}", 0, len(body), company, year, language)


def _body(templates: list[Template], names: Names, language: str, chance: random.Random) -> str:
    parts, length, wanted = [], 0, chance.randint(LEAST, MOST)
    while length < wanted:
        parts.append(_filled(chance.choice(templates), names, language, chance))
        length += len(parts[-1])
    return ("" if language.startswith("zh") else " ").join(parts)[:PASSAGE_LENGTH]


def _filled(template: Template, names: Names, language: str, chance: random.Random) -> str:
    put = [chance.choice(names[language, kind]) for kind in template.kinds]
    made = "".join(text + name for text, name in zip(template.texts, [*put, ""], strict=True))
    return _NUMBER.sub(lambda found: _number(found[0], chance), made)


def _number(written: str, chance: random.Random) -> str:
    """Return another number of the same length; years stay years."""
    if len(written) == 4 and written.startswith("20"):
        return str(chance.randint(FIRST_YEAR, FIRST_YEAR + 15))
    return "".join(str(chance.randint(i == 0 and len(written) > 1, 9)) for i in range(len(written)))


def _templates(vocabulary: Vocabulary) -> Mapping[str, list[Template]]:
    matchers = [(kind, vocabulary.matcher(kind, roles=("pref", "alt"))) for kind in KINDS]
    found: dict[str, list[Template]] = defaultdict(list)
    for report, _ in reports(vocabulary):
        for start, end in sentences(report.text):
            text = " ".join(report.text[start:end].split())
            if len(text) >= SHORTEST:
                found[report.language].append(_template(text, matchers))
    return found


def _template(text: str, matchers: list[tuple[str, object]]) -> Template:
    folded = compact(text)
    places = sorted(
        (*(span := folded.span(match.start, match.end), (span.start, span.end))[1], kind)
        for kind, matcher in matchers
        for match in matcher.find_folded(folded)  # type: ignore[attr-defined]
        if len(match.label) > 1
    )
    texts, kinds, at = [], [], 0
    for start, end, kind in places:
        if start >= at:
            texts.append(text[at:start])
            kinds.append(kind)
            at = end
    return Template((*texts, text[at:]), tuple(kinds))


def _names(vocabulary: Vocabulary) -> Names:
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for kind in KINDS:
        for concept in vocabulary.of_type(kind):
            for label in concept.labels:
                if label.role != "hidden":
                    found[label.language, kind].append(label.text)
    return found
