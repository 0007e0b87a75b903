"""How high a risk is and when it strikes: in a cell, in brackets after its name or at the end of its sentence."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kg import ids
from kg.extraction.risks.words import RiskWords
from kg.model import Span
from kg.reading.folding import Folded, compact
from kg.reading.tables import trimmed
from kg.vocabulary import Concept, Label, Match, Matcher, Vocabulary, gathered

EARLY = 16  # characters before the words that give a rating ("This physical risk is rated ...")
JOINED = 6  # characters between two horizons of one stretch
SENTENCE = 100  # characters of a sentence that gives nothing but a rating
LONGEST = 40  # characters of a level or a horizon; longer cells are sentences
_PART = re.compile("[,\uff0c;\uff1b/|\uff5c\u2502\u00b7\u3001]")
_LABELLED = re.compile("([^:\uff1a()\uff08\uff09]{1,30})[:\uff1a]")
BRACKET = re.compile("\\s*\\**\\s*[(\uff08\\[\u3010]([^()\uff08\uff09\\[\\]\u3010\u3011\n]{1,80})[)\uff09\\]\u3011]")
_BRACKETED = re.compile("[(\uff08]([^()\uff08\uff09]+)[)\uff09][\u3002.]?")
_AFTER_COLON = re.compile("(?:^|(?<=[:\uff1a]))\\s*([^:\uff1a()\uff08\uff09]+)$")
_CLAUSE = re.compile("[(\uff08,\uff0c]")
_HEAD = re.compile("([^,\uff0c\u3002.;\uff1b:\uff1a]{2,30})[,\uff0c]")  # "In the longer term, ..."
_YEARS = re.compile(r"\d+\s*years?\b|\b20[2-9]\d\b")


@dataclass(frozen=True, slots=True)
class Rating:
    """A level and a horizon, each as the text has it, or None; ``sort`` is a category that stands beside them."""

    level: Span | None = None
    horizon: Span | None = None
    sort: Span | None = None

    def __bool__(self) -> bool:
        """Say whether there is a level or a horizon."""
        return bool(self.level or self.horizon)

    def over(self, other: "Rating") -> "Rating":
        """Return this rating, what it lacks taken from another."""
        return Rating(self.level or other.level, self.horizon or other.horizon, self.sort or other.sort)


UNRATED = Rating()


class RatingWords:
    """Finds levels and horizons."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        """Build matchers from labels and cell labels; a word of both ("medium") is a level where it stands alone."""
        self._levels = Matcher(_with_cells(vocabulary, "RiskLevel"))
        self._horizons = Matcher(_with_cells(vocabulary, "Horizon"))
        year = vocabulary.concept(f"{ids.BASE}code/calendar-year")
        self._years = [
            re.compile(rf"\d+\s*{re.escape(label.text)}") for label in year.labels if not label.text.isascii()
        ]
        both = {word.text.lower() for concept in _with_cells(vocabulary, "RiskLevel") for word in concept.labels}
        named = {word.text.lower() for concept in _with_cells(vocabulary, "Horizon") for word in concept.labels}
        self._ambiguous = both & named
        self._beside, self._gives, self._joining = (
            Matcher([vocabulary.concept(iri)] if iri in vocabulary else [])
            for iri in (f"{ids.BASE}code/cue-risk-{name}" for name in ("rating", "rated", "joins"))
        )

    def is_horizon(self, text: str) -> bool:
        """Say whether a text is a span of time ("short to medium term", "3 to 5 years") and nothing else."""
        folded = compact(text)
        if len(text) > LONGEST:
            return False
        found = self._horizons.find_folded(folded)
        plain = any(match.label not in self._ambiguous for match in found)
        plain = plain or any(years.search(folded.text) for years in (_YEARS, *self._years))
        return plain and self._covers(folded, self._horizons)

    def is_level(self, text: str) -> bool:
        """Say whether a text holds a level ("High", "medium to high") and nothing else."""
        folded = compact(text)
        if len(text) > LONGEST or not self._levels.find_folded(folded):
            return False
        return self._covers(folded, self._levels) and not self.is_horizon(text)

    def is_term(self, text: str) -> bool:
        """Say whether a column's name is a horizon of its own ("Medium"), its cells ticks."""
        return len(text) <= LONGEST and bool(self._horizons.find(text)) and self._covers(compact(text), self._horizons)

    def horizon_in(self, text: str) -> Span | None:
        """Return the first stretch of a text that names horizons, joined by nothing but "to" and the like."""
        groups: list[list[Match]] = []
        for match in self._horizons.find(text):
            if groups and self._joins(text[groups[-1][-1].end : match.start]):
                groups[-1].append(match)
            else:
                groups.append([match])
        for group in groups:
            if any(match.label not in self._ambiguous for match in group):
                return Span(group[0].start, group[-1].end)
        return None

    def level_in(self, text: str) -> Span | None:
        """Return the first level of a text."""
        return next((match.span for match in self._levels.find(text)), None)

    def level_of(self, text: str) -> str | None:
        """Return the IRI of the first level that a text names."""
        return next((match.concept.iri for match in self._levels.find(text)), None)

    def given(self, text: str) -> int:
        """Return where the words end after which a sentence gives a rating ("we rate this risk"), else 0."""
        found = (match for match in self._gives.find(text) if match.start <= EARLY)
        return next((match.end for match in found if not _CLAUSE.search(text, 0, match.start)), 0)

    def _joins(self, gap: str) -> bool:
        return not gap or (bool(gap.strip()) and len(gap) <= JOINED and self._covers(compact(gap), self._joining))

    def _covers(self, folded: Folded, matcher: Matcher) -> bool:
        found = [*matcher.find_folded(folded), *self._beside.all_folded(folded)]
        covered = {i for match in found for i in range(match.start, match.end)}
        return all(i in covered or not c.isalpha() for i, c in enumerate(folded.text))


