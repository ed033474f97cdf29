"""SearchPlan: what a search tries (ranges of settings), what it is after (one goal or two) and what it may cost.

A space file (YAML) names settings by their dotted paths, each with a range or with the values to choose from:

    training.optimizer.learning_rate: {low: 0.0001, high: 0.01, log: true}
    model.dropout: {low: 0, high: 0.5}
    model.hidden_size: {low: 64, high: 256, step: 32}
    model.cell: [lstm, gru]
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import ConfigDict, ValidationError

from engine.config.choice import Choice, setting
from engine.config.plain_yaml import read_yaml
from engine.config.run import RunConfig
from engine.config.search_limits import Limits, Range, Value, limits_of
from engine.config.tasks.best_metric import validated
from engine.errors import InputError
from engine.messages import Message, message
from engine.metrics.registry import METRICS, metric_of

MOST_MINUTES, MOST_TRIALS = 100_000, 100_000
PRECISION_AT_RECALL = "precision_at_recall"
__all__ = [
    "PRECISION_AT_RECALL",
    "Budget",
    "Goal",
    "Range",
    "SearchPlan",
    "budget_of",
    "checked_plan",
    "checked_range",
    "goal_of",
    "read_space",
    "start_of",
]
_FLOOR = re.compile(r"precision(?:@|_at_)(?:recall[=:>_]*)?(?P<floor>[0-9.]+)(?P<percent>%?)")


class Goal(Choice):
    """What is to be as good as possible on the validation rows: a metric, or precision at a least recall."""

    model_config = ConfigDict(title="Goal")
    metric: str = setting("f1", title="Measure", help="Any metric that the task's validation measures.")
    recall_floor: float | None = setting(
        None,
        gt=0.0,
        le=1.0,
        title="Least recall",
        help="For precision: measured at the threshold from which on the recall is at least this.",
    )

    @property
    def key(self) -> str:
        """The metric that a run's validation tells it by."""
        return self.metric if self.recall_floor is None else PRECISION_AT_RECALL

    @property
    def title(self) -> Message:
        """For the middle of a sentence."""
        if self.recall_floor is None:
            return metric_of(self.metric).title
        return message("precision at {recall} % recall", recall=f"{100 * self.recall_floor:g}")

    @property
    def lower_is_better(self) -> bool:
        return metric_of(self.metric).lower_is_better


class Budget(Choice):
    """What a search may cost. The minutes include the repeats, for which a share is held back."""

    model_config = ConfigDict(title="Budget")
    minutes: float | None = setting(
        None, gt=0, le=MOST_MINUTES, title="Minutes", help="The search, its repeats too, ends after so many minutes."
    )
    trials: int | None = setting(
        None, ge=1, le=MOST_TRIALS, title="Trials", help="How many settings are tried at most."
    )
    held_back: float = setting(
        0.3, ge=0.0, le=0.9, title="Held back", help="The share of the minutes that is kept for repeating the best."
    )
    finalists: int = setting(3, ge=1, le=10, title="Finalists", help="How many of the best are repeated.")
    seeds: int = setting(
        3, ge=1, le=20, title="Seeds", help="How often each of the best is trained, the trial itself included."
    )


class SearchPlan(Choice):
    """A whole search: `ranges`, one goal or two, the budget. With one goal weak trials are stopped early (`prunes`)."""

    model_config = ConfigDict(title="Search")
    ranges: tuple[Range, ...] = setting((), title="Settings tried", help="The ranges of the settings that are tried.")
    goals: tuple[Goal, ...] = setting((Goal(),), title="Goals", help="What is to be as good as possible.")
    budget: Budget = setting(Budget(minutes=20), title="Budget", help="What the search may cost.")
    prunes: bool = setting(True, title="Stops weak trials", help="A trial that is behind at a check ends there.")


# --- from what a person wrote ---------------------------------------------------------------------------------------


