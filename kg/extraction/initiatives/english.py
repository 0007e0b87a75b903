"""English names of initiatives: names in capitals beside a noun such as "programme", or told of as one."""

import re
from collections.abc import Iterator
from functools import lru_cache

from kg.extraction.initiatives.cues import InitiativeCues, initiative_cues
from kg.vocabulary import Vocabulary

Stretch = tuple[int, int]

_WORD = r"(?:[\u2018']?[A-Z0-9](?:[\w&+/-]|[\u2019'](?=s\b)|\.(?=\d))*)"
_NAME = rf"{_WORD}(?:\s+(?:(?:of|for|and|to|the|in|with|on|&)\s+)?{_WORD}){{0,7}}"
_ARTICLE = re.compile(
    r"(?:(?:The|Our|This|That|These|An?|In|Under|For|With|To|On|And|Through|Its|By|"
    r"Since|During|From|Until|At|After|Before|When|While|As|Where|If|All|Both|Each)\s+)+"
)
_CODE_NAME = re.compile(r"\b(?:Project|Operation|Programme) (?:[A-Z][\w\u2019'-]+ ?){1,3}(?<! )")
_BRAND = r"(?:[A-Z]+[a-z]+\.?[A-Z]|re[A-Z])[\w-]*"  # SecondLife, Everyone.Connected, reCycle
_ITEM = re.compile(rf"\s*(?:and\s+)?(?:the\s+|our\s+)?({_NAME})\s*(?=[,.;]|\s+and\s|\s+[\u2013\u2014-]|$)")
WORDS = re.compile(r"[A-Za-z]{2,}[ -]+[A-Za-z]{3,}")  # a quick look: Chinese text mostly holds no English name at all
_LONGEST = 60  # characters of a name
_IS = rf"(?<![\w-])({_NAME})(?:\s\([A-Z]+\))?"


