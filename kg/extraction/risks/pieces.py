"""Paragraphs cut where a risk begins or a field of one ("Impact: ..."), and what each piece begins with."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from itertools import islice

from kg.extraction.risks.found import BULLETS, MARKS, NUMERALS, unmarked, width
from kg.extraction.risks.ratings import BRACKET, UNRATED, Rating, bracketed, rating_of, rating_words
from kg.extraction.risks.words import RiskWords
from kg.model import Span
from kg.reading.tables import trimmed

LABEL_LENGTH = 60  # characters of a title or of a field's name ("Primary climate-related risk driver and type")
NAME_WIDTH = 32  # columns on paper of a risk's name before a full stop; longer ones are sentences
BLANKS = 4  # in the name of a field before a value without a colon
RATING = 24  # characters of a line that is nothing but a level or a horizon
FULL = 0.6  # of the next line's length; a hard-wrapped line differs by less than a quarter in the seeds
FIELDS = frozenset({"response", "impact", "effect", "description", "level", "likelihood", "horizon", "category"})
_FULL_STOPS = (".", "\u3002")
_TRAILING = " *-\u2013\u2014"
_SHORT = frozenset({"level", "likelihood", "horizon", "category"})  # fields that end with their line
_LINE = re.compile(r"(?:(?! \| )[^\n])+")  # fields may stand on one line between bars
_NAME = re.compile("(?:[^:\uff1a\u3002\uff1b;\n(\uff08\\[\u3010\uff0c,.]|[.,](?!\\s|$))+")
_DELIMITER = re.compile(
    "\\s*\\**\\s*(?:[:\uff1a]|\u3002|[.](?=\\s|$)|(?<=\\s)[\u2014\u2013-]+(?=\\s)|(?=\n)|$)\\**\\s*\\**\\s*"
)
_DASH = re.compile("\\s+[\u2014\u2013-]+\\s+|\\s*(?:\u2014\u2014|[|\uff5c\u2502])\\s*")
_BOXED = re.compile(
    "[\u3010\\[\uff3b\u3014\u300e]([^\u3010\u3011\\[\\]\uff3b\uff3d\u3014\u3015\u300e\u300f\n]{2,40})"
    "[\u3011\\]\uff3d\u3015\u300f]\\s*[:\uff1a]?\\s*"
)
_COLON = re.compile("[:\uff1a]")
_BLANK = re.compile(r"[^\S\n]+")
_BEFORE = re.compile(
    "[\u3002;\uff1b!?\uff01\uff1f)\uff09*\n]\\s*|[.]\\s+"
)  # a field begins after these, or after a blank
_BRACKETS = str.maketrans("\uff08\uff09", "()")
_STOPPED = re.compile("[\u3002.;\uff1b:\uff1a!?\uff01\uff1f)\uff09](?:\\*\\*|</?\\w+>)*$")
_STYLES = (
    (re.compile("\\d{1,2}[.\u3001](?!\\d)"), "1."),
    (re.compile("[(\uff08]?\\d{1,2}[)\uff09]"), "(1)"),
    (re.compile(f"[(\uff08](?:[a-z]{{1,3}}|[{NUMERALS}]{{1,3}})[)\uff09]"), "(a)"),
    (re.compile("[\u2460-\u2473]"), "1 in a circle"),
    (re.compile(f"[-*+{BULLETS}\u2013](?!\\*)"), "bullet"),
)


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a block without its list mark; ``style`` says what mark it had, ``heading`` or nothing."""

    span: Span
    style: str = ""


@dataclass(frozen=True, slots=True)
class Opening:
    """What a piece begins with, and the rest of it.

    ``what`` is ``category``, ``group``, ``root`` (nothing but "risks"), ``hazard`` (a risk of another name),
    ``horizon``, ``numbered`` ("Risk 1: ...") or ``field``, which has a ``role``.
    """

    what: str
    name: Span
    rest: Span | None
    rating: Rating = UNRATED
    role: str = ""


def style_of(text: str, start: int, end: int) -> str:
    """Return the kind of list mark at the start of a line, empty where there is none."""
    blank = re.compile(r"[\s#>]*").match(text, start, end)
    at = blank.end() if blank else start
    return next((style for mark, style in _STYLES if mark.match(text, at, end)), "")


def pieces(text: str, words: RiskWords, span: Span) -> Iterator[Piece]:
    """Cut a block: at lines that begin a list item, a title or a field, after finished ones, and before fields."""
    for part in _joined(text, words, span):
        style = style_of(text, part.start, part.end)
        for cut in _at_fields(text, words, part):
            bare = unmarked(text, cut)
            if bare and re.search(r"\w", bare.of(text)):
                yield Piece(bare, style)


