"""Risks told in text: under a title that names a category, after it, in fields below a name, or in sentences."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import zip_longest

from kg.extraction.risks.cards import below, can_be_name, label_alone, names_at, row_fields, with_values
from kg.extraction.risks.chapters import Chapters
from kg.extraction.risks.found import Found, unmarked
from kg.extraction.risks.pieces import Opening, Piece, opening, pieces
from kg.extraction.risks.prose import aspects, cut_where_regarded, is_done, is_name, lead, parted, regarded, sentences
from kg.extraction.risks.ratings import BRACKET, UNRATED, rated, rating_of, rating_told
from kg.extraction.risks.rows import NAMED, UNTITLED, Row, Rows, Title, group_above
from kg.extraction.risks.words import OPPORTUNITY, RISK, RiskWords
from kg.model import Span
from kg.reading.blocks import Block, Document

BELOW = 10  # blocks under a title that may belong to it
_COLON = re.compile("[:\uff1a]")
_SAYS = frozenset({"description", "effect", "impact"})


def told(document: Document, words: RiskWords, chapters: Chapters, taken: Sequence[Span]) -> Iterator[Found]:
    """Yield the risks told outside tables; ``taken`` are stretches that were read as tables already."""
    reader = _Reader(document, words)
    for (block, climate), (after, _) in zip_longest(chapters, chapters[1:], fillvalue=(None, None)):
        if block is None or climate is None or any(block.span.overlaps(span) for span in taken):
            reader.end()
        else:
            reader.read(block, climate, after)
        yield from reader.taken()
    reader.end()
    yield from reader.taken()


class _Reader:
    """Reads block after block, and remembers which title they stand under and which risks are not finished."""

    def __init__(self, document: Document, words: RiskWords) -> None:
        self.document, self.text, self.words = document, document.report.text, words
        self.open = Rows(self.text, words)
        self.group, self.term = UNTITLED, UNRATED
        self.done: list[Found] = []
        self.role, self.role_style, self.goes_on = "", "", False  # the field that was read last
        self.below = self.role_end = 0
        self.before: Span | None = None  # the text right before the piece that is read
        self.headings: tuple[Span, ...] = ()
        self.mood: set[str] = set()  # whether the sentence that is read speaks of risks or of opportunities
        self.last_heading: Span | None = None  # it may be the name of a risk
        self.label: Piece | None = None  # the name of a field whose value is still to come

    def taken(self) -> list[Found]:
        """Return what was finished since the last call."""
        found, self.done = self.done, []
        return found

    def end(self) -> None:
        """Finish what is open and forget the titles."""
        self._close()
        self.label = None
        self.open.title, self.group, self.term = UNTITLED, UNTITLED, UNRATED

    def read(self, block: Block, climate: bool, after: Block | None = None) -> None:
        """Read a block; ``after`` is the one below it."""
        self.headings, self.open.climate = block.headings, climate
        self.open.above = [self.document.text(span) for span in block.headings[::-1]]
        self.below += 1
        self.before = None
        if block.kind == "heading":
            self._heading(block)
            return
        if block.kind == "row":
            self._row(block)
            return
        found = self._of_block(block)
        begun: list[Opening | None] = [opening(self.text, self.words, piece.span) for piece in found]
        begun.append(below(self.text, self.words, found, after))
        for i, (piece, what) in enumerate(zip(found, begun, strict=False)):
            following = begun[i + 1]
            says = following and following.role != "category" and self.open.is_unsaid  # what an open risk is, no name
            name = () if says else names_at(self.text, self.words, i, found, begun, climate)
            if name:
                self._close()
                self.open.title = Title((*self.group.names, *name), "hazard")
            else:
                self._piece(piece, what)
            self.before = piece.span if not name and not what else None

    def _of_block(self, block: Block) -> list[Piece]:
        """Return the pieces of a block, names of fields joined with their values, also with those below the block."""
        held = [self.label] if self.label else []
        found = with_values(self.text, self.words, [*held, *pieces(self.text, self.words, block.span)])
        self.label = found.pop() if found and label_alone(self.text, self.words, found[-1]) else None
        return found

    def _row(self, block: Block) -> None:
        """Take the fields of "Category: acute | Horizon: long term | Level: high"; any other row ends what is open."""
        fields = row_fields(self.text, self.words, [cell for cell in block.cells if cell])
        for piece, found in fields:
            self._piece(piece, found)
        if not fields:
            self.end()

    def _close(self) -> None:
        if self.open.take_name():
            self.open.title = UNTITLED
        self.done += self.open.close(self.term)
        self.role, self.goes_on, self.below = "", False, 0

    # --- titles

    def _heading(self, block: Block) -> None:
        bare = unmarked(self.text, block.span) or block.span
        found = opening(self.text, self.words, bare)
        if found and found.what == "field" and self._belongs(found, block):
            self._field(found, Piece(bare, "heading"))
            return
        above = group_above(self.text, self.words, block.headings)
        self._close()
        self.group, self.last_heading = above or self.group, None
        if found and found.what != "field":
            self._titled(found, Piece(bare, "heading"))
        elif self.group.names and self.words.guess(bare.of(self.text), self.open.kind(self.group.names), ()):
            self.open.title = Title((*self.group.names, bare), "hazard")
        else:
            self.group = above or UNTITLED
            self.open.title, self.term, self.last_heading = self.group, UNRATED, bare

    def _belongs(self, found: Opening, block: Block) -> bool:
        """Say whether a heading that is the name of a field is one of the risk above it, and no chapter's."""
        title, name = self.open.title, found.name.of(self.text)
        under = bool(title.names) and title.names[-1] in block.headings
        return bool(self.open or title.sort in NAMED) and (under or len(name) > (8 if name.isascii() else 3))

    def _titled(self, found: Opening, piece: Piece) -> None:
        """Take a title: what follows stands under it."""
        self._close()
        if found.what == "horizon":
            self.term, self.open.title = found.rating, self.group
            return
        if found.what in ("group", "root"):
            self.group = Title((found.name,), found.what)
            self.open.title = replace(self.group, rating=found.rating)
            self.open.climate &= not self.words.is_other(found.name.of(self.text))
        else:
            bare = self.group.sort != "group" and not self.words.kinds(found.name.of(self.text))
            self.open.title = Title((*self.group.names, found.name), found.what, found.rating, bare)
        inner = opening(self.text, self.words, found.rest) if found.what == "root" and found.rest else None
        named = inner is None or inner.what != "category"
        if found.what == "root" and found.rest and named and can_be_name(self.text, self.words, found.rest):
            rest, rating = rated(self.text, found.rest, self.words)
            self.open.title, self.group = Title((found.name, rest), "hazard", rating), UNTITLED
        elif found.rest and (rating := rating_of(self.text, found.rest, self.words)):
            self.open.title = replace(self.open.title, rating=self.open.title.rating.over(rating))
        elif found.rest:
            self._rest(found, Piece(found.rest, piece.style))

    def _rest(self, found: Opening, piece: Piece) -> None:
        """Read on after a title and a colon, where another title may stand."""
        inner = opening(self.text, self.words, piece.span)
        if found.what in ("group", "root") and inner and inner.what == "category":
            self._titled(inner, piece)
        else:
            self._body(piece)
        if found.what in ("group", "root"):
            self.group = group_above(self.text, self.words, self.headings) or UNTITLED

    def _is_title(self, found: Opening) -> bool:
        """Say whether what a piece begins with is a title here: a bare "market" only where risks are listed."""
        name = found.name.of(self.text)
        if found.what != "category" or BRACKET.search(name):
            return True
        if self.words.kinds(name):
            return self.open.climate or bool(found.rest or found.rating) or self.words.is_physical(name)
        return bool(self.group.names or found.rating)

    # --- text

    def _piece(self, piece: Piece, found: Opening | None) -> None:
        listed = bool(piece.style and self.goes_on and piece.style == self.role_style)  # among the items of a field
        if found and found.what == "field":
            self._field(found, piece)
        elif found and found.what == "hazard" and listed:
            self._body(piece)
        elif found and found.what == "numbered":
            self._close()
            self.open.title = Title((*self.group.names, found.name), "hazard")
        elif found and self._is_title(found):
            self._titled(found, piece)
        else:
            self._body(piece)

    def _body(self, piece: Piece) -> None:
        if self.role and self.open and self._continues(piece):
            self.role_style = self.role_style or piece.style
            self.role_end = piece.span.end
            self.open.add(self.role, piece.span, shared=self.goes_on)
            return
        self.role = ""
        if self.open.title.sort in NAMED and self.below <= BELOW and not self._turns(piece):
            here, rest = cut_where_regarded(self.text, self.words, piece.span)
            self.open.read(here, piece.style)
            if rest:
                self._in_sentences(Piece(rest))
        else:
            self._in_sentences(piece)

    def _turns(self, piece: Piece) -> bool:
        """Say whether a paragraph below a risk turns to opportunities, or the other way round."""
        said = piece.span.of(self.text)
        kinds = self.words.kinds(said)
        turned = len(kinds) == 1 and self.open.last is not None and self.open.last.kind not in kinds
        return turned and not piece.style and self.words.may_happen(said)

    def _continues(self, piece: Piece) -> bool:
        """Say whether a piece goes on with the field before it: a list below it, or all that follows an empty one."""
        if self.role == "response" and not self.goes_on and not piece.style:
            return self.text[self.role_end : piece.span.start].count("\n") == 1  # the next line of its paragraph
        begun = self.open.last.style if self.open.last else ""
        if not self.goes_on or (piece.style and piece.style == begun and self.role_style not in ("", begun)):
            return False
        return bool(piece.style) or not self.role_style

    def _in_sentences(self, piece: Piece) -> None:
        """Take the sentences that tell of a risk, each with the measures after it."""
        label: Span | None = None
        batch: list[Row] = []  # the risks of the last sentence on what may happen
        told = False  # whether there was one
        for i, sentence in enumerate(sentences(self.text, piece.span)):
            if i == 0 and sentence.end < piece.span.end and is_name(self.text, self.words, sentence):
                label = Span(sentence.start, sentence.end - 1)
                continue
            rows = []
            self.mood = self.words.kinds(sentence.of(self.text))
            for part in aspects(self.text, self.words, sentence):
                named, body = lead(self.text, self.words, part)
                label = named or label
                rows += self._risk_or_measure(part, body, label, batch if told else self.open.rows[-1:], bool(batch))
            told = told or bool(rows) or self.words.may(sentence.of(self.text))
            batch = rows if rows or self.words.may(sentence.of(self.text)) else batch

    def _risk_or_measure(
        self, part: Span, body: Span, label: Span | None, before: Sequence[Row], near: bool
    ) -> list[Row]:
        """Return the risk that a part of a sentence tells; else give its measure or rating to the ones before."""
        called = regarded(self.text, self.words, body)
        said, done = called or parted(self.text, self.words, body)
        governs = bool(self.headings) and self.words.is_aside(self.document.text(self.headings[-1]))
        row = self.open.tell(said, label, self.mood, bool(called)) if said and not governs else None
        if row:
            row.responses += [done] if done else []
            return [row]
        rating = rating_told(self.text, part, self.words)
        after_rating = bool(before) and all(rated(self.text, row.told, self.words)[1] for row in before if row.told)
        follows = is_done(self.text, self.words, part) or (after_rating and not self.words.may(part.of(self.text)))
        is_measure = (near and follows) or (done and not said)
        for row in before:
            row.rating = row.rating.over(rating)
            row.responses += [part if said else done or part] if is_measure and not rating else []
        return []

    # --- fields

    def _field(self, found: Opening, piece: Piece) -> None:
        """Take a field such as "Impact: ...": of the risks above that have none, or of a new one."""
        self.role, self.role_style, self.goes_on = "", "", False
        rates = found.role == "impact" and found.rest and rating_of(self.text, found.rest, self.words).level
        if found.role in _SAYS and not rates and self.open.say(found, piece.style):
            return
        if found.role == "category" and found.rest:
            self._sorted(found.rest, piece)
        elif found.rest and found.role in ("level", "likelihood", "horizon"):
            self.open.rate(found.role, found.rest, piece.style)
        elif found.rest and rates:
            self.open.rate("level", found.rest, piece.style)
        elif found.role in ("response", "impact", "effect") and (self.open or self.open.take_name()):
            self.role, self.role_end = found.role, piece.span.end
            self.goes_on = found.rest is None or self.text[found.rest.end - 1] in ":\uff1a"
            if found.rest:
                self.open.add(found.role, found.rest, shared=False)

    def _sorted(self, rest: Span, piece: Piece) -> None:
        """Take "Risk category: ...": of the risk that was just named, else as a title."""
        said = rest.of(self.text)
        if not (self.words.title_sort(said) or self.words.named(said, RISK) or self.words.named(said, OPPORTUNITY)):
            return
        if self.open.title.sort != "hazard" and not self.open and self.last_heading:
            self.open.title = Title((*self.group.names, self.last_heading), "hazard")
        again = self.open.last is not None and self.open.last.sort is not None and self.open.last.told is not None
        if self.open.title.sort == "hazard" and not again:
            row = self.open.last or self.open.new(piece.style)
            row.sort, row.names, row.fields = rest, (rest, *row.names), row.fields + 1
            row.kind = self.open.kind(row.names)
        elif again or self.open.title.sort == "category" or not self.open.sort(rest, self.before):
            self._close()
            self.open.title = Title((*self.group.names, rest), "category")
