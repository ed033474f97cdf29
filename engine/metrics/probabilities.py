"""probabilities: what logits say, in numpy; `engine.models.losses` does the same in torch while training."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.records import Answers, Kind


def probabilities(logits: ArrayLike, kind: Kind, loss: str, temperature: float = 1.0) -> NDArray[np.float64]:
    """[N, L] from logits [N, L] divided by `temperature`.

    One label: they sum to 1 (softmax; for binary cross-entropy each label's sigmoid over their sum). Several labels:
    each has its own sigmoid. Numbers come back as they are.
    """
    scores = np.asarray(logits, dtype=np.float64)
    if kind == "number":
        return scores
    scores = scores / temperature
    if kind == "several":
        return np.exp(_log_sigmoid(scores))
    return _softmax(_log_sigmoid(scores) if loss == "binary-cross-entropy" else scores)


def probabilities_of(answers: Answers, temperature: float = 1.0) -> NDArray[np.float64]:
    """[N, L] of all rows; numbers [N, 1] for a numeric target."""
    return probabilities(answers.logits, answers.kind, answers.loss, temperature)


def _softmax(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    raised = np.exp(scores - scores.max(axis=-1, keepdims=True))
    found: NDArray[np.float64] = raised / raised.sum(axis=-1, keepdims=True)
    return found


def _log_sigmoid(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    return -np.logaddexp(0.0, -scores)
