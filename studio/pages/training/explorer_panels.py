"""Closer: everything that a run measures at each step or evaluation, as panels of curves to look into."""

from __future__ import annotations

import numpy as np

from engine.config.run import RunConfig
from engine.runs.history import History
from studio.plots.charts.panel import Course, Panel, Trace
from studio.tasks.measures import LOSS, SPLIT
from studio.tasks.registry import view_of
from studio.theme import tokens
from studio.translation import tr, words


def course_of(history: History, config: RunConfig) -> Course:
    """The run's curves as they are now; always the same panels and traces for one run."""
    panels = [
        _loss(history, config),
        *view_of(config.task).training.panels(history, config),
        *_gauges(history, config),
        _of_steps(history, config, "learning_rate", tr("Learning rate"), can_be_log=True),
        _of_steps(history, config, "gradient_norm", tr("Gradient norm"), is_raw=True),
        _of_steps(history, config, "accumulation", tr("Accumulation"), is_shown=_varies(history)),
    ]
    return Course(tuple(panels), history.best.step if history.best else None)


def _loss(history: History, config: RunConfig) -> Panel:
    view = view_of(config.task).training
    traces = [
        Trace(
            f"train:{player}",
            view.player_name(player),
            view.player_color(player),
            *history.steps(player),
            is_raw=True,
        )
        for player in view.players_of(config)
    ]
    if config.training.adversary.name != "none":
        attacked = history.gauge("adversary_loss")
        traces.append(Trace("adversary", tr("under attack"), tokens().s4, *attacked, is_raw=True))
    traces.append(Trace("loss", words(view.validation_name), LOSS.color(tokens()), *history.metric(LOSS.key, SPLIT)))
    return Panel("loss", tr("Loss"), tuple(traces), stretch=3)


def _gauges(history: History, config: RunConfig) -> list[Panel]:
    """What the run's settings make it tell with each step."""
    panels = []
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
    view = view_of(config.task).training
    players = view.players_of(config)
    traces = tuple(
        Trace(
            f"{column}:{player}",
            title if len(players) == 1 else view.player_name(player),
            view.player_color(player),
            *history.steps(player, column),
            is_raw=is_raw,
        )
        for player in players
    )
    return Panel(column, title, traces, can_be_log=can_be_log, is_shown=is_shown, stretch=2)


def _varies(history: History) -> bool:
    """A straight line tells nothing; it is there for who asks for it."""
    return any(len(np.unique(history.steps(player, "accumulation")[1])) > 1 for player in history.players)
