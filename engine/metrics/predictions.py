"""predictions: what a classifier says of each row, in words, by its decision."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from engine.metrics.decision_rules import ABSTAINED, decided, decided_several, threshold_of
from engine.records import UNDECIDED, Decision, Kind, Prediction


def predictions(
    probabilities: ArrayLike, labels: Sequence[str], kind: Kind, decision: Decision = UNDECIDED
) -> list[Prediction]:
    """One a row of probabilities [N, L] (numbers [N, 1] for a numeric target, whose label is the number itself)."""
    given = np.asarray(probabilities, dtype=np.float64)
    if kind == "number":
        return [Prediction(f"{value:.4g}", {}) for value in given[:, 0].tolist()]
    trees = [dict(zip(labels, row, strict=True)) for row in given.tolist()]
    if kind == "several":
        chosen = decided_several(given, labels, decision).tolist()
        named = [tuple(label for label, is_said in zip(labels, row, strict=True) if is_said) for row in chosen]
        return [Prediction(", ".join(said), tree, said) for said, tree in zip(named, trees, strict=True)]
    found = decided(given, labels, decision)
    is_open = found == ABSTAINED
    thresholds = [threshold_of(decision, label, labels) for label in labels]
    places = np.where(is_open, given.argmax(axis=1), found).tolist()
    return [
        Prediction(labels[place], tree, abstains=abstains, threshold=thresholds[place])
        for place, tree, abstains in zip(places, trees, is_open.tolist(), strict=True)
    ]
