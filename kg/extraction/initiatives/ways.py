"""The ways in which a report names an initiative in running text, in a heading or in a row of a table.

A quoted name with a noun such as "project" beside it, the title of a plan that the company issues, a row in a table of
projects, a thing built at a place or with a partner, what a branch does, a campaign or pilot that is carried out.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from kg.extraction.initiatives.cues import InitiativeCues
from kg.extraction.initiatives.deeds import deeds_of
from kg.extraction.initiatives.english import WORDS, English
from kg.extraction.initiatives.particles import NUMERALS
from kg.reading.blocks import Block, Document
from kg.reading.folding import HAN, Folded

# Confidence: how often each way is right on 13 annotated reports, (right + 1) / (found + 2): quoted names 36 of 39,
# titles and campaigns 25 of 28, things built 20 of 20, the others 16 of 16. The rules were written with these reports
# in view, so the last two are set lower; on eight texts read for the first time all ways were right in 52 of 55.
QUOTED, TITLE, BUILT, CAMPAIGN, UNSEEN = 0.9, 0.87, 0.92, 0.87, 0.85
BRAND_NOUN = 6  # characters between a brand and its noun
NAME_LENGTH = (2, 40)  # characters of a name; the gold's have 4 to 38
SENTENCE = re.compile(r"(?:[^\u3002\uff01\uff1f\uff1b;.!?]|[.!?](?!\s))+")
QUOTED_NAME = re.compile(r'"([^"\n]{2,34})"')
_TITLE = re.compile(r"\u300a([^\u300b\n]{4,60})\u300b")
_CLAUSE_BREAK = re.compile("[\uff0c\u3002\uff1b\uff1a:;,\u3001()\uff08\uff09]")
_CASE_TITLE = 12  # characters of the title of a case that won a prize; shorter ones are those of films and reports
_SHORTEST_PART = 5  # characters of a part's name
_BRAND = re.compile(r"(?<![A-Za-z])(?=[A-Za-z]{4})[A-Za-z]*[a-z][A-Z][A-Za-z]*(?![A-Za-z])")


@dataclass(frozen=True, slots=True)
class _Patterns:
    """What announces names in folded text."""

    run: re.Pattern[str]
    number: re.Pattern[str]
    example: re.Pattern[str]
    counted: re.Pattern[str]
    item: re.Pattern[str]
    tally: re.Pattern[str]
    list_end: re.Pattern[str]
    preposition: re.Pattern[str]


@lru_cache(maxsize=4)
def _patterns(cues: InitiativeCues) -> _Patterns:
    any_of, numeral = cues.any_of, cues.any_of(*NUMERALS)
    measure, and_ = any_of("particle-measure"), rf"(?:\u3001|{any_of('particle-and')})"
    heading = rf"(?:\d{{1,2}}(?:\.\d{{1,2}})*|{numeral}{{1,2}}(?=[)\uff09.\u3001\s]))[)\uff09.\u3001\s]?"
    take, example = any_of("particle-take"), any_of("particle-example")
    taken = rf"(?:(?!{take}|{any_of('particle-as')})[^\uff0c\u3002\uff1b\uff1a:;,!?])"
    return _Patterns(
        re.compile(rf'(?:"[^"\n]{{2,16}}"{and_}?){{2,}}(?:{numeral}|\d){measure}'),
        re.compile(rf"[#*\u25a0\s]*(?:[(\uff08]?{heading}\s*)?"),
        re.compile(rf"{take}({taken}{{5,26}}){example}"),
        # "Eight great actions": numeral, "great", a few words and the noun.
        re.compile(rf"(?:{numeral}|\d){any_of('particle-great')}[{HAN}]{{2,6}}?{any_of('particle-counted')}"),
        re.compile(rf'(?:"[^"]*"|(?!{and_})[^\uff0c,;"\u300a\u300b])+'),
        re.compile(rf"(?:{numeral}|\d)+{measure}[{HAN}]{{0,6}}$"),  # "three sub-projects", the tally behind a list
        re.compile(rf"[\u3002\uff1b;]|{any_of('particle-also')}"),
        re.compile(any_of("particle-preposition")),  # with which no name begins
    )


@dataclass(frozen=True, slots=True)
class Found:
    """A name in folded text: where the quote and the name in it begin and end."""

    start: int
    end: int
    name: tuple[int, int]
    confidence: float


def in_text(text: str, block: Block, folded: Folded, cues: InitiativeCues, english: English) -> list[Found]:
    """Return what a heading, a paragraph or an item names; of two that overlap the first should win."""
    found = [*_run(folded, cues), *_quoted(folded, cues), *_titles(folded, cues)]
    if block.kind == "heading":
        return [*found, *_heading(folded, cues)]
    found += [*_exemplified(folded, cues), *_finished(folded, cues)]
    found += [*_built(folded, cues), *_joint(folded, cues), *_campaigns(folded, cues)]
    found += [*_branded(text, folded, cues), *_english(text, folded, cues, english)]
    found = [*_parts(folded, cues, found), *found]
    return [*found, *_done(folded, cues, found)]


def in_row(document: Document, block: Block, folded: Folded, cues: InitiativeCues) -> Iterator[Found]:
    """Find the name in a row of a table of projects."""
    header = [document.text(cell) if cell else "" for cell in block.header]
    if block.is_header or not cues.lists_projects(header):
        return
    for name, cell in zip(header, block.cells, strict=False):
        if cell and cues.is_column(name) and block.span.start <= cell.start and cell.end - cell.start <= NAME_LENGTH[1]:
            start, end = folded.at(cell.start - block.span.start), folded.at(cell.end - block.span.start)
            yield Found(start, end, (start, end), UNSEEN)


def _run(folded: Folded, cues: InitiativeCues) -> Iterator[Found]:
    """Find quoted names side by side that are counted as projects: "A", "B" and "C", three projects."""
    for run in _patterns(cues).run.finditer(folded.text):
        noun = folded.text[run.end() : run.end() + NAME_LENGTH[1] // 4]
        if cues.counts_works(noun):
            for name in QUOTED_NAME.finditer(folded.text, *run.span()):
                last = folded.text.find('"', name.end(), run.end()) < 0
                yield Found(name.start(), run.end() if last else name.end(), name.span(), QUOTED)


def _exemplified(folded: Folded, cues: InitiativeCues) -> Iterator[Found]:
    """Find what is given as an example: "take the retrofit of the Xili campus ..."."""
    for example in _patterns(cues).example.finditer(folded.text):
        if cues.is_work(example[1]):
            yield Found(*example.span(1), example.span(1), UNSEEN)


def _finished(folded: Folded, cues: InitiativeCues) -> Iterator[Found]:
    """Find a project that is said to be finished: "the Binjiang photovoltaic project was completed"."""
    for start, end in deeds_of(cues).finished(folded.text):
        yield Found(start, end, (start, end), UNSEEN)


def _quoted(folded: Folded, cues: InitiativeCues) -> Iterator[Found]:
    """Find quoted names that a noun such as "project" follows."""
    text = folded.text
    for quoted in QUOTED_NAME.finditer(text):
        words = quoted[1]
        plan = cues.plan_after(text, quoted.end())
        if plan and cues.is_generic(words) and cues.issues(text[max(0, quoted.start() - 4) : quoted.start()]):
            yield Found(quoted.start(), plan, (quoted.start(), plan), UNSEEN)
        if cues.is_generic(words) or words.count("\u3001") > 1 or cues.is_honour(text, quoted.start(), quoted.end()):
            continue
        alone = cues.is_numbered(words) or cues.ends_as_plan(words) or cues.is_introduced(text[: quoted.start()])
        alone = alone or quoted.group() == text or cues.is_launched(text[quoted.end() : quoted.end() + 16])
        alone = alone and not cues.is_technical(words)
        end = cues.noun_after(text, quoted.end()) or (quoted.end() if alone else 0)
        if end:
            yield Found(quoted.start(), end, (quoted.start(), end), QUOTED)


def _titles(folded: Folded, cues: InitiativeCues) -> Iterator[Found]:
    """Find titles of plans that the company issues."""
    text = folded.text
    for title in _TITLE.finditer(text):
        words = re.sub(r"[(\uff08][^()\uff08\uff09]*[)\uff09]$", "", title[1])
        after = cues.noun_after(text, title.end(), within=2)
        own = cues.ends_as_plan(words) and cues.issues(text[max(0, title.start() - 16) : title.start()])
        honoured = cues.is_honour(text, *title.span(), inside=False)
        named = (
            honoured and len(words) >= _CASE_TITLE and not cues.is_honour(text, *title.span(1))
        ) or cues.ends_as_work(words)
        called = cues.is_called(text[: title.start()])
        if named or after or ((own or called) and not honoured):
            yield Found(title.start(), after or title.end(), (title.start(), title.end()), TITLE)


def _built(folded: Folded, cues: InitiativeCues) -> Iterator[Found]:
    """Find what is built or launched at a place, by a branch, or with a partner."""
    nouns = [noun.start for noun in cues.find("artefact", folded.text)]
    verbs = [verb.start for verb in cues.find("verb", folded.text)] if nouns else []
    for sentence in SENTENCE.finditer(folded.text) if verbs else ():
        if not (_holds(sentence, nouns) and _holds(sentence, verbs)):
            continue
        words = sentence.group()
        for start, end in cues.built(words):
            own = cues.begins_with_name(words[start:end]) or cues.is_own(
                words[cues.name_start(words, start, end) : end]
            )
            anchor = start if own else cues.anchor(words, start)
            if anchor is not None and NAME_LENGTH[0] + 1 < end - start <= NAME_LENGTH[1]:
                shift = sentence.start()
                clause = max((m.end() for m in _CLAUSE_BREAK.finditer(words, 0, start)), default=0)
                name = (shift + cues.name_start(words, start, end), shift + end)
                yield Found(shift + max(anchor, clause), shift + end, name, BUILT)
                break


def _joint(folded: Folded, cues: InitiativeCues) -> Iterator[Found]:
    """Find what is built together with a partner or for a customer."""
    for start, *name in cues.joint(folded.text):
        yield Found(start, name[1], (name[0], name[1]), UNSEEN)


def _campaigns(folded: Folded, cues: InitiativeCues) -> Iterator[Found]:
    """Find campaigns and pilots that are carried out."""
    for counted in _patterns(cues).counted.finditer(folded.text):
        yield Found(counted.start(), counted.end(), counted.span(), CAMPAIGN)
    for verb, start, end in (*cues.campaigns(folded.text), *cues.plans(folded.text)):
        name = folded.text[start:end]
        if (
            NAME_LENGTH[0] < len(name) <= NAME_LENGTH[1] // 2
            and not _CLAUSE_BREAK.search(name)
            and not _patterns(cues).preposition.match(name)
        ):
            yield Found(verb, end, (start, end), CAMPAIGN)


def _heading(folded: Folded, cues: InitiativeCues) -> Iterator[Found]:
    """Find headings such as "Carry out the carbon inclusion action", "Build the platform", "Green Fleet plan"."""
    number = _patterns(cues).number.match(folded.text) if cues.find("plan", folded.text) else None
    start, end = cues.after_verb(folded.text, number.end() if number else 0), len(folded.text.rstrip("* "))
    if number and NAME_LENGTH[0] < end - start <= NAME_LENGTH[1] // 2 and cues.is_named(folded.text[start:end]):
        yield Found(start, end, (start, end), UNSEEN)
    for verb, start, end in cues.campaigns(folded.text, "heading"):
        yield Found(verb, end, (start, end), CAMPAIGN)
    for start, end in cues.built(folded.text):
        if cues.is_verb(folded.text[:start].lstrip("# \u25a0")) and start < end - NAME_LENGTH[0]:
            yield Found(start, end, (start, end), CAMPAIGN)


def _branded(text: str, folded: Folded, cues: InitiativeCues) -> Iterator[Found]:
    """Find names in Latin letters with capitals inside (a brand's, not an abbreviation) beside a noun in Chinese."""
    for brand in _BRAND.finditer(text):
        start, end = folded.at(brand.start()), folded.at(brand.end() - 1) + 1
        name = folded.text[start:end]
        if cues.is_technical(name) or cues.is_external(name) or cues.is_honour(folded.text, start, end + BRAND_NOUN):
            continue
        after = cues.noun_after(folded.text, end, within=BRAND_NOUN)
        if after or cues.is_introduced(folded.text[:start].rstrip()):
            yield Found(start, after or end, (start, after or end), UNSEEN)


def _english(text: str, folded: Folded, cues: InitiativeCues, english: English) -> Iterator[Found]:
    """Find English names in capitals, beside a noun or told of as an initiative."""
    if not WORDS.search(text):
        return
    for stretch in (*english.names(text), *english.listed(text), *deeds_of(cues).english(text)):
        start, end = folded.at(stretch[0]), folded.at(stretch[1] - 1) + 1
        yield Found(start, end, (start, end), UNSEEN)


def _done(folded: Folded, cues: InitiativeCues, others: list[Found]) -> Iterator[Found]:
    """Find what a branch does, or what is the first of its kind, in sentences that name nothing else."""
    deeds = deeds_of(cues)
    for start, end in deeds.clients(folded.text):
        yield Found(start, end, (start, end), UNSEEN)
    marks = deeds.marks(folded)
    for sentence in SENTENCE.finditer(folded.text) if marks else ():
        if not any(all(_holds(sentence, places) for places in each) for each in marks):
            continue
        if any(sentence.start() <= one.start < sentence.end() for one in others):
            continue
        for start, end in deeds.done(sentence.group()):
            yield Found(
                sentence.start() + start, sentence.start() + end, _shifted(sentence.start(), start, end), UNSEEN
            )


def _parts(folded: Folded, cues: InitiativeCues, others: list[Found]) -> Iterator[Found]:
    """Find the parts that are listed after the name of a plan: quoted ones, and those called actions, projects, ..."""
    text = folded.text
    for word in cues.contains(text):
        near = any(one.end <= word.start <= one.end + BRAND_NOUN for one in others)
        stop = _patterns(cues).list_end.search(text, word.end)
        end = stop.start() if stop else len(text)
        for item in _patterns(cues).item.finditer(text, word.end, end) if near else ():
            start, last = item.start(), item.start() + len(_patterns(cues).tally.sub("", item.group()))
            named = text[start] == '"' or cues.is_part(text[start:last])
            if (
                named
                and not _patterns(cues).preposition.match(text, start)
                and _SHORTEST_PART <= last - start <= NAME_LENGTH[1] // 2
            ):
                yield Found(start, last, (start, last), UNSEEN)


def _holds(sentence: re.Match[str], places: list[int]) -> bool:
    return any(sentence.start() <= place < sentence.end() for place in places)


def _shifted(by: int, start: int, end: int) -> tuple[int, int]:
    return by + start, by + end
