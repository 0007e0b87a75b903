"""Writing the trained vectors as a plain sentence-transformers model."""

import json
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Normalize, StaticEmbedding
from tokenizers import Tokenizer

from search.training.configuration import Configuration

MODULES = [  # names that sentence-transformers 5 knows as well; 6 would write its own inner paths
    {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.StaticEmbedding"},
    {"idx": 1, "name": "1", "path": "1_Normalize", "type": "sentence_transformers.models.Normalize"},
]


def export(tokenizer: Tokenizer, table: NDArray[np.float32], settings: Configuration, out: Path) -> None:
    """Write the model in half precision, with the settings of its training in ``training.json``."""
    weights = torch.from_numpy(table).half()
    modules = [StaticEmbedding(tokenizer, embedding_weights=weights), Normalize()]
    SentenceTransformer(modules=modules, device="cpu").save_pretrained(str(out), create_model_card=False)
    (out / "modules.json").write_text(json.dumps(MODULES, indent=1) + "\n", "utf-8")
    tokenizer.save(str(out / "tokenizer.json"), pretty=False)
    for path in (out / "model.safetensors", out):
        path.chmod(path.stat().st_mode | 0o044)  # safetensors writes files for the owner only
    (out / "training.json").write_text(json.dumps(asdict(settings), indent=1) + "\n", "utf-8")
