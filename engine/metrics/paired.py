"""What a change to a model costs: both answers to the same rows compared, with intervals by a paired bootstrap.

Rows are drawn with replacement, each with its answer before and its answer after, so that what makes a row hard is
alike on both sides (Efron & Tibshirani 1993, ch. 13; for text models Koehn 2004). Every figure is a function of sums
over rows, so that a thousand draws are one matrix product.
Shapes: N rows, L labels, S draws, C columns that are summed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.metrics.classification import Floats

NUM_DRAWS = 1000
LEAST_DRAWS = 200
"""Of very many rows fewer draws are taken: there the width hardly changes from draw to draw."""

_MOST_DRAWN = 20_000_000
_MOST_KEPT = 4_000_000
_EDGES = (0.025, 0.975)


@dataclass(frozen=True)
class Paired:
    """Figures `before` and `after`, `change` = after - before, and the 95 % half-widths of the change.

    A change that no row shows has the half-width 0: these rows say nothing against it.
    """

    before: dict[str, float]
    after: dict[str, float]
    change: dict[str, float]
    intervals: dict[str, float]


class PairedBootstrap:
    """Compares any number of changes with one set of answers on the same rows and the same draws.

    `before` are probabilities [N, L], or numbers [N] or [N, 1] where `labels` are empty; `truths` [N] are label ids, or
    numbers; of several labels a text [N, L], each said from .5 on, and a row is right where all of them are. The
    figures are accuracy, precision, recall, f1 (of the positive one of two labels, else the mean over labels) and
    "probability", the mean of the true label's (of several: of the true answers'); for numbers mse, mae and r2.
    """

    def __init__(
        self,
        before: ArrayLike,
        truths: ArrayLike,
        labels: Sequence[str],
        positive_label: str | None,
        *,
        seed: int = 0,
        num_draws: int = NUM_DRAWS,
    ) -> None:
        self._truths = np.asarray(truths)
        self._num_labels = len(labels)
        self._positive = None if self._truths.ndim == 2 else _positive(labels, positive_label)
        self._seed = seed
        self._num_draws = max(min(num_draws, LEAST_DRAWS), min(num_draws, _MOST_DRAWN // max(1, len(self._truths))))
        fits = self._num_draws * len(self._truths) <= _MOST_KEPT
        self._kept = list(self._draws()) if fits else None
        self._once = np.ones((1, len(self._truths)))
        columns = self._columns(before)
        self.before = {name: float(value[0]) for name, value in self._figures(self._once @ columns).items()}
        self._drawn_before = self._figures(self._drawn_sums(columns))

    def compare(self, after: ArrayLike) -> Paired:
        """`after` is shaped as `before` was."""
        columns = self._columns(after)
        found = {name: float(value[0]) for name, value in self._figures(self._once @ columns).items()}
        drawn = self._figures(self._drawn_sums(columns))
        change = np.stack([drawn[name] - self._drawn_before[name] for name in found])
        low, high = np.quantile(change, _EDGES, axis=1)
        return Paired(
            before=self.before,
            after=found,
            change={name: found[name] - self.before[name] for name in found},
            intervals={name: float(width) for name, width in zip(found, (high - low) / 2, strict=True)},
        )

    def _drawn_sums(self, columns: Floats) -> Floats:
        """[S, C]: sums over each draw's rows."""
        return np.concatenate([part @ columns for part in self._kept or self._draws()])

    def _draws(self) -> Iterator[Floats]:
        """How often each row is drawn, [draws, N], in parts that fit into memory; the same ones at every call."""
        num_rows = len(self._truths)
        generator = np.random.default_rng(self._seed)
        a_time = max(1, _MOST_KEPT // max(1, num_rows))
        for first in range(0, self._num_draws, a_time):
            count = min(a_time, self._num_draws - first)
            rows = generator.integers(0, num_rows, size=(count, num_rows))
            places = rows + num_rows * np.arange(count)[:, None]
            yield np.bincount(places.ravel(), minlength=count * num_rows).reshape(count, num_rows).astype(np.float64)

    def _columns(self, answers: ArrayLike) -> Floats:
        """[N, C]: what the figures are sums of."""
        given = np.asarray(answers, dtype=np.float64)
        if not self._num_labels:
            return _numeric_columns(given.ravel(), self._truths.astype(np.float64).ravel())
        scores = given.reshape(-1, self._num_labels)
        if self._truths.ndim == 2:
            return _several_columns(scores, self._truths > 0.5)
        truths = self._truths.astype(np.int64)
        rows = np.arange(len(truths))
        predicted, actual = np.zeros_like(scores), np.zeros_like(scores)
        predicted[rows, scores.argmax(axis=1)] = 1
        actual[rows, truths] = 1
        counted = slice(None) if self._positive is None else slice(self._positive, self._positive + 1)
        hits = predicted * actual
        return np.concatenate(
            [
                scores[rows, truths][:, None],
                hits.sum(axis=1, keepdims=True),
                *(part[:, counted] for part in (hits, predicted, actual)),
            ],
            axis=1,
        )

    def _figures(self, sums: Floats) -> dict[str, Floats]:
        """[S] a figure, from sums [S, C] over as many rows as there are."""
        num_rows = len(self._truths)
        return _numeric_figures(sums / num_rows) if not self._num_labels else _label_figures(sums, num_rows)


def _label_figures(sums: Floats, num_rows: int) -> dict[str, Floats]:
    hits, predicted, actual = np.split(sums[:, 2:], 3, axis=1)
    occurs = predicted + actual > 0
    # the mean is over the labels that occur; one label alone (the positive one) always counts
    num_labels = np.maximum(occurs.sum(axis=1), 1)
    return {
        "accuracy": sums[:, 1] / num_rows,
        "precision": _ratio(hits, predicted).sum(axis=1) / num_labels,
        "recall": _ratio(hits, actual).sum(axis=1) / num_labels,
        "f1": _ratio(2 * hits, predicted + actual).sum(axis=1) / num_labels,
        "probability": sums[:, 0] / num_rows,
    }


def _several_columns(scores: Floats, true: NDArray[np.bool_]) -> Floats:
    said = scores >= 0.5
    probability = np.where(true, scores, 1 - scores).mean(axis=1, keepdims=True)
    right = (said == true).all(axis=1, keepdims=True)
    return np.concatenate([probability, right, said & true, said, true], axis=1).astype(np.float64)


def _numeric_columns(numbers: Floats, truths: Floats) -> Floats:
    # the variance is that of the truths moved to their mean: squares of large numbers would cancel each other out
    moved = truths - truths.mean() if len(truths) else truths
    errors = numbers - truths
    return np.stack([errors**2, np.abs(errors), moved, moved**2], axis=1)


def _numeric_figures(means: Floats) -> dict[str, Floats]:
    squared, absolute, mean, square = means.T
    variance = square - mean**2
    return {"mse": squared, "mae": absolute, "r2": np.where(variance > 0, 1 - _ratio(squared, variance), 0.0)}


def _positive(labels: Sequence[str], positive_label: str | None) -> int | None:
    if len(labels) != 2:
        return None
    return 1 if positive_label is None else list(labels).index(positive_label)


def _ratio(part: NDArray[np.float64], whole: NDArray[np.float64]) -> Floats:
    return np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)
