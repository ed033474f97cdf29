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
from numpy.typing import ArrayLike

from engine.metrics.confidence_intervals import half_width_of_draws
from engine.metrics.label_counts import Floats, positive_id
from engine.metrics.resampling import NUM_DRAWS, Weights, draws, num_paired_draws
from engine.metrics.sufficient_statistics import SufficientStatistics

_MOST_KEPT = 4_000_000


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

    `before` are probabilities [N, L], or numbers [N] or [N, 1] where `labels` are empty; `truths` [N] are label ids or
    numbers, or bools [N, L] where a text has several labels. The figures are those of `SufficientStatistics`.
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
        several = bool(labels) and self._truths.ndim == 2
        self._sums = SufficientStatistics(
            len(labels), None if several else positive_id(labels, positive_label), several
        )
        self._seed = seed
        self._num_draws = num_paired_draws(len(self._truths), num_draws)
        fits = self._num_draws * len(self._truths) <= _MOST_KEPT
        self._kept = list(self._draws()) if fits else None
        self._once = np.ones((1, len(self._truths)))
        columns = self._sums.columns(before, self._truths)
        self.before = {name: float(value[0]) for name, value in self._figures(self._once @ columns).items()}
        self._drawn_before = self._figures(self._drawn_sums(columns))

    def compare(self, after: ArrayLike) -> Paired:
        """`after` is shaped as `before` was."""
        columns = self._sums.columns(after, self._truths)
        found = {name: float(value[0]) for name, value in self._figures(self._once @ columns).items()}
        drawn = self._figures(self._drawn_sums(columns))
        change = np.stack([drawn[name] - self._drawn_before[name] for name in found])
        widths = half_width_of_draws(change)
        return Paired(
            before=self.before,
            after=found,
            change={name: found[name] - self.before[name] for name in found},
            intervals={name: float(width) for name, width in zip(found, widths, strict=True)},
        )

    def _drawn_sums(self, columns: Floats) -> Floats:
        """[S, C]: sums over each draw's rows."""
        return np.concatenate([part @ columns for part in self._kept or self._draws()])

    def _draws(self) -> Iterator[Weights]:
        return draws(len(self._truths), self._num_draws, self._seed, _MOST_KEPT)

    def _figures(self, sums: Floats) -> dict[str, Floats]:
        """[S] a figure, from sums [S, C] over as many rows as there are."""
        return self._sums.figures(sums, len(self._truths))
