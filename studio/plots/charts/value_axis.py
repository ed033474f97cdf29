"""ValueAxis: where a setting's values lie between its ends, linear, logarithmic or as options; TrialLine: one trial."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg

from studio.plots.charts.axes import round_ticks
from studio.plots.charts.trial_curves import Look


@dataclass(frozen=True)
class ValueAxis:
    """From `low` (below) to `high`, on a logarithmic scale where `is_log`; `options` are the words of values that are
    places in a list. `write` says a value in words."""

    title: str
    low: float
    high: float
    write: Callable[[float], str]
    is_log: bool = False
    options: tuple[str, ...] = ()

    def share(self, value: float) -> float:
        """Where a value lies, 0 below and 1 above."""
        low, high, at = (math.log(one) if self.is_log else one for one in (self.low, self.high, value))
        return (at - low) / (high - low) if high > low else 0.5

    def value(self, share: float) -> float:
        low, high = (math.log(one) if self.is_log else one for one in (self.low, self.high))
        found = low + share * (high - low)
        return math.exp(found) if self.is_log else found

    def ticks(self) -> list[tuple[float, str]]:
        """(share, words): all options; the ends and powers of ten; the ends and round numbers between them."""
        if self.options:
            return [(self.share(float(place)), words) for place, words in enumerate(self.options)]
        if self.is_log:
            powers = range(math.ceil(math.log10(self.low) + 1e-6), math.floor(math.log10(self.high) - 1e-6) + 1)
            inner = [10.0**power for power in powers]
        else:
            inner = round_ticks(self.low, self.high, 4).tolist()
        shares = {0.0: self.low, 1.0: self.high}
        for one in inner:
            share = self.share(one)
            if all(abs(share - other) > 0.09 for other in shares):
                shares[share] = one
        return [(share, self.write(value)) for share, value in sorted(shares.items())]


@dataclass(frozen=True)
class TrialLine:
    """One trial: its value on each axis, nan where it has none (yet)."""

    key: int
    name: str
    look: Look
    values: tuple[float, ...]


def option_words(axis: ValueAxis, value: float) -> str:
    return axis.options[round(value)] if math.isfinite(value) else ""


def share_of(axis: ValueAxis, value: float) -> float:
    return axis.share(value) if math.isfinite(value) and not (axis.is_log and value <= 0) else math.nan


def last_axis(shares: np.ndarray) -> int:
    known = np.flatnonzero(np.isfinite(shares))
    return int(known[-1]) if len(known) else 0


def set_lines(line: pg.PlotCurveItem, shares: np.ndarray) -> None:
    """Many lines as one item; a line ends where a value is missing."""
    count, axes = shares.shape
    xs, ys = np.tile(np.arange(axes, dtype=np.float64), count), shares.ravel()
    known = np.isfinite(ys)
    joined = np.zeros(len(ys), dtype=bool)
    joined[:-1] = known[:-1] & known[1:]
    if axes:
        joined[axes - 1 :: axes] = False
    line.setData(xs, np.where(known, ys, 0.0), connect=joined if len(ys) else "all")
