"""LabelCounts: precision, recall and F1, of one decision or of any number of draws of its rows, by one code.

Two labels: the figures are those of the positive one. More: the mean over labels (macro), each label that occurs in
truths or answers counting alike. What would divide by zero is 0, as in scikit-learn. N rows, L labels, S draws.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Counts = NDArray[np.float64] | NDArray[np.int64]


def ratio(part: ArrayLike, whole: ArrayLike) -> Floats:
    """[...] by [...], element by element; 0 where the whole is 0."""
    parts, wholes = np.asarray(part, dtype=np.float64), np.asarray(whole, dtype=np.float64)
    return np.divide(parts, wholes, out=np.zeros_like(parts), where=wholes > 0)


def positive_id(labels: Sequence[str], positive_label: str | None) -> int | None:
    """The id of the positive one of two labels (without a choice the second one); None for all else."""
    if len(labels) != 2:
        return None
    return 1 if positive_label is None else list(labels).index(positive_label)


def one_hot(ids: NDArray[np.int64], num_labels: int) -> NDArray[np.bool_]:
    """[N, L], True at each row's id."""
    found = np.zeros((len(ids), num_labels), dtype=np.bool_)
    found[np.arange(len(ids)), ids] = True
    return found


def frequencies(true: NDArray[np.bool_], num_strangers: int = 0) -> Floats:
    """[N, L]: in each row the share of rows that have a label, of sets [N, L]; 0 of the last labels, which nobody can
    say."""
    shares = true.mean(axis=0)
    shares[true.shape[1] - num_strangers :] = 0.0
    return np.tile(shares, (len(true), 1))


def confusion_table(
    said: NDArray[np.integer], truths: NDArray[np.generic], num_labels: int, num_said: int | None = None
) -> NDArray[np.int64]:
    """[num_labels, num_said] rows counted by truth [N] and by label said [N]; without `num_said` it is square."""
    columns = num_labels if num_said is None else num_said
    cells = np.bincount(truths.astype(np.int64) * columns + said, minlength=num_labels * columns)
    return cells.reshape(num_labels, columns)


@dataclass(frozen=True)
class LabelCounts:
    """Rows by label, [L] or [S, L]: said rightly, said, and true."""

    hits: Counts
    said: Counts
    true: Counts

    @staticmethod
    def of_table(table: NDArray[np.int64]) -> LabelCounts:
        """Of a confusion table [L, L] or [L, L + 1] that counts rows by truth and label said; the last column of the
        latter those of which none is said."""
        num_labels = len(table)
        return LabelCounts(np.diagonal(table), table[:, :num_labels].sum(axis=0), table.sum(axis=1))

    @staticmethod
    def of_sets(said: NDArray[np.bool_], true: NDArray[np.bool_]) -> LabelCounts:
        """Of label sets, [N, L] each."""
        return LabelCounts((said & true).sum(axis=0), said.sum(axis=0), true.sum(axis=0))

    @property
    def precision(self) -> Floats:
        return ratio(self.hits, self.said)

    @property
    def recall(self) -> Floats:
        return ratio(self.hits, self.true)

    @property
    def f1(self) -> Floats:
        return ratio(2 * self.hits, self.said + self.true)

    @property
    def occurs(self) -> NDArray[np.bool_]:
        """Labels that are said or true of some row."""
        found: NDArray[np.bool_] = self.said + self.true > 0
        return found

    def by_label(self) -> dict[str, Floats]:
        """precision, recall and f1, [L] or [S, L] each."""
        return {"precision": self.precision, "recall": self.recall, "f1": self.f1}

    def figures(self, positive: int | None, empty: float = 0.0) -> dict[str, Floats]:
        """precision, recall and f1, [] or [S] each: the positive label's, else the mean over labels that occur; `empty`
        where none does."""
        found = self.by_label()
        if positive is not None:
            return {name: values[..., positive] for name, values in found.items()}
        return {name: mean_over(values, self.occurs, empty) for name, values in found.items()}

    def pooled(self) -> LabelCounts:
        """As if all labels were one (micro), [1] or [S, 1]."""
        return LabelCounts(*(one.sum(axis=-1, keepdims=True) for one in (self.hits, self.said, self.true)))

    def meant(self, positive: int | None) -> LabelCounts:
        """Of one decision: the labels that the figures are about, the positive one or all that occur."""
        chosen = self.occurs if positive is None else np.array([positive])
        return LabelCounts(self.hits[chosen], self.said[chosen], self.true[chosen])


def mean_over(values: Floats, counted: NDArray[np.bool_], empty: float = 0.0) -> Floats:
    """[] or [S]: over the labels that are `counted`, [L] or [S, L]; `empty` where none is."""
    number = counted.sum(axis=-1)
    return np.where(number > 0, (values * counted).sum(axis=-1) / np.maximum(number, 1), empty)
