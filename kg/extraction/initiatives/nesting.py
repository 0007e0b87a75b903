"""Nesting: which plan an initiative belongs to, from the structure of the text.

Three structures say so: a list after a plan's name ("the plan comprises ...", "1 is ..., 8 are ...", "stage one is
..."), a section whose heading names the plan, and sections headed by the parts that were listed for it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from kg.extraction.initiatives.cues import InitiativeCues
from kg.extraction.initiatives.particles import NUMERALS
from kg.model import Initiative, Span
from kg.reading.blocks import Block, Document
from kg.reading.folding import Folded, compact

_SENTENCE_END = re.compile(r"[\u3002\uff01\uff1f!?]|(?<=[a-z\d)%])\.(?=\s|$)")
_NUMBER = re.compile(r"[#*\s]*0?([1-9])(?!\d)[.\u3001\s]*")
PRONOUN = 8  # folded characters of a sentence that speaks of the plan as "it", before "comprises"
NEAR = 30  # folded characters between a plan's name and "comprises"
FEWEST = 2  # sections headed by a plan's parts that show that the report follows the plan
NUMBERED = 3  # headings 01, 02, 03 that are the parts of the plan above them
SHARE = 3  # a heading over a third of the report is its title, not a plan's section
PART = (3, 16)  # folded characters of a part's name


@dataclass(frozen=True, slots=True)
class _Patterns:
    """What tells of parts in folded text."""

    ordinal: re.Pattern[str]
    quoted_run: re.Pattern[str]
    items: re.Pattern[str]
    heading: re.Pattern[str]
    count: re.Pattern[str]


@lru_cache(maxsize=4)
def _patterns(cues: InitiativeCues) -> _Patterns:
    numeral, measure = cues.any_of(*NUMERALS), cues.any_of("particle-measure")
    number, is_, and_ = (
        cues.any_of("particle-ordinal"),
        cues.any_of("particle-is"),
        rf"(?:\u3001|{cues.any_of('particle-and')})",
    )
    # Parts of a list that begin with what they are: "8" is, stage one is, (1), firstly.
    ordinal = (
        rf'"[\dn]"\s*(?:{is_}|:)|{number}(?:{numeral}|\d)[^,\u3002]{{0,4}}?(?:{is_}|[,:])|{numeral}{is_}'
        rf"|{cues.any_of('particle-part')}{numeral}"
    )
    # Quoted names side by side that are counted: "A", "B" and "C", three lines of work.
    run = rf'(?:"[^"]{{2,16}}"(?:{and_})?){{2,}}(?:{numeral}|\d){measure}'
    heading = rf"[#*\u25a0\u203b\s]*(?:[(\uff08]?(?:\d{{1,2}}|{numeral}{{1,2}})[)\uff09.\u3001\s]\s*)?"
    return _Patterns(
        re.compile(ordinal),
        re.compile(run),
        re.compile(rf"[\u3001\uff0c,;\uff1b]|{cues.any_of('cue-and')}|\band\b"),
        re.compile(heading),
        re.compile(rf"^(?:{numeral}|\d){{1,3}}{measure}"),
    )


@dataclass(frozen=True, slots=True)
class _Parts:
    """Where the parts of a plan are listed, and what they are called in folded text."""

    plan: Initiative
    span: Span
    names: tuple[str, ...]


def nested(document: Document, found: Sequence[Initiative], cues: InitiativeCues) -> Iterator[Initiative]:
    """Yield the initiatives, each with the one that it is a part of, if the text says so; never in a circle."""
    named = list(_named_headings(document, found, cues)) if len(found) > 1 else []
    lists = [*_lists(document, found, cues), *_numbered(document, named)] if len(found) > 1 else []
    sections = [*_headed(document, named), *_sections(document, lists, _patterns(cues))]
    above: dict[str, str] = {}
    for one in found:
        spans = [*((parts.span, parts.plan) for parts in lists), *sections]
        around = [(span, plan) for span, plan in spans if span.start <= one.quote.start < span.end]
        for _, plan in sorted(around, key=lambda pair: pair[0].end - pair[0].start):
            if plan.iri != one.iri and one.iri not in _chain(plan.iri, above):
                above[one.iri] = plan.iri
                break
    yield from (replace(one, part_of=above.get(one.iri)) for one in found)


def _chain(iri: str, above: dict[str, str]) -> Iterator[str]:
    """Yield an initiative and all that it is a part of."""
    while iri in above:
        yield iri
        iri = above[iri]
    yield iri


def _name(one: Initiative, cues: InitiativeCues) -> str:
    """Return what a plan is called by: the title in its marks, or what is quoted in its name and is no common word."""
    words = compact(one.name).text
    title = re.match("\u300a([^\u300b]{2,})\u300b", words)
    quoted = re.search('"([^"]{2,})"', words)
    return title[1] if title else quoted[1] if quoted and not cues.is_generic(quoted[1]) else words


# --- lists


def _lists(document: Document, found: Sequence[Initiative], cues: InitiativeCues) -> Iterator[_Parts]:
    """Yield the lists of parts: what follows "comprises", or ordinals, after the name of a plan."""
    names = [(name, one) for one in found if len(name := _name(one, cues)) > 1]
    any_name = re.compile("|".join(re.escape(name) for name, _ in names) or "(?!)")
    for i, block in enumerate(document.blocks):
        if block.kind in ("row", "figure"):
            continue
        folded = compact(document.text(block.span))
        if not any_name.search(folded.text):
            continue
        for plan_end, start in _openings(folded.text, cues):
            plan = _last_named(folded.text[:plan_end], names, cues)
            if plan:
                yield _parts(document, i, folded, start, plan, _patterns(cues))


def _openings(text: str, cues: InitiativeCues) -> Iterator[tuple[int, int]]:
    """Yield where a plan's name has to end near to, and where the list of its parts starts."""
    for word in cues.contains(text):
        yield word.start, word.end
    for run in _patterns(cues).quoted_run.finditer(text):
        yield run.start(), run.start()
    for word in cues.find("parts", text):
        if text[word.end : word.end + 1] == ":":
            yield word.start, word.end
    first = _patterns(cues).ordinal.search(text)
    if first and len(_patterns(cues).ordinal.findall(text)) > 1:
        yield first.start(), first.start()


