"""Variety: whether the writer's texts are as varied as real ones, since when not, and the page's verdict in words."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from engine.config.run import RunConfig
from engine.records import Samples
from engine.runs.history import History
from studio.pages.samples.meters import REAL, REHEARSED, SPLIT
from studio.translation import language, tr

Kind = Literal["waiting", "rehearsing", "varied", "growing", "less", "falling"]
_LIKE_REAL, _FALLEN = 0.93, 0.9
_FOR_REAL = 0.5


@dataclass(frozen=True)
class Variety:
    """`value` is the share of different word pairs, `real` that of real text (nan where unknown); `since` the step from
    which on it falls."""

    kind: Kind
    value: float = math.nan
    real: float = math.nan
    since: int = 0


def variety_curve(history: History) -> tuple[np.ndarray, np.ndarray, float | None]:
    """(steps, variety, that of real text): distinct-2, or 1 - self-BLEU-4 where it was not measured."""
    real = history.references.get(REAL)
    steps, values = history.metric("distinct_2", SPLIT)
    if len(steps):
        return steps, values, real.metrics.get("distinct_2") if real else None
    steps, likeness = history.metric("self_bleu_4", SPLIT)
    line = real.metrics.get("self_bleu_4") if real else None
    return steps, 1.0 - likeness, None if line is None else 1.0 - line


def variety(history: History, step: int) -> Variety:
    """From the last measurement up to a step and those before it."""
    steps, values, line = variety_curve(history)
    keep = np.isfinite(values) & (steps <= step)
    steps, values = steps[keep], values[keep]
    if not len(values):
        return Variety("waiting")
    value, real = float(values[-1]), math.nan if line is None else line
    if _phase(history, step) == "pretraining":
        return Variety("rehearsing", value, real)
    peak = int(np.argmax(values))
    if peak < len(values) - 1 and value < _FALLEN * values[peak]:
        return Variety("falling", value, real, int(steps[peak]))
    if value >= _LIKE_REAL * real:
        return Variety("varied", value, real)
    earlier = float(values[max(0, len(values) - 4)])
    return Variety("growing" if value > 1.02 * earlier else "less", value, real)


def _phase(history: History, step: int) -> str:
    return next((one.phase for one in reversed(history.samples) if one.step <= step), "")


def rehearsal_end(history: History, config: RunConfig) -> int:
    """The step after which the game begins; 0 without a rehearsal."""
    measured = history.references.get(REHEARSED)
    return measured.step if measured is not None else config.training.pretraining.steps


def verdict(found: Variety, samples: Samples | None, rehearsal: int) -> str:
    """One or two sentences with their numbers."""
    if found.kind == "waiting":
        return tr("Nothing is measured yet.")
    if found.kind == "rehearsing":
        return tr(
            "It still rehearses, guessing the next word; the game with the critic begins after step {step}.",
            step=rehearsal,
        )
    between = "" if language() == "zh" else " "
    return between.join(part for part in (_judgement(samples), _about_variety(found)) if part)


def num_taken(samples: Samples) -> int:
    """How many invented texts the critic takes for real."""
    return sum((one.probability or 0.0) > _FOR_REAL for one in samples.invented)


def _judgement(samples: Samples | None) -> str:
    if samples is None or not any(one.probability is not None for one in samples.invented):
        return ""
    total = len(samples.invented)
    return tr("The critic takes {count} of {total} texts for real.", count=num_taken(samples), total=total)


def _about_variety(found: Variety) -> str:
    pairs = round(100 * found.value)
    if not math.isfinite(found.real):
        if found.kind == "falling":
            return tr("Variety is falling since step {step}: {pairs} of 100 word pairs differ.", **_values(found))
        return tr("{pairs} of 100 word pairs differ.", pairs=pairs)
    if found.kind == "falling":
        return tr(
            "Variety is falling since step {step}: {pairs} of 100 word pairs differ, in real text {real}.",
            **_values(found),
            real=round(100 * found.real),
        )
    values = {"pairs": pairs, "real": round(100 * found.real)}
    if found.kind == "varied":
        return tr("As varied as real text: {pairs} of 100 word pairs differ, in real text {real}.", **values)
    if found.kind == "growing":
        return tr("Variety is growing: {pairs} of 100 word pairs differ, in real text {real}.", **values)
    return tr("Less varied than real text: {pairs} of 100 word pairs differ, in real text {real}.", **values)


def _values(found: Variety) -> dict[str, int]:
    return {"step": found.since, "pairs": round(100 * found.value)}
