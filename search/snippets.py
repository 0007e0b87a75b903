"""The place of a text that suits a question best, short enough to read at a glance."""

from collections.abc import Sequence

from kg.model import Span
from kg.reading.passages import sentences

LENGTH = 160  # characters: two lines of a page in Chinese, one and a half in English


def snippet(text: str, marks: Sequence[Span], length: int = LENGTH) -> str:
    """Return the sentences of a text, at most ``length`` characters of them, that hold most of what is marked.

    The characters are those of the text; of two places that hold as much the first is taken.

    >>> snippet("We saved water. We planted trees. We used less power.", [Span(37, 41), Span(47, 52)], 25)
    'We used less power.'
    """
    found = list(sentences(text)) or [(0, len(text))]
    begin, stop, most = 0, 0, -1
    for at, (start, end) in enumerate(found):
        for _, last in found[at:]:
            if last - start > length and last != end:
                break
            held = sum(max(0, min(mark.end, last) - max(mark.start, start)) for mark in marks)
            if held > most:
                begin, stop, most = start, last, held
    if stop - begin > length:  # a sentence that is too long by itself: from its first mark on
        first = next((mark.start for mark in marks if begin <= mark.start < stop), begin)
        begin = max(begin, min(first, stop - length))
    return text[begin : min(stop, begin + length)].strip()
