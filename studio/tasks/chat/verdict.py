"""The verdict on a run that chats: among how many tokens it chooses, and whether it learns by heart."""

from __future__ import annotations

import math

import numpy as np

from engine.config.run import RunConfig
from engine.runs.history import History
from studio.tasks.judgement import MODEL, Verdict, course_of_loss
from studio.tasks.measures import SPLIT
from studio.translation import tr

_KEY = "perplexity"
_RISEN, _FALLEN = 1.02, 0.98


def running(history: History, config: RunConfig) -> Verdict:
    del config
    steps, values = _measured(history)
    if not len(values):
        return Verdict("waiting", tr("It learns what is answered; soon it is measured for the first time."))
    best, now = float(values.min()), float(values[-1])
    if now > _RISEN * best and _still_falls(history):
        sentence = tr(
            "It begins to learn its dialogues by heart: perplexity of unseen answers was {best} at step {step} and is "
            "{now} now.",
            best=_worded(best),
            now=_worded(now),
            step=int(steps[int(values.argmin())]),
        )
        return Verdict("overfitting", sentence)
    if len(values) > 1 and now > _FALLEN * float(values[-2]):
        return Verdict(
            "flat",
            tr("It chooses each token of an answer among {now}; that hardly falls any more.", now=_worded(now)),
        )
    return Verdict("learning", tr("It chooses each token of an answer among {now}, and ever fewer.", now=_worded(now)))


def ended(history: History, config: RunConfig, state: str) -> Verdict:
    del config
    steps, values = _measured(history)
    if not len(values):
        return Verdict(
            "halted", tr("It ended after step {step}, before a first look at validation.", step=history.last_step)
        )
    at = int(values.argmin())
    figures = {"value": _worded(float(values[at])), "step": int(steps[at])}
    if state == "stopped":
        return Verdict(
            "done", tr("Stopped; the best is kept: a choice among {value} tokens (perplexity), step {step}.", **figures)
        )
    return Verdict(
        "done", tr("It is done: a choice among {value} tokens (perplexity) at its best, step {step}.", **figures)
    )


def _measured(history: History) -> tuple[np.ndarray, np.ndarray]:
    steps, values = history.metric(_KEY, SPLIT)
    finite = np.isfinite(values)
    return steps[finite], values[finite]


def _still_falls(history: History) -> bool:
    course = course_of_loss(history, MODEL)
    return course is not None and course[1] < course[0]


def _worded(value: float) -> str:
    return "–" if math.isnan(value) else f"{value:.2f}" if value < 10 else f"{value:.1f}"
