"""Variety: whether the writer's texts are as varied as real ones, since when not, and the page's verdict in words."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from engine.config.run import RunConfig
from engine.records import Samples
from engine.runs.history import History
from studio.pages.samples.meters import REAL, REHEARSED, SPLIT
from studio.translation import language, tr

VarietyState = Literal["waiting", "rehearsing", "varied", "growing", "less", "falling", "repeating"]
_LIKE_REAL, _FALLEN, _REPEATED = 0.93, 0.9, 0.8
_FOR_REAL = 0.5


@dataclass(frozen=True)
class Variety:
    """`value` is the share of different word pairs, `real` that of real text (nan where unknown); `since` the step from
    which on variety falls; `unique` the share of different texts."""

    kind: VarietyState
    value: float = math.nan
    real: float = math.nan
    since: int = 0
    unique: float = math.nan


def variety_curve(history: History) -> tuple[np.ndarray, np.ndarray, float | None]:
    """(steps, variety, that of real text): distinct-2 times the share of different texts. One text of
    a few words, written again and again, has word pairs that all differ; it is not varied."""
    found = history.references.get(REAL)
    real = found.metrics if found else {}
    steps, values = history.metric("distinct_2", SPLIT)
    unique_at, unique = history.metric("unique_share", SPLIT)
    line = real.get("distinct_2")
    if not np.array_equal(steps, unique_at):
        return steps, values, line
    return steps, values * unique, None if line is None else line * real.get("unique_share", 1.0)


def variety(history: History, step: int) -> Variety:
    """From the last measurement up to a step and those before it."""
    steps, values, line = variety_curve(history)
    keep = np.isfinite(values) & (steps <= step)
    steps, values = steps[keep], values[keep]
    if not len(values):
        return Variety("waiting")
    peak = int(np.argmax(values))
    unique = _latest(history, "unique_share", step)
    found = Variety(
        "less", _latest(history, "distinct_2", step), _real(history, "distinct_2"), int(steps[peak]), unique
    )
    value, real = float(values[-1]), math.nan if line is None else line
    if _phase(history, step) == "pretraining":
        return replace(found, kind="rehearsing")
    if unique < _REPEATED * _real(history, "unique_share"):
        return replace(found, kind="repeating", since=_repeating_since(history, step))
    if value >= _LIKE_REAL * real:  # an untrained writer mixes all words up: less than that is no loss
        return replace(found, kind="varied")
    if peak < len(values) - 1 and value < _FALLEN * values[peak]:
        return replace(found, kind="falling")
    earlier = float(values[max(0, len(values) - 4)])
    return replace(found, kind="growing") if value > 1.02 * earlier else found


def _repeating_since(history: History, step: int) -> int:
    """The first of the measurements up to a step that all found many texts alike."""
    steps, unique = history.metric("unique_share", SPLIT)
    before = steps <= step
    fine = np.flatnonzero(unique[before] >= _REPEATED * _real(history, "unique_share"))
    return int(steps[before][fine[-1] + 1 if len(fine) else 0])


def _latest(history: History, name: str, step: int) -> float:
    steps, values = history.metric(name, SPLIT)
    before = values[steps <= step]
    return float(before[-1]) if len(before) else math.nan


def _real(history: History, name: str) -> float:
    found = history.references.get(REAL)
    return found.metrics.get(name, math.nan) if found else math.nan


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
            "Here it still rehearses, guessing the next word; the game with the critic begins after step {step}.",
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
    if found.kind == "repeating":
        return tr(
            "It repeats itself since step {step}: only {unique} of 100 texts are different ones.",
            step=found.since,
            unique=round(100 * found.unique),
        )
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