def _joined(text: str, words: RiskWords, span: Span) -> Iterator[Span]:
    """Yield the lines of a block, those joined that a page's width broke."""
    current: Span | None = None
    first = span.start  # where the first line begins, after a title that stands alone the second
    for line in _LINE.finditer(text, span.start, span.end):
        here = trimmed(text, line.start(), line.end())
        if here is None:
            continue
        whole = (
            current is None or _is_whole(text, words, current) or (current.start == first and _is_short(current, here))
        )
        if current and not whole and not _begins(text, words, here):
            current = Span(current.start, here.end)
            continue
        if current:
            yield current
            first = here.start if current.start == first and words.is_title(current.of(text)) else first
        current = here
    if current:
        yield current


def _is_short(line: Span, following: Span) -> bool:
    """Say whether the first line of a block does not fill the column that the next one fills: it is a name."""
    return line.end - line.start < FULL * (following.end - following.start)


def _begins(text: str, words: RiskWords, line: Span) -> bool:
    if is_rating(text, words, line):
        return True
    if style_of(text, line.start, line.end):
        return True
    bare = unmarked(text, line)
    return bare is not None and opening(text, words, bare) is not None


def _is_whole(text: str, words: RiskWords, line: Span) -> bool:
    """Say whether a line ends with a stop, or is a title or a field's name that stands alone."""
    if _STOPPED.search(text, max(line.start, line.end - 12), line.end) or is_rating(text, words, line):
        return True
    bare = unmarked(text, line)
    found = opening(text, words, bare) if bare and bare.end - bare.start <= 2 * LABEL_LENGTH else None
    if found is None or found.rest is None or found.role in _SHORT:
        return found is not None
    return found.what == "field" and is_rating(text, words, found.rest)  # "Impact: High"


def is_rating(text: str, words: RiskWords, line: Span) -> bool:
    """Say whether a line is nothing but a level or a horizon ("Medium", "Short term")."""
    return line.end - line.start <= RATING and bool(rating_of(text, line, words))


def _at_fields(text: str, words: RiskWords, span: Span) -> Iterator[Span]:
    """Cut a stretch before each field in it: "... may flood. Our response: ..."."""
    cuts = [span.start]
    for colon in _COLON.finditer(text, span.start + 1, span.end):
        start = _field_start(text, words, max(cuts[-1], colon.start() - LABEL_LENGTH), colon.start())
        if start <= cuts[-1]:
            continue
        before = text[cuts[-1] : start].translate(_BRACKETS)
        if before.count("(") <= before.count(")"):
            cuts.append(start)
    for start, end in zip(cuts, [*cuts[1:], span.end], strict=True):
        if part := trimmed(text, start, end):
            yield part


def _field_start(text: str, words: RiskWords, start: int, end: int) -> int:
    """Return where the name of the field begins that ends before a colon, 0 if there is none."""
    after = max((match.end() for match in _BEFORE.finditer(text, start, end)), default=start)
    if not _COLON.search(text, after, end) and words.role(text[after:end].strip(" *")) in FIELDS:
        return after
    blanks = (match.end() for match in re.finditer(r"\s+", text[start:end]))
    names = (start + blank for blank in blanks if words.is_column(text[start + blank : end].strip(" *")))
    return next((name for name in names if words.role(text[name:end].strip(" *")) in FIELDS), 0)


def opening(text: str, words: RiskWords, span: Span) -> Opening | None:
    """Return what a stretch begins with, None where it is running text."""
    return _before_blank(text, words, span) or _opening(text, words, span)


def _before_blank(text: str, words: RiskWords, span: Span) -> Opening | None:
    """Return the field of a line that has nothing but a blank before its value: "Time frame  Medium term"."""
    if span.end - span.start > LABEL_LENGTH or _COLON.search(text, span.start, span.end):
        return None
    for blank in islice(_BLANK.finditer(text, span.start, span.end), BLANKS):
        said, rest = text[span.start : blank.start()], trimmed(text, blank.end(), span.end)
        role = words.role(said) if rest else None
        if rest is None or role not in ("level", "horizon", "category") or not words.is_column(said):
            continue
        given = rating_of(text, rest, words)
        sorts = role == "category" and words.names_both(rest.of(text))
        if sorts or (role == "level" and given.level) or (role == "horizon" and given.horizon):
            return Opening("field", Span(span.start, blank.start()), rest, UNRATED, role)
    return None


