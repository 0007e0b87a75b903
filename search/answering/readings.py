"""What facts and passages say to any question: read once, since reports never change, and remembered.

An answer judges a dozen facts and looks through the lists of ten passages; other questions meet the same ones.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from kg.model import NumberFact, Report, Span
from kg.reading.blocks import Document
from kg.reading.folding import compact
from kg.vocabulary import Vocabulary
from search.answering.enumerations import enumerations
from search.answering.members import Enumeration
from search.answering.runs import Members
from search.tokens import distinct

BESIDE = 250  # characters before and after a quote that say what its number is about
_END = re.compile("[\u3002\uff01\uff1f!?;\uff1b\\t]|\n\n|(?<=[a-z])\\. ")
_CLAUSE = re.compile("[,\uff0c\u3002\uff01\uff1f!?;\uff1b:\uff1a\\t]|\n\n|(?<=[a-z])\\. ")
REPORTS = 200  # whose lists are remembered: as many as have their texts in memory (kg.shelves)
FACTS, PASSAGES, TEXTS = 2048, 2048, 4096  # that are remembered; the words of a text take some 5 KB


@dataclass(frozen=True, slots=True)
class Reading:
    """What a fact says: its own words, those with its sentence, those with its surroundings; the IRIs of what is named.

    ``named`` are those of its own words, ``near`` those of its surroundings; ``told``, ``clause``, ``said`` and
    ``beside`` are the texts themselves, the clause being that of the sentence in which the number stands.
    """

    own: frozenset[str]
    sentence: frozenset[str]
    around: frozenset[str]
    named: frozenset[str]
    near: frozenset[str]
    told: str = ""
    clause: str = ""
    said: str = ""
    beside: str = ""


class Readings:
    """What the facts and passages of a library say; safe to use from any thread.

    ``told`` gives what is indexed of a fact, ``document`` a report in blocks.
    """

    def __init__(
        self,
        vocabulary: Vocabulary,
        reports: Mapping[str, Report],
        document: Callable[[str], Document],
        told: Callable[[str], str],
    ) -> None:
        """Begin with nothing remembered."""
        self._vocabulary, self._reports, self._document, self._told = vocabulary, reports, document, told
        self._members = lru_cache(maxsize=REPORTS)(lambda report: Members(document(report)))
        self._fact = lru_cache(maxsize=FACTS)(self._read)
        self._enumerations = lru_cache(maxsize=PASSAGES)(self._listed)

    def fact(self, fact: NumberFact) -> Reading:
        """Return what a fact and the text around it say."""
        return self._fact(fact.iri, fact.report, fact.quote)

    def enumerations(self, report: str, within: Span) -> Sequence[Enumeration]:
        """Return the enumerations of the part of a report that lies within a span."""
        return self._enumerations(report, within)

    def _read(self, iri: str, report: str, quote: Span) -> Reading:
        told, near = self._told(iri), self._surroundings(report, quote)
        own = words_of(told)
        said = self._within(report, quote, _END)
        clause = self._within(report, quote, _CLAUSE)
        sentence, around = own | words_of(said), own | words_of(near)
        return Reading(own, sentence, around, self._names(told), self._names(near), told, clause, said, near)

    def _names(self, text: str) -> frozenset[str]:
        found = self._vocabulary.everything.find_folded(compact(text))
        return frozenset(concept.iri for match in found for concept in match.concepts)

    def _surroundings(self, report: str, quote: Span) -> str:
        """Return the text around a quote, with the headings above it."""
        document = self._document(report)
        block = next((block for block in document.blocks if block.span.start <= quote.start < block.span.end), None)
        headings = [document.text(span) for span in block.headings] if block else []
        text = self._reports[report].text
        return "\n".join([*headings, text[max(0, quote.start - BESIDE) : quote.end + BESIDE]])

    def _within(self, report: str, quote: Span, ends: re.Pattern[str]) -> str:
        """Return the sentence, or the cell of a table, or the clause that a quote stands in."""
        text, (start, end) = self._reports[report].text, (quote.start, quote.end)
        before = ends.split(text[max(0, start - BESIDE) : start])[-1]
        return before + text[start:end] + ends.split(text[end : end + BESIDE])[0]

    def _listed(self, report: str, within: Span) -> Sequence[Enumeration]:
        return tuple(enumerations(self._members(report), within, self._vocabulary))


@lru_cache(maxsize=TEXTS)
def words_of(text: str) -> frozenset[str]:
    """Return the words of a text that may be broken into lines anywhere."""
    return distinct(text.replace("\n", ""))
