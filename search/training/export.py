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


def export(tokenizer: Tokenizer, table: NDArray[np.float32], settings: Configuration, out: Path) -> None:
    """Write the model in half precision, with the settings of its training in ``training.json``."""
    weights = torch.from_numpy(table).half()
    modules = [StaticEmbedding(tokenizer, embedding_weights=weights), Normalize()]
    SentenceTransformer(modules=modules, device="cpu").save_pretrained(str(out), create_model_card=False)
    for path in out.glob("**/tokenizer.json"):
        tokenizer.save(str(path), pretty=False)
    for path in (out / "model.safetensors", out):
        path.chmod(path.stat().st_mode | 0o044)  # safetensors writes files for the owner only
    (out / "training.json").write_text(json.dumps(asdict(settings), indent=1) + "\n", "utf-8")
