"""The risks under one title while they are read: what they say, and the fields that belong to them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from kg.extraction.risks.found import CONFIDENCE, Found, kind_of, measures, statement_of, unmarked, width
from kg.extraction.risks.pieces import Opening, is_rating
from kg.extraction.risks.prose import divided, is_done, kind_said, sentences
from kg.extraction.risks.ratings import UNRATED, Rating, rated, rating_of, rating_words
from kg.extraction.risks.words import OPPORTUNITY, RISK, RiskWords
from kg.model import Span

SHORTEST = 8  # columns on paper of a statement in running text, two for a Han character
TELLING = 20  # Latin characters of a name that says as much as a sentence; half as many Han ones
RATING_LENGTH = 60  # characters of a level or a horizon in a field of its own
TOLD = 0.7  # confidence in a risk told in sentences, without a title: five of five in six reports written for a test
NAMED = frozenset({"category", "hazard"})  # sorts of titles that name a risk
_COLON = re.compile("[:\uff1a]")
_STOPS = "\u3002.;\uff1b"


@dataclass(frozen=True, slots=True)
class Title:
    """What is above a piece of text: its names from the outermost to the innermost, and what the innermost is.

    ``sort`` is ``category``, ``hazard`` (a name that only hints at a category), ``group``, ``root`` or nothing.
    ``bare`` is a category under no group whose name says neither "risk" nor "opportunity": chapters have such too.
    """

    names: tuple[Span, ...] = ()
    sort: str = ""
    rating: Rating = UNRATED
    bare: bool = False


UNTITLED = Title()  # most blocks stand under no title of a risk


@dataclass(slots=True)
class Row:
    """A risk while it is read; ``told`` says what it is, ``told_by`` names the field if that was an impact."""

    names: tuple[Span, ...]
    kind: str
    title: Title
    climate: bool
    style: str = ""
    told: Span | None = None
    told_by: str = ""
    sort: Span | None = None
    rating: Rating = UNRATED
    responses: list[Span] = field(default_factory=list)
    impacts: list[Span] = field(default_factory=list)
    fields: int = 0
    confidence: float = CONFIDENCE


def group_above(text: str, words: RiskWords, headings: Sequence[Span]) -> Title | None:
    """Return the groups and categories that headings name, None where they name none."""
    said = [(span, (unmarked(text, span) or span).of(text)) for span in headings]
    names = [span for span, title in said if words.title_sort(title) or _is_of_group(words, title)]
    return Title(tuple(names), "group") if names else None


def _is_of_group(words: RiskWords, heading: str) -> bool:
    """Say whether a heading that says more than a title speaks of opportunities alone, or of one group of risks."""
    kinds = words.kinds(heading)
    return kinds == {OPPORTUNITY} or (bool(kinds) and len(words.groups(heading, RISK)) == 1)


class Rows:
    """Gathers the risks under a title; ``above`` are the headings of the block, the innermost first."""

    def __init__(self, text: str, words: RiskWords) -> None:
        """Begin without a title."""
        self.text, self.words = text, words
        self.title = UNTITLED
        self.rows: list[Row] = []
        self.above: Sequence[str] = ()
        self.climate = False

    def __bool__(self) -> bool:
        """Say whether a risk is open."""
        return bool(self.rows)

    @property
    def last(self) -> Row | None:
        """The risk read last."""
        return self.rows[-1] if self.rows else None

    @property
    def is_unsaid(self) -> bool:
        """Say whether the last risk has fields, and nothing has said yet what it is."""
        return bool(self.rows) and self.rows[-1].told is None and self.rows[-1].fields > 0

    def new(self, style: str = "", names: tuple[Span, ...] | None = None) -> Row:
        """Open a risk under the title."""
        own = self.title.names if names is None else names
        row = Row(own, self.kind(own), self.title, self.climate, style)
        self.rows.append(row)
        return row

    def kind(self, names: Sequence[Span]) -> str:
        """Return whether names are of a risk or of an opportunity."""
        return kind_of(self.words, [name.of(self.text) for name in names], self.above)

    def close(self, term: Rating) -> list[Found]:
        """Return the risks that hold, and forget them all; ``term`` is the horizon of their chapter."""
        found = [done for row in self.rows if (done := self._finished(row, term))]
        self.rows = []
        return found

    # --- text below a title

    def read(self, span: Span, style: str) -> None:
        """Take a paragraph or an item below the name of a risk."""
        row, said = self.last, span.of(self.text)
        if row and row.told and is_rating(self.text, self.words, span):
            row.rating = row.rating.over(rating_of(self.text, span, self.words))
        elif row is None or row.told is None:
            self._fill(row or self.new(style), span)
        elif style and (style == row.style or (self.words.may_happen(said) and not row.fields)):
            self._fill(self.new(style), span)
        elif style and not row.fields and not self.words.is_aside(said):
            row.responses += measures(self.text, span)
        else:
            row.responses += [one for one in sentences(self.text, span) if is_done(self.text, self.words, one)]

    def _fill(self, row: Row, span: Span) -> None:
        row.told, done, rating = divided(self.text, self.words, span)
        row.responses += done
        row.rating = row.rating.over(rating)

    def tell(self, said: Span, label: Span | None, mood: set[str], called: bool = False) -> Row | None:
        """Open a row for a sentence if it tells what may happen and hints at a category.

        ``label`` is the name with which the sentence or one before it began, ``mood`` what all of it speaks of,
        ``called`` whether it says itself that this is a risk or an opportunity.
        """
        words = said.of(self.text)
        given = rated(self.text, said, self.words)[1]  # a sentence that is rated is a risk, whatever its verb
        if not self.climate or len(words) < SHORTEST or not (called or given or self.words.may(words)):
            return None
        if self.words.is_aside(words):
            return None
        above = {kind for name in self.title.names for kind in self.words.kinds(name.of(self.text))}
        above = above or (self.words.kinds(self.above[0]) if self.above else set())
        kind, names = kind_said(self.text, self.words, said, label, mood if len(mood) == 1 else above)
        if label and not names and self.words.guess(label.of(self.text), kind, ()):
            names = (label,)
        outer = names or (self.title.names[-1:] if above == {kind} and self.title.sort != "root" else ())
        if not self._is_sorted(said, outer, kind):
            return None
        row = Row(outer, kind, self.title, climate=True, told=said, confidence=TOLD)
        self.rows.append(row)
        return row

    def sort(self, given: Span, before: Span | None) -> bool:
        """Give a category to the risk that a sentence told, or to the text right before; say whether there was one."""
        row = self.last
        if row is None or row.fields or row.sort or row.title.sort in NAMED:
            if (
                before is None
                or before.end - before.start < TELLING
                or _COLON.search(self.text, before.start, before.end)
            ):
                return False
            row = self.new(names=self.title.names)
            row.told = before
        row.sort, row.fields = given, row.fields + 1
        row.kind = self.kind((*row.title.names, *row.names, given))
        return True

    def _is_sorted(self, said: Span, names: Sequence[Span], kind: str) -> bool:
        """Say whether a category is named, or hinted at by the statement within the groups of its names."""
        texts = [name.of(self.text) for name in names]
        if any(self.words.categories(name, kind) for name in texts):
            return True
        groups = [group for name in texts for group in self.words.groups(name, kind)]
        return bool(rated(self.text, said, self.words)[1].sort or self.words.guess(said.of(self.text), kind, groups))

    def take_name(self) -> bool:
        """Let a name that is rated and has no text below it say what the risk is; say whether there was one."""
        if self.rows or self.title.sort != "hazard" or not self.title.rating:
            return False
        row = self.new()
        row.told, row.fields = self.title.names[-1], 1
        return True

    # --- fields

    def say(self, found: Opening, style: str) -> bool:
        """Let a description say what the risk is, or an impact where nothing has said it yet; say whether it did."""
        row = self.last
        if row is None and self.title.sort not in NAMED:
            return False
        if row and row.told and not (found.role == "description" and row.told_by):
            return False
        row = row or self.new(style)
        if row.told:
            row.impacts += measures(self.text, row.told)
        row.told, row.told_by = found.rest, "" if found.role == "description" else found.role
        row.fields += 1
        return True

    def rate(self, role: str, rest: Span, style: str) -> None:
        """Take a level or a horizon."""
        if not self.rows and self.title.sort not in NAMED:
            return
        row = self.last or self.new(style)
        value = Span(rest.start, rest.end - (rest.end - rest.start > 1 and self.text[rest.end - 1] in _STOPS))
        given = rating_of(self.text, value, self.words)
        short = value if value.end - value.start <= RATING_LENGTH else None
        if role == "horizon":
            whole = short if rating_words(self.words.vocabulary).is_term(value.of(self.text)) else given.horizon
            row.rating = Rating(row.rating.level, whole or short)
        elif role == "level" or not row.rating.level:
            row.rating = Rating(given.level or short, row.rating.horizon)
        row.fields += 1

    def add(self, role: str, span: Span, shared: bool) -> None:
        """Add measures or impacts to the last risk; a list that is ``shared`` is of all before it that have none."""
        parts = [*measures(self.text, span)]
        last = self.rows[-1]
        for row in self.rows:
            alike = shared and row.told and row.style == last.style and row.fields == last.fields
            if row is not last and not (alike and row.title is last.title):
                continue
            (row.responses if role == "response" else row.impacts).extend(parts)
            row.fields += row is not last
        last.fields += 1

    # --- finishing

    def _finished(self, row: Row, term: Rating) -> Found | None:
        """Return a row as found, None where it tells of no risk."""
        if row.title.sort == "hazard" and row.fields and (row.told is None or (row.told_by and self._tells(row))):
            row.impacts[:0] = measures(self.text, row.told) if row.told else ()
            row.told = row.names[-1]
        statement = statement_of(self.text, row.told) if row.told else None
        if statement is None:
            return None
        statement, aside = rated(self.text, statement, self.words)
        stops = _STOPS if row.confidence == TOLD else _STOPS[2:]
        if statement.end - statement.start > 1 and self.text[statement.end - 1] in stops:
            statement = Span(statement.start, statement.end - 1)
        if not self._holds(row, statement.of(self.text)):
            return None
        rating = row.rating.over(aside).over(row.title.rating).over(term)
        if rating.sort and not row.sort:
            row.sort, row.kind = rating.sort, self.kind((*row.title.names, *row.names, rating.sort))
        return Found(
            row.kind, row.names, statement, tuple(row.responses), rating, tuple(row.impacts), row.sort, row.confidence
        )

    def _tells(self, row: Row) -> bool:
        """Say whether the name of a risk is long enough to say what it is."""
        name = row.names[-1].of(self.text)
        return len(name) >= (TELLING if name.isascii() else TELLING // 2)

    def _holds(self, row: Row, said: str) -> bool:
        """Say whether a row tells of a risk of the climate, and does not explain or govern."""
        words = self.words
        if width(said) < SHORTEST or words.defines(said):
            return False
        proven = bool(row.fields or row.responses or row.rating or row.title.rating)
        if not (proven or words.may(said)) and (words.is_aside(said) or width(said) < TELLING):
            return False  # it governs, or is but a word of a glossary
        if row.title.sort == "hazard" and not (row.climate and (proven or words.may_happen(said))):
            return False
        if row.title.bare and not (row.fields or row.rating or row.title.rating or words.may_happen(said)):
            return False
        names = [name.of(self.text) for name in row.names]
        physical = any(words.names_physical(name) for name in names)
        return row.climate or physical or words.is_green(" ".join([*names, said]))
