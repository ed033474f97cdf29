"""Small random models on their way out, and runs that are trained in a second."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import torch
from transformers import PreTrainedModel

from engine.config.classifiers import Convolutional, Fusion, Recurrent, Transformer
from engine.export.model_loading import ModelToExport
from engine.inspection.subjects.loaded_models import Trained
from engine.models.answering import loss_choice_of
from engine.records import UNDECIDED, Decision
from tests.engine.inspection.small_models import WORDS, ready

SIZES: dict[type, dict[str, int]] = {
    Recurrent: {"embedding_size": 8, "hidden_size": 6},
    Transformer: {"hidden_size": 8, "num_heads": 2, "feed_forward_size": 12},
    Fusion: {"embedding_size": 8, "num_heads": 2, "feed_forward_size": 12, "hidden_size": 6},
    Convolutional: {"embedding_size": 8, "num_filters": 5},
}
TEXTS = ["The film", "not good , but the ending saved it all .", "a", "a dull bad cast and a nice plot " * 9, "good ."]


def small(kind: type, **choices: Any) -> Any:
    """A spec of few numbers."""
    return kind(**{**SIZES[kind], **choices})


def leaver(trained: Trained, decision: Decision = UNDECIDED) -> ModelToExport:
    return ModelToExport(
        model=trained.model,
        studio=trained,
        target=trained.target,
        loss=loss_choice_of(trained.model).name,
        decision=decision,
    )


def stranger(model: PreTrainedModel, decision: Decision = UNDECIDED) -> ModelToExport:
    """A model of transformers; `WORDS` reads for it."""
    made = leaver(ready(model, WORDS), decision)
    model.set_attn_implementation("eager")
    return made


def padded(lengths: tuple[int, ...], pad: int = 0, seed: int = 0) -> dict[str, np.ndarray]:
    """Random words of the vocabulary, filled up on the right."""
    drawn = np.random.default_rng(seed)
    mask = (np.arange(max(lengths)) < np.array(lengths)[:, None]).astype(np.int64)
    ids = drawn.integers(5, len(WORDS), mask.shape)
    ids[:, 0] = WORDS.cls_token_id
    return {"input_ids": np.where(mask == 1, ids, pad), "attention_mask": mask}


def own_answers(leaving: ModelToExport, inputs: dict[str, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """(logits, the studio's probabilities)."""
    with torch.inference_mode():
        logits = leaving.model(**{name: torch.from_numpy(values) for name, values in inputs.items()}).logits.numpy()
    return logits, leaving.target.probabilities(logits, leaving.loss, leaving.decision.temperature)


def files_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}
