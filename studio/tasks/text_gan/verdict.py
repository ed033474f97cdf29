"""The verdict on a text GAN: its rehearsal, how varied its texts are, and whether the game gained anything."""

from __future__ import annotations

import math

from engine.config.run import RunConfig
from engine.config.tasks.text_gan import TextGan
from engine.metrics.variety import Level, variety_verdict
from engine.runs.history import History
from studio.tasks.judgement import PRETRAINING, Verdict, VerdictKind, course_of_loss, is_rehearsing
from studio.tasks.measures import DISTINCT, REACH, REAL, REHEARSED, SELF_BLEU, SPLIT, reference_of
from studio.translation import tr, words

_HARDLY = 0.02
"""Reverse perplexities of equally good writers differ by about so much from seed to seed."""
_KINDS: dict[Level, VerdictKind] = {"good": "learning", "warning": "falling", "bad": "overfitting"}


def running(history: History, config: RunConfig) -> Verdict:
    if is_rehearsing(history, config):
        return _rehearsing(history, config)
    found = _variety(history, config)
    if found is None:
        return Verdict("waiting", tr("Writer and critic have begun to play; soon the first texts are measured."))
    kind, variety = found
    _, values = history.metric(REACH.key, SPLIT)
    real = reference_of(history, REAL, REACH)
    if not len(values) or real is None:
        return Verdict(kind, variety)
    sentence = tr(
        "{variety} Reverse perplexity {value}, real text {real}.",
        variety=variety,
        value=REACH.worded(float(values[-1])),
        real=REACH.worded(real),
    )
    return Verdict(kind, sentence)


def ended(history: History, config: RunConfig, state: str) -> Verdict:
    """The best checkpoint is chosen by reverse perplexity; that it may be the rehearsal's is said as it is."""
    best, value = _best(history)
    if best is None:
        return Verdict("halted", tr("It ended after step {step}, before its first texts.", step=history.last_step))
    figures = {"step": best, "value": REACH.worded(value)}
    real = reference_of(history, REAL, REACH)
    line = tr("; real text {value}", value=REACH.worded(real)) if real is not None else ""
    rehearsal = config.training.pretraining.steps
    if rehearsal and best <= rehearsal < history.last_step:
        sentence = tr(
            "It ended, but the game gained nothing: the best texts are those of the rehearsal, step {step} (reverse "
            "perplexity {value}{line}).",
            line=line,
            **figures,
        )
        return Verdict("beaten", sentence)
    before = reference_of(history, REHEARSED, REACH) if rehearsal and best > rehearsal else None
    if before is not None and value > (1 - _HARDLY) * before:
        sentence = tr(
            "It ended, and the game gained hardly anything: reverse perplexity {value} at step {step}, {before} before "
            "it began{line}.",
            before=REACH.worded(before),
            line=line,
            **figures,
        )
        return Verdict("level", sentence)
    if state == "stopped":
        sentence = tr(
            "Stopped; the best is kept: reverse perplexity {value} at step {step}{line}.", line=line, **figures
        )
        return Verdict("done", sentence)
    return Verdict(
        "done", tr("It is done: reverse perplexity {value} at its best, step {step}{line}.", line=line, **figures)
    )


def _rehearsing(history: History, config: RunConfig) -> Verdict:
    rehearsal = config.training.pretraining.steps
    course = course_of_loss(history, PRETRAINING)
    if course is None or course[1] >= course[0]:
        sentence = tr(
            "It rehearses: it learns to guess the next word. The game begins after step {step}.", step=rehearsal
        )
        return Verdict("waiting", sentence)
    sentence = tr(
        "It rehearses: it learns to guess the next word, loss fell from {first} to {now}. The game begins after step "
        "{step}.",
        first=f"{course[0]:.3g}",
        now=f"{course[1]:.3g}",
        step=rehearsal,
    )
    return Verdict("learning", sentence)


def _variety(history: History, config: RunConfig) -> tuple[VerdictKind, str] | None:
    """Of all that was measured since the game began."""
    assert isinstance(config.task, TextGan)
    real = history.references.get(REAL)
    steps, distinct = history.metric(DISTINCT.key, SPLIT)
    _, likeness = history.metric(SELF_BLEU.key, SPLIT)
    is_played = steps >= config.training.pretraining.steps
    if real is None or not is_played.any() or len(distinct) != len(likeness):
        return None
    guard = config.task.guard
    found = variety_verdict(
        steps[is_played],
        distinct[is_played],
        likeness[is_played],
        real.metrics,
        self_bleu_margin=guard.self_bleu_margin,
        distinct_share=guard.distinct_share,
    )
    return None if found is None else (_KINDS[found.level], words(found.message))


def _best(history: History) -> tuple[int | None, float]:
    """(step, reverse perplexity) of the best checkpoint, else of the newest measurement."""
    steps, values = history.metric(REACH.key, SPLIT)
    if not len(steps):
        return None, math.nan
    at = len(steps) - 1
    if history.best is not None and history.best.step in steps:
        at = int(steps.searchsorted(history.best.step))
    return int(steps[at]), float(values[at])
