"""PairedRuns: any number of models on the texts that they share, drawn together, so that differences have intervals.

Each run is measured on rows of one list of texts; a text that a run was not asked about counts for nothing there. The
same draws of texts serve all runs (paired bootstrap, see `engine.metrics.paired`).
Shapes: T texts, S draws, C columns that are summed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from engine.metrics.confidence_intervals import half_width_of_draws
from engine.metrics.label_counts import Floats
from engine.metrics.resampling import draws, num_paired_draws
from engine.metrics.summed_figures import VALUE_OF, Statistics, two_sided_p

_CELLS_AT_ONCE = 500_000
"""Texts drawn between two breaths."""


class Sums(Protocol):
    """What sums over rows come to."""

    def figures(self, sums: Floats, num_rows: Floats) -> Mapping[str, Floats]:
        """Every figure [S] of `sums` [S, C] over `num_rows` [S] rows."""


class SummedColumns:
    """The columns of several figures side by side: `summed_figures` for `PairedRuns`."""

    def __init__(self, statistics: Statistics) -> None:
        """As one run's are laid out: others must have the same figures."""
        self._widths = {key: found.shape[1] for key, found in statistics.items()}

    def columns(self, statistics: Statistics) -> Floats:
        """[N, C]"""
        return np.concatenate([statistics[key] for key in self._widths], axis=1)

    def figures(self, sums: Floats, num_rows: Floats) -> dict[str, Floats]:
        """Every figure [S] of `sums` [S, C]."""
        del num_rows
        ends = np.cumsum(list(self._widths.values()))[:-1]
        parts = np.split(sums, ends, axis=1)
        return {key: VALUE_OF[key](part) for key, part in zip(self._widths, parts, strict=True)}


class PairedRuns:
    """`add` each run's columns; then exhaust `draw`; then ask. Figures are those of `sums`."""

    def __init__(self, num_texts: int, sums: Sums, *, seed: int = 0) -> None:
        self._num_texts, self._sums, self._seed = num_texts, sums, seed
        self._columns: list[Floats] = []
        self._drawn: list[Mapping[str, Floats]] = []
        self.num_draws = num_paired_draws(num_texts)

    def add(self, places: NDArray[np.int64], columns: Floats) -> None:
        """A run's columns [N, C], and which text each of its rows is, [N]."""
        held = np.zeros((self._num_texts, columns.shape[1] + 1))
        held[places, :-1], held[places, -1] = columns, 1
        self._columns.append(held)

    def draw(self) -> Iterator[int]:
        """Breathes: how many of `num_draws` are done."""
        parts: list[list[Floats]] = [[] for _ in self._columns]
        done = 0
        for counts in draws(self._num_texts, self.num_draws, self._seed, _CELLS_AT_ONCE):
            for own, columns in zip(parts, self._columns, strict=True):
                own.append(counts @ columns)
            done += len(counts)
            yield done
        self._drawn = [self._figures(np.concatenate(own)) for own in parts]

    def figures(self, run: int) -> dict[str, float]:
        """Of all of the run's rows."""
        whole = self._columns[run].sum(axis=0, keepdims=True)
        return {name: float(value[0]) for name, value in self._figures(whole).items()}

    def mean_half_width(self, runs: Sequence[int], name: str) -> float:
        """Half the 95 % interval of the mean over runs, for texts drawn at random."""
        return float(half_width_of_draws(self._mean(runs, name)))

    def change_half_width(self, before: Sequence[int], after: Sequence[int], name: str) -> float:
        """Half the 95 % interval by which the mean over the runs `after` differs from that over those `before`."""
        return float(half_width_of_draws(self._mean(after, name) - self._mean(before, name)))

    def change_p(self, before: Sequence[int], after: Sequence[int], name: str) -> float:
        """The p-value of that difference: a two-sided paired bootstrap."""
        drawn = self._mean(after, name) - self._mean(before, name)
        return two_sided_p(drawn[np.isfinite(drawn)])

    def _mean(self, runs: Sequence[int], name: str) -> Floats:
        found: Floats = np.mean([self._drawn[run][name] for run in runs], axis=0)
        return found

    def _figures(self, sums: Floats) -> Mapping[str, Floats]:
        return self._sums.figures(sums[:, :-1], np.maximum(sums[:, -1], 1))
