"""Measures: the metrics that a run may show, what they are called, and how their values are read."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from engine.metrics.baseline_verdict import Standing, baseline_verdict
from engine.metrics.meter_names import METERS
from engine.runs.history import History
from studio.numbers import NOTHING, percent
from studio.theme import Tokens
from studio.translation import tr, words

SPLIT, TRAINING_LOSS = "validation", "training_loss"
REAL, REHEARSED = "real_text", "maximum_likelihood"


@dataclass(frozen=True)
class Measure:
    """One metric of the validation split. `token` names its colour; a share is read in percent, and more of it is
    better unless it says that less is."""

    key: str
    token: str
    is_share: bool = True
    is_falling: bool = False

    def name(self) -> str:
        """As it stands inside a sentence."""
        names = {
            "precision": tr("precision"),
            "recall": tr("recall"),
            "f1": tr("F1"),
            "accuracy": tr("accuracy"),
            "loss": tr("validation loss"),
            "mse": tr("squared error"),
            "mae": tr("mean error"),
            "r2": tr("explained share"),
            "reverse_perplexity": tr("reverse perplexity"),
            "discriminator_recall": tr("critic's recall"),
        }
        return names[self.key] if self.key in names else words(METERS[self.key].title)

    def title(self) -> str:
        """As it stands alone."""
        name = self.name()
        return name[:1].upper() + name[1:]

    def color(self, theme: Tokens) -> str:
        return str(getattr(theme, self.token))

    def worded(self, value: float) -> str:
        if not math.isfinite(value):
            return NOTHING
        return percent(value) if self.is_share else f"{value:.4g}"

    @property
    def rises(self) -> bool:
        """Whether more is better."""
        return self.is_share and not self.is_falling

    @property
    def is_meter(self) -> bool:
        """Whether it measures texts that a generator wrote: real text is its line."""
        return self.key in METERS or self.key == "discriminator_recall"


PRECISION, RECALL = Measure("precision", "s1"), Measure("recall", "s2")
F1, ACCURACY = Measure("f1", "s3"), Measure("accuracy", "s4")
LOSS = Measure("loss", "s2", is_share=False)
SQUARED, ABSOLUTE = Measure("mse", "s2", is_share=False), Measure("mae", "s1", is_share=False)
EXPLAINED = Measure("r2", "s3")
SELF_BLEU, DISTINCT = Measure("self_bleu_4", "s1", is_falling=True), Measure("distinct_2", "s2")
CRITIC_PRECISION = Measure("discriminator_precision", "s3", is_falling=True)
CRITIC_RECALL = Measure("discriminator_recall", "s4", is_falling=True)
REACH = Measure("reverse_perplexity", "s1", is_share=False)


def baseline_of(history: History, measure: Measure) -> float | None:
    """What word counting reaches on the validation rows; of a meter, what held-out real text has."""
    if measure.is_meter:
        return reference_of(history, REAL, measure)
    event = history.baselines.get(SPLIT)
    value = event.metrics.get(measure.key) if event else None
    return value if value is not None and math.isfinite(value) else None


def baseline_words(measure: Measure, value: float) -> str:
    """The line that a metric must be read with, as it stands at the line."""
    if measure.is_meter:
        return tr("real text {value}", value=measure.worded(value))
    return tr("word counting {value}", value=measure.worded(value))


def reference_of(history: History, name: str, measure: Measure) -> float | None:
    """A meter of real text, or of the writer before the game began; None where it was not measured."""
    event = history.references.get(name)
    value = event.metrics.get(measure.key) if event else None
    return value if value is not None and math.isfinite(value) else None


def interval_of(history: History, measure: Measure) -> float | None:
    """Half the width of the newest value's 95 % interval."""
    found = history.evaluations.get(SPLIT)
    return found[-1].intervals.get(measure.key) if found else None


def value_at(history: History, measure: Measure, step: int) -> float:
    """The metric at an evaluation; nan where there was none."""
    for event in reversed(history.evaluations.get(SPLIT, ())):
        if event.step == step:
            return event.metrics.get(measure.key, math.nan)
    return math.nan


def standing_of(history: History, measure: Measure, value: float, yardstick: float, step: int) -> Standing:
    """How a value that was measured at `step` stands to word counting on the same rows, as far as they can tell."""
    found = [event for event in history.evaluations.get(SPLIT, ()) if event.step == step]
    return baseline_verdict(
        value,
        yardstick,
        num_rows=found[-1].num_rows if found else 0,
        half_width=found[-1].intervals.get(measure.key) if found else None,
        is_share=measure.is_share,
        rises=measure.rises,
    )


Curves = dict[str, tuple[np.ndarray, np.ndarray]]
"""{metric: (steps, values)} of the validation split."""
