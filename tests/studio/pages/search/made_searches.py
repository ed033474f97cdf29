"""Searches as their records tell them, at every stage: searching, repeating, with a winner, without one; two goals."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np

from engine.config.run import RunConfig, from_yaml
from engine.config.search import Range
from engine.config.search_limits import limits_of
from engine.messages import Message, message
from engine.metrics.registry import metric_of
from engine.records.comparison import Change
from engine.records.search import (
    AgainstStart,
    Axis,
    BudgetUsed,
    Importance,
    Influence,
    Repeats,
    SearchGoal,
    SearchRecord,
    Trial,
)
from engine.resources import resource

PASS = 12
TOTAL = 8 * PASS
RANGES = (
    Range(path="training.optimizer.learning_rate", low=1e-4, high=1e-2, log=True),
    Range(path="model.hidden_size", low=64, high=256, step=32),
    Range(path="model.dropout", low=0.0, high=0.5),
    Range(path="model.num_layers", low=1, high=4),
)
F1 = SearchGoal("f1", metric_of("f1").title)


def config() -> RunConfig:
    return from_yaml(resource("recipes", "attention.yaml"))


def axes_of(base: RunConfig, ranges: tuple[Range, ...] = RANGES) -> tuple[Axis, ...]:
    found = []
    for one in ranges:
        limits = limits_of(base, one.path)
        low, high = (math.nan if end is None else float(end) for end in (one.low, one.high))
        found.append(
            Axis(one.path, limits.title, limits.value, low, high, one.log, one.step, limits.is_integer, one.choices)
        )
    return tuple(found)


def trials_of(count: int, seed: int = 0) -> tuple[Trial, ...]:
    """The first is the person's own; about two of three are stopped early; a learning rate near 0.002 is the best."""
    chance = np.random.default_rng(seed)
    return tuple(_trial(number, chance) for number in range(count))


def _trial(number: int, chance: np.random.Generator) -> Trial:
    is_start = number == 0
    rate = 1e-3 if is_start else float(10 ** chance.uniform(-4, -2))
    parameters: dict[str, Any] = {
        "training.optimizer.learning_rate": rate,
        "model.hidden_size": 128 if is_start else int(64 + 32 * chance.integers(0, 7)),
        "model.dropout": 0.2 if is_start else round(float(chance.uniform(0, 0.5)), 3),
        "model.num_layers": 1 if is_start else int(chance.integers(1, 5)),
    }
    top = 0.84 - 0.11 * abs(math.log10(rate / 0.002)) - 0.06 * abs(parameters["model.dropout"] - 0.2)
    top += float(chance.normal(0, 0.006))
    ends = 8 if is_start or top > 0.815 else 4 if top > 0.79 else 2 if top > 0.75 else 1
    steps = np.arange(1, 2 * ends + 1) * PASS // 2
    values = top - 0.16 * np.exp(-steps / PASS / 1.1) + chance.normal(0, 0.003, len(steps))
    is_done = ends == 8
    return Trial(
        number=number,
        state="done" if is_done else "pruned",
        parameters=parameters,
        run=f"trial-{number}-seed0",
        curve=tuple(zip(steps.tolist(), values.tolist(), strict=True)),
        values=(float(values.max()),),
        seconds=41.0 * ends / 8,
        reason=None
        if is_done
        else message("Stopped early by the search: behind the better half at evaluation {number}.", number=2 * ends),
        is_start=is_start,
        steps=ends * PASS,
        total_steps=TOTAL,
        steps_per_pass=float(PASS),
    )


def searching(count: int = 28) -> SearchRecord:
    """Eleven of twenty minutes: one trial runs, one failed."""
    trials = list(trials_of(count))
    last = trials[-1]
    trials[-1] = replace(
        last,
        state="running",
        curve=trials[0].curve[:5],
        values=(trials[0].curve[4][1],),
        reason=None,
        steps=2 * PASS + 6,
    )
    trials[7] = replace(
        trials[7], state="failed", curve=(), values=(), reason=message("The loss is not a number any more."), steps=9
    )
    return _record(tuple(trials), "running")


