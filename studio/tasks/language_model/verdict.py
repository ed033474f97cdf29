"""The verdict on a language model: among how many tokens it hesitates, and where that heads."""

from __future__ import annotations

import math

import numpy as np

from engine.config.run import RunConfig
from engine.runs.history import History
from studio.tasks.judgement import MODEL, Verdict, course_of_loss
from studio.tasks.measures import SPLIT, Measure
from studio.translation import tr

PERPLEXITY = Measure("perplexity", "s1")
BITS = Measure("bits_per_character", "s3")
_HARDLY = 0.005
_WORSE = 1.03


def running(history: History, config: RunConfig) -> Verdict:
    del config
    values = _values(history)
    if not len(values):
        course = course_of_loss(history, MODEL)
        if course is None or course[1] >= course[0]:
            return Verdict("waiting", tr("It has begun to read; soon it is measured on texts that it has not seen."))
        return Verdict(
            "waiting",
            tr(
                "It learns: the loss fell from {first} to {now}. Soon it is measured on texts that it has not seen.",
                first=f"{course[0]:.3g}",
                now=f"{course[1]:.3g}",
            ),
        )
    now, best = float(values[-1]), float(np.nanmin(values))
    told = {"value": PERPLEXITY.worded(now), "best": PERPLEXITY.worded(best)}
    if now > _WORSE * best:
        return Verdict(
            "overfitting",
            tr(
                "It learns by heart: on texts that it has not seen it hesitates among {value} tokens, it was {best} "
                "before. The best checkpoint is kept.",
                **told,
            ),
        )
    if len(values) >= 3 and values[-3] - now < _HARDLY * now:
        return Verdict("flat", tr("It hardly gets better: it hesitates as if among {value} tokens.", **told))
    return Verdict(
        "learning", tr("It learns: at each step it hesitates as if among {value} equally likely tokens.", **told)
    )


def ended(history: History, config: RunConfig, state: str) -> Verdict:
    del config
    values = _values(history)
    if not len(values) or not math.isfinite(float(np.nanmin(values))):
        return Verdict(
            "halted", tr("It ended after step {step}, before a first look at validation.", step=history.last_step)
        )
    value = PERPLEXITY.worded(float(np.nanmin(values)))
    if state == "stopped":
        return Verdict(
            "done",
            tr("Stopped; the best is kept: it hesitates as if among {value} equally likely tokens.", value=value),
        )
    return Verdict(
        "done",
        tr(
            "It is done: at each step it hesitates as if among {value} equally likely tokens (perplexity).", value=value
        ),
    )


def _values(history: History) -> np.ndarray:
    return history.metric(PERPLEXITY.key, SPLIT)[1]
