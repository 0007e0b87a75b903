"""What kind of thing a question asks names of: the "office tools" of "which office tools", in its own words."""

import re

from kg.reading.folding import Folded
from kg.vocabulary import Vocabulary
from search.answering.patterns import pattern

HAN = 6  # characters of a kind of thing, in Chinese
WORDS = 5  # words of it, in English
_NOT = (
    "do does did is are was were has have had will would can could should may might must that which who where when "
    "of in on at for to by from with under as and or it they its their used using made named listed"
)
_AFTER = re.compile(
    r"\b(?:which|what|whose|list|name|enumerate|identify|give)\b(?: are| were)?(?: the| all| its)?((?: [\w'-]+)+)"
)
_KIND = re.compile(r"\b(?:kinds?|types?|sorts?|forms?|names?|sets?|aspects?) of ")
_FIRST = re.compile(r"(?:the |all )?((?:[\w'-]+ ?)+)")
_STOP = re.compile(rf"\b(?:{'|'.join(_NOT.split())})\b")


def sought(folded: Folded, latin: bool, vocabulary: Vocabulary) -> str:
    """Return the words for what is to be named, folded; empty where a question has none.

    >>> from kg.reading.folding import compact
    >>> from kg.settings import resource
    >>> words = Vocabulary.load(resource("ontology"))
    >>> sought(compact("Which office tools let China Mobile staff go paperless?"), True, words)
    'office tools let china mobile'
    """
    return _in_english(folded.text) if latin else _in_chinese(folded, vocabulary)


def _in_english(text: str) -> str:
    text = _KIND.sub("", text)
    asked = _AFTER.search(text)
    words = asked.group(1) if asked else ""
    before = _STOP.split(words)[0].strip()
    if not before:
        first = _FIRST.match(_STOP.split(text)[0])
        before = first.group(1).strip() if first else ""
    return " ".join(before.split()[:WORDS])


def _in_chinese(folded: Folded, vocabulary: Vocabulary) -> str:
    text, cues = folded.text, vocabulary.cues.all_folded(folded)
    lists = [m for m in cues if any("list" in concept.values("asks") for concept in m.concepts)]
    if not lists:
        return ""
    last = max(lists, key=lambda match: match.end)
    start = min(match.start for match in lists if match.end > last.start)
    end = min(
        match.end for match in lists if match.start <= last.start < match.end
    )  # before "places" of "which places"
    rest = re.split(r"[,?.!\s\u3002]", text[end:])[0]
    counted = pattern(vocabulary, "counted").match(rest)
    rest = rest[counted.end() :] if counted else rest
    if len(rest) > 1:
        return rest[:HAN]
    before = text[:start]
    for role in ("number", "opener", "number"):
        led = re.search(rf"(?:{pattern(vocabulary, role).pattern})$", before)
        before = before[: led.start()] if led else before
    return before[-HAN:]
