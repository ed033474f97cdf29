"""Measures: which metrics a run shows, what they are called, and how their values are read."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from engine.config.run import RunConfig
from engine.runs.history import History
from studio.numbers import NOTHING, percent
from studio.theme import Tokens
from studio.translation import tr

SPLIT = "validation"


@dataclass(frozen=True)
class Measure:
    """One metric of the validation split. `token` names its colour; a share is read in percent."""

    key: str
    token: str
    is_share: bool = True

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
        }
        return names[self.key]

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
        return self.is_share


PRECISION, RECALL = Measure("precision", "s1"), Measure("recall", "s2")
F1, ACCURACY = Measure("f1", "s3"), Measure("accuracy", "s4")
LOSS = Measure("loss", "s2", is_share=False)
SQUARED, ABSOLUTE = Measure("mse", "s2", is_share=False), Measure("mae", "s1", is_share=False)
EXPLAINED = Measure("r2", "s3")

_BY_KEY = {measure.key: measure for measure in (PRECISION, RECALL, F1, ACCURACY, LOSS, SQUARED, ABSOLUTE, EXPLAINED)}


def curves_of(config: RunConfig) -> tuple[Measure, ...]:
    """The metrics of the second chart."""
    return (ABSOLUTE, EXPLAINED) if config.task.is_numeric else (PRECISION, RECALL, F1)


def all_of(config: RunConfig) -> tuple[Measure, ...]:
    """Every metric that can be looked into."""
    return (ABSOLUTE, SQUARED, EXPLAINED) if config.task.is_numeric else (PRECISION, RECALL, F1, ACCURACY)


def tiles_of(config: RunConfig) -> tuple[Measure, Measure]:
    """The two metrics that stand in large figures: precision never without recall."""
    return (ABSOLUTE, EXPLAINED) if config.task.is_numeric else (PRECISION, RECALL)


def followed(config: RunConfig) -> Measure:
    """The metric that tells whether the run learns: the one that chooses its best checkpoint."""
    if config.task.is_numeric:
        return ABSOLUTE
    return _BY_KEY[config.training.best.metric]


def baseline_of(history: History, measure: Measure) -> float | None:
    """What word counting reaches on the validation rows."""
    event = history.baselines.get(SPLIT)
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


Curves = dict[str, tuple[np.ndarray, np.ndarray]]
"""{metric: (steps, values)} of the validation split."""


def read_curves(history: History, config: RunConfig) -> Curves:
    """Every curve that the page draws, read once."""
    return {measure.key: history.metric(measure.key, SPLIT) for measure in (LOSS, *curves_of(config))}
