"""class_weights: how much the rows of each label count, where a loss is to weigh rare labels more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

_MOST_WEIGHT = 100.0
"""Of the yes of a rare label, so that no single row outweighs all others."""


def class_weights(loss: object, answers: Sequence[Any], labels: Sequence[str]) -> dict[str, float] | None:
    """Balanced: rows / (labels x rows of the label), as scikit-learn does it; of several labels a text, the rows
    without a label for each with it, as far as one row bears it. `loss` is one of `engine.config`; `answers` are the
    training rows' labels, strings or lists of them. None for equal weights."""
    if getattr(loss, "class_weights", "none") != "balanced" or not labels:
        return None
    if isinstance(answers[0], list):
        having = Counter(label for row in answers for label in row)
        counts = {label: max(1, having[label]) for label in labels}
        return {label: min(_MOST_WEIGHT, (len(answers) - count) / count) for label, count in counts.items()}
    rows = Counter(answers)
    total = sum(rows.values())
    return {label: total / (len(labels) * max(1, rows[label])) for label in labels}
