"""Means: the technologies whose effect a number is, as the subject of its clause or after "by using"."""

import re
from collections.abc import Iterator, Sequence

from kg.extraction.results.effects import CLAUSE_END, SENTENCE_END, Number, ResultCues, sentence_of
from kg.reading.folding import Folded
from kg.vocabulary import Match

_LATIN = re.compile(r"[a-z0-9+-]+\Z")  # "5G" before a Chinese noun says what kind of thing the noun is, no more
_HAN = re.compile("[\u4e00-\u9fff]")
REACH = 60  # folded characters between "by using" and a technology, twice as many in English
VERB = 12  # characters between an English technology and the verb of which it is the subject
SUBJECT = 8  # folded characters before a technology that still begins its clause ("our", "the use of", a bullet)


def technologies_of(number: Number, before: Number | None, cues: ResultCues) -> list[str]:
    """Return the technologies that are the subject or the means of what a number says."""
    text, (start, end) = number.folded.text, sentence_of(number)
    known = list(_known(number, start, end, cues))
    if not known:
        return []
    at = number.start - start
    words, gap = text[start:end], max(0, before.end - start) if before else 0
    near = [match for match in known if gap <= match.start and match.end <= at]
    far = [match for match in known if match.end <= min(gap, at)]
    for matches in (near, far):
        found = _subjects(words, matches, at, cues, far=False) or _means(words, matches, at, cues)
        found = found or _subjects(words, matches, at, cues)
        if found:
            return [match.concept.iri for match in found]
    return [match.concept.iri for match in _after(words, known, number.end - start, cues)]


def _known(number: Number, start: int, end: int, cues: ResultCues) -> Iterator[Match]:
    """Yield the technologies of a stretch, those left out that are part of the number's metric."""
    first = number.metric
    for match in cues.technologies.known(Folded(number.folded.text[start:end], end - start)):
        if not (first[0] < start + match.end and start + match.start < first[1]):
            yield match


def spoken_of(number: Number, cues: ResultCues) -> tuple[str, ...]:
    """Return the one technology of the sentence before, where the number's sentence speaks of "the trial"."""
    text, (start, _) = number.folded.text, sentence_of(number)
    if start and cues.refers_back(text[start : number.start]):
        first = max((m.end() for m in SENTENCE_END.finditer(text, 0, start - 1)), default=0)
        found = {match.concept.iri for match in _known(number, first, start, cues)}
        return tuple(found) if len(found) == 1 else ()
    return ()


def _subjects(words: str, matches: Sequence[Match], at: int, cues: ResultCues, far: bool = True) -> list[Match]:
    """Return the technology that the number's clause begins with; with ``far``, its sentence if the clause is bare."""
    last = max((m.end() for m in CLAUSE_END.finditer(words, 0, at)), default=0)
    effects = cues.find("effect", words[last:at]) if far else []
    bare = bool(effects) and effects[0].start <= SUBJECT
    for match in reversed(matches):
        clause = max((m.end() for m in CLAUSE_END.finditer(words, 0, match.start)), default=0)
        own = match.start - clause <= SUBJECT and (clause == last or (bare and clause == 0))
        if match.start >= last and words.isascii() and any(0 < e.start + last - match.end <= VERB for e in effects):
            return [match]  # right before the verb: "A and route optimisation software reduced"
        if own and not cues.listed.match(words, match.end) and not _is_kind(words, match, cues):
            return [match]
    return []


def _is_kind(words: str, match: Match, cues: ResultCues) -> bool:
    after = words[match.end : match.end + 1]
    if cues.of.at(words, match.end):
        return True
    return bool(_LATIN.match(match.label) and _HAN.match(after)) and not cues.joins.at(words, match.end)


def _means(words: str, matches: Sequence[Match], at: int, cues: ResultCues) -> list[Match]:
    """Return the technologies after "by using", with those listed with them."""
    means = cues.find("means", words[:at])
    outside = [match for match in matches if not words.count('"', 0, match.start) % 2]  # not in a product's name
    return [match for match in outside if any(_governs(words, word, match, cues) for word in means)]


def _governs(words: str, word: Match, match: Match, cues: ResultCues) -> bool:
    """Say whether "by using" governs a technology: near, and in Chinese in the same clause."""
    between = words[word.end : match.start]
    if match.start < word.end or _is_kind(words, match, cues):
        return False
    return len(between) <= 2 * REACH if words.isascii() else len(between) <= REACH and "," not in between


def _after(words: str, known: Sequence[Match], end: int, cues: ResultCues) -> list[Match]:
    """Return the technology of "saved 3 GWh by deploying X", behind the number."""
    for word in cues.find("means", words[end:]) if words.isascii() else ():
        start = end + word.end
        found = [match for match in known if 0 <= match.start - start <= SUBJECT + SUBJECT]
        if found and word.start <= REACH:
            return found[:1]
    return []
