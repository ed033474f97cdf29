"""Verdict: the answer to "is it learning?" in one sentence, read from a run's history."""

from __future__ import annotations

import math
from typing import Literal

import numpy as np

from engine.config.run import RunConfig
from engine.runs.history import History
from studio.pages.training import game_verdict
from studio.pages.training.judgement import Verdict, course_of_loss
from studio.pages.training.measures import LOSS, SPLIT, Measure, baseline_of, followed, value_at
from studio.pages.training.players import MODEL, PRETRAINING, is_gan, is_rehearsing, main_player
from studio.translation import tr, words

Trend = Literal["rising", "flat", "falling"]

_POINT = 0.01
_FEWEST = 4


def verdict(history: History, config: RunConfig, state: str) -> Verdict:
    """What a person should think of the run now. `state` is that of its folder ("running", "interrupted", ...)."""
    measure = followed(config)
    if state == "failed":
        return _failed(history)
    if state in ("finished", "stopped"):
        return game_verdict.ended(history, config, state) if is_gan(config) else _ended(history, measure, state)
    if state == "interrupted":
        sentence = tr(
            "It was interrupted after step {step}; it can go on from its last checkpoint.",
            step=history.last_step,
        )
        return Verdict("halted", sentence)
    if state == "paused":
        return Verdict("paused", tr("It waits after step {step}; the model stays in memory.", step=history.last_step))
    if not history.last_step:
        return Verdict("waiting", tr("It is getting ready: the first steps appear in a moment."))
    return game_verdict.running(history, config) if is_gan(config) else _running(history, config, measure)


def _failed(history: History) -> Verdict:
    if history.failure is None:
        return Verdict("failed", tr("It stopped with an error."))
    what = words(history.failure.what)
    return Verdict("failed", tr("It stopped at step {step}: {what}", step=history.failure.step, what=what))


def _ended(history: History, measure: Measure, state: str) -> Verdict:
    best, reached = _best(history, measure)
    if best is None or not math.isfinite(reached):
        return Verdict(
            "halted", tr("It ended after step {step}, before a first look at validation.", step=history.last_step)
        )
    baseline = baseline_of(history, measure)
    values = {"measure": measure.name(), "value": measure.worded(reached), "step": best}
    if baseline is not None and not _is_better(measure, reached, baseline):
        sentence = tr(
            "It is done, but word counting does as well: {measure} {value} (step {step}) against {baseline}.",
            baseline=measure.worded(baseline),
            **values,
        )
        return Verdict("behind", sentence)
    if state == "stopped":
        return Verdict("done", tr("Stopped; the best is kept: {measure} {value} at step {step}.", **values))
    if baseline is None:
        return Verdict("done", tr("It is done: {measure} {value} at its best, step {step}.", **values))
    sentence = tr(
        "It is done: {measure} {value} at its best, step {step}, against {baseline} of word counting.",
        baseline=measure.worded(baseline),
        **values,
    )
    return Verdict("done", sentence)


def _running(history: History, config: RunConfig, measure: Measure) -> Verdict:
    if is_rehearsing(history, config):
        return _pretraining(history, config)
    steps, values = history.metric(measure.key, SPLIT)
    finite = np.isfinite(values)
    steps, values = steps[finite], values[finite]
    if len(steps) < 2:
        return _just_begun(history, config)
    turned = overfitting_since(history)
    if turned is not None:
        sentence = tr(
            "It begins to learn by heart: validation loss has risen since step {step} while training loss falls.",
            step=turned,
        )
        return Verdict("overfitting", sentence)
    baseline = baseline_of(history, measure)
    trend = trend_of(values, measure)
    if baseline is None:
        return _alone(measure, float(values[-1]), trend)
    if _is_better(measure, float(values[-1]), baseline):
        return _above(measure, _passed_at(steps, values, measure, baseline), trend)
    return _below(measure, float(values[-1]), baseline, trend)


def _pretraining(history: History, config: RunConfig) -> Verdict:
    before = config.training.pretraining.steps
    course = course_of_loss(history, PRETRAINING)
    if course is None or course[1] >= course[0]:
        return Verdict("waiting", tr("It first learns to guess the next word, for {count} steps.", count=before))
    sentence = tr(
        "It first learns to guess the next word: loss fell from {first} to {now}. The task itself begins after step "
        "{step}.",
        first=f"{course[0]:.3g}",
        now=f"{course[1]:.3g}",
        step=before,
    )
    return Verdict("learning", sentence)


def _just_begun(history: History, config: RunConfig) -> Verdict:
    course = course_of_loss(history, main_player(history, config))
    if course is None:
        sentence = tr("It has just begun; the first look at validation comes at step {step}.", step=_first_look(config))
        return Verdict("waiting", sentence)
    first, now, count = course
    if now < first:
        sentence = tr(
            "It has begun to learn: loss fell from {first} to {now} in {count:plural:step:steps}.",
            first=f"{first:.3g}",
            now=f"{now:.3g}",
            count=count,
        )
        return Verdict("learning", sentence)
    return Verdict("waiting", tr("It has begun; loss does not fall yet ({now}).", now=f"{now:.3g}"))


