"""Closer: everything that a run measures at each step or evaluation, as panels of curves to look into."""

from __future__ import annotations

import numpy as np

from engine.config.run import RunConfig
from engine.config.tasks.text_gan import GumbelSoftmax, TextGan
from engine.runs.history import History
from studio.pages.training.measures import (
    LOSS,
    SPLIT,
    Measure,
    all_of,
    baseline_of,
    baseline_words,
    followed,
)
from studio.pages.training.meter_panels import meter_panels
from studio.pages.training.players import is_gan, player_color, player_name, players_of, validation_name
from studio.plots.charts.panel import Course, Panel, Trace
from studio.theme import tokens
from studio.translation import tr


def course_of(history: History, config: RunConfig) -> Course:
    """The run's curves as they are now; always the same panels and traces for one run."""
    panels = [
        _loss(history, config),
        *(meter_panels(history) if is_gan(config) else _qualities(history, config)),
        *_gauges(history, config),
        _of_steps(history, config, "learning_rate", tr("Learning rate"), can_be_log=True),
        _of_steps(history, config, "gradient_norm", tr("Gradient norm"), is_raw=True),
        _of_steps(history, config, "accumulation", tr("Accumulation"), is_shown=_varies(history)),
    ]
    return Course(tuple(panels), history.best.step if history.best else None)


def _loss(history: History, config: RunConfig) -> Panel:
    traces = [
        Trace(
            f"train:{player}",
            player_name(player, config),
            player_color(player, config),
            *history.steps(player),
            is_raw=True,
        )
        for player in players_of(config)
    ]
    if config.training.adversary.name != "none":
        attacked = history.gauge("adversary_loss")
        traces.append(Trace("adversary", tr("under attack"), tokens().s4, *attacked, is_raw=True))
    traces.append(Trace("loss", validation_name(config), LOSS.color(tokens()), *history.metric(LOSS.key, SPLIT)))
    return Panel("loss", tr("Loss"), tuple(traces), stretch=3)


def _qualities(history: History, config: RunConfig) -> list[Panel]:
    """Shares and errors do not share an axis."""
    panels = []
    for is_share, title in ((True, tr("Quality on validation")), (False, tr("Errors on validation"))):
        measures = [measure for measure in all_of(config) if measure.is_share == is_share]
        if measures:
            traces = tuple(
                Trace(one.key, one.name(), one.color(tokens()), *history.metric(one.key, SPLIT)) for one in measures
            )
            baseline = _baseline(history, config, measures)
            panels.append(Panel(f"share:{is_share}", title, traces, is_share=is_share, stretch=3, baseline=baseline))
    return panels


def _baseline(history: History, config: RunConfig, measures: list[Measure]) -> tuple[float, str] | None:
    line = followed(config)
    value = baseline_of(history, line) if line in measures else None
    return None if value is None else (value, baseline_words(line, value))


def _gauges(history: History, config: RunConfig) -> list[Panel]:
    """What the run's settings make it tell with each step."""
    panels = []
    if isinstance(config.task, TextGan) and isinstance(config.task.estimator, GumbelSoftmax):
        panels.append(_gauge(history, "temperature", tr("Inverse temperature"), can_be_log=True))
    if config.training.accumulation.name == "noise-scale":
        panels.append(_gauge(history, "noise_scale", tr("Noise of the gradient"), can_be_log=True))
    return panels


def _gauge(history: History, name: str, title: str, *, can_be_log: bool) -> Panel:
    return Panel(name, title, (Trace(name, title, tokens().s1, *history.gauge(name)),), can_be_log=can_be_log)


def _of_steps(
    history: History,
    config: RunConfig,
    column: str,
    title: str,
    *,
    is_raw: bool = False,
    can_be_log: bool = False,
    is_shown: bool = True,
) -> Panel:
    players = players_of(config)
    traces = tuple(
        Trace(
            f"{column}:{player}",
            title if len(players) == 1 else player_name(player, config),
            player_color(player, config),
            *history.steps(player, column),
            is_raw=is_raw,
        )
        for player in players
    )
    return Panel(column, title, traces, can_be_log=can_be_log, is_shown=is_shown, stretch=2)


def _varies(history: History) -> bool:
    """A straight line tells nothing; it is there for who asks for it."""
    return any(len(np.unique(history.steps(player, "accumulation")[1])) > 1 for player in history.players)
