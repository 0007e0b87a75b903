"""Initiatives: named plans, projects, pilots, cases and campaigns.

Six ways in which a report names one, each a function below: a case's title ("In Zhejiang, ..."), a quoted name with a
noun such as "project" beside it, the title of a plan that the company issues, a row in a table of projects, a thing
built at a place or with a partner, a campaign or pilot that is carried out. Where two of them overlap, the first wins.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kg.extraction.anchors import fact_iri_at
from kg.extraction.cases import case as case_title
from kg.extraction.cases import listed
from kg.extraction.initiative_cues import InitiativeCues, initiative_cues
from kg.model import Fact, Initiative, Span
from kg.reading.blocks import Block, Document
from kg.reading.folding import Folded, compact
from kg.vocabulary import Vocabulary

# Confidence: how often each way is right on the gold, (right + 1) / (found + 2), as the counts are small: cases 8 of
# 11, quoted names 18 of 21, titles 3 of 3, things built 16 of 17, campaigns 5 of 5. The others have no gold yet.
CASE, QUOTED, TITLE, BUILT, CAMPAIGN, UNSEEN = 0.69, 0.83, 0.8, 0.85, 0.8, 0.6
CASE_LENGTH = 40  # characters of a case's title; a longer line that begins with a place is running text
BRAND_NOUN = 6  # characters between a brand and its noun
NAME_LENGTH = (2, 40)  # characters of a name; the gold's have 4 to 38
_QUOTED = re.compile(r'"([^"\n]{2,34})"')
_TITLE = re.compile(r"\u300a([^\u300b\n]{4,60})\u300b")
_SENTENCE = re.compile(r"(?:[^\u3002\uff01\uff1f\uff1b;.!?]|[.!?](?!\s))+")
_CLAUSE_BREAK = re.compile("[\uff0c\u3002\uff1b\uff1a:;,\u3001()\uff08\uff09]")
# "Eight great actions": numeral, "great", a few words and the noun.
_COUNTED = re.compile(
    "[\u4e00-\u4e03\u4e5d\u516b\u56db\u516d\u4e94\u5341\\d]\u5927[\u4e00-\u9fff]{2,6}?(?:\u884c\u52a8|\u5de5\u7a0b|\u8ba1\u5212)"
)
_BRAND = re.compile(r"(?<![A-Za-z])(?=[A-Za-z]{4})[A-Za-z]*[a-z][A-Z][A-Za-z]*(?![A-Za-z])")
_ENGLISH = re.compile(
    r"(?<![\w-])((?:[\u2018']?[A-Z0-9](?:[\w&+/-]|[\u2019'](?=s\b))*)"
    r"(?:\s+(?:of|for|and|to|the|[A-Z0-9&](?:[\w&+/-]|[\u2019'](?=s\b))*)){0,7}?)[\u2019']?\s+"
    r"(Action Plan|Plan|Programme|Program|Project|Initiative|Campaign|Pilot|Strategy|Roadmap|Challenge|Scheme|Fund|"
    r"Platform|Alliance|Accelerator|Academy|programme|program|initiative|campaign|scheme|pilot|project)\b"
)
# "SecondLife trade-in programme": a brand's name, then common words.
_BRAND_NAMED = re.compile(
    r"(?<![\w-])(?:(?!Our |The |In |This |An? )[A-Z][\w&-]* )?(?:[A-Z]+[a-z]+\.?[A-Z]|re[A-Z])[\w-]*"
    r"(?:\s+(?!our\b|the\b|and\b|in\b|of\b)[a-z][\w-]+){0,2}"
    r"\s+(?:[Pp]rogramme|[Pp]rogram|[Ii]nitiative|[Cc]ampaign|[Ss]cheme|[Pp]roject|[Pp]latform)\b"
)
_ARTICLE = re.compile(r"(?:The|Our|This|That|An?|In|Under|For|With|To|On|And)\s+")
_CODE_NAME = re.compile(r"\b(?:Project|Operation|Programme) (?:[A-Z][\w\u2019'-]+ ?){1,3}(?<! )")


@dataclass(frozen=True, slots=True)
class Found:
    """A name in folded text: where the quote and the name in it begin and end."""

    start: int
    end: int
    name: tuple[int, int]
    confidence: float


def extract(document: Document, vocabulary: Vocabulary) -> Iterator[Fact]:
    """Yield the initiatives of a document, each at its first mention."""
    cues = initiative_cues(vocabulary)
    seen: set[str] = set()
    case: Span | None = None
    for i, block in enumerate(document.blocks):
        folded = compact(document.text(block.span))
        if block.kind == "heading":
            case = None
        found = _case(document, block, folded, cues)
        if found:
            alone = found[0].end >= len(folded.text.rstrip("*. "))  # else the block goes on with what the case is about
            case = block.span if alone else case
        elif block.kind == "row":
            found = list(_row(document, block, folded, cues))
        elif case is None and (title := listed(document, i, folded, cues)):
            found = [Found(*title, title, UNSEEN)]
        elif case is None:
            found = _in_text(document.text(block.span), block, folded, cues)
        for one in _apart(found):
            name = _key(folded.text[slice(*one.name)])
            if not _known(name, seen):
                seen.add(name)
                yield _fact(document, i, folded, one, cues)


def _key(name: str) -> str:
    """Return what tells a name from others: what stands in its quotation marks, if it has some."""
    quoted = _QUOTED.search(name)
    return quoted[1] if quoted else name


def _known(name: str, seen: set[str]) -> bool:
    """Say whether a name, or one that holds it, was told of before."""
    return any(name in other or (len(other) > 5 and other in name) for other in seen)


def _apart(found: list[Found]) -> list[Found]:
    """Return the finds that do not overlap; earlier ones win."""
    chosen: list[Found] = []
    for one in found:
        if all(one.end <= other.start or other.end <= one.start for other in chosen):
            chosen.append(one)
    return sorted(chosen, key=lambda one: one.start)


def _fact(document: Document, i: int, folded: Folded, one: Found, cues: InitiativeCues) -> Initiative:
    block, report = document.blocks[i], document.report
    quote = _place(block, folded, one.start, one.end)
    name = _place(block, folded, *one.name)
    words = document.text(_told(document, i, quote))
    told = compact(words)
    places = (cues.place(document.text(quote)), cues.place(words))
    return Initiative(
        iri=fact_iri_at(report, "initiative", quote),
        report=report.id,
        company=report.company,
        quote=quote,
        spans=(("name", name),),
        defaulted=("company",),
        confidence=one.confidence,
        name=" ".join(name.of(report.text).replace("**", "").split()),
        place=next((place for place in places if place), None),
        technologies=tuple(sorted({match.concept.iri for match in cues.technologies.known(told)})),
    )


def _place(block: Block, folded: Folded, start: int, end: int) -> Span:
    span = folded.span(start, end)
    return Span(block.span.start + span.start, block.span.start + span.end)


def _told(document: Document, i: int, quote: Span) -> Span:
    """Return the stretch that tells of an initiative: its sentence, or what stands below a case's title."""
    block = document.blocks[i]
    if block.kind == "heading":
        below = [other for other in document.blocks[i + 1 : i + 4] if other.kind != "heading"]
        return Span(block.span.start, below[-1].span.end if below else block.span.end)
    text = document.report.text
    for sentence in _SENTENCE.finditer(text, block.span.start, block.span.end):
        if sentence.start() <= quote.start < sentence.end():
            return Span(sentence.start(), sentence.end())
    return block.span


