"""checkpoint_model: a model that was saved here, opened as carefully as anybody else's: runs are given away, too."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from transformers import PreTrainedModel

from engine.models.foreign_config import foreign_config


def checkpoint_model(kind: Any, folder: Path, dtype: torch.dtype | None = None) -> PreTrainedModel:
    """`kind` is the auto class that opens it; `dtype` None: the numbers as they are stored. What its config.json says
    of code and kernels is left out. Raises InputError for a config.json that describes no model."""
    config = foreign_config(folder, str(folder))
    wished = {} if dtype is None else {"dtype": dtype}
    model: PreTrainedModel = kind.from_pretrained(
        folder, config=config, trust_remote_code=False, use_safetensors=True, **wished
    )
    return model
