"""Characters that must not get into a stored text, and those that many fonts put in the place of others.

What is stored is what is cited, so nothing may stand in it that a reader cannot see: characters that turn the direction
of the text around, that have no width, that control a terminal. They are left out when a file is read; offsets count
the text that is left.
"""

import re
import unicodedata

# Marks of direction, joiners and other characters without width, the soft hyphen, tags, and the byte order mark.
INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0"
    "\ufff9-\ufffb\U000e0000-\U000e007f]"
)
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]")
_LINE_ENDS = re.compile("\r\n?|[\x0b\x1c-\x1e\x85\u2028\u2029]")
_LONE = re.compile("[\ud800-\udfff\ufffe\uffff]")
# Fonts of many PDF files map Han characters to radicals, compatibility forms and ligatures that look the same.
_LOOKALIKES = re.compile("[\u2e80-\u2fdf\uf900-\ufaff\ufb00-\ufb06\U0002f800-\U0002fa1f]")


def clean(text: str) -> str:
    r"""Return a text without what a reader cannot see, its lines ending with a newline.

    Halves of surrogate pairs become U+FFFD.

    >>> clean("a\u202eb\x00c\r\nd\ud800")
    'abc\nd\ufffd'
    """
    return _LONE.sub("\ufffd", _CONTROLS.sub("", INVISIBLE.sub("", _LINE_ENDS.sub("\n", text)))).replace("\x1f", " ")


def visible(text: str) -> str:
    """Return a text with the characters that look the same for those that fonts put in their place.

    >>> visible("\u2f83\u7136 e\ufb03ciency") == "\u81ea\u7136 efficiency"
    True
    """
    return _LOOKALIKES.sub(lambda match: unicodedata.normalize("NFKC", match.group()), text)


def harmless(name: str) -> str:
    r"""Return the last part of a file's name as it may stand in a message of one line.

    >>> harmless("../../etc/pass\x1b[2Jwd\u202e.txt")
    'pass[2Jwd.txt'
    """
    last = re.split(r"[/\\]", clean(name).replace("\n", " ").rstrip("/\\"))[-1].strip()
    return last[:120] or "the file"
