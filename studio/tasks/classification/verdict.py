"""The verdict on a run that sorts texts: how it stands to word counting, where it heads, whether it learns by heart."""

from __future__ import annotations

import math
from typing import Any, Literal

import numpy as np

from engine.config.run import RunConfig
from engine.metrics.baseline_verdict import Standing
from engine.runs.history import History
from studio.tasks.judgement import MODEL, PRETRAINING, Verdict, VerdictKind, course_of_loss, is_rehearsing
from studio.tasks.measures import LOSS, SPLIT, Measure, baseline_of, standing_of, value_at
from studio.translation import tr

Trend = Literal["rising", "flat", "falling"]

_OUTCOMES: dict[Standing, VerdictKind] = {"better": "done", "level": "level", "worse": "beaten"}
_POINT = 0.01
_FEWEST = 4


def ended(history: History, measure: Measure, state: str) -> Verdict:
    best, reached = _best(history, measure)
    if best is None or not math.isfinite(reached):
        return Verdict(
            "halted", tr("It ended after step {step}, before a first look at validation.", step=history.last_step)
        )
    baseline = baseline_of(history, measure)
    values = {"measure": measure.name(), "value": measure.worded(reached), "step": best}
    if baseline is None:
        return Verdict("done", _ended_alone(state, values))
    stands = standing_of(history, measure, reached, baseline, best)
    return Verdict(_OUTCOMES[stands], _ended_beside(stands, state, {**values, "baseline": measure.worded(baseline)}))


def _ended_alone(state: str, values: dict[str, Any]) -> str:
    if state == "stopped":
        return tr("Stopped; the best is kept: {measure} {value} at step {step}.", **values)
    return tr("It is done: {measure} {value} at its best, step {step}.", **values)


def _ended_beside(stands: Standing, state: str, values: dict[str, Any]) -> str:
    """Beside word counting: won, lost, or too close to call."""
    if state == "stopped":
        if stands == "better":
            return tr(
                "Stopped; the best is kept, clearly better than word counting: {measure} {value} at step {step}, "
                "against {baseline}.",
                **values,
            )
        if stands == "worse":
            return tr(
                "Stopped; the best is kept, clearly worse than word counting: {measure} {value} at step {step}, "
                "against {baseline}.",
                **values,
            )
        return tr(
            "Stopped; the best is kept, with no clear difference from word counting: {measure} {value} at step {step}, "
            "against {baseline}.",
            **values,
        )
    if stands == "better":
        return tr(
            "It is done, and clearly better than word counting: {measure} {value} at its best, step {step}, "
            "against {baseline}.",
            **values,
        )
    if stands == "worse":
        return tr(
            "It is done, and clearly worse than word counting: {measure} {value} at its best, step {step}, "
            "against {baseline}.",
            **values,
        )
    return tr(
        "It is done, with no clear difference from word counting: {measure} {value} at its best, step {step}, against "
        "{baseline}; the difference is within what chance does.",
        **values,
    )


def running(history: History, config: RunConfig, measure: Measure) -> Verdict:
    if is_rehearsing(history, config):
        return _pretraining(history, config)
    steps, values = history.metric(measure.key, SPLIT)
    finite = np.isfinite(values)
    steps, values = steps[finite], values[finite]
    if len(steps) < 2:
        return _just_begun(history, config)
    baseline, trend, now = baseline_of(history, measure), trend_of(values, measure), float(values[-1])
    stands = standing_of(history, measure, now, baseline, int(steps[-1])) if baseline is not None else "level"
    turned = overfitting_since(history)
    if turned is not None:
        return _by_heart(turned, measure, now, baseline if stands == "worse" else None)
    if baseline is None:
        return _alone(measure, now, trend)
    if stands == "better":
        return _above(measure, _passed_at(steps, values, measure, baseline), trend)
    if stands == "level":
        return _beside(measure, now, baseline, trend)
    arrives = _arrives(history, config, (steps, values), baseline)
    return _below(measure, now, baseline, trend, arrives=arrives)


def _by_heart(turned: int, measure: Measure, value: float, better: float | None) -> Verdict:
    """`better`: what word counting has, where it is clearly better."""
    sentence = tr(
        "It begins to learn by heart: validation loss has risen since step {step} while training loss falls.",
        step=turned,
    )
    if better is not None:
        sentence = tr(
            "{sentence} {measure} is {value}, clearly worse than the {baseline} of word counting.",
            sentence=sentence,
            measure=measure.title(),
            value=measure.worded(value),
            baseline=measure.worded(better),
        )
    return Verdict("overfitting", sentence)


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
    course = course_of_loss(history, MODEL)
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


