"""Initiatives: named plans, projects, pilots, cases and campaigns, with place, technologies, leaders and nesting.

``cases`` finds the titles of cases, ``ways`` the ways in which running text names an initiative,
``english`` those of English; where two finds overlap, the first wins. ``leaders`` says who carries one out,
``nesting`` which plan it belongs to.
"""

from collections.abc import Iterator

from kg.extraction.anchors import fact_iri_at
from kg.extraction.initiatives.cases import begins_elsewhere, listed
from kg.extraction.initiatives.cases import case as case_title
from kg.extraction.initiatives.cues import InitiativeCues, initiative_cues
from kg.extraction.initiatives.english import English, english
from kg.extraction.initiatives.leaders import leaders
from kg.extraction.initiatives.nesting import nested
from kg.extraction.initiatives.ways import QUOTED_NAME, SENTENCE, UNSEEN, Found, in_row, in_text
from kg.model import Fact, Initiative, Span
from kg.reading.blocks import Block, Document
from kg.reading.folding import Folded, compact
from kg.vocabulary import Vocabulary

CASE = 0.83  # confidence: 24 of 28 titles of cases are right on 13 reports seen while writing rules
TOLD = 3  # blocks below a title that tell of it
PARAGRAPHS = 1  # paragraphs after a case's title that tell of it, where the title is no heading
SECTION = 4  # blocks below a heading that is the title of a case; where no heading follows, the case ends there
CASE_LENGTH = 40  # characters of a case's title; a longer line that begins with a place is running text


def extract(document: Document, vocabulary: Vocabulary) -> Iterator[Fact]:
    """Yield the initiatives of a document, each at its first mention."""
    cues = initiative_cues(vocabulary)
    found = list(_each(document, cues, english(vocabulary)))
    yield from nested(document, found, cues)


def _each(document: Document, cues: InitiativeCues, patterns: English) -> Iterator[Initiative]:
    seen: set[str] = set()
    case, told = None, 0  # the block of a case's title, and the last block that tells of it
    for i, block in enumerate(document.blocks):
        folded = compact(document.text(block.span))
        if case is not None and (block.kind == "heading" or i > told or begins_elsewhere(document, case, i, cues)):
            case = None
        found = _case(document, block, folded, cues)
        if found:
            alone = found[0].end >= len(folded.text.rstrip("*. "))  # else the block goes on with what the case is about
            case = i if alone else case
            told = i + (SECTION if block.kind == "heading" else PARAGRAPHS)
        elif block.kind == "row":
            found = list(in_row(document, block, folded, cues))
        elif case is None and (title := listed(document, i, folded, cues)):
            found = [Found(*title, title, UNSEEN)]
        elif case is None:
            found = in_text(document.text(block.span), block, folded, cues, patterns)
        seen.update(cues.aliases(folded.text))
        for one in _apart(found):
            name = _key(folded.text[slice(*one.name)])
            if not _known(cues.without_noun(name), seen):
                seen.add(name)
                yield _fact(document, i, folded, one, cues)


def _key(name: str) -> str:
    """Return what tells a name from others: what stands in its quotation marks, if it has some."""
    quoted = QUOTED_NAME.search(name)
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
    told = _told(document, i, quote)
    own = _told(document, i, quote, most=int(_is_title(document, block, quote)))
    place = cues.place(document.text(quote)) or cues.place(document.text(told))
    return Initiative(
        iri=fact_iri_at(report, "initiative", quote),
        report=report.id,
        company=report.company,
        quote=quote,
        spans=(("name", name),),
        defaulted=("company",),
        confidence=one.confidence,
        name=" ".join(name.of(report.text).replace("**", "").split()),
        place=place,
        technologies=tuple(sorted(_technologies(document, i, told, cues))),
        leaders=leaders(document.text(own), quote.start - own.start, place, cues),
    )


def _is_title(document: Document, block: Block, quote: Span) -> bool:
    """Say whether a block is the initiative's name alone, so that the text below tells of it."""
    text = document.report.text
    before, after = text[block.span.start : quote.start], text[quote.end : block.span.end]
    return not before.strip(" *#") and not after.strip(" *#.:")


def _technologies(document: Document, i: int, told: Span, cues: InitiativeCues) -> set[str]:
    """Return the technologies of a stretch that begins in block ``i``, read block by block."""
    found: set[str] = set()
    for block in document.blocks[i : i + 1 + TOLD]:
        first, last = max(told.start, block.span.start), min(told.end, block.span.end)
        words = compact(document.report.text[first:last]) if first < last else None
        found.update(match.concept.iri for match in (cues.technologies.known(words) if words else ()))
    return found


def _place(block: Block, folded: Folded, start: int, end: int) -> Span:
    span = folded.span(start, end)
    return Span(block.span.start + span.start, block.span.start + span.end)


def _told(document: Document, i: int, quote: Span, most: int = TOLD) -> Span:
    """Return the stretch that tells of an initiative: its sentence, or its title and the blocks below it at most."""
    block, text = document.blocks[i], document.report.text
    title = not text[quote.end : block.span.end].strip(" *#.:") and not text[block.span.start : quote.start].count("\n")
    if block.kind == "heading" or (title and len(text[block.span.start : block.span.end]) <= 2 * CASE_LENGTH):
        below = [other for other in document.blocks[i + 1 : i + 1 + most] if other.kind != "heading"]
        return Span(block.span.start, below[-1].span.end if below else block.span.end)
    for sentence in SENTENCE.finditer(text, block.span.start, block.span.end):
        if sentence.start() <= quote.start < sentence.end():
            return Span(sentence.start(), sentence.end())
    return block.span


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