def _last_named(before: str, names: Sequence[tuple[str, Initiative]], cues: InitiativeCues) -> Initiative | None:
    """Return the plan whose name stands last before a list, near its start."""
    found = [(before.rfind(name) + len(name), len(name), one) for name, one in names if name in before]
    end, _, plan = max(found, key=lambda item: item[:2], default=(0, 0, None))
    sentence = max((m.end() for m in _SENTENCE_END.finditer(before)), default=0)
    spoken_of = len(before) - sentence <= PRONOUN or cues.refers_back(before[sentence:])
    return plan if len(before) - end <= NEAR or (sentence >= end and spoken_of) else None


def _parts(document: Document, i: int, folded: Folded, start: int, plan: Initiative, patterns: _Patterns) -> _Parts:
    block, text = document.blocks[i], folded.text
    stop = _SENTENCE_END.search(text, start)
    end = stop.end() if stop and not patterns.ordinal.search(text, start) else len(text)
    span = folded.span(start, end) if start < end else folded.span(end - 1, end)
    first, last = block.span.start + span.start, block.span.start + span.end
    words = [text[start:end]]
    for below in document.blocks[i + 1 :] if text.endswith(":") else ():
        listed = compact(document.text(below.span)).text
        if below.kind != "item" and not patterns.ordinal.match(listed):
            break
        words.append(listed)
        last = below.span.end
    return _Parts(plan, Span(first, last), tuple(_part_names(words, patterns)))


def _part_names(words: Sequence[str], patterns: _Patterns) -> Iterator[str]:
    for listed in words:
        yield from (name for name in re.findall('"([^"]+)"', listed) if PART[0] <= len(name) <= PART[1])
        for item in patterns.items.split(patterns.ordinal.sub("\u3001", listed)):
            name = patterns.count.sub("", item.strip(' "\u3002.:*'))
            if PART[0] <= len(name) <= PART[1]:
                yield name