# --- the ways


def _in_text(text: str, block: Block, folded: Folded, cues: InitiativeCues) -> list[Found]:
    found = [*_quoted(folded, cues), *_titles(folded, cues)]
    if block.kind == "heading":
        return [*found, *_heading(folded, cues)]
    found += [*_built(folded, cues), *_joint(folded, cues), *_campaigns(folded, cues)]
    return [*found, *_branded(text, folded, cues), *_english(text, folded, cues)]


def _case(document: Document, block: Block, folded: Folded, cues: InitiativeCues) -> list[Found]:
    """Find the title of a case: marked as one, or a short line that begins with a place ("In Shandong, ...")."""
    text = folded.text
    titled = case_title(document, block, folded, cues)
    if titled:
        return [Found(*titled, titled, CASE)]
    start = len(text) - len(text.lstrip("#*\u00b7\u2022- "))
    if block.kind not in ("heading", "paragraph") or len(text) - start > CASE_LENGTH or text.endswith("\u3002"):
        return []
    if cues.begins_with_place(text[start:]) and cues.does_something(text[start:]):
        return [Found(start, len(text), (start, len(text)), CASE)]
    return []


def _quoted(folded: Folded, cues: InitiativeCues) -> Iterator[Found]:
    """Find quoted names that a noun such as "project" follows."""
    text = folded.text
    for quoted in _QUOTED.finditer(text):
        words = quoted[1]
        if cues.is_generic(words) or words.count("\u3001") > 1 or cues.is_honour(text, quoted.start(), quoted.end()):
            continue
        alone = cues.is_numbered(words) or cues.ends_as_plan(words) or cues.is_introduced(text[: quoted.start()])
        alone = (alone or quoted.group() == text) and not cues.is_technical(words)
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
        if cues.ends_as_work(words) or after or (own and not cues.is_honour(text, *title.span(), inside=False)):
            yield Found(title.start(), after or title.end(), (title.start(), title.end()), TITLE)


