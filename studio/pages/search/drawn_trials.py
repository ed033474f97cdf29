"""What a search's record is in charts and tables: curves over passes, lines over axes, dots of two goals, rows."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from engine.config.search_limits import Limits
from engine.metrics.registry import METRICS, metric_of
from engine.records.search import Axis, Repeats, SearchGoal, SearchRecord, Trial
from studio.forms.range_chip import option_words, value_words
from studio.numbers import NOTHING, figure
from studio.plots.charts.axes import round_step
from studio.plots.charts.trial_curves import Look, TrialCurve
from studio.plots.charts.trial_front import FrontPoint, Goal
from studio.plots.charts.value_axis import TrialLine, ValueAxis
from studio.translation import capitalized, language, tr, words

NUM_LEADING = 5
Extent = Literal["pass", "step"]


# -- goals and values --------------------------------------------------------------------------------------------------


def is_share(goal: SearchGoal) -> bool:
    """Whether its values are written in percent."""
    return metric_of(goal.key).unit == "%" if goal.key in METRICS else True


def value_in_words(value: float, goal: SearchGoal, *, with_unit: bool = False) -> str:
    """`84.1`, with its unit `84.1 %`."""
    if not math.isfinite(value):
        return NOTHING
    if not is_share(goal):
        return figure(value)
    unit = "" if not with_unit else "%" if language() == "zh" else " %"
    return f"{100 * value:.1f}{unit}"


def goal_title(goal: SearchGoal) -> str:
    return capitalized(goal.title)


# -- trials ------------------------------------------------------------------------------------------------------------


def trial_name(trial: Trial) -> str:
    return tr("Your settings") if trial.is_start else tr("Trial {number}", number=trial.number)


def ranked(record: SearchRecord) -> list[Trial]:
    """The trials with a value, the best first; those that were stopped early come after those that ended."""
    known = [one for one in record.trials if math.isfinite(one.value)]
    sign = 1.0 if record.goals[0].lower_is_better else -1.0
    return sorted(known, key=lambda one: (one.state in ("pruned", "running"), sign * one.value, one.number))


def looks(record: SearchRecord) -> dict[int, Look]:
    """How each trial is drawn, by its number."""
    ended = [one for one in ranked(record) if one.state == "done"]
    leading = {one.number for one in ended[:NUM_LEADING]}
    best = record.best if record.winner is None else record.winner
    found: dict[int, Look] = {}
    for one in record.trials:
        if one.state == "done":
            found[one.number] = "leading" if one.number in leading else "done"
        else:
            found[one.number] = one.state
        if one.number == best and one.state == "done":
            found[one.number] = "best"
    return found


def extent_of(record: SearchRecord) -> Extent:
    """Whether curves are drawn over passes, as they are where every trial's are known."""
    begun = [one for one in record.trials if one.curve]
    return "pass" if all(math.isfinite(one.steps_per_pass) and one.steps_per_pass > 0 for one in begun) else "step"


def curves(record: SearchRecord) -> list[TrialCurve]:
    drawn, goal, extent = looks(record), record.goals[0], extent_of(record)
    found = []
    for one in record.trials:
        if one.curve:
            points = np.array(one.curve, dtype=np.float64).reshape(-1, 2)
            points = points[points[:, 0] > 0]
            scale = one.steps_per_pass if extent == "pass" else 1.0
            look, label = drawn[one.number], ""
            if look == "best":
                label = f"{trial_name(one)} {value_in_words(one.value, goal)}"
            elif look == "running" and len(points):
                now = value_in_words(float(points[-1, 1]), goal)
                label = tr("{trial}, now {value}", trial=trial_name(one), value=now)
            xs, ys = points[:, 0] / scale, points[:, 1]
            mark = int(np.argmin(np.abs(ys - one.value))) if look == "best" and len(ys) else -1
            found.append(TrialCurve(one.number, trial_name(one), look, xs, ys, label, mark))
    return found


def rungs(record: SearchRecord) -> tuple[float, ...]:
    """Where the weaker trials are stopped: of a trial as long as the first one."""
    first = next((one for one in record.trials if one.total_steps), None)
    if first is None:
        return ()
    scale = first.steps_per_pass if extent_of(record) == "pass" else 1.0
    return tuple(share * first.total_steps / scale for share in record.checks if 0 < share < 1)


# -- settings ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class SettingAxis:
    """A setting that is tried, how it is called and how its values are said."""

    axis: Axis
    title: str
    limits: Limits | None

    def write(self, value: Any) -> str:
        if self.limits is not None and (self.axis.choices or not isinstance(value, int | float)):
            return option_words(value, self.limits)
        if isinstance(value, float) and not self.axis.is_integer:
            return value_words(float(f"{value:.3g}"))
        return value_words(int(value)) if isinstance(value, int | float) else str(value)


