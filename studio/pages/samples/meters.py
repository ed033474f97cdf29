"""Meters: what a writer is measured by, how each is read, and when it is far from real text."""

from __future__ import annotations

import math
from dataclasses import dataclass

from engine.metrics.registry import METRICS, Metric
from engine.runs.history import History
from studio.numbers import NOTHING, percent
from studio.plots.charts.series import nearest
from studio.translation import capitalized, words

SPLIT = "validation"
REAL, REHEARSED = "real_text", "maximum_likelihood"
GUESSING = 0.5
"""The accuracy of a critic that cannot tell: what a good writer brings it to."""


@dataclass(frozen=True)
class Meter:
    """One meter. It is far from real text when it is more than `margin` away on the wrong side, that on which less
    variety, likeness or surprise is: a share of the real value, or where it `is_share` that many points."""

    key: str
    margin: float
    is_share: bool = False

    @property
    def metric(self) -> Metric:
        return METRICS[self.key]

    def title(self) -> str:
        return capitalized(self.metric.heading)

    def about(self) -> str:
        """What it measures, in one line."""
        return "" if self.metric.help is None else words(self.metric.help)

    def worded(self, value: float) -> str:
        if not math.isfinite(value):
            return NOTHING
        if self.is_share:
            return percent(value, 0 if value > 0.1 else 1)
        return f"{value:.2f}" if abs(value) < 10 else f"{value:.0f}"

    def is_far(self, value: float, real: float | None) -> bool:
        if real is None or not (math.isfinite(value) and math.isfinite(real)):
            return False
        room = self.margin * abs(real) if not self.is_share else self.margin
        return value > real + room if self.metric.lower_is_better else value < real - room


METERS = (
    Meter("self_bleu_4", 0.15),
    Meter("distinct_2", 0.15),
    Meter("nll_div", 0.15),
    Meter("nll_gen", 0.25),
    Meter("bleu_4", 0.25),
    Meter("reverse_perplexity", 0.25),
    Meter("unique_share", 0.05, is_share=True),
    Meter("copied_share", 0.05, is_share=True),
    Meter("discriminator_accuracy", 0.4, is_share=True),
    Meter("discriminator_precision", 0.4, is_share=True),
)
FIRST_SHOWN = ("self_bleu_4", "distinct_2", "nll_div", "nll_gen", "bleu_4", "reverse_perplexity", "unique_share")


def real_value(history: History, meter: Meter) -> float | None:
    """What real text measures; for the critic, what guessing would."""
    if meter.key.startswith("discriminator_"):
        return GUESSING
    return _reference(history, REAL, meter)


def rehearsed_value(history: History, meter: Meter) -> float | None:
    """What the maximum-likelihood model measured before the game."""
    return _reference(history, REHEARSED, meter)


def value_at(history: History, meter: Meter, step: int) -> float:
    """At the measurement nearest to a step; nan before the first."""
    steps, values = history.metric(meter.key, SPLIT)
    return float(values[nearest(steps, step)]) if len(steps) else math.nan


def _reference(history: History, name: str, meter: Meter) -> float | None:
    found = history.references.get(name)
    value = found.metrics.get(meter.key) if found else None
    return value if value is not None and math.isfinite(value) else None