def _record(trials: tuple[Trial, ...], state: str, **others: Any) -> SearchRecord:
    done = [one for one in trials if one.state == "done"]
    best = max(done, key=lambda one: one.value)
    title = message("Trial {number}", number=best.number)
    record = SearchRecord(
        name="Tickets",
        state=state,
        phase="searching",
        headline=message(
            "{name} is ahead: {goal} {value} against {start} of your settings.",
            name=title,
            goal=F1.title,
            value=metric_of("f1").written(best.value),
            start=metric_of("f1").written(trials[0].value),
        ),
        goals=(F1,),
        axes=axes_of(config()),
        trials=trials,
        budget=BudgetUsed(
            1200.0, 660.0, 270.0, None, len(trials), sum(one.steps for one in trials), len(trials) * TOTAL
        ),
        best=best.number,
        checks=(0.125, 0.25, 0.5),
        importance=_importance(trials),
        baseline=0.803,
    )
    return replace(record, **others)


def _importance(trials: tuple[Trial, ...]) -> Importance:
    done = sorted((one for one in trials if one.state == "done"), key=lambda one: -one.value)[:5]
    shares = (0.57, 0.15, 0.22, 0.06)
    found = []
    for axis, share in zip(axes_of(config()), shares, strict=True):
        values = [one.parameters[axis.path] for one in done]
        found.append(Influence(axis.path, axis.title, share, float(min(values)), float(max(values))))
    found.sort(key=lambda one: -one.share)
    return Importance("PED-ANOVA", len([one for one in trials if one.values]), tuple(found))


def repeated(count: int = 28) -> SearchRecord:
    """All trials are over, the best three are repeated; the third has had one seed of two so far."""
    record = _record(trials_of(count), "running")
    done = sorted((one for one in record.trials if one.state == "done"), key=lambda one: -one.value)[:3]
    chosen = [*done, *([record.trials[0]] if record.trials[0] not in done else [])]
    found = []
    for place, one in enumerate(chosen):
        values = tuple(one.value + shift for shift in ((0.0, -0.006, 0.004) if place != 2 else (0.0, -0.009)))
        seeds = tuple(range(len(values)))
        runs = tuple(f"trial-{one.number}-seed{seed}" for seed in seeds)
        width = 0.0126 if len(values) == 3 else 0.057
        found.append(Repeats(one.number, seeds, values, runs, float(np.mean(values)), width))
    budget = replace(record.budget, seconds_used=1020.0, seconds_held_back=0.0)
    return replace(record, phase="repeating", repeats=tuple(found), budget=budget)


def against(outcome: str) -> AgainstStart:
    value, half = (0.031, 0.017) if outcome == "better" else (0.006, 0.019)
    change = Change(value, half, value - half, value + half)
    return AgainstStart("f1", metric_of("f1").title, "test", 600, 0.808, 0.808 + value, change, 3, 3)


def finished(outcome: str = "better", **others: Any) -> SearchRecord:
    """Over, with a winner beyond chance, within noise, or none."""
    record = repeated()
    winner = record.best if outcome != "none" else 0
    name: Message = message("Trial {number}", number=record.best)
    told = {
        "better": message("{name} wins.", name=name),
        "noise": message("No winner: {name} and your settings are within noise.", name=name),
        "none": message("Nothing better than your own settings was found."),
    }[outcome]
    budget = replace(record.budget, seconds_used=1190.0, seconds_held_back=0.0)
    ended = replace(
        record, state="finished", phase="over", headline=told, winner=winner, outcome=outcome, budget=budget
    )
    return replace(ended, against_start=against(outcome) if outcome != "none" else None, **others)


def with_two_goals() -> SearchRecord:
    """Precision and recall: no trial is stopped early, and those on the front are beaten by none in both."""
    chance = np.random.default_rng(3)
    trials = []
    for one in trials_of(20):
        precision = 0.7 + 0.25 * float(chance.uniform())
        recall = 0.98 - 0.5 * (precision - 0.7) - 0.2 * float(chance.uniform()) ** 2
        trials.append(replace(one, state="done", reason=None, values=(precision, recall)))
    front = [
        one.number
        for one in trials
        if not any(
            other.values[0] >= one.values[0] and other.values[1] >= one.values[1] and other is not one
            for other in trials
        )
    ]
    goals = tuple(SearchGoal(key, metric_of(key).title) for key in ("precision", "recall"))
    record = _record(tuple(trials), "running", goals=goals, front=tuple(front), checks=(), importance=None)
    return replace(record, best=max(trials, key=lambda one: one.values[0]).number)