def _opening(text: str, words: RiskWords, span: Span) -> Opening | None:
    boxed = _BOXED.match(text, span.start, span.end)
    if boxed:
        name, after, rating = Span(*boxed.span(1)), boxed.end(), UNRATED
    else:
        match = _NAME.match(text, span.start, min(span.end, span.start + 2 * LABEL_LENGTH))
        name_span = (
            trimmed(text, match.start(), match.start() + len(match.group().rstrip(_TRAILING))) if match else None
        )
        if name_span is None or name_span.end - name_span.start > LABEL_LENGTH:
            return _before_dash(text, words, span)
        name = name_span
        rating, after = bracketed(text, name.end, span.end, words)
        other = BRACKET.match(text, name.end, span.end)
        if other and not rating:
            after = other.end()
            name = Span(name.start, after) if words.title_sort(other[1]) == "category" else name
        delimiter = _DELIMITER.match(text, after, span.end)
        if rating and delimiter and _is_sentence(text, words, name, delimiter, span.end):
            return None
        if delimiter is None or (
            delimiter.group().startswith(("\u3002", ".")) and delimiter.end() == span.end and not rating
        ):
            return _before_dash(text, words, span)
        after = delimiter.end()
    rest = trimmed(text, after, span.end)
    rest = unmarked(text, rest) if rest else None
    found = _named(text, words, name, rest, rating)
    stopped = text[name.end : after].strip(" *")[-1:] in _FULL_STOPS
    if found and found.what == "hazard" and not rating and stopped and width(name.of(text)) > NAME_WIDTH:
        found = None  # "Investing in our shares involves risk. ..." is a sentence
    if found and found.what == "hazard":
        found = _before_dash(text, words, span) or found
    found = found or _rated_name(text, words, name, rest)
    return found or (None if boxed else _before_dash(text, words, span))


def _rated_name(text: str, words: RiskWords, name: Span, rest: Span | None) -> Opening | None:
    """Return a title after which its rating stands without brackets: "Reputation risk low short-term"."""
    cuts = (name.start + match.start() for match in re.finditer(r"\s+", name.of(text)))
    for cut in cuts:
        if words.title_sort(text[name.start : cut]) != "category":
            continue
        ratings = [rating_of(text, part, words) for part in _words_after(text, cut, name.end)]
        if ratings and all(ratings):
            whole = reduce(Rating.over, ratings)
            return Opening("category", Span(name.start, cut), rest, whole)
    return None


def _words_after(text: str, start: int, end: int) -> list[Span]:
    return [Span(start + match.start(), start + match.end()) for match in re.finditer(r"\S+", text[start:end])]


def _is_sentence(text: str, words: RiskWords, name: Span, stop: re.Match[str], end: int) -> bool:
    """Say whether what brackets rate is a sentence, with its stop at the end, and no title."""
    stopped = stop.group().strip(" *") in ("\u3002", ".") and stop.end() == end
    return stopped and not words.title_sort(name.of(text))


def _before_dash(text: str, words: RiskWords, span: Span) -> Opening | None:
    """Return what stands before a dash: "Risk 1 - carbon pricing", "Physical risks - flooding may ..."."""
    dash = _DASH.search(text, span.start, min(span.end, span.start + LABEL_LENGTH))
    rest = trimmed(text, dash.end(), span.end) if dash else None
    if dash is None or rest is None or dash.start() <= span.start:
        return None
    found = _named(text, words, Span(span.start, dash.start()), rest, UNRATED)
    return found if found and found.what != "field" else None


def _named(text: str, words: RiskWords, name: Span, rest: Span | None, rating: Rating) -> Opening | None:
    """Say what the name at the start of a stretch is."""
    said = name.of(text)
    role = words.role(said)
    if role == "category" and rest:
        return Opening("field", name, rest, rating, role)
    if words.number_end(said) == len(said) and rest:
        return Opening("numbered", rest, None, rating)
    inside = BRACKET.search(said)
    if sort := words.title_sort(inside[1] if inside else said):
        return Opening(sort, name, rest, rating)
    if role == "subcategory" and rest and words.kinds(said) and words.is_column(said):
        return Opening("numbered", rest, None, rating)
    if role in FIELDS and role != "category":
        return Opening("field", name, rest, rating, role)
    if rest is None and rating_words(words.vocabulary).is_horizon(said) and words.kinds(said):
        return Opening("horizon", name, None, Rating(horizon=_span_of_time(text, words, name)))
    if rating and rest is None and not words.is_aside(said):
        return Opening("hazard", name, None, rating)
    named = (rest or rating) and words.ends_in_kind(said) and not words.acts(said)  # "We also see opportunities: ..."
    return Opening("hazard", name, rest, rating) if named else None


def _span_of_time(text: str, words: RiskWords, name: Span) -> Span:
    """Return "short-term" of "short-term risks"."""
    found = rating_words(words.vocabulary).horizon_in(name.of(text))
    return Span(name.start + found.start, name.start + found.end) if found else name


def marked(text: str, span: Span) -> bool:
    """Say whether a stretch begins with a list mark."""
    marks = MARKS.match(text, span.start, span.end)
    return marks is not None and marks.end() > span.start
