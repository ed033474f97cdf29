"""Measures: the metrics that a run may show, what they are called, and how their values are read."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from engine.config.run import RunConfig
from engine.config.tasks.best_metric import judged_by
from engine.metrics.baseline_verdict import Standing, baseline_verdict
from engine.metrics.registry import WRITER_METRICS, Metric, metric_of
from engine.runs.history import History
from studio.numbers import NOTHING, percent
from studio.theme import Tokens
from studio.translation import tr, words

SPLIT, TRAINING_LOSS = "validation", "training_loss"
REAL, REHEARSED = "real_text", "maximum_likelihood"


@dataclass(frozen=True)
class Measure:
    """One metric of the validation split. `token` names its colour."""

    key: str
    token: str

    @property
    def metric(self) -> Metric:
        return metric_of(self.key)

    def name(self) -> str:
        """As it stands inside a sentence: the loss beside that of training."""
        return tr("validation loss") if self.key == "loss" else words(self.metric.title)

    def title(self) -> str:
        """As it stands alone."""
        name = self.name()
        return name if name != name.lower() else name[:1].upper() + name[1:]

    def color(self, theme: Tokens) -> str:
        return str(getattr(theme, self.token))

    def worded(self, value: float) -> str:
        if not math.isfinite(value):
            return NOTHING
        return percent(value) if self.is_share else f"{value:.4g}"

    @property
    def is_share(self) -> bool:
        """Whether it is read in percent."""
        return self.metric.unit == "%"

    @property
    def rises(self) -> bool:
        """Whether more is better."""
        return not self.metric.lower_is_better

    @property
    def is_meter(self) -> bool:
        """Whether it measures texts that a generator wrote: real text is its line."""
        return self.key in WRITER_METRICS


PRECISION, RECALL = Measure("precision", "s1"), Measure("recall", "s2")
F1, ACCURACY = Measure("f1", "s3"), Measure("accuracy", "s4")
LOSS = Measure("loss", "s2")
SQUARED, ABSOLUTE = Measure("mse", "s2"), Measure("mae", "s1")
EXPLAINED = Measure("r2", "s3")
SELF_BLEU, DISTINCT = Measure("self_bleu_4", "s1"), Measure("distinct_2", "s2")
CRITIC_PRECISION, CRITIC_RECALL = Measure("discriminator_precision", "s3"), Measure("discriminator_recall", "s4")
REACH = Measure("reverse_perplexity", "s1")

_BY_KEY = {
    measure.key: measure
    for measure in (PRECISION, RECALL, F1, ACCURACY, LOSS, SQUARED, ABSOLUTE, EXPLAINED, DISTINCT, REACH)
}
_OTHERS = "s5"
"""The colour of a metric that is drawn only where it chooses the best checkpoint."""


def chosen(config: RunConfig) -> Measure:
    """The metric that chooses the best checkpoint."""
    key = judged_by(config.task, config.training.best)
    return _BY_KEY.get(key, Measure(key, _OTHERS))


def with_chosen(usual: tuple[Measure, ...], config: RunConfig) -> tuple[Measure, ...]:
    """The usual metrics and what chooses the best checkpoint, but for the loss, which has a chart of its own."""
    one = chosen(config)
    return usual if one in usual or one == LOSS else (*usual, one)


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
