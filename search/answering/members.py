"""What an enumeration is made of, and how a member is freed of its bullet, quotes and markup."""

import re
from dataclasses import dataclass

from kg.model import Span

FEWEST = 3  # members that make a list
LONGEST = 40  # characters of a member; longer ones are sentences
MARKUP = re.compile(r"\*\*|</?[a-z][^<>]{0,200}>")
_BULLET = re.compile(
    r"^(?:[\s*#\u00b7\u2022\u25c6\u25cf\u25a0\u25b6\u25bc\u2665\u2460-\u2473\u2013-]+|\(?\d{1,2}[.)\u3001] ?)+"
)
_MARKS = " \t\n*#\uff1b;\u3002,\uff0c\u3001"
_SPACES = re.compile(r"\s*\n\s*")
_PAIRS = (("\u201c", "\u201d"), ("\u300c", "\u300d"), ("\u300a", "\u300b"), ('"', '"'))


@dataclass(frozen=True, slots=True)
class Enumeration:
    """Members in the order of the text, and the text around them.

    ``marked`` says whether the text itself announces a list: by a word such as "namely", or by bullets; ``place`` is
    where it stands in its report. ``lead`` are the words that lead to the first member, ``tail`` those that follow the
    last one, up to the end of the sentence, ``above`` the headings; ``kind`` is ``text``, ``clauses``, ``numbered`` for
    running text, else that of the blocks: ``item``, ``bold``, ``heading``, ``line``, ``title``, ``spaced``, ``row``,
    ``column``.
    """

    members: tuple[str, ...]
    around: str
    marked: bool
    place: Span
    lead: str = ""
    tail: str = ""
    above: str = ""
    kind: str = "text"


def clean(member: str) -> str:
    """Return a member without what marks it as one; quotes go only where they hold all of it.

    >>> clean("- **Solar power**;"), clean('"Smart" logistics'), clean('"Smart"')
    ('Solar power', '"Smart" logistics', 'Smart')
    """
    plain = _BULLET.sub("", _SPACES.sub("", MARKUP.sub("", member)).strip(_MARKS)).strip(_MARKS)
    for first, last in _PAIRS:
        if len(plain) > 2 and plain[0] == first and plain[-1] == last and last not in plain[1:-1]:
            plain = plain[1:-1]
    return plain