# --- sections


def _headed(document: Document, named: Sequence[tuple[int, Initiative]]) -> Iterator[tuple[Span, Initiative]]:
    """Yield the section of each plan that a heading names, the title of the whole report left out."""
    longest = len(document.report.text) // SHARE
    for i, plan in named:
        block = document.blocks[i]
        below = [other.span.end for other in document.blocks[i + 1 :] if _is_under(other, block)]
        if below and below[-1] - block.span.end < longest:
            yield Span(block.span.end, below[-1]), plan


def _named_headings(
    document: Document, found: Sequence[Initiative], cues: InitiativeCues
) -> Iterator[tuple[int, Initiative]]:
    """Yield the blocks of headings that name a plan and little else."""
    plans = [(name, one) for one in found if len(name := _name(one, cues)) > 1 and cues.is_plan(compact(one.name).text)]
    for i, block in enumerate(document.blocks if plans else ()):
        words = compact(document.text(block.span)).text if block.kind == "heading" else ""
        plan = next((one for name, one in plans if name in words and len(words) <= 2 * len(name) + PRONOUN), None)
        if plan:
            yield i, plan


def _numbered(document: Document, named: Sequence[tuple[int, Initiative]]) -> Iterator[_Parts]:
    """Yield the parts of a plan that are the headings 01, 02, 03, ... after the heading that names it."""
    for i, plan in named:
        heads: list[tuple[int, str]] = []
        for block in document.blocks[i + 1 :]:
            words = compact(document.text(block.span)).text if block.kind == "heading" else ""
            number = _NUMBER.match(words)
            if number and int(number[1]) == len(heads) + 1:
                heads.append((block.span.end, words[number.end() :].strip()))
            elif words:
                break
        if len(heads) >= NUMBERED:
            span = Span(document.blocks[i].span.end, heads[-1][0])
            yield _Parts(plan, span, tuple(name for _, name in heads if PART[0] <= len(name) <= PART[1]))


def _is_under(block: Block, heading: Block) -> bool:
    return any(heading.span.start <= above.start and above.end <= heading.span.end for above in block.headings)


def _sections(document: Document, lists: Sequence[_Parts], patterns: _Patterns) -> Iterator[tuple[Span, Initiative]]:
    """Yield the sections headed by the parts of a plan, up to the next part or a heading above them."""
    headings = [(i, block) for i, block in enumerate(document.blocks) if block.kind == "heading"]
    for parts in lists if headings else ():
        heads = [(i, block) for i, block in headings if _is_part(document.text(block.span), parts.names, patterns)]
        heads = [(i, block) for i, block in heads if block.span.start >= parts.span.end]
        if len({compact(document.text(block.span)).text for _, block in heads}) >= FEWEST:
            yield from ((span, parts.plan) for span in _spans(document, heads))


def _spans(document: Document, heads: Sequence[tuple[int, Block]]) -> Iterator[Span]:
    """Yield the sections of some headings; the last ends at a heading above it and is no longer than the longest."""
    edges = [block.span.start for _, block in heads]
    longest = max(b - a for a, b in pairwise(edges))
    for (i, block), following in zip(heads, [*edges[1:], edges[-1] + longest], strict=True):
        rest = [other for other in document.blocks[i + 1 :] if other.span.start < following]
        rank = _rank(document, block)
        above = (b.span.start for b in rest if b.kind == "heading" and _rank(document, b) < rank)
        end = next(above, rest[-1].span.end if rest else block.span.end)
        if end > block.span.end:
            yield Span(block.span.end, end)


def _rank(document: Document, heading: Block) -> int:
    """Return how deep a heading stands by its marks; bold and plain ones stand below all marked ones."""
    words = document.text(heading.span)
    return len(words) - len(words.lstrip("#")) or len(document.report.text)


def _is_part(heading: str, names: Sequence[str], patterns: _Patterns) -> bool:
    """Say whether a heading is the name of a part, with a number or a verb before it at most."""
    words = patterns.heading.sub("", compact(heading).text, count=1)
    return any(words.endswith(name) and len(words) - len(name) <= 2 for name in names)