def goal_of(text: str) -> Goal:
    """“f1”, or “precision@0.85” (also “precision@recall=0.85”, “precision@85%”). Raises InputError."""
    found = _FLOOR.fullmatch(text.strip().lower())
    if found is None:
        return Goal(metric=text.strip())
    try:
        floor = float(found["floor"]) / (100 if found["percent"] else 1)
        return Goal(metric="precision", recall_floor=floor)
    except (ValueError, ValidationError):
        raise InputError(
            message("“{text}” names no least recall from 0 to 1.", text=text),
            "goal",
            message("Write for example “precision@0.85”."),
        ) from None


def budget_of(minutes: float | None, trials: int | None, held_back: float | None = None) -> Budget:
    """Raises InputError for a budget that allows nothing."""
    if minutes is not None and not 0 < minutes <= MOST_MINUTES:
        raise InputError(
            message("A search cannot take {minutes} minutes.", minutes=minutes),
            "minutes",
            message("Give it more than 0; twenty are a good beginning."),
        )
    if trials is not None and not 1 <= trials <= MOST_TRIALS:
        raise InputError(
            message("A search cannot have {count:plural:trial:trials}.", count=trials),
            "trials",
            message("Give a number from 1 to {most}.", most=MOST_TRIALS),
        )
    budget = Budget(minutes=minutes, trials=trials)
    return budget if held_back is None else budget.model_copy(update={"held_back": held_back})


def read_space(path: Path) -> tuple[Range, ...]:
    """The ranges of a space file, as they were written: `checked_plan` says whether they fit a config. Raises
    InputError."""
    tree = read_yaml(path)
    if not isinstance(tree, Mapping) or not tree:
        raise InputError(
            message("The file names no settings to try."),
            str(path),
            message("Write one setting a line, as in “model.dropout: {{low: 0, high: 0.5}}”."),
        )
    return tuple(_range(str(key), value, path) for key, value in tree.items())


def _range(name: str, value: Any, path: Path) -> Range:
    try:
        if isinstance(value, list):
            return Range(path=name, choices=tuple(value))
        if isinstance(value, Mapping):
            return Range(path=name, **{str(key): one for key, one in value.items()})
    except (ValidationError, TypeError) as error:
        advice = error.errors()[0]["msg"] if isinstance(error, ValidationError) else str(error)
        raise InputError(
            message("The range of “{path}” cannot be read: {reason}.", path=name, reason=advice.rstrip(".")),
            f"{path}: {name}",
            _HOW,
        ) from None
    raise InputError(message("“{path}” has no range.", path=name), f"{path}: {name}", _HOW)


_HOW = message("Give it “{{low: …, high: …}}”, where it helps with “log: true” or “step: …”, or a list of values.")


# --- whether a plan fits a config -----------------------------------------------------------------------------------


def checked_plan(plan: SearchPlan, config: RunConfig) -> SearchPlan:
    """The plan as it is carried out: whole numbers where a setting takes them. Raises InputError for a setting that is
    unknown or has no range, a range that passes its limits, a metric that the task does not measure, two goals with
    pruning, and a budget that allows nothing."""
    _refuse_goals(plan, config)
    if plan.budget.minutes is None and plan.budget.trials is None:
        raise InputError(
            message("The search has no end."), "budget", message("Give it minutes, or a number of trials.")
        )
    if all(one.is_fixed for one in plan.ranges):
        raise InputError(
            message("There is nothing to try: no setting has a range."),
            "space",
            message("Give at least one setting a range."),
        )
    names = [one.path for one in plan.ranges]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise InputError(message("“{path}” has two ranges.", path=twice), twice, message("Keep one of them."))
    return plan.model_copy(update={"ranges": tuple(checked_range(one, config) for one in plan.ranges)})