class English:
    """The patterns of English names."""

    def __init__(self, cues: InitiativeCues) -> None:
        """Build the patterns from the nouns of the ontology."""
        self._cues = cues
        noun = _alternatives(cues.english("proper"))
        self._named = re.compile(
            rf"(?<![\w-])((?:{_WORD})(?:\s+(?:of|for|and|to|the|in|{_WORD})){{0,7}}?)[\u2019']?\s+((?i:{noun}))\b(?!-)"
        )
        # "SecondLife trade-in programme": a brand's name, or one after an article, then common words.
        common = r"(?:\s+(?!our\b|the\b|and\b|in\b|of\b|to\b)[a-z][\w-]+)"
        first = r"(?:(?!Our |The |In |This |An? )[A-Z][\w&-]* )?"
        self._branded = re.compile(rf"(?<![\w-]){first}{_BRAND}{common}{{0,2}}\s+(?i:{noun})\b")
        self._placed = re.compile(
            rf"\b(?:[Tt]he|[Oo]ur|[Aa]n?)\s+({_WORD}(?:\s+{_WORD})?{common}{{1,3}}\s+(?:{noun}))\b"
        )
        # "a pilot in Leeds", "our community solar project at Castle Peak"
        trial = _alternatives(cues.english("trial"))
        self._located = re.compile(
            rf"\b(?:[Aa]n?|[Oo]ur|[Tt]he)\s+((?:[\w-]+\s+){{0,4}}?(?:{trial})\s+(?:in|at)\s+{_WORD}(?:\s+{_WORD}){{0,2}})"
        )
        told, launch = _alternatives(cues.english("told")), _alternatives(cues.english("launch"))
        article = r"(?:our|the|an?|its)"
        self._told = (
            re.compile(rf"{_IS},\s+{article}\s+(?:[\w\u2019'-]+\s+){{0,4}}?(?:{told})\b"),
            re.compile(
                rf"(?:^|(?<=[.!?]\s)){_IS}\s+(?:is|was|remains)\s+{article}\s+(?:[\w\u2019'-]+\s+){{0,3}}?(?:{told})\b"
            ),
            re.compile(rf"(?:^|(?<=\n)|(?<=- )){_IS}:\s+{article}\s+(?:[\w\u2019'-]+\s+){{0,3}}?(?:{told})\b"),
            re.compile(rf"\b(?:[Oo]ur|[Tt]he|[Ii]ts)\s+(?:[\w-]+\s+){{0,3}}(?:{told}),\s+({_NAME}),"),
            re.compile(
                rf"\b(?:we|We|[Gg]roup|[Cc]ompany)\s+(?:has\s+|have\s+)?(?:{launch})\s+({_WORD}(?:\s+{_WORD}){{1,4}})(?=[,.;])"
            ),
            re.compile(rf"(?:^|(?<=[.!?\n]\s)){_IS},\s+(?:now in its|(?:first\s+)?(?:{launch})\s+in)\b"),
            re.compile(rf"\b(?:{told}),?\s+(?:called|named|known as|dubbed|entitled|titled)\s+(?:the\s+)?({_NAME})"),
        )
        parts = _alternatives(cues.english("parts"))
        self._parts = re.compile(rf"\b(?:{parts})\s*(?::|\s[\u2013\u2014-])\s*(?={_WORD})")

    def names(self, text: str) -> Iterator[Stretch]:
        """Yield where names stand in a text as it is written."""
        for match in self._named.finditer(text):
            article = _ARTICLE.match(text, match.start())
            start = article.end() if article else match.start()
            words = text[start : match.end(1)].split()
            capitals = [word for word in words if word.lstrip("\u2018'")[:1].isupper() or word.isdigit()]
            called = bool(article) or text[:start].lower().endswith(("the ", "our ", "its "))
            alone = match[2][0].islower() and not (called and self._is_name(words))
            # "Green Campus scheme" and "the Catalyze scheme", but not "Group scheme" or "200 MW solar farm"
            if len(capitals) > alone and any(len(word) > 2 and word[:1].isalpha() for word in capitals):
                yield from self._own(text, start, match.end())
        for pattern in (_CODE_NAME, self._branded):
            for match in pattern.finditer(text):
                yield from self._own(text, match.start(), match.end())
        for match in self._placed.finditer(text):
            if not self._cues.is_common(match[1].split()[0].lower()):
                yield from self._own(text, *match.span(1))
        for match in self._located.finditer(text):
            yield from self._own(text, *match.span(1))
        for pattern in self._told:
            for match in pattern.finditer(text):
                yield from self._own(text, *self._trimmed(text, *match.span(1)))

    def listed(self, text: str) -> Iterator[Stretch]:
        """Yield the names of a list such as "four workstreams: Smarter Sites, Clean Fleet and Green Homes"."""
        for head in self._parts.finditer(text):
            at = head.end()
            while item := _ITEM.match(text, at):
                yield from ((a, a + len(part)) for a, part in _both(*item.span(1), text))
                at = item.end() + (text[item.end() : item.end() + 1] == ",")

    def _is_name(self, words: list[str]) -> bool:
        """Say whether one capitalised word between an article and a noun is a name, and no common word."""
        return len(words) == 1 and len(words[0]) > 4 and not self._cues.find("common", words[0].lower())

    def _own(self, text: str, start: int, end: int) -> Iterator[Stretch]:
        words = text[start:end]
        if len(words) <= _LONGEST and "\n\n" not in words and not self._cues.is_external(words.lower()):
            yield start, end

    def _trimmed(self, text: str, start: int, end: int) -> Stretch:
        article = _ARTICLE.match(text, start, end)
        return (article.end() if article else start), end


def _both(start: int, end: int, text: str) -> Iterator[tuple[int, str]]:
    """Yield the two names of "Legacy Exit and Green Homes"."""
    at = start
    for part in re.split(r"(\s+and\s+)", text[start:end]):
        if part.strip() != "and":
            yield at, part
        at += len(part)


def _alternatives(words: list[str]) -> str:
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True))) or "(?!)"


@lru_cache(maxsize=4)
def english(vocabulary: Vocabulary) -> English:
    """Return the patterns of a vocabulary, built once."""
    return English(initiative_cues(vocabulary))
