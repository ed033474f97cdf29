"""Courses: how a group's figure went, over steps, texts or time; the mean over its seeds with a band around it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from engine.metrics.confidence_intervals import mean_half_width
from engine.metrics.registry import metric_of
from engine.runs.history import History
from studio.tasks.measures import TRAINING_LOSS

By = Literal["step", "row", "second"]
SPLIT = "validation"
_LEAST_SEEDS = 3
_MOST_POINTS = 2000


@dataclass(frozen=True)
class Course:
    """Rising `xs` and values; `low` and `high` are a 95 % interval of the mean over seeds (Student's t), None for less
    than three."""

    xs: np.ndarray
    ys: np.ndarray
    low: np.ndarray | None = None
    high: np.ndarray | None = None


def course_of(histories: Sequence[History], measure: str, by: By, micro_batch: int) -> Course:
    """The mean over a group's runs; as far as all of them went."""
    own = [_one(history, measure, by, micro_batch) for history in histories]
    own = [(xs, ys) for xs, ys in own if len(xs)]
    if not own:
        return Course(np.empty(0), np.empty(0))
    if len(own) == 1:
        return Course(*own[0])
    xs, held = _aligned(own)
    if len(own) < _LEAST_SEEDS or not len(xs):
        return Course(xs, held.mean(axis=0))
    mean, width = held.mean(axis=0), mean_half_width(held)
    least, most = metric_of("loss" if measure == TRAINING_LOSS else measure).bounds
    return Course(xs, mean, np.maximum(mean - width, least), np.minimum(mean + width, most))


def baseline_of(history: History, measure: str) -> float | None:
    """Word counting's figure on the validation texts."""
    told = history.baselines.get(SPLIT)
    return None if told is None else told.metrics.get(measure)


def _one(history: History, measure: str, by: By, micro_batch: int) -> tuple[np.ndarray, np.ndarray]:
    if measure == TRAINING_LOSS:
        player = history.players[0] if history.players and "model" not in history.players else "model"
        xs, ys = _thinned(*history.steps(player))
    else:
        xs, ys = history.metric(measure, SPLIT)
    return _counted(history, xs, by, micro_batch), ys


def _thinned(xs: np.ndarray, ys: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Means of equal lots of steps, so that a million of them can be laid over others."""
    width = -(-len(xs) // _MOST_POINTS)
    if width <= 1:
        return xs, ys
    whole = len(xs) - len(xs) % width
    return xs[width - 1 : whole : width], ys[:whole].reshape(-1, width).mean(axis=1)


def _counted(history: History, steps: np.ndarray, by: By, micro_batch: int) -> np.ndarray:
    """Steps as texts read or seconds trained until then."""
    if by == "step" or not len(steps):
        return steps
    if by == "row":
        numbers, accumulated = history.steps("model", "accumulation")
        if not len(numbers):
            return steps * micro_batch
        places = np.searchsorted(numbers, steps, side="right")
        read: np.ndarray = np.concatenate([[0.0], np.cumsum(accumulated)])[places] * micro_batch
        return read
    at, seconds = history.pace()
    return np.interp(steps, np.append(0.0, at), np.append(0.0, seconds)) if len(at) else steps


def _aligned(own: Sequence[tuple[np.ndarray, np.ndarray]]) -> tuple[np.ndarray, np.ndarray]:
    """(xs, [runs, len(xs)]): on the places of the densest one that all of them reached."""
    first, last = max(xs[0] for xs, _ in own), min(xs[-1] for xs, _ in own)
    densest = max((xs for xs, _ in own), key=len)
    at = densest[(densest >= first) & (densest <= last)]
    if not len(at):
        at = np.array([last])
    return at, np.stack([np.interp(at, xs, ys) for xs, ys in own])