def _beside(measure: Measure, value: float, baseline: float, trend: Trend) -> Verdict:
    values = {"measure": measure.name(), "value": measure.worded(value), "baseline": measure.worded(baseline)}
    if trend == "rising":
        sentence = tr(
            "It is learning: {measure} is {value}, as far as the {baseline} of word counting, and still gets better.",
            **values,
        )
        return Verdict("learning", sentence)
    if trend == "falling":
        return _getting_worse(values)
    sentence = tr(
        "{measure} stays near {value}: no clear difference from the {baseline} of word counting.",
        **{**values, "measure": measure.title()},
    )
    return Verdict("flat", sentence)


def _below(measure: Measure, value: float, baseline: float, trend: Trend, *, arrives: bool) -> Verdict:
    """`arrives`: whether it reaches word counting before the run ends if it goes on as now."""
    values = {"measure": measure.name(), "value": measure.worded(value), "baseline": measure.worded(baseline)}
    if trend == "falling":
        return _getting_worse(values)
    if trend == "flat":
        sentence = tr(
            "Not enough: {measure} stays near {value}, clearly worse than the {baseline} of word counting.", **values
        )
        return Verdict("behind", sentence)
    if arrives:
        sentence = tr("It is learning: {measure} is {value} on its way to the {baseline} of word counting.", **values)
        return Verdict("learning", sentence)
    sentence = tr(
        "It is learning, but too slowly: {measure} is {value}, and as it goes now it ends below the {baseline} of word "
        "counting.",
        **values,
    )
    if not measure.rises:
        sentence = tr(
            "It is learning, but too slowly: {measure} is {value}, and as it goes now it ends above the {baseline} of "
            "word counting.",
            **values,
        )
    return Verdict("behind", sentence)


def _getting_worse(values: dict[str, Any]) -> Verdict:
    sentence = tr("Not at the moment: {measure} is {value} and getting worse; word counting has {baseline}.", **values)
    return Verdict("falling", sentence)


def _arrives(history: History, config: RunConfig, curve: tuple[np.ndarray, np.ndarray], baseline: float) -> bool:
    """Whether the line through the newest evaluations meets the baseline before the run ends. Curves bend towards the
    flat, so what a straight line does not reach is not reached."""
    steps, values = (part[-_window(len(curve[1])) :] for part in curve)
    slope = float(np.polyfit(steps, values, 1)[0])
    total = history.started.total_steps if history.started else config.training.max_steps
    at_the_end = float(values[-1]) + slope * max(0.0, total - float(steps[-1]))
    return at_the_end >= baseline if slope > 0 else at_the_end <= baseline


# -- reading curves ----------------------------------------------------------------------------------------------------


def trend_of(values: np.ndarray, measure: Measure) -> Trend:
    """Where the last third of the evaluations (four or more) heads, by a straight line fitted to it.

    "rising" means getting better. A change of less than half a point over the window, or less than its own scatter,
    is flat; of a loss, less than one percent. So is a rise that is over: the newest value lies further below the best
    of the window than values scatter.
    """
    window = values[-_window(len(values)) :]
    if len(window) < 2:
        return "flat"
    places = np.arange(len(window))
    slope, start = np.polyfit(places, window, 1)
    change = float(slope) * (len(window) - 1)
    scatter = float(np.std(window - (start + slope * places)))
    least = 0.5 * _POINT if measure.is_share else 0.01 * abs(float(window.mean()))
    if abs(change) < max(least, scatter if len(window) > 2 else 0.0):
        return "flat"
    if (change > 0) != measure.rises:
        return "falling"
    lost = float(window.max() - window[-1]) if measure.rises else float(window[-1] - window.min())
    return "flat" if lost > max(least, scatter) else "rising"


def _window(count: int) -> int:
    """How many of the newest evaluations tell where the curve heads."""
    return max(_FEWEST, count // 3)


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


def _passed_at(steps: np.ndarray, values: np.ndarray, measure: Measure, baseline: float) -> int:
    """The first evaluation since which it is better than the baseline without a break."""
    worse = np.flatnonzero(~(values > baseline if measure.rises else values < baseline))
    first = int(worse[-1]) + 1 if len(worse) else 0
    return int(steps[min(first, len(steps) - 1)])
