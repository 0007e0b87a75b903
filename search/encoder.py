"""Texts to vectors: the model that Tantu ships, or any sentence-transformers model by name."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from kg.errors import ModelMissing
from search.alignment import Pieces

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer
    from tokenizers import Tokenizer

SHIPPED = Path(__file__).parent / "model"
REMEDY = "leave the setting empty for the model that Tantu ships, or give a folder or name for sentence-transformers"
FEW = 64  # texts that are read one by one: handing 40 of them to threads takes up to twice as long on busy cores
MOST_KNOWN = 8192  # texts whose vectors are kept, 8 MB of them
NUMBERED = 16384  # texts whose pieces are kept, as numbers: 16 MB of them
BATCH = 256  # texts at a time; larger batches are no faster with a static model, smaller ones are for big models


class Encoder(Protocol):
    """Anything that turns texts into vectors whose dot product says how near their meanings are."""

    @property
    def name(self) -> str:
        """The name that the manifest of an index keeps."""

    @property
    def dimension(self) -> int:
        """Numbers in a vector."""

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Encode texts to float32 [n, dimension], rows of length 1."""


class SentenceEncoder:
    """An encoder over a loaded sentence-transformers model."""

    def __init__(self, name: str, model: SentenceTransformer) -> None:
        """Keep the model, in single precision: half precision on a CPU is slower and less exact."""
        import torch  # late: the import takes seconds

        self.name = name
        self._model = model.float().eval()
        if type(model[0]).__name__ == "StaticEmbedding":
            # Looking up rows takes less time than waking threads does: a question and its words are encoded in 0.4 ms
            # with one thread, in 8 ms with two on a machine with two busy cores.
            torch.set_num_threads(1)
        self.dimension = int(self._model.encode([name]).shape[-1])

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Encode texts to float32 [n, dimension], rows of length 1.

        A text without any known word, such as an empty one, gives a row of zeros, which is near nothing.
        """
        if not texts:
            return np.empty((0, self.dimension), dtype=np.float32)
        rows = self._model.encode(
            list(texts), batch_size=BATCH, convert_to_numpy=True, normalize_embeddings=True, show_progress_bar=False
        )
        return np.ascontiguousarray(rows, dtype=np.float32)


@lru_cache(maxsize=2)
def load_tokenizer(folder: Path) -> Tokenizer:
    """Read a model's tokenizer, once for the encoder and the segmenter: it takes a tenth of a second."""
    from tokenizers import Tokenizer  # late: importing takes as long as reading

    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    return tokenizer