def settings_in_words(trial: Trial, axes: Sequence[SettingAxis]) -> str:
    """`Learning rate 0.0014 · Width 192`, as far as a trial has them."""
    return " · ".join(
        f"{one.title} {one.write(trial.parameters[one.axis.path])}" for one in axes if one.axis.path in trial.parameters
    )


def values_in_words(trial: Trial, axes: Sequence[SettingAxis]) -> str:
    """`0.0014 · 192 · 0.17`, in the order of the settings."""
    return " · ".join(one.write(trial.parameters[one.axis.path]) for one in axes if one.axis.path in trial.parameters)


def value_axes(record: SearchRecord, axes: Sequence[SettingAxis]) -> list[ValueAxis]:
    """One a setting, wide enough for trials from before a range was changed, and the last for the first goal."""
    return [*(_value_axis(one, record.trials) for one in axes), _goal_axis(record)]


def _value_axis(setting: SettingAxis, trials: Sequence[Trial]) -> ValueAxis:
    one = setting.axis
    tried = [trial.parameters[one.path] for trial in trials if one.path in trial.parameters]
    if one.choices:
        options = tuple(dict.fromkeys((*one.choices, *tried)))
        told = tuple(setting.write(value) for value in options)
        return ValueAxis(setting.title, 0.0, max(1.0, len(options) - 1.0), lambda at: told[round(at)], options=told)
    values = [float(value) for value in (one.low, one.high, *tried) if isinstance(value, int | float)]
    is_log = one.log and min(values) > 0
    title = tr("{setting} (log)", setting=setting.title) if is_log else setting.title
    write: Callable[[float], str] = lambda at: setting.write(round(at) if one.is_integer else float(at))  # noqa: E731
    return ValueAxis(title, min(values), max(values), write, is_log=is_log)


def _goal_axis(record: SearchRecord) -> ValueAxis:
    goal = record.goals[0]
    values = np.array([one.value for one in record.trials if math.isfinite(one.value)])
    if not len(values):
        return ValueAxis(goal_title(goal), 0.0, 1.0, lambda value: value_in_words(value, goal))
    low, high = float(np.percentile(values, 5)), float(values.max())
    if goal.lower_is_better:
        low, high = float(values.min()), float(np.percentile(values, 95))
    step = round_step(max(high - low, 1e-6), 4)
    low, high = math.floor(low / step) * step, math.ceil(high / step + 1e-9) * step
    return ValueAxis(goal_title(goal), low, high, lambda value: value_in_words(value, goal))


def lines(record: SearchRecord, axes: Sequence[SettingAxis], drawn_on: Sequence[ValueAxis]) -> list[TrialLine]:
    """A value that lies outside the goal's axis (a trial that failed to learn) stands at its end."""
    drawn, end = looks(record), drawn_on[-1]
    found = []
    for trial in record.trials:
        values = [_place(setting, axis, trial) for setting, axis in zip(axes, drawn_on, strict=False)]
        value = min(max(trial.value, end.low), end.high) if math.isfinite(trial.value) else math.nan
        found.append(TrialLine(trial.number, trial_name(trial), drawn[trial.number], (*values, value)))
    return found


def _place(setting: SettingAxis, axis: ValueAxis, trial: Trial) -> float:
    value = trial.parameters.get(setting.axis.path)
    if value is None:
        return math.nan
    if axis.options:
        return float(axis.options.index(setting.write(value)))
    return float(value)


def boxes(record: SearchRecord, axes: Sequence[SettingAxis]) -> dict[int, tuple[float, float]]:
    """Between which values the best few lie, of settings that are numbers."""
    best = [one for one in ranked(record) if one.state == "done"][:NUM_LEADING]
    found = {}
    for place, setting in enumerate(axes):
        values = [one.parameters[setting.axis.path] for one in best if setting.axis.path in one.parameters]
        if len(values) >= 3 and not setting.axis.choices:
            found[place] = (float(min(values)), float(max(values)))
    return found


# -- two goals ---------------------------------------------------------------------------------------------------------


def front(record: SearchRecord) -> tuple[tuple[Goal, Goal], list[FrontPoint]]:
    """Of a record with two goals."""
    drawn, on_front = looks(record), set(record.front)
    points = [
        FrontPoint(one.number, trial_name(one), drawn[one.number], one.values[0], one.values[1], one.number in on_front)
        for one in record.trials
        if len(one.values) > 1
    ]
    first, second = (_goal(one) for one in record.goals[:2])
    return (first, second), points


def _goal(goal: SearchGoal) -> Goal:
    return Goal(
        words(goal.title),
        lambda value: value_in_words(value, goal, with_unit=True),
        goal.lower_is_better,
        is_share(goal),
    )


def repeats_of(record: SearchRecord, number: int) -> Repeats | None:
    return next((one for one in record.repeats if one.trial == number), None)
