"""What logits say, in numpy; `engine.models.losses` does the same in torch while training. N rows, L labels."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def shared_probabilities(logits: ArrayLike, loss: str, temperature: float = 1.0) -> Floats:
    """[N, L] from logits [N, L] divided by `temperature`, where each row has one label: they sum to 1 (softmax; for
    binary cross-entropy each label's sigmoid over their sum)."""
    scores = np.asarray(logits, dtype=np.float64) / temperature
    return _softmax(_log_sigmoid(scores) if loss == "binary-cross-entropy" else scores)


def separate_probabilities(logits: ArrayLike, temperature: float = 1.0) -> Floats:
    """[N, L] from logits [N, L] divided by `temperature`, where each label is a question of its own: sigmoids."""
    return np.exp(_log_sigmoid(np.asarray(logits, dtype=np.float64) / temperature))


def _softmax(scores: Floats) -> Floats:
    raised = np.exp(scores - scores.max(axis=-1, keepdims=True))
    found: Floats = raised / raised.sum(axis=-1, keepdims=True)
    return found


def _log_sigmoid(scores: Floats) -> Floats:
    return -np.logaddexp(0.0, -scores)
