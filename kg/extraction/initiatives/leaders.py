"""Who carries an initiative out: a branch, a subsidiary, a customer or a partner, in the text's words.

Organisations only: a data centre or a warehouse is where something is done, and carries nothing out.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from kg.extraction.initiatives.cues import InitiativeCues
from kg.extraction.initiatives.groups import Groups
from kg.extraction.initiatives.particles import NUMERALS
from kg.reading.folding import HAN, compact
from kg.vocabulary import Vocabulary

Stretch = tuple[int, int]

MOST = 4  # leaders of one initiative; a longer list of partners is no list of leaders
NAME = 24  # folded characters after "together with" in which the partner's name stands
BRANCH = 6  # folded characters between a place and the word for the branch there
OWN = 2  # characters that name an organisation, beside words that describe any ("local government")
_CLAUSE = re.compile("[\uff0c\u3002\uff1b\uff1a:;,\\n]")
_COMMA = "\u3001"
_PLAIN = re.compile(f"[{HAN}()\u3001]*")
_MARKS = re.compile('["\u300a\u300b\\d]')
_CAPITALS = r"([A-Z][\w&.\u2019'-]*(?:\s+(?:(?:of|and|for|the)\s+)?[A-Z][\w&.\u2019'-]*){0,6})"


@dataclass(frozen=True, slots=True)
class _Patterns:
    """What stands around the names of organisations; ``english`` has the name in its first group."""

    together: re.Pattern[str]
    joins: re.Pattern[str]
    also: re.Pattern[str]
    of: re.Pattern[str]
    nobody: re.Pattern[str]
    english: tuple[re.Pattern[str], ...]


def leaders(words: str, at: int, place: str | None, cues: InitiativeCues) -> tuple[str, ...]:
    """Return the names of those who carry out the initiative at ``words[at:]``, as they are written.

    ``words`` is the sentence that names it, or the title that does and the text below. A branch of another place than
    the initiative's is that of another sentence.
    """
    folded = compact(words)
    groups = [group for group in _branches(folded.text, cues) if _fits(folded.text, group, place, cues)]
    before = [group for group in groups if group[0][0] <= folded.at(at)]
    stretches = [*(before[-1] if before else groups[0] if groups else ()), *_partners(folded.text, cues)]
    names = [" ".join(folded.span(*stretch).of(words).replace("**", "").split()) for stretch in stretches]
    names += [match[1].strip() for pattern in _patterns(cues).english for match in pattern.finditer(words)]
    return tuple(dict.fromkeys(names))[:MOST]


def _fits(text: str, group: Sequence[Stretch], place: str | None, cues: InitiativeCues) -> bool:
    """Say whether a place of some branches is, holds or lies in that of the initiative, if both are known."""
    theirs = {match.concept.iri for a, b in group for match in cues.places(text[a:b])}
    own = {match.concept.iri for match in cues.places(compact(place or "").text)}
    above = [{iri, *(concept.iri for concept in cues.vocabulary.ancestors(iri))} for iri in own]
    around = [{iri, *(concept.iri for concept in cues.vocabulary.ancestors(iri))} for iri in theirs]
    return not own or any(iri in up for iri in theirs for up in above) or any(iri in up for iri in own for up in around)


@lru_cache(maxsize=4)
def _groups(vocabulary: Vocabulary) -> Groups:
    return Groups.of(vocabulary, "cue-leader-")


def _units(text: str, cues: InitiativeCues) -> list[Stretch]:
    """Return where words for organisations stand, those left out that are part of another word."""
    unlike = _groups(cues.vocabulary).find("unlike", text)
    found = [(unit.start, unit.end) for unit in _groups(cues.vocabulary).find("organisation", text)]
    return [(a, b) for a, b in found if not any(other.start < b and a < other.end for other in unlike)]


def _branches(text: str, cues: InitiativeCues) -> Iterator[list[Stretch]]:
    """Yield the branches that clauses begin with, those of one list together."""
    group: list[Stretch] = []
    for place in cues.places(text):
        listed = bool(group) and place.start == group[-1][1] + 1 and text[group[-1][1]] == _COMMA
        if group and not listed:
            yield group
            group = []
        end = _unit_end(text, place.end, cues) if listed or _begins_clause(text, place.start, cues) else 0
        if end:
            group = [*group, (place.start, end)]
    if group:
        yield group


def _unit_end(text: str, start: int, cues: InitiativeCues) -> int:
    """Return where "... branch" ends after a place, or after several ("Beijing, Liaoning and other branches")."""
    window, patterns = text[start : start + 2 * BRANCH], _patterns(cues)
    units = _units(window, cues)
    if not units or not _PLAIN.fullmatch(window, 0, units[0][0]):
        return 0
    near = units[0][0] <= BRANCH or patterns.also.search(window, 0, units[0][0])
    end = max(end for begin, end in units if begin <= units[0][1])
    between = window[: units[0][0]]
    return start + end if near and not patterns.of.match(window, end) and _has_no_verb(between, cues) else 0


def _begins_clause(text: str, start: int, cues: InitiativeCues) -> bool:
    clause = max((m.end() for m in _CLAUSE.finditer(text, 0, start)), default=0)
    before = text[clause:start].strip(" *#-\u3010\u3011\u00b7\u2022\u25a0")
    return not before or cues.is_company(before) or cues.is_common(before)


def _partners(text: str, cues: InitiativeCues) -> Iterator[Stretch]:
    """Yield the organisations of "together with A and B, ..."."""
    for match in _patterns(cues).together.finditer(text):
        if _is_organisation(match[1], cues):
            yield match.span(1)
    units = _units(text, cues)
    for word in cues.find("partner", text) if units else ():
        stop = _CLAUSE.search(text, word.end)
        end = min(stop.start() if stop else len(text), word.end + NAME)
        if not any(a < word.end < b for a, b in units):  # "joint" begins "joint association"
            yield from _names(text, word.end, end, cues)


def _names(text: str, start: int, end: int, cues: InitiativeCues) -> Iterator[Stretch]:
    """Yield the organisations that a list begins with; it ends at the first part that names none."""
    while start < end:
        ends = [b for _, b in _units(text[start:end], cues)]
        joint = _patterns(cues).joins.search(text, start, end)
        limit = joint.start() - start if joint else end - start
        name = next((b for b in reversed(ends) if b <= limit and _is_organisation(text[start : start + b], cues)), 0)
        if not name:
            return
        yield start, start + name
        if not joint or joint.start() != start + name:
            return
        start = joint.end()


def _is_organisation(words: str, cues: InitiativeCues) -> bool:
    """Say whether words are the name of an organisation: a known one, or own words and one for organisations."""
    if cues.is_company(words):
        return True
    start = next((a for a, b in _units(words, cues) if b == len(words)), 0)
    own = words[:start]
    described = [match for name in ("generic", "common") for match in cues.find(name, own)]
    described += _groups(cues.vocabulary).find("anyone", own)
    covered = {i for match in described for i in range(match.start, match.end)}
    named = sum(c.isalnum() for i, c in enumerate(own) if i not in covered) >= OWN
    return named and not _patterns(cues).nobody.search(words) and _has_no_verb(words, cues)


def _has_no_verb(words: str, cues: InitiativeCues) -> bool:
    """Say whether words hold no verb, quotation mark, number or particle, as those of a sentence do."""
    verbs = any(cues.find(name, words) for name in ("issue", "verb", "act", "make"))
    return not (verbs or _MARKS.search(words) or _patterns(cues).of.search(words))


@lru_cache(maxsize=4)
def _patterns(cues: InitiativeCues) -> _Patterns:
    partner = "|".join(map(re.escape, cues.english("led")))
    unit = "|".join(map(re.escape, cues.english("unit")))
    any_of, with_ = cues.any_of, cues.any_of("particle-with")
    count = rf"(?:{any_of(*NUMERALS, 'particle-many')}|\d+){any_of('particle-body-measure')}"
    return _Patterns(
        # "With X in cooperation", "with X jointly".
        re.compile(rf"{with_}((?:(?!{with_})[^\uff0c,\u3002]){{2,16}}?){any_of('particle-jointly')}"),
        re.compile(rf"\u3001|{any_of('particle-and', 'particle-with')}"),
        re.compile(any_of("particle-also")),
        re.compile(any_of("cue-of")),
        re.compile(rf"^{any_of('particle-determiner')}|{count}|{any_of('particle-one-body')}"),
        (
            re.compile(rf"\b(?i:{partner})\s+(?:the\s+|our\s+(?:[a-z-]+\s+){{1,3}})?{_CAPITALS}"),
            re.compile(rf"(?:^|(?<=[.!?\n]\s)|(?<=\n)){_CAPITALS},\s+(?:our|a)\s+(?:[\w-]+\s+){{0,3}}(?:{unit})\b"),
            re.compile(rf"\b[Oo]ur\s+(?:[\w-]+\s+){{0,2}}(?:{unit})\s+{_CAPITALS}"),
        ),
    )
