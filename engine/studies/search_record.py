"""The record of a search, made of what its memory says of the trials and of their runs' journals."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from engine.config.run import RunConfig
from engine.config.search import Range, SearchPlan
from engine.config.search_limits import limits_of
from engine.config.tasks.best_metric import judged_by
from engine.messages import Message
from engine.metrics.confidence_intervals import mean_half_width
from engine.records.search import (
    AgainstStart,
    Axis,
    BudgetUsed,
    Importance,
    Repeats,
    SearchGoal,
    SearchPhase,
    SearchRecord,
    Trial,
)
from engine.runs.history import History, open_history
from engine.runs.run import Run
from engine.runs.search_folder import disk_bytes, last_found, plan_of, run_name
from engine.runs.study import Study
from engine.studies.search_words import headline, outcome_of
from engine.studies.trial_configs import checks, first_check
from engine.studies.trial_memory import HALVING, KILLED, Remembered, TrialMemory


@dataclass(frozen=True)
class Standing:
    """What of a search is in neither memory nor journals; it is kept in found.json."""

    phase: SearchPhase = "searching"
    seconds_used: float = 0.0
    notes: tuple[Message, ...] = ()
    against_start: AgainstStart | None = None

    @staticmethod
    def of(study: Study) -> Standing:
        """As it was kept last; the usual one where there is nothing that can be read."""
        tree = last_found(study)
        try:
            against = tree.get("against_start")
            return Standing(
                phase=tree["phase"],
                seconds_used=float(tree["budget"]["seconds_used"]),
                notes=tuple(Message.from_json(one) for one in tree["notes"]),
                against_start=None if against is None else AgainstStart.from_json(against),
            )
        except (KeyError, TypeError, ValueError, AttributeError):
            return Standing()


def search_record(study: Study) -> SearchRecord:
    """The record of a search from its folder. Raises InputError for a study that is no search, and for one whose plan
    or trials cannot be read."""
    plan = plan_of(study)
    memory = TrialMemory(study.path, plan, study.base, is_held=False, first_check=first_check(study.base))
    trials = memory.trials()
    if not study.is_locked:  # nobody goes on with what was running when the process died
        trials = tuple(one if one.state != "running" else replace(one, state="failed", reason=KILLED) for one in trials)
    return Recorder(study, plan).record(trials, Standing.of(study), importance=memory.importance())


class Recorder:
    """Makes records of one search. What does not change is made once."""

    def __init__(self, study: Study, plan: SearchPlan) -> None:
        self._study, self._plan, self._config = study, plan, study.base
        self._name, self._seeds = study.name, study.seeds
        self._goals = tuple(
            SearchGoal(goal.key, goal.title, goal.lower_is_better, goal.recall_floor) for goal in plan.goals
        )
        self._axes = tuple(axis_of(one, self._config) for one in plan.ranges)

    def record(
        self,
        remembered: Sequence[Remembered],
        standing: Standing,
        *,
        importance: Importance | None = None,
        live: tuple[Remembered, History] | None = None,
        state: str | None = None,
        disk: int | None = None,
    ) -> SearchRecord:
        """`live` is the trial that trains now with all that its run told."""
        trials = [self._trial(one) for one in remembered if live is None or one.number != live[0].number]
        if live is not None:
            trials.append(trial_of(live[0], live[1], self._plan))
        trials.sort(key=lambda one: one.number)
        finished = [one for one in trials if one.state == "done"]
        best = min(finished, key=self.order, default=None)
        repeats = () if standing.phase == "searching" else self._repeats(finished)
        named = self._named(finished, repeats)
        record = SearchRecord(
            name=self._name,
            state=self._study.state if state is None else state,
            phase=standing.phase,
            headline=Message(""),
            goals=self._goals,
            axes=self._axes,
            trials=tuple(trials),
            budget=self._budget(trials, standing),
            seed=self._config.seed,
            best=None if best is None else best.number,
            front=front_of(finished, self._plan) if len(self._plan.goals) > 1 else (),
            checks=checks(self._config, HALVING) if self._plan.prunes and len(self._plan.goals) == 1 else (),
            importance=importance,
            repeats=repeats,
            winner=named if standing.phase == "over" else None,
            against_start=standing.against_start,
            baseline=self._baseline(trials),
            notes=standing.notes,
            disk_bytes=disk_bytes(self._study.path) if disk is None else disk,
        )
        record = replace(record, outcome=outcome_of(record))
        return replace(record, headline=headline(record))

    def order(self, one: Trial | Remembered) -> float:
        """The better by the first goal, the smaller."""
        value = one.values[0] if one.values else math.nan
        if math.isnan(value):
            return math.inf
        return value if self._plan.goals[0].lower_is_better else -value

    def finalists(self, remembered: Sequence[Remembered]) -> list[Remembered]:
        """The best finished trials, the best one first; with two goals the best of the front."""
        found = [one for one in remembered if one.state == "done" and one.values]
        if len(self._plan.goals) > 1:
            front = front_of(found, self._plan)
            found = [one for one in found if one.number in front]
        return sorted(found, key=self.order)[: self._plan.budget.finalists]

    def ahead(self, repeats: Sequence[Repeats]) -> Repeats | None:
        """The best mean among those that were repeated as often as any; None before one was repeated at all."""
        most = max((len(one.values) for one in repeats), default=0)
        if most < 2:
            return None
        sign = 1 if self._plan.goals[0].lower_is_better else -1
        return min((one for one in repeats if len(one.values) == most), key=lambda one: sign * one.mean)

    def _named(self, finished: Sequence[Trial], repeats: Sequence[Repeats]) -> int | None:
        """The winner's number. The start is one without being repeated where nothing else came to its end."""
        if finished and all(one.is_start for one in finished):
            return finished[0].number
        ahead = self.ahead(repeats)
        return None if ahead is None else ahead.trial

    def _trial(self, one: Remembered) -> Trial:
        run = Run(self._study.path / one.run)
        if not one.run or not run.journal.is_file():
            return trial_of(one, History(), self._plan)
        written = run.journal.stat()
        return _read_trial(_Key(one), run.path, self._plan, written.st_size, written.st_mtime_ns)

    def _repeats(self, finished: Sequence[Trial]) -> tuple[Repeats, ...]:
        """Of every trial that was trained with a further seed, the best mean first."""
        found = (self._repeats_of(one) for one in finished)
        sign = 1 if self._plan.goals[0].lower_is_better else -1
        return tuple(sorted((one for one in found if one is not None), key=lambda one: sign * one.mean))

    def _repeats_of(self, one: Trial) -> Repeats | None:
        runs = [(seed, Run(self._study.path / run_name(one.number, seed))) for seed in self._seeds]
        values = {seed: value_of(run, self._plan, self._config) for seed, run in runs if run.journal.is_file()}
        known = {seed: value for seed, value in values.items() if not math.isnan(value)}
        if len(values) < 2:
            return None
        names = tuple(run_name(one.number, seed) for seed in known)
        width = float(mean_half_width(list(known.values()))) if len(known) > 1 else math.nan
        mean = statistics.fmean(known.values()) if known else math.nan
        return Repeats(one.number, tuple(known), tuple(known.values()), names, mean, width)

    def _budget(self, trials: Sequence[Trial], standing: Standing) -> BudgetUsed:
        budget = self._plan.budget
        seconds = None if budget.minutes is None else 60 * budget.minutes
        ended = [one for one in trials if one.state in ("done", "pruned") and one.total_steps]
        return BudgetUsed(
            seconds=seconds,
            seconds_used=standing.seconds_used,
            seconds_held_back=0.0 if seconds is None else held_back(trials, self._plan, seconds),
            trials=budget.trials,
            trials_begun=len(trials),
            steps=sum(one.steps for one in ended),
            steps_whole=sum(max(one.steps, one.total_steps) if one.state == "pruned" else one.steps for one in ended),
        )

    def _baseline(self, trials: Sequence[Trial]) -> float:
        """Word counting's first goal on the validation rows, as it stands beside the person's own settings."""
        start = next((one for one in trials if one.is_start and one.run), None)
        if start is None:
            return math.nan
        journal = self._study.path / start.run / "journal.jsonl"
        if not journal.is_file():
            return math.nan
        written = journal.stat()
        return _baseline_in(journal, self._plan.goals[0].key, written.st_size, written.st_mtime_ns)


