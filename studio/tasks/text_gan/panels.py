"""The meters of a text GAN as panels: those that belong together share an axis, some with real text's line."""

from __future__ import annotations

import numpy as np

from engine.config.run import RunConfig
from engine.config.tasks.text_gan import GumbelSoftmax, TextGan
from engine.metrics.registry import WRITER_METRICS
from engine.runs.history import History
from studio.plots.charts.panel import Panel, Trace
from studio.tasks.measures import (
    CRITIC_PRECISION,
    CRITIC_RECALL,
    DISTINCT,
    REACH,
    REAL,
    SELF_BLEU,
    SPLIT,
    Measure,
    baseline_of,
    baseline_words,
    reference_of,
)
from studio.theme import tokens
from studio.translation import tr

_COLORS = ("s1", "s2", "s3", "s4", "s5")


def panels(history: History, config: RunConfig) -> list[Panel]:
    """Always the same ones; what was not measured is an empty trace."""
    found = [
        Panel("variety", tr("Variety"), _variety(history), is_share=True, stretch=3),
        Panel("critic", tr("Critic"), _critic(history), is_share=True, stretch=2),
        _reach(history),
        Panel("surprise", tr("Surprise a token"), _traces(history, "nll_gen", "nll_div"), stretch=2),
        Panel("others", tr("Other meters"), _others(history), is_share=True, is_shown=False, stretch=2),
    ]
    assert isinstance(config.task, TextGan)
    if isinstance(config.task.estimator, GumbelSoftmax):
        title = tr("Inverse temperature")
        trace = Trace("temperature", title, tokens().s1, *history.gauge("temperature"))
        found.append(Panel("temperature", title, (trace,), can_be_log=True))
    return found


def _variety(history: History) -> tuple[Trace, ...]:
    lines = [_real_line(history, one) for one in (SELF_BLEU, DISTINCT)]
    return (*(_trace(history, one) for one in (SELF_BLEU, DISTINCT)), *lines)


def _critic(history: History) -> tuple[Trace, ...]:
    accuracy = Measure("discriminator_accuracy", "s1")
    return tuple(_trace(history, one) for one in (accuracy, CRITIC_PRECISION, CRITIC_RECALL))


def _reach(history: History) -> Panel:
    real = baseline_of(history, REACH)
    line = None if real is None else (real, baseline_words(REACH, real))
    return Panel("reach", REACH.title(), (_trace(history, REACH),), can_be_log=True, stretch=2, baseline=line)


def _others(history: History) -> tuple[Trace, ...]:
    elsewhere = {SELF_BLEU.key, DISTINCT.key, REACH.key, "nll_gen", "nll_div"}
    keys = [key for key in WRITER_METRICS if key not in elsewhere and not key.startswith("discriminator_")]
    return _traces(history, *keys)


def _traces(history: History, *keys: str) -> tuple[Trace, ...]:
    return tuple(_trace(history, Measure(key, _COLORS[place % len(_COLORS)])) for place, key in enumerate(keys))


def _trace(history: History, measure: Measure) -> Trace:
    return Trace(measure.key, measure.name(), measure.color(tokens()), *history.metric(measure.key, SPLIT))


def _real_line(history: History, measure: Measure) -> Trace:
    """From the first measurement to the last, at what real text has."""
    value, steps = reference_of(history, REAL, measure), history.metric(measure.key, SPLIT)[0]
    ends = steps[[0, -1]] if len(steps) and value is not None else np.empty(0)
    values = np.full(len(ends), np.nan if value is None else value)
    name = tr("{measure}, real text", measure=measure.name())
    return Trace(f"real:{measure.key}", name, tokens().text3, ends, values)
