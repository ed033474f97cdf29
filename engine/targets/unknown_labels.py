"""Labels that a model does not know, as labels of which it never says one: every figure of answers to such rows then
follows by its own definition (a mean over labels has them with 0, as scikit-learn's has). N rows, L labels, U
strangers.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.records import Answers
from engine.targets.registry import target_of

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class WithUnknownLabels:
    """`labels` [L + U], the model's first; `truths` ids [N] below L + U, of several labels bool [N, L + U]."""

    labels: tuple[str, ...]
    truths: NDArray[np.generic]
    num_strangers: int

    def widened(self, found: ArrayLike) -> Floats:
        """Probabilities [N, L] as [N, L + U]: the model gives strangers none."""
        given = np.asarray(found, dtype=np.float64)
        return np.concatenate([given, np.zeros((len(given), self.num_strangers))], axis=1)


def with_unknown_labels(answers: Answers) -> WithUnknownLabels:
    """Of answers to labelled rows; numbers, and rows of known labels alone, stay as they are."""
    assert answers.truths is not None
    if answers.unknown is None:
        return WithUnknownLabels(answers.labels, np.asarray(answers.truths), 0)
    unknown = np.asarray(answers.unknown, dtype=bool)
    labels = (*answers.labels, *(one.label for one in answers.strangers))
    truths = target_of(answers.kind).with_unknown(answers.truths, unknown, len(answers.labels))
    return WithUnknownLabels(labels, truths, unknown.shape[1])