def _row(document: Document, block: Block, folded: Folded, cues: InitiativeCues) -> Iterator[Found]:
    """Find the name in a row of a table of projects."""
    header = [document.text(cell) if cell else "" for cell in block.header]
    if block.is_header or not cues.lists_projects(header):
        return
    for name, cell in zip(header, block.cells, strict=False):
        if cell and cues.is_column(name) and block.span.start <= cell.start and cell.end - cell.start <= NAME_LENGTH[1]:
            start, end = folded.at(cell.start - block.span.start), folded.at(cell.end - block.span.start)
            yield Found(start, end, (start, end), UNSEEN)


def _built(folded: Folded, cues: InitiativeCues) -> Iterator[Found]:
    """Find what is built or launched at a place, by a branch, or with a partner."""
    for sentence in _SENTENCE.finditer(folded.text):
        words = sentence.group()
        for start, end in cues.built(words):
            anchor = start if cues.begins_with_company(words[start:end]) else cues.anchor(words, start)
            if anchor is not None and NAME_LENGTH[0] < end - start <= NAME_LENGTH[1]:
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
    for counted in _COUNTED.finditer(folded.text):
        yield Found(counted.start(), counted.end(), counted.span(), CAMPAIGN)
    for verb, start, end in cues.campaigns(folded.text):
        name = folded.text[start:end]
        if NAME_LENGTH[0] < len(name) <= NAME_LENGTH[1] // 2 and not _CLAUSE_BREAK.search(name):
            yield Found(verb, end, (start, end), CAMPAIGN)


def _heading(folded: Folded, cues: InitiativeCues) -> Iterator[Found]:
    """Find headings such as "Carry out the carbon inclusion action" and "Build the carbon platform"."""
    for verb, start, end in cues.campaigns(folded.text, "heading"):
        yield Found(verb, end, (start, end), CAMPAIGN)
    for start, end in cues.built(folded.text):
        if cues.is_verb(folded.text[:start].lstrip("# \u25a0")) and start < end - NAME_LENGTH[0]:
            yield Found(start, end, (start, end), CAMPAIGN)


def _branded(text: str, folded: Folded, cues: InitiativeCues) -> Iterator[Found]:
    """Find names in Latin letters with capitals inside (a brand's, not an abbreviation) beside a noun in Chinese."""
    for brand in _BRAND.finditer(text):
        start, end = folded.at(brand.start()), folded.at(brand.end() - 1) + 1
        if cues.is_technical(folded.text[start:end]) or cues.is_external(folded.text[start:end]):
            continue
        after = cues.noun_after(folded.text, end, within=BRAND_NOUN)
        if after or cues.is_introduced(folded.text[:start].rstrip()):
            yield Found(start, after or end, (start, after or end), UNSEEN)


def _english(text: str, folded: Folded, cues: InitiativeCues) -> Iterator[Found]:
    """Find English names in capitals that end in Plan, Programme, Project, ..."""
    for match in _ENGLISH.finditer(text):
        article = _ARTICLE.match(text, match.start())
        words = text[article.end() if article else match.start() : match.end(1)].split()
        capitals = [word for word in words if word.lstrip("\u2018'")[:1].isupper()]
        enough = len(capitals) > (match.group(2)[0].islower())  # "Green Campus scheme", but not "Group scheme"
        if enough and not cues.is_external(match.group().lower()):
            start, end = folded.at(article.end() if article else match.start()), folded.at(match.end())
            yield Found(start, end, (start, end), UNSEEN)
    for match in (*_CODE_NAME.finditer(text), *_BRAND_NAMED.finditer(text)):
        if cues.is_external(match.group().lower()):
            continue
        start, end = folded.at(match.start()), folded.at(match.end())
        yield Found(start, end, (start, end), UNSEEN)