def held_back(trials: Sequence[Trial | Remembered], plan: SearchPlan, seconds: float) -> float:
    """Seconds that are kept for the repeats: the share that was asked for, or less where the longest training so far
    says that less will do."""
    share = plan.budget.held_back * seconds
    taken = [one.seconds for one in trials if one.state == "done"]
    if not taken or plan.budget.seeds < 2:
        return share if plan.budget.seeds > 1 else 0.0
    return min(share, (plan.budget.seeds - 1) * (plan.budget.finalists + 1) * max(taken) * 1.1)


def axis_of(one: Range, config: RunConfig) -> Axis:
    limits = limits_of(config, one.path)
    return Axis(
        path=one.path,
        title=limits.title,
        start=limits.value,
        low=math.nan if one.low is None else float(one.low),
        high=math.nan if one.high is None else float(one.high),
        log=one.log,
        step=None if one.step is None else float(one.step),
        is_integer=limits.is_integer,
        choices=one.choices,
    )


def trial_of(one: Remembered, history: History, plan: SearchPlan) -> Trial:
    """A trial with its curve, as far as its run told it."""
    steps, values = history.metric(plan.goals[0].key)
    started = history.started
    return Trial(
        number=one.number,
        state=one.state,
        parameters=one.parameters,
        run=one.run,
        curve=tuple((int(step), float(value)) for step, value in zip(steps, values, strict=True)),
        values=one.values,
        seconds=one.seconds,
        reason=one.reason,
        is_start=one.is_start,
        steps=history.last_step,
        total_steps=0 if started is None else started.total_steps,
        steps_per_pass=math.nan if started is None else started.steps_per_epoch,
    )


