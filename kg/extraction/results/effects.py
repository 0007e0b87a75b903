"""Effects: numbers that are a change, or an amount saved, avoided, made or cut, and the words that say so."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from kg import ids
from kg.extraction.initiatives.cues import initiative_cues
from kg.extraction.technologies import technology_cues
from kg.lexicon import Lexicon, alternatives
from kg.model import Fact, NumberFact, Span
from kg.reading.blocks import Document
from kg.reading.folding import Folded, compact
from kg.vocabulary import Match, Matcher, Vocabulary

SENTENCE_END = re.compile(r"[\u3002;!?]|\.(?=\s|$)|\n\s*\n")
CLAUSE_END = re.compile(r"[,\uff0c:](?!\d{3}(?!\d))")

BEHIND = 30  # folded characters behind a number in which "less water" makes it an effect, and no other number stands
_QUOTED = re.compile('"[^"]*"')
_DIGIT = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Number:
    """A number with the block that it stands in, and where in the folded block."""

    fact: NumberFact
    block: int
    folded: Folded
    start: int
    end: int
    metric: tuple[int, int]


class ResultCues:
    """The words that say that something is an effect, and of what."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        """Build a matcher for each group of words."""
        self.technologies = technology_cues(vocabulary)
        self.initiatives = initiative_cues(vocabulary)
        self._groups = {
            name: _cue(vocabulary, name) for name in ("effect", "means", "behind", "anaphor", "anew", "pronoun")
        }
        self.of = Lexicon([vocabulary.concept(f"{ids.BASE}code/cue-of")])
        self.joins = Lexicon([vocabulary.concept(f"{ids.BASE}code/cue-and")])
        joining = alternatives([vocabulary.concept(f"{ids.BASE}code/cue-and")], ascii=False)
        self.listed = re.compile(rf"{joining}|,? and |, |/")
        time = vocabulary.concept(f"{ids.BASE}code/cue-result-time")
        self.time = re.compile(rf"[\d\s]|{alternatives([time], ascii=False)}|^in |per year|annual(?:ly)?")
        reduced = ("whenReduced", "whenSaved")
        metrics = list(vocabulary.of_type("Metric"))
        self.saved = {iri for m in metrics for name in reduced for iri in m.values(f"{ids.ONTOLOGY}{name}")}

    def find(self, name: str, text: str) -> list[Match]:
        """Return the words of a group in folded text."""
        return self._groups[name].find_folded(Folded(text, len(text)))

    def refers_back(self, words: str) -> bool:
        """Say whether a sentence, up to its number, speaks of what was named before it."""
        for match in self.find("pronoun", words):
            before = words[: match.start].strip(" -*")
            if not before or (words.isascii() and before.endswith(",")):
                return True
        return bool(self.find("anaphor", words))


def numbers_of(document: Document, facts: Sequence[Fact]) -> Iterator[Number]:
    """Yield the numbers of running text in order; those of tables and figures have no sentence."""
    starts = [block.span.start for block in document.blocks]
    found = [fact for fact in facts if isinstance(fact, NumberFact)]
    for fact in sorted(found, key=lambda fact: fact.quote):
        span = next((span for role, span in fact.spans if role == "value"), fact.quote)
        i = bisect_right(starts, span.start) - 1
        block = document.blocks[i]
        if i >= 0 and block.kind not in ("row", "figure") and span.end <= block.span.end:
            folded = compact(document.text(block.span))
            metric = next((span for role, span in fact.spans if role == "metric"), span)
            places = [_folded_at(folded, place, block.span.start) for place in (span, metric)]
            yield Number(fact, i, folded, *places[0], places[1])


def _folded_at(folded: Folded, span: Span, first: int) -> tuple[int, int]:
    """Return where a span of the report stands in the folded block that starts at ``first``."""
    return folded.at(max(0, span.start - first)), folded.at(max(0, span.end - 1 - first)) + 1


def sentence_of(number: Number) -> tuple[int, int]:
    """Return where the sentence of a number starts and ends in its folded block."""
    return around(SENTENCE_END, number.folded.text, number, 0, len(number.folded.text))


def around(mark: re.Pattern[str], text: str, number: Number, start: int, end: int) -> tuple[int, int]:
    """Return the stretch between two marks that a number stands in."""
    left = max((m.end() for m in mark.finditer(text, start, number.start)), default=start)
    right = mark.search(text, number.end, end)
    return left, right.start() if right else end


def is_effect(number: Number, before: Number | None, cues: ResultCues, title: int = 0) -> bool:
    """Say whether a number is a change, or something saved, avoided or made; ``title`` ends that of its block."""
    fact, text = number.fact, number.folded.text
    if fact.form == "change" or fact.metric in cues.saved:
        return True
    start, end = around(CLAUSE_END, text, number, *sentence_of(number))
    left = max(start, title, before.end if before else 0)
    words = _QUOTED.sub(_blanks, text[left : number.start])  # "saving" in the name of a programme is no effect
    behind = _DIGIT.split(text[number.end : min(end, number.end + BEHIND)])[0]
    return bool(cues.find("effect", words) or cues.find("behind", behind))


def _blanks(match: re.Match[str]) -> str:
    return " " * len(match[0])


def _cue(vocabulary: Vocabulary, name: str) -> Matcher:
    iri = f"{ids.BASE}code/cue-result-{name}"
    return Matcher([vocabulary.concept(iri)] if iri in vocabulary else [])


@lru_cache(maxsize=4)
def result_cues(vocabulary: Vocabulary) -> ResultCues:
    """Return the words for results of a vocabulary, built once."""
    return ResultCues(vocabulary)
