"""decided: which label a model says at its thresholds, or that it leaves the text to a person.

One label a text: the score of a label is its probability where it is the likeliest one, else 0; of two labels it is
its probability anywhere, so that a threshold below .5 finds more of a rare one. A label whose score reaches its
threshold is said; where none does, the likeliest label is said if it has no threshold. Where both of two labels have a
threshold, both are at least .5: a text then never reaches both.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.records import UNDECIDED, Decision

ABSTAINED = -1
"""The id of no label: the text is left to a person."""


def label_scores(probabilities: ArrayLike, label: int, *, several: bool = False) -> NDArray[np.float64]:
    """[N]: what a threshold on label number `label` is compared with. `probabilities` [N, L]."""
    given = np.asarray(probabilities, dtype=np.float64)
    scores: NDArray[np.float64] = given[:, label]
    if several or given.shape[1] <= 2:
        return scores
    return np.where(given.argmax(axis=1) == label, scores, 0.0)


_HAIR = 1e-9


def threshold_of(decision: Decision, label: str, labels: Sequence[str]) -> float | None:
    """As it holds: both thresholds of two labels are at least .5."""
    threshold = decision.thresholds.get(label)
    both = len(labels) == 2 and all(one in decision.thresholds for one in labels)
    return max(threshold, 0.5) if threshold is not None and both else threshold


def decided(probabilities: ArrayLike, labels: Sequence[str], decision: Decision = UNDECIDED) -> NDArray[np.int64]:
    """[N]: ids of the labels said, `ABSTAINED` where none is. `probabilities` [N, L], one label a text."""
    given = np.asarray(probabilities, dtype=np.float64)
    likeliest: NDArray[np.int64] = given.argmax(axis=1).astype(np.int64)
    known = [threshold_of(decision, label, labels) for label in labels]
    least = np.array([-np.inf if one is None else one for one in known])
    is_sure = given[np.arange(len(given)), likeliest] >= least[likeliest]
    said = np.where(is_sure, likeliest, ABSTAINED)
    chosen = [label for label, one in enumerate(known) if one is not None]
    for label in chosen if len(labels) == 2 else ():  # below .5 it is said though the other one is likelier
        is_free = (said == ABSTAINED) | (len(chosen) == 1)
        said[is_free & (given[:, label] >= least[label])] = label
    return said


def decided_several(
    probabilities: ArrayLike, labels: Sequence[str], decision: Decision = UNDECIDED
) -> NDArray[np.bool_]:
    """[N, L]: the labels said of each text, any number of them; .5 is the threshold of a label without one."""
    given = np.asarray(probabilities, dtype=np.float64)
    thresholds = np.array([decision.thresholds.get(label, 0.5) for label in labels])
    said: NDArray[np.bool_] = given >= thresholds
    return said


def warmed(decision: Decision, temperature: float) -> Decision:
    """The decision at another temperature, where the logit of a label's probability goes by it: a threshold moves to
    where the same texts reach it, and so its promise holds."""
    ratio = decision.temperature / temperature
    moved = {label: _moved(value, ratio) for label, value in decision.thresholds.items()}
    promises = tuple(
        replace(one, threshold=moved[one.label])
        for one in decision.promises
        if one.threshold is not None and decision.thresholds.get(one.label) == one.threshold
    )
    return Decision(temperature, moved, promises)


def _moved(threshold: float, ratio: float) -> float:
    """The sigmoid's value where its argument is `ratio` times as large, less a hair: a text that just reached the
    threshold still does."""
    if not 0.0 < threshold < 1.0:
        return threshold
    return (1.0 - _HAIR) / (1.0 + math.exp(-ratio * math.log(threshold / (1.0 - threshold))))