def front_of(trials: Sequence[Trial] | Sequence[Remembered], plan: SearchPlan) -> tuple[int, ...]:
    """The numbers of the trials that no other one equals in one goal and beats in the other."""
    signs = [1 if goal.lower_is_better else -1 for goal in plan.goals]
    points = {
        one.number: tuple(sign * value for sign, value in zip(signs, one.values, strict=True))
        for one in trials
        if len(one.values) == len(signs)
    }
    return tuple(
        number
        for number, own in points.items()
        if not any(other != own and all(a <= b for a, b in zip(other, own, strict=True)) for other in points.values())
    )


def value_of(run: Run, plan: SearchPlan, config: RunConfig) -> float:
    """The first goal's best value on validation of a run that finished; nan of any other."""
    if run.state != "finished":
        return math.nan
    written = run.journal.stat()
    return _best_in(run.journal, judged_key(plan, config), written.st_size, written.st_mtime_ns)


def judged_key(plan: SearchPlan, config: RunConfig) -> str:
    """The metric that chooses the best checkpoint of a trial."""
    best = config.training.best.model_copy(update={"metric": plan.goals[0].key})
    return judged_by(config.task, best)


class _Key:
    """A remembered trial by what it was told, as its parameters cannot be hashed."""

    def __init__(self, one: Remembered) -> None:
        self.one = one

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and self.one == other.one

    def __hash__(self) -> int:
        return hash((self.one.number, self.one.run, self.one.state))


@lru_cache(maxsize=2048)
def _read_trial(key: _Key, path: Path, plan: SearchPlan, _size: int, _written: int) -> Trial:
    return trial_of(key.one, open_history(path / "journal.jsonl")[0], plan)


@lru_cache(maxsize=2048)
def _best_in(journal: Path, key: str, _size: int, _written: int) -> float:
    best = open_history(journal)[0].best
    return best.value if best is not None and best.metric == key else math.nan


@lru_cache(maxsize=256)
def _baseline_in(journal: Path, key: str, _size: int, _written: int) -> float:
    found: dict[str, Any] = {split: one.metrics for split, one in open_history(journal)[0].baselines.items()}
    return float(found.get("validation", {}).get(key, math.nan))
