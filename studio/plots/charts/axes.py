"""Axes: ranges that hold still, ticks at round numbers, and labels spread so that none covers another."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np
from PySide6.QtGui import QFontMetrics

from studio.numbers import NOTHING, percent
from studio.theme import TICK, font

_ROUND = (1.0, 2.0, 2.5, 5.0, 10.0)
_ENDS = (1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)


def round_step(span: float, max_ticks: int) -> float:
    """The least of 1, 2, 2.5, 5 x 10^k that cuts `span` into at most `max_ticks` parts."""
    rough = span / max(1, max_ticks)
    power = 10.0 ** math.floor(math.log10(rough))
    return next(power * factor for factor in _ROUND if power * factor >= rough * (1 - 1e-9))


def round_ticks(low: float, high: float, max_ticks: int) -> np.ndarray:
    """Round numbers from `low` to `high`, both included where they are round; at most `max_ticks + 1`."""
    if not high > low:
        return np.array([low])
    step = round_step(high - low, max_ticks)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return np.arange(first, last + 1) * step


def step_ticks(end: float, max_ticks: int, steps_per_epoch: float = 0.0) -> list[int]:
    """Step numbers from 0 to `end`: the ends of epochs where they are few enough, else round numbers."""
    if steps_per_epoch >= 1 and 2 <= end / steps_per_epoch <= max_ticks:
        return [round(steps_per_epoch * epoch) for epoch in range(int(end / steps_per_epoch) + 1)]
    ticks = round_ticks(0.0, max(end, 1.0), max_ticks)
    return sorted({round(tick) for tick in ticks if abs(tick - round(tick)) < 1e-9})


def steady_end(last: float) -> float:
    """A round number a little past `last`, so that an axis of a growing curve moves seldom."""
    if last <= 1:
        return 1.0
    power = 10.0 ** math.floor(math.log10(last))
    return next(power * factor for factor in _ENDS if power * factor >= last * (1 - 1e-9))


def share_range(values: np.ndarray, baseline: float | None) -> tuple[float, float]:
    """The part of 0 to 1 that is worth showing: up to 1, down to below the baseline and most of the values.

    The steep first evaluations may begin under the floor; a few evaluations are shown whole.
    """
    shown = values[np.isfinite(values)]
    if not len(shown):
        return 0.0, 1.0
    lowest = float(np.min(shown)) if len(shown) < 8 else float(np.percentile(shown, 15))
    if baseline is not None and math.isfinite(baseline):
        lowest = min(lowest, baseline)
    return max(0.0, min(0.9, math.floor(lowest * 10 - 0.5) / 10)), 1.0


def value_range(values: np.ndarray) -> tuple[float, float]:
    """From 0 (or a round number below the least value) to a little over the greatest."""
    shown = values[np.isfinite(values)]
    if not len(shown):
        return 0.0, 1.0
    low, high = min(0.0, float(np.min(shown))), max(0.0, float(np.max(shown)))
    if high - low < 1e-12:
        return low, low + 1.0
    step = round_step(high - low, 4)
    return math.floor(low / step + 1e-9) * step, high + 0.06 * (high - low)


def tick_words(values: np.ndarray, *, is_share: bool) -> list[str]:
    """Evenly spaced ticks with as many decimals as their distance needs."""
    step = float(values[1] - values[0]) if len(values) > 1 else 1.0
    decimals = max(0, -math.floor(math.log10(100 * step if is_share else step) + 1e-9))
    decimals = min(6, decimals + (1 if f"{step:e}".startswith("2.5") else 0))
    if is_share:
        return [percent(value, decimals if step < 0.01 else 0) for value in values.tolist()]
    return [f"{value:,.{decimals}f}" for value in values.tolist()]


def value_words(value: float, *, is_share: bool) -> str:
    """A curve's value: a share in percent, a number in three figures."""
    if not math.isfinite(value):
        return NOTHING
    if is_share:
        return percent(value)
    return f"{value:.3f}" if 0.01 <= abs(value) < 10 else f"{value:.3g}"


def spread(wanted: np.ndarray, gap: float, low: float, high: float) -> np.ndarray:
    """Places as near as possible (least squares) to the `wanted` ones, each `gap` or more apart, within low..high.

    With `gap` taken off for every label before it, the places need only not to fall: isotonic regression. When there
    is no room for all, they are pushed out past `high`.
    """
    from scipy.optimize import isotonic_regression  # a second to import; the warm-up has done it before a run is shown

    order = np.argsort(wanted, kind="stable")
    offsets = gap * np.arange(len(wanted))
    pooled = isotonic_regression(wanted[order] - offsets).x
    room = max(low, high - gap * max(0, len(wanted) - 1))
    places = np.empty(len(wanted))
    places[order] = np.clip(pooled, low, room) + offsets
    return places


def left_room(words: Iterable[str], least: int, gap: int = 8) -> int:
    """Pixels that the values left of an axis take, with a gap after them."""
    metrics = QFontMetrics(font(TICK))
    return max([least, *(metrics.horizontalAdvance(one) + gap + 4 for one in words)])
