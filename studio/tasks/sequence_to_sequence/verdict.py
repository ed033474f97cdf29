"""The verdict on a run that translates or summarises."""

from __future__ import annotations

import numpy as np

from engine.config.run import RunConfig
from engine.runs.history import History
from studio.tasks.judgement import MODEL, Verdict, course_of_loss
from studio.tasks.measures import LOSS, SPLIT, Measure, chosen
from studio.translation import tr

_WORSE = 1.05
"""A validation loss so many times its best is rising."""


def running(history: History, config: RunConfig) -> Verdict:
    measure = chosen(config)
    steps, values = history.metric(measure.key, SPLIT)
    course = course_of_loss(history, MODEL)
    if not len(steps):
        if course is None or course[1] >= course[0]:
            return Verdict("waiting", tr("It has begun; soon the first texts are written and measured."))
        told = {"first": f"{course[0]:.3g}", "now": f"{course[1]:.3g}"}
        return Verdict("learning", tr("It is learning: loss fell from {first} to {now}.", **told))
    name, now = measure.name(), measure.worded(float(values[-1]))
    if _rises(history) and not _is_best(values, measure):
        sentence = tr(
            "It begins to learn its texts by heart: the loss of others rises; {metric} is {now}.", metric=name, now=now
        )
        return Verdict("overfitting", sentence)
    if len(values) > 1 and not _is_best(values, measure):
        best = float(values.max() if measure.rises else values.min())
        return Verdict(
            "flat",
            tr("{metric} is {now}; its best was {best}.", metric=measure.title(), now=now, best=measure.worded(best)),
        )
    return Verdict("learning", tr("It is learning: {metric} is {now}.", metric=name, now=now))


def ended(history: History, config: RunConfig, state: str) -> Verdict:
    measure, best = chosen(config), history.best
    if best is None:
        sentence = tr("It ended after step {step}, before its first look at validation.", step=history.last_step)
        return Verdict("halted", sentence)
    steps, values = history.metric(measure.key, SPLIT)
    at = np.flatnonzero(steps == best.step)
    value = measure.worded(float(values[at[-1]])) if len(at) else measure.worded(best.value)
    told = {"metric": measure.name(), "value": value, "step": best.step}
    if state == "stopped":
        return Verdict("done", tr("Stopped; the best is kept: {metric} {value} at step {step}.", **told))
    return Verdict("done", tr("It is done: {metric} {value} at its best, step {step}.", **told))


def _is_best(values: np.ndarray, measure: Measure) -> bool:
    best = values.max() if measure.rises else values.min()
    return bool(values[-1] == best)


def _rises(history: History) -> bool:
    """Whether the loss on validation left its lowest point."""
    losses = history.metric(LOSS.key, SPLIT)[1]
    finite = losses[np.isfinite(losses)]
    return len(finite) > 2 and float(finite[-1]) > _WORSE * float(finite.min())
