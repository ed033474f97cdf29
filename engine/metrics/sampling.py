"""What the settings of writing leave of a distribution: temperature, top-k, top-p, repetition penalty.

The same numbers as transformers' logits processors give one after the other, in numpy, so that a window can redraw them
while a setting is dragged. V tokens of the vocabulary.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.records import WritingSettings

Floats = NDArray[np.float64]


def after_settings(
    log_probabilities: NDArray[np.floating], is_before: NDArray[np.bool_], settings: WritingSettings
) -> Floats:
    """[V] probabilities that sum to 1, given log p [V] of the model and which tokens stand in the text already [V]."""
    scores = log_probabilities.astype(np.float64)
    if settings.repetition_penalty != 1.0:
        scores = np.where(is_before, scores * settings.repetition_penalty, scores)
    if settings.temperature == 0.0:
        likeliest: Floats = (np.arange(len(scores)) == int(scores.argmax())).astype(np.float64)
        return likeliest
    scores = scores / settings.temperature
    if 0 < settings.top_k < len(scores):
        least = np.partition(scores, -settings.top_k)[-settings.top_k]
        scores = np.where(scores < least, -np.inf, scores)
    found = _softmax(scores)
    if settings.top_p < 1.0:
        order = np.argsort(found, kind="stable")
        is_out = np.cumsum(found[order]) <= 1.0 - settings.top_p
        is_out[-1] = False  # the likeliest one stays, whatever the share
        found[order[is_out]] = 0.0
    whole: Floats = found / found.sum()
    return whole


def _softmax(scores: Floats) -> Floats:
    found: Floats = np.exp(scores - scores.max())
    shares: Floats = found / found.sum()
    return shares
