"""Texts to vectors: the model that Tantu ships, or any sentence-transformers model by name."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from kg.errors import ModelMissing

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

SHIPPED = Path(__file__).parent / "model"
REMEDY = "leave the setting empty for the model that Tantu ships, or give a folder or name for sentence-transformers"
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
        self.name = name
        self._model = model.float().eval()
        self.dimension = int(model.get_embedding_dimension() or self.encode([name]).shape[1])

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


def load_encoder(model: str | Path = SHIPPED) -> Encoder:
    """Load an encoder from a folder, without the network, or by a name on the model hub.

    :raises ModelMissing: if the folder holds no model, or the name can be loaded from neither cache nor hub.
    """
    folder = Path(model)
    local = folder.is_dir()
    if local and not (folder / "modules.json").is_file():
        raise ModelMissing(f"The folder {folder} holds no sentence-transformers model; {REMEDY}")
    if not local and (isinstance(model, Path) or folder.is_absolute()):
        raise ModelMissing(f"There is no embedding model at {folder}; {REMEDY}")
    from sentence_transformers import SentenceTransformer  # late: the import takes seconds

    try:
        loaded = SentenceTransformer(str(model), device="cpu", local_files_only=local)
    except (OSError, ValueError, KeyError, ImportError, RuntimeError) as error:
        raise ModelMissing(f"The embedding model {str(model)!r} cannot be loaded ({error}); {REMEDY}") from error
    return SentenceEncoder(folder.name if local else str(model), loaded)
