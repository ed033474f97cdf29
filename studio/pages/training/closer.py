"""Closer: everything that a run measures at each step or evaluation, as panels of curves to look into."""

from __future__ import annotations

import numpy as np

from engine.config.run import RunConfig
from engine.runs.history import History
from studio.pages.training.measures import LOSS, SPLIT, Measure, all_of, baseline_of, followed
from studio.plots.panel import Course, Panel, Trace
from studio.theme import tokens
from studio.translation import tr


def course_of(history: History, config: RunConfig) -> Course:
    """The run's curves as they are now; always the same panels and traces for one run that has begun."""
    panels = [
        _loss(history),
        *_qualities(history, config),
        _of_steps(history, "learning_rate", tr("Learning rate"), can_be_log=True),
        _of_steps(history, "gradient_norm", tr("Gradient norm"), is_raw=True),
        _of_steps(history, "accumulation", tr("Accumulation"), is_shown=_varies(history)),
    ]
    return Course(tuple(panels), history.best.step if history.best else None)


def player_color(index: int) -> str:
    """The colour of the curves of one player: the model, or the discriminator and the generator."""
    return (tokens().s1, tokens().s4, tokens().s3)[index % 3]


def _loss(history: History) -> Panel:
    traces = [
        Trace(f"train:{player}", _name(player), player_color(index), *history.steps(player), is_raw=True)
        for index, player in enumerate(_players(history))
    ]
    traces.append(Trace("loss", tr("validation"), LOSS.color(tokens()), *history.metric(LOSS.key, SPLIT)))
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
    return None if value is None else (value, tr("word counting {value}", value=line.worded(value)))


def _of_steps(
    history: History, column: str, title: str, *, is_raw: bool = False, can_be_log: bool = False, is_shown: bool = True
) -> Panel:
    players = _players(history)
    traces = tuple(
        Trace(f"{column}:{player}", title if len(players) == 1 else _name(player), color, xs, ys, is_raw=is_raw)
        for player, color, (xs, ys) in (
            (player, player_color(index), history.steps(player, column)) for index, player in enumerate(players)
        )
    )
    return Panel(column, title, traces, can_be_log=can_be_log, is_shown=is_shown, stretch=2)


def _players(history: History) -> tuple[str, ...]:
    return history.players or ("model",)


def _name(player: str) -> str:
    return tr("train") if player == "model" else player


def _varies(history: History) -> bool:
    """A straight line tells nothing; it is there for who asks for it."""
    return any(len(np.unique(history.steps(player, "accumulation")[1])) > 1 for player in history.players)
