"""What is asked, as it is worked on: one line without characters that nobody sees."""

from unicodedata import category

from kg.errors import QuestionError


def plain(question: str, limit: int) -> str:
    r"""Return a question on one line, without control characters; it may have ``limit`` characters.

    :raises QuestionError: if nothing is left, or too much.

    >>> plain(" How\tmuch? ", 100)
    'How much?'
    """
    found = " ".join("".join(c if c.isprintable() else " " for c in question if category(c) != "Cf").split())
    if not found:
        raise QuestionError("the question is empty; ask something in Chinese or English")
    if len(question) > limit:
        raise QuestionError(f"the question has {len(question)} characters; it may have {limit} at most, so shorten it")
    return found
