"""Meters: what a writer is measured by, how each is read, and when it is far from real text."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from engine.runs.history import History
from studio.numbers import NOTHING, percent
from studio.plots.charts.series import nearest
from studio.translation import tr

SPLIT = "validation"
REAL, REHEARSED = "real_text", "maximum_likelihood"
GUESSING = 0.5
"""The accuracy of a critic that cannot tell: what a good writer brings it to."""


@dataclass(frozen=True)
class Meter:
    """One meter. It is far from real text when it is more than `margin` (a share of the real value) away on the wrong
    `side`: "above" or "below"."""

    key: str
    side: Literal["above", "below"]
    margin: float
    is_share: bool = False

    def title(self) -> str:
        return _words()[self.key][0]

    def about(self) -> str:
        """What it measures, in one line."""
        return _words()[self.key][1]

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
        return value > real + room if self.side == "above" else value < real - room


METERS = (
    Meter("self_bleu_4", "above", 0.15),
    Meter("distinct_2", "below", 0.15),
    Meter("nll_div", "below", 0.15),
    Meter("nll_gen", "above", 0.25),
    Meter("bleu_4", "below", 0.25),
    Meter("reverse_perplexity", "above", 0.25),
    Meter("unique_share", "below", 0.05, is_share=True),
    Meter("copied_share", "above", 0.05, is_share=True),
    Meter("discriminator_accuracy", "above", 0.4, is_share=True),
    Meter("discriminator_precision", "above", 0.4, is_share=True),
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


def _words() -> dict[str, tuple[str, str]]:
    return {
        "self_bleu_4": (tr("Self-BLEU-4"), tr("how much its texts resemble each other")),
        "distinct_2": (tr("Distinct-2"), tr("share of different word pairs")),
        "nll_div": (tr("NLL div"), tr("how unforeseen its own texts are")),
        "nll_gen": (tr("NLL gen"), tr("how much real texts surprise it")),
        "bleu_4": (tr("BLEU-4"), tr("phrases that real texts have too")),
        "reverse_perplexity": (tr("Reverse perplexity"), tr("how well real texts follow from its own")),
        "unique_share": (tr("Different texts"), tr("the rest are repetitions")),
        "copied_share": (tr("Copied texts"), tr("stand in the training texts")),
        "discriminator_accuracy": (tr("Critic's accuracy"), tr("how often the critic is right")),
        "discriminator_precision": (tr("Critic's precision"), tr("how much of what it takes for real is")),
    }
