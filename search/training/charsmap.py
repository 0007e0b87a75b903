"""The normaliser of the tokenizer: width, case, accents and Traditional characters folded in one pass."""

import io
import tempfile
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import opencc
import sentencepiece
from tokenizers import Regex, normalizers

PLANES = ((0x80, 0xD800), (0xF900, 0xFE00), (0xFE30, 0x10000), (0x1D400, 0x1D800), (0x20000, 0x30000))
SEPARATOR = r"(?<=[0-9]),(?=[0-9]{3}(?![0-9]))"
"""A thousands separator, which one report writes and the next does not."""


def fold_character(character: str, simplify: opencc.OpenCC) -> str:
    """Return what a character becomes: NFKC, lower case, no accent on Latin letters, Simplified.

    >>> fold_character("É", opencc.OpenCC("t2s"))
    'e'
    """
    folded = unicodedata.normalize("NFKC", character).lower()
    decomposed = unicodedata.normalize("NFD", folded)
    if decomposed[:1].isascii():
        folded = "".join(part for part in decomposed if not unicodedata.combining(part))
    return str(simplify.convert(folded))


def folding_rules() -> Iterator[tuple[str, str]]:
    """Yield each character that changes with what it becomes."""
    simplify = opencc.OpenCC("t2s")
    for code in [*range(ord("A"), ord("Z") + 1), *(code for start, end in PLANES for code in range(start, end))]:
        character = chr(code)
        folded = fold_character(character, simplify)
        if folded and folded != character:
            yield character, folded


def read_varint(message: bytes, place: int) -> tuple[int, int]:
    """Return the protobuf integer that starts at a place, and the place after it."""
    value = shift = 0
    while True:
        byte = message[place]
        value, shift, place = value | (byte & 0x7F) << shift, shift + 7, place + 1
        if byte < 0x80:
            return value, place


def read_field(message: bytes, number: int) -> bytes:
    """Return the first field with a number from a protobuf message whose fields up to it all have a length.

    Source: https://protobuf.dev/programming-guides/encoding/ (a dozen lines instead of a dependency).

    :raises LookupError: if the message has no such field.

    >>> read_field(bytes([0x0A, 1, 65, 0x12, 2, 66, 67]), 2)
    b'BC'
    """
    place = 0
    while place < len(message):
        key, place = read_varint(message, place)
        length, place = read_varint(message, place)
        if key == number << 3 | 2:
            return message[place : place + length]
        place += length
    raise LookupError(f"No field {number} in a message of {len(message)} bytes")


def compile_rules(rules: Iterator[tuple[str, str]]) -> bytes:
    """Return the rules as a compiled map of sentencepiece, taken from a throw-away model trained on one line."""

    def codes(text: str) -> str:
        return " ".join(f"{ord(character):X}" for character in text)

    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder, "rules.tsv")
        table.write_text("".join(f"{codes(before)}\t{codes(after)}\n" for before, after in rules), "utf-8")
        written = io.BytesIO()
        sentencepiece.SentencePieceTrainer.train(
            sentence_iterator=iter(["a b c d e f g"]), model_writer=written, vocab_size=11, model_type="char",
            normalization_rule_tsv=str(table), minloglevel=2,
        )  # fmt: skip
    normalizer_spec = read_field(written.getvalue(), 3)
    return read_field(normalizer_spec, 2)


def build_normalizer() -> normalizers.Normalizer:
    """Return the normaliser: characters folded, then the thousands separators of numbers dropped."""
    return normalizers.Sequence(
        [normalizers.Precompiled(compile_rules(folding_rules())), normalizers.Replace(Regex(SEPARATOR), "")]
    )