def _with_cells(vocabulary: Vocabulary, kind: str) -> Iterator[Concept]:
    for concept in vocabulary.of_type(kind):
        cells = (Label(word, "", "hidden") for word in concept.values("cellLabel"))
        yield Concept(concept.iri, concept.types, (*concept.labels, *cells), concept.properties)


@gathered
def rating_words(vocabulary: Vocabulary) -> RatingWords:
    """Return the rating words of a vocabulary, built once."""
    return RatingWords(vocabulary)


def rating_of(text: str, span: Span, words: RiskWords) -> Rating:
    """Return the rating that a stretch is, all of it; an empty one where it says anything else."""
    levels: list[Span] = []
    horizons: list[Span] = []
    sort: Span | None = None
    for part in _parts(text, span):
        role, value = _labelled(text, part, words)
        found = rating_words(words.vocabulary)
        if role == "horizon" or (not role and found.is_horizon(value.of(text))):
            horizons.append(value)
        elif role in ("level", "likelihood") or (not role and found.is_level(value.of(text))):
            levels.append(value)
        elif words.title_sort(part.of(text)) == "category":
            sort = sort or part
        else:
            return UNRATED
    return Rating(_whole(levels), _whole(horizons), sort)


def _whole(found: Sequence[Span]) -> Span | None:
    return Span(found[0].start, found[-1].end) if found else None


def rating_told(text: str, sentence: Span, words: RiskWords) -> Rating:
    """Return the rating that a sentence gives ("We rate this risk high over the long term.") or is."""
    found = rating_words(words.vocabulary)
    said = sentence.of(text)
    if len(said) > SENTENCE or words.may(said):
        return UNRATED
    whole = _whole_rating(text, sentence, words)
    end = found.given(said)
    if whole or not end:
        return whole
    start, said = sentence.start + end, said[end:]
    horizon = found.horizon_in(said)
    level = found.level_in(
        said[: horizon.start] + " " * (horizon.end - horizon.start) + said[horizon.end :] if horizon else said
    )
    return Rating(_moved(level, start), _moved(horizon, start))


def _whole_rating(text: str, sentence: Span, words: RiskWords) -> Rating:
    """Return the rating that a sentence is, after a name and a colon or in brackets of its own."""
    inside = _BRACKETED.fullmatch(text, sentence.start, sentence.end)
    if inside:
        return rating_of(text, Span(*inside.span(1)), words)
    colon = _AFTER_COLON.search(text, sentence.start, sentence.end)
    return rating_of(text, Span(*colon.span(1)), words) if colon else UNRATED


def _moved(span: Span | None, by: int) -> Span | None:
    return Span(span.start + by, span.end + by) if span else None


def _parts(text: str, span: Span) -> Iterator[Span]:
    start = span.start
    for cut in (*_PART.finditer(text, span.start, span.end), None):
        part = trimmed(text, start, cut.start() if cut else start + len(text[start : span.end].rstrip("\u3002. ")))
        start = cut.end() if cut else start
        if part:
            yield part


def _labelled(text: str, part: Span, words: RiskWords) -> tuple[str | None, Span]:
    """Split "risk level: medium" into its role and its value."""
    colon = _LABELLED.match(text, part.start, part.end)
    value = trimmed(text, colon.end(), part.end) if colon else None
    if colon is None or value is None:
        return None, part
    return words.role(colon[1]), value


def bracketed(text: str, start: int, end: int, words: RiskWords) -> tuple[Rating, int]:
    """Return the rating in the brackets that begin at ``start``, and where they end; ``start`` where there is none."""
    match = BRACKET.match(text, start, end)
    rating = rating_of(text, Span(*match.span(1)), words) if match and match[1].strip() else UNRATED
    return (rating, match.end()) if match and rating else (UNRATED, start)


def rated(text: str, statement: Span, words: RiskWords) -> tuple[Span, Rating]:
    """Return a statement without the brackets at its end that rate it, and the rating, wherever it stands in it."""
    for match in BRACKET.finditer(text, statement.start, statement.end):
        rating = rating_of(text, Span(*match.span(1)), words) if match[1].strip() else UNRATED
        if rating or rating.sort:
            last = not re.search(r"\w", text[match.end() : statement.end])
            kept = Span(statement.start, match.start()) if last and match.start() > statement.start else statement
            return kept, rating
    head = _HEAD.match(text, statement.start, statement.end)
    if head and rating_words(words.vocabulary).is_horizon(head[1]):
        return statement, Rating(horizon=Span(*head.span(1)))
    return statement, UNRATED