def _refuse_goals(plan: SearchPlan, config: RunConfig) -> None:
    if not 1 <= len(plan.goals) <= 2 or len(set(plan.goals)) < len(plan.goals):
        raise InputError(
            message("A search has one goal, or two different ones."), "goal", message("Name one metric or two.")
        )
    for goal in plan.goals:
        _refuse_goal(goal, config)
    if len(plan.goals) == 2 and plan.prunes:
        raise InputError(
            message("With two goals no trial can be stopped early: one that is behind in one may lead in the other."),
            "goal",
            message("Choose one goal, or let every trial run to its end (--no-pruning)."),
        )


def _refuse_goal(goal: Goal, config: RunConfig) -> None:
    offered = list(validated(config.task))
    if goal.metric not in METRICS:
        raise InputError(
            message("There is no metric “{name}”.", name=goal.metric),
            "goal",
            message("Choose one of {known}.", known=offered),
        )
    if goal.recall_floor is not None and (goal.metric != "precision" or PRECISION_AT_RECALL not in offered):
        raise InputError(
            message("Only precision is measured at a least recall, and only where texts have one of two labels."),
            "goal",
            message("Choose one of {known}.", known=offered),
        )
    if goal.key not in offered:
        raise InputError(
            message("“{metric}” is not measured when this task is validated.", metric=metric_of(goal.metric).title),
            "goal",
            message("Choose one of {known}.", known=offered),
        )


def checked_range(one: Range, config: RunConfig) -> Range:
    """The range in the setting's own kind of number. Raises InputError."""
    limits = limits_of(config, one.path)
    if one.choices:
        return one.model_copy(update={"choices": _checked_choices(one, limits)})
    if limits.choices:
        raise InputError(
            message("“{path}” has values to choose from, no numbers in between.", path=one.path),
            one.path,
            message("Give a list of some of {known}.", known=[str(value) for value in limits.choices]),
        )
    low, high, step = (_number(one, value, limits) for value in (one.low, one.high, one.step))
    if low is None or high is None or low >= high:
        raise InputError(
            message("The range of “{path}” does not go from a smaller to a larger value.", path=one.path),
            one.path,
            _HOW,
        )
    if not (limits.admits(low) and limits.admits(high)):
        raise InputError(
            message("The range of “{path}” passes what the setting can be.", path=one.path),
            one.path,
            message("It can be {limits}.", limits=limits.in_words()),
        )
    if one.log and low <= 0:
        raise InputError(
            message("A log scale begins above 0, and the range of “{path}” does not.", path=one.path),
            one.path,
            message("Begin it a little above 0, or take the log scale away."),
        )
    if one.log and step is not None:
        raise InputError(
            message("The range of “{path}” has a log scale and steps: it can have only one of them.", path=one.path),
            one.path,
            message("Remove “log” or “step”."),
        )
    return one.model_copy(update={"low": low, "high": high, "step": step})


def _number(one: Range, value: int | float | None, limits: Limits) -> int | float | None:
    if value is None or not limits.is_integer:
        return None if value is None else float(value)
    if value != int(value):
        raise InputError(
            message("“{path}” takes whole numbers, not {value}.", path=one.path, value=str(value)),
            one.path,
            message("Give whole numbers."),
        )
    return int(value)


def _checked_choices(one: Range, limits: Limits) -> tuple[Value, ...]:
    if len(set(one.choices)) < len(one.choices):
        raise InputError(
            message("“{path}” needs at least two different values to choose from.", path=one.path),
            one.path,
            message("Name two or more, or leave the setting out."),
        )
    for value in one.choices:
        if not limits.admits(value):
            raise InputError(
                message("“{path}” cannot be {value}.", path=one.path, value=str(value)),
                one.path,
                message("It can be {limits}.", limits=limits.in_words()),
            )
    return one.choices


def start_of(ranges: Sequence[Range], config: RunConfig) -> dict[str, Any]:
    """What the config itself has at the settings that are tried."""
    return {one.path: limits_of(config, one.path).value for one in ranges}