def _first_look(config: RunConfig) -> int:
    """While it learns to guess words there is nothing to measure."""
    training = config.training
    every = training.evaluate_every
    return min((training.pretraining.steps // every + 1) * every, training.max_steps)


def _alone(measure: Measure, value: float, trend: Trend) -> Verdict:
    values = {"measure": measure.name(), "value": measure.worded(value)}
    if trend == "rising":
        return Verdict("learning", tr("Yes, it is learning: {measure} is {value} and still getting better.", **values))
    if trend == "falling":
        return Verdict("falling", tr("Not at the moment: {measure} is {value} and getting worse.", **values))
    return Verdict("flat", tr("It has learned what it can for now: {measure} stays near {value}.", **values))


def _above(measure: Measure, passed: int, trend: Trend) -> Verdict:
    values = {"measure": measure.name(), "step": passed}
    if trend == "rising":
        sentence = tr(
            "Yes, it is learning: {measure} passed word counting at step {step} and is still getting better.", **values
        )
        return Verdict("learning", sentence)
    if trend == "falling":
        sentence = tr(
            "It has learned: {measure} passed word counting at step {step}, but is getting worse now.", **values
        )
        return Verdict("falling", sentence)
    return Verdict(
        "flat", tr("It has learned: {measure} passed word counting at step {step} and has levelled off.", **values)
    )


def _below(measure: Measure, value: float, baseline: float, trend: Trend) -> Verdict:
    values = {"measure": measure.name(), "value": measure.worded(value), "baseline": measure.worded(baseline)}
    if trend == "rising":
        sentence = tr("It is learning: {measure} is {value} on its way to the {baseline} of word counting.", **values)
        return Verdict("learning", sentence)
    if trend == "falling":
        sentence = tr(
            "Not at the moment: {measure} is {value} and getting worse; word counting has {baseline}.", **values
        )
        return Verdict("falling", sentence)
    return Verdict(
        "behind", tr("Not enough yet: {measure} stays near {value}, below the {baseline} of word counting.", **values)
    )


# -- reading curves ----------------------------------------------------------------------------------------------------


def trend_of(values: np.ndarray, measure: Measure) -> Trend:
    """Where the last third of the evaluations (four or more) heads, by a straight line fitted to it.

    "rising" means getting better. A change of less than half a point over the window, or less than its own scatter,
    is flat; of a loss, less than one percent.
    """
    window = values[-max(_FEWEST, len(values) // 3) :]
    if len(window) < 2:
        return "flat"
    places = np.arange(len(window))
    slope, start = np.polyfit(places, window, 1)
    change = float(slope) * (len(window) - 1)
    scatter = float(np.std(window - (start + slope * places)))
    least = 0.5 * _POINT if measure.is_share else 0.01 * abs(float(window.mean()))
    if abs(change) < max(least, scatter if len(window) > 2 else 0.0):
        return "flat"
    return "rising" if (change > 0) == measure.rises else "falling"


def overfitting_since(history: History) -> int | None:
    """The step of the least validation loss, when three or more evaluations after it lie clearly above it and the
    training loss fell meanwhile."""
    steps, losses = history.metric(LOSS.key, SPLIT)
    finite = np.isfinite(losses)
    steps, losses = steps[finite], losses[finite]
    if len(losses) < _FEWEST:
        return None
    least = int(np.argmin(losses))
    after = losses[least + 1 :]
    if len(after) < 3 or float(after[-3:].min()) < 1.05 * float(losses[least]) + 0.002:
        return None
    before, now = _training_loss_around(history, steps[least]), _training_loss_around(history, steps[-1])
    return int(steps[least]) if now < 0.98 * before else None


def _training_loss_around(history: History, step: float) -> float:
    """Mean over the steps just before, a twentieth of the run and ten at least."""
    steps, losses = history.steps(MODEL)
    end = int(np.searchsorted(steps, step, side="right"))
    part = losses[max(0, end - max(10, len(steps) // 20)) : end]
    part = part[np.isfinite(part)]
    return float(part.mean()) if len(part) else math.nan


def _best(history: History, measure: Measure) -> tuple[int | None, float]:
    """(step, value) of the best checkpoint, or of the best evaluation where no checkpoint could count as best."""
    if history.best is not None and history.best.metric == measure.key:
        return history.best.step, history.best.value
    if history.best is not None and history.best.metric == LOSS.key and not measure.is_share:
        return history.best.step, value_at(history, measure, history.best.step)  # numbers: kept by their squared error
    steps, values = history.metric(measure.key, SPLIT)
    if not np.isfinite(values).any():
        return None, math.nan
    best = int(np.nanargmax(values) if measure.rises else np.nanargmin(values))
    return int(steps[best]), float(values[best])


def _is_better(measure: Measure, value: float, baseline: float) -> bool:
    return value > baseline if measure.rises else value < baseline


def _passed_at(steps: np.ndarray, values: np.ndarray, measure: Measure, baseline: float) -> int:
    """The first evaluation since which it is better than the baseline without a break."""
    worse = np.flatnonzero(~(values > baseline if measure.rises else values < baseline))
    first = int(worse[-1]) + 1 if len(worse) else 0
    return int(steps[min(first, len(steps) - 1)])