class StaticEncoder:
    """The quick reader of a static model: the same vectors as sentence-transformers gives, without its imports.

    Ready in half a second and 200 MB instead of five seconds and 600 MB, which is what a server's start and a question
    on the command line consist of. ``tests/test_encoder.py`` holds both to the same vectors, to one in a million.
    """

    def __init__(self, folder: Path) -> None:
        """Read the words and their vectors.

        :raises KeyError: if the weights are not those of a static model.
        """
        from safetensors.numpy import load_file

        self.name = folder.name
        self._tokenizer = load_tokenizer(folder)
        self._table = load_file(folder / "model.safetensors")["embedding.weight"].astype(np.float32)
        self.dimension = int(self._table.shape[1])
        self._numbers = lru_cache(maxsize=NUMBERED)(self._numbered)

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Encode texts to float32 [n, dimension], rows of length 1; a text without any known word gives zeros."""
        rows = np.zeros((len(texts), self.dimension), np.float32)
        for row, ids in zip(rows, self._ids(texts), strict=True):
            if ids:
                row[:] = self._table[ids].mean(axis=0)
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
        return (rows / np.where(lengths > 0, lengths, 1)).astype(np.float32)

    def numbers(self, text: str) -> NDArray[np.int64]:
        """Return the numbers of a text's pieces of words."""
        return self._numbers(text)

    def vectors(self, numbers: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the vectors of pieces, float32 [n, dimension]; those of pieces that say little are short."""
        return self._table[numbers]

    def _numbered(self, text: str) -> NDArray[np.int64]:
        return np.array(self._tokenizer.encode(text, add_special_tokens=False).ids, np.int64)

    def _ids(self, texts: Sequence[str]) -> Iterable[Sequence[int]]:
        if len(texts) > FEW:
            return (found.ids for found in self._tokenizer.encode_batch(list(texts), add_special_tokens=False))
        return (self._tokenizer.encode(text, add_special_tokens=False).ids for text in texts)


class Remembering:
    """An encoder that keeps the vectors of short lists of texts: the words of questions, the sentences of passages.

    They come again and again, and each takes 40 microseconds.
    """

    def __init__(self, encoder: Encoder) -> None:
        """Begin with nothing kept."""
        self.name, self.dimension, self._encoder = encoder.name, encoder.dimension, encoder
        self.pieces: Pieces = encoder if isinstance(encoder, StaticEncoder) else Borrowed(self)
        self._known: dict[str, NDArray[np.float32]] = {}

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Encode texts to float32 [n, dimension], as the encoder itself does."""
        if not 0 < len(texts) <= FEW:
            return self._encoder.encode(texts)
        if len(self._known) > MOST_KNOWN:
            self._known = {}
        known = self._known  # threads that began with the old ones keep them
        new = [text for text in dict.fromkeys(texts) if text not in known]
        if new:
            known.update(zip(new, self._encoder.encode(new), strict=True))
        return np.stack([known[text] for text in texts])


class Borrowed:
    """The pieces that the shipped model sees, each as a text of its own, for a model that is no table of words."""

    def __init__(self, encoder: Encoder) -> None:
        """Begin with the shipped tokenizer."""
        self._encoder, self._tokenizer = encoder, load_tokenizer(SHIPPED)

    def numbers(self, text: str) -> NDArray[np.int64]:
        """Return the numbers of a text's pieces of words."""
        return np.array(self._tokenizer.encode(text, add_special_tokens=False).ids, np.int64)

    def vectors(self, numbers: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the vectors of pieces, float32 [n, dimension], all of length 1."""
        words = [self._tokenizer.decode([number]) for number in numbers.tolist()]
        parts = [self._encoder.encode(words[start : start + FEW]) for start in range(0, len(words), FEW)]
        return np.concatenate(parts) if parts else np.zeros((0, self._encoder.dimension), np.float32)


def pieces_of(encoder: Encoder) -> Pieces:
    """Return what cuts texts into pieces for an encoder, and knows their vectors."""
    return encoder.pieces if isinstance(encoder, Remembering) else Borrowed(encoder)


def is_static(folder: Path) -> bool:
    """Say whether a folder holds a static model: a table of vectors and nothing behind it but the normalisation."""
    if not (folder / "modules.json").is_file():
        return False
    modules = json.loads((folder / "modules.json").read_bytes())
    return [module["type"].rsplit(".", 1)[-1] for module in modules] == ["StaticEmbedding", "Normalize"]


def load_question_encoder(model: str | Path = SHIPPED) -> Encoder:
    """Load an encoder for questions: quickly where the model is static, else as :func:`load_encoder` does.

    :raises ModelMissing: as :func:`load_encoder` does.
    """
    folder = Path(model)
    if not folder.is_dir():
        return load_encoder(model)
    check_folder(folder)
    return StaticEncoder(folder) if is_static(folder) else load_encoder(model)


def weights_header(path: Path) -> bytes:
    """Return the JSON that names the tensors of a safetensors file.

    Source: https://huggingface.co/docs/safetensors (8 bytes of length, the header, then the numbers).

    :raises ValueError: if the file ends before its numbers do, as a broken download or an LFS pointer does.
    """
    with path.open("rb") as file:
        header = file.read(min(int.from_bytes(file.read(8), "little"), path.stat().st_size))
    ends = [tensor["data_offsets"][1] for name, tensor in json.loads(header).items() if name != "__metadata__"]
    if path.stat().st_size < 8 + len(header) + max(ends, default=0):
        raise ValueError("it ends too early")
    return header


def check_folder(folder: Path) -> None:
    """Refuse a folder that can be no model, before the seconds that the imports take.

    :raises ModelMissing: if there is no folder, no list of modules in it, or a damaged file.
    """
    if not folder.is_dir():
        raise ModelMissing(f"There is no embedding model at {folder}; {REMEDY}")
    if not (folder / "modules.json").is_file():
        raise ModelMissing(f"The folder {folder} holds no sentence-transformers model; {REMEDY}")
    for path in sorted(folder.glob("*.json")) + sorted(folder.glob("*.safetensors")):
        try:
            json.loads(path.read_bytes() if path.suffix == ".json" else weights_header(path))
        except ValueError as error:  # the libraries' own readers raise bare Exceptions for these
            raise ModelMissing(f"The embedding model's {path} is damaged ({error}); {REMEDY}") from error


def load_encoder(model: str | Path = SHIPPED) -> Encoder:
    """Load an encoder by sentence-transformers, from a folder without the network, or by a name on the model hub.

    :raises ModelMissing: if the folder holds no model, or the name can be loaded from neither cache nor hub.
    """
    folder = Path(model)
    local = folder.is_dir() or folder.is_absolute() or isinstance(model, Path)
    if local:
        check_folder(folder)
    from sentence_transformers import SentenceTransformer  # late: the import takes seconds

    try:
        loaded = SentenceTransformer(str(model), device="cpu", local_files_only=local)
    except (OSError, ValueError, LookupError, TypeError, RuntimeError, ImportError) as error:
        raise ModelMissing(f"The embedding model {str(model)!r} cannot be loaded ({error}); {REMEDY}") from error
    return SentenceEncoder(folder.name if local else str(model), loaded)
