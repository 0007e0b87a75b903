"""Causes: the initiatives whose effect a number is, where they stand in the text."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence

from kg.extraction.initiatives.cases import begins_elsewhere
from kg.extraction.results.effects import Number, ResultCues, sentence_of
from kg.model import Initiative
from kg.reading.blocks import Document
from kg.reading.folding import Folded, compact

BELOW = 12  # blocks below the title of a case that tell of it, if no heading comes first
TITLE = 120  # characters of a block that can be the title of a case
OPENING = 8  # folded characters with which a sentence begins that speaks of something else

BARE = 3  # characters before the effect, those of a time left out, in which nothing else can be named
_TITLE_ENDS = "\n:\uff1a\r"


class Causes:
    """The initiatives of a document and where they are told of."""

    def __init__(self, document: Document, found: Sequence[Initiative], cues: ResultCues) -> None:
        """Sort the initiatives into those that stand in a block and those whose title stands above blocks."""
        self._cues, self._document = cues, document
        starts = [block.span.start for block in document.blocks]
        self._inside: dict[int, list[Initiative]] = {}
        self._names = [(compact(one.name).text.strip('"'), one) for one in found]
        titles = {}
        self._title_at: dict[int, int] = {}
        for one in found:
            i = bisect_right(starts, one.quote.start) - 1
            self._inside.setdefault(i, []).append(one)
            if document.blocks[i].kind == "heading" or _is_title(document, i, one):
                titles[i] = one
        self._above = dict(self._told_below(self._headings() | titles))

    def _headings(self) -> dict[int, Initiative]:
        """Return the headings that name an initiative again, and little else."""
        found = {}
        for i, block in enumerate(self._document.blocks if self._names else ()):
            words = compact(self._document.text(block.span)).text if block.kind == "heading" else ""
            named = [(name, one) for name, one in self._names if name in words and len(words) <= len(name) + OPENING]
            if named:
                found[i] = max(named, key=lambda pair: len(pair[0]))[1]
        return found

    def _told_below(self, titles: dict[int, Initiative]) -> Iterator[tuple[int, Initiative]]:
        """Yield each block below the title of a case with the case."""
        blocks = self._document.blocks
        for i, one in titles.items():
            for j in range(i + 1, min(len(blocks), i + 1 + BELOW)):
                if (
                    blocks[j].kind == "heading"
                    or j in titles
                    or (j > i + 1 and begins_elsewhere(self._document, i, j, self._cues.initiatives))
                ):
                    break
                self._title_at[j] = i
                yield j, one

    def of(self, number: Number) -> list[str]:
        """Return the initiative whose effect a number is, if the text says so."""
        text, (start, _) = number.folded.text, sentence_of(number)
        named = self._named(number, start)
        if named:
            return [named.iri]
        own = "subject" in {role for role, _ in number.fact.spans} and number.fact.scope == "company"
        refers = self._cues.refers_back(text[start : number.start])
        title = self._above.get(number.block)
        if own and not refers and title is None:
            return []
        before = self._before(number, start)
        if before:
            anew = self._cues.find("anew", text[start : start + OPENING])
            goes_on = number.fact.scope != "company" and (self._opens(before, number) or self._is_bare(number, start))
            return [before.iri] if refers or (not anew and goes_on) else []
        far = title and number.block - self._title_at[number.block] > 1
        return [title.iri] if title and (refers or not far or number.fact.scope != "company") else []

    def title_end(self, number: Number) -> int:
        """Return where the initiative ends with whose name the number's block begins, 0 if it begins with none."""
        first = self._document.blocks[number.block].span.start
        named = [one for one in self._inside.get(number.block, ()) if one.quote.start - first <= OPENING + OPENING]
        end = max((number.folded.at(one.quote.end - 1 - first) + 1 for one in named), default=0)
        return end if end <= number.start else 0

    def _opens(self, one: Initiative, number: Number) -> bool:
        """Say whether a block begins with the title of an initiative, so that all of it tells of that."""
        start, text = self._document.blocks[number.block].span.start, self._document.report.text
        line = text[one.quote.end : one.quote.end + 2].strip(" *")
        return one.quote.start - start <= OPENING + OPENING and (not line or line[0] in _TITLE_ENDS)

    def _is_bare(self, number: Number, start: int) -> bool:
        """Say whether a sentence says what was saved and not by whom: "a year saves ...", after at most a time."""
        words = number.folded.text[start : number.start]
        found = self._cues.find("effect", words)
        before = self._cues.time.sub("", words[: found[0].start]) if found else ""
        own = self._cues.technologies.known(Folded(words, len(words)))
        return bool(found) and len(before) <= BARE and not own

    def _named(self, number: Number, start: int) -> Initiative | None:
        """Return the initiative that is named last in the number's sentence before it."""
        words = number.folded.text[start : number.start]
        found = [(words.rfind(name), one) for name, one in self._names if len(name) > 3 and name in words]
        found += [(at - start, one) for at, one in self._places(number) if start <= at < number.start]
        return max(found, key=lambda pair: pair[0])[1] if found else None

    def _before(self, number: Number, start: int) -> Initiative | None:
        """Return the last initiative of the sentences before the number's in its block."""
        return next((one for at, one in reversed(self._places(number)) if at < start), None)

    def _places(self, number: Number) -> list[tuple[int, Initiative]]:
        first = self._document.blocks[number.block].span.start
        inside = self._inside.get(number.block, ())
        return sorted(((number.folded.at(one.quote.start - first), one) for one in inside), key=lambda pair: pair[0])


def _is_title(document: Document, i: int, one: Initiative) -> bool:
    """Say whether a block is nothing but the name of an initiative, with a word for cases before it at most."""
    block = document.blocks[i]
    text = document.report.text
    after = text[one.quote.end : block.span.end].strip(" *.:\n")
    line = text.rfind("\n", block.span.start, one.quote.start) < 0
    return block.kind in ("paragraph", "item") and not after and line and block.span.end - block.span.start < TITLE
