"""TrialMemory: what a search has tried and how it came out, in optuna's journal file; and what optuna makes of it: the
next settings to try (TPE, Bergstra 2011), whether a trial is worth going on with (successive halving, Li 2018), and
which settings mattered (PED-ANOVA, Watanabe 2023).

A trial has two numbers: optuna's own, and `number`, by which people know it. Settings that do not go together, or were
tried already, take one of the former and none of the latter. A trial that a killed process left behind is told as
failed when the file is opened again, and its settings wait to be tried once more under the number that they had.
"""

from __future__ import annotations

import contextlib
import json
import math
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.config.search import Range, SearchPlan, start_of
from engine.errors import InputError
from engine.faults import disk_number
from engine.messages import Message, message
from engine.records.search import Importance, Influence, TrialState
from engine.runs.files import disk_errors
from engine.runs.journal import cut_partial_line
from engine.runs.run_facts import how_to_go_on
from engine.runs.search_folder import TRIALS_FILE

if TYPE_CHECKING:
    import optuna
    from optuna.distributions import BaseDistribution
    from optuna.trial import FrozenTrial

    from engine.config.run import RunConfig

HALVING = 2
"""At each check the better one of so many trials goes on."""

LEAST_FOR_IMPORTANCE = 10
_BEST_ONES = 5
_EVALUATOR = "PED-ANOVA"
_STARTUP = 8
"""Trials by chance before TPE proposes any."""


@dataclass(frozen=True)
class Remembered:
    """A trial that was begun: how it stands, what was tried, and what it came to (`values` one a goal)."""

    number: int
    state: TrialState
    parameters: dict[str, Any]
    run: str
    is_start: bool = False
    values: tuple[float, ...] = ()
    seconds: float = 0.0
    steps: int = 0
    reason: Message | None = None
    is_tried_again: bool = False


class TrialMemory:
    """The trials of a search. Without `is_held` they are only read, also while another process goes on with them.
    Raises InputError for a file that is damaged, DiskError when the disk refuses."""

    def __init__(
        self, folder: Path, plan: SearchPlan, config: RunConfig, *, is_held: bool, first_check: int = 1
    ) -> None:
        """`is_held`: the caller holds the study's lock. Trials are looked at for the first time at evaluation number
        `first_check`, then each time that `HALVING` times as many are over."""
        self._plan, self._config, self._file = plan, config, folder / TRIALS_FILE
        self.take_ranges(plan.ranges)
        self._trial: optuna.Trial | None = None
        with _readable(self._file):
            if is_held:
                cut_partial_line(self._file)
                (folder / f"{TRIALS_FILE}.lock").unlink(missing_ok=True)  # of a process that was killed
            self._study = _study(self._file, plan, first_check, is_held=is_held)
            if is_held:
                self._take_up()

    def take_ranges(self, ranges: Sequence[Range]) -> None:
        """From the next trial on."""
        self._ranges = {one.path: one for one in ranges}
        self._start = start_of(ranges, self._config)

    # --- what was tried ---------------------------------------------------------------------------------------------

    def trials(self) -> tuple[Remembered, ...]:
        """By number; of settings that were tried again the last try."""
        found = (_remembered(one) for one in self._study.get_trials(deepcopy=False))
        by_number = {one.number: one for one in found if one is not None}
        return tuple(by_number[number] for number in sorted(by_number))

    def importance(self) -> Importance | None:
        """None before enough trials were measured. Trials that were stopped early count by what they had reached: they
        are the settings that do not work."""
        counted = [one for one in self.trials() if one.state in ("done", "pruned") and one.values]
        counted = [one for one in counted if self._is_within(one.parameters)]
        if len(counted) < LEAST_FOR_IMPORTANCE:
            return None
        shares = _shares(counted, self._ranges, self._plan.goals[0].lower_is_better)
        best = sorted((one for one in counted if one.state == "done"), key=self._order)[:_BEST_ONES]
        influences = tuple(self._influence(path, share, best) for path, share in shares.items())
        return Importance(_EVALUATOR, len(counted), influences)

    def _order(self, one: Remembered) -> float:
        return one.values[0] if self._plan.goals[0].lower_is_better else -one.values[0]

    def _influence(self, path: str, share: float, best: Sequence[Remembered]) -> Influence:
        from engine.config.search_limits import limits_of

        title, values = limits_of(self._config, path).title, [one.parameters[path] for one in best]
        if self._ranges[path].choices:
            return Influence(path, title, share, best_choices=tuple(dict.fromkeys(values)))
        return Influence(path, title, share, min(values, default=math.nan), max(values, default=math.nan))

    # --- the next one -----------------------------------------------------------------------------------------------

    def ask(self) -> Remembered:
        """What to try next; its number and run are given by `begin`, unless it has them from an earlier try."""
        with disk_errors(self._file), _quiet():
            self._study.sampler = _sampler(self._config.seed, len(self.trials()) + self.num_passed_over)
            self._trial = trial = self._study.ask()
            told = trial.user_attrs
            is_start = bool(told.get("start"))
            parameters = dict(self._start)
            if not (is_start and not self._is_within(self._start)):
                parameters = {path: _suggested(trial, one) for path, one in self._ranges.items()}
            parameters = dict(
                told.get("parameters", parameters)
            )  # of one that is tried again: ranges may be others now
        return Remembered(told.get("number", -1), "running", parameters, told.get("run", ""), is_start=is_start)

    def begin(self, number: int, run: str, parameters: Mapping[str, Any]) -> None:
        """The settings that were asked for are a trial, which trains in this run."""
        assert self._trial is not None
        told = {"number": number, "run": run, "parameters": dict(parameters)}
        with disk_errors(self._file), _quiet():
            for name, value in told.items():
                self._trial.set_user_attr(name, value)

    def report(self, evaluation: int, value: float) -> bool:
        """The first goal's best value until this evaluation (from 1); whether the trial should end here."""
        assert self._trial is not None
        if len(self._plan.goals) > 1 or not self._plan.prunes:
            return False
        with disk_errors(self._file), _quiet():
            self._trial.report(value, evaluation)
            return bool(self._trial.should_prune())

    def end(
        self,
        state: TrialState,
        values: Sequence[float] = (),
        *,
        seconds: float = 0.0,
        steps: int = 0,
        reason: Message | None = None,
        is_tried_again: bool = False,
    ) -> None:
        """How the trial that was asked for came out. What is tried again waits as the next one."""
        from optuna.trial import TrialState as Told

        assert self._trial is not None
        trial, self._trial = self._trial, None
        about = {"state": state, "values": list(values), "seconds": seconds, "steps": steps, "again": is_tried_again}
        with disk_errors(self._file), _quiet():
            for name, value in {**about, "reason": None if reason is None else reason.to_json()}.items():
                trial.set_user_attr(name, value)
            is_outside = bool(trial.user_attrs.get("start")) and not self._is_within(self._start)
            told = {"done": Told.COMPLETE, "pruned": Told.PRUNED}.get(state, Told.FAIL)
            if is_outside or (told == Told.COMPLETE and not all(math.isfinite(one) for one in values)):
                told = Told.FAIL  # nothing that the sampler could learn from
            self._study.tell(trial, list(values) if told == Told.COMPLETE else None, state=told)
            if is_tried_again:
                self._enqueue_again(trial.params, trial.user_attrs)

    def pass_over(self) -> None:
        """What was asked for is no trial: it does not go together, or was tried already."""
        from optuna.trial import TrialState as Told

        assert self._trial is not None
        trial, self._trial = self._trial, None
        with disk_errors(self._file), _quiet():
            trial.set_user_attr("passed over", True)
            self._study.tell(trial, state=Told.FAIL)

    @property
    def num_passed_over(self) -> int:
        return sum("passed over" in one.user_attrs for one in self._study.get_trials(deepcopy=False))

    # --- beginning, and going on after a kill -----------------------------------------------------------------------

    def _take_up(self) -> None:
        """A new file gets the person's own settings as the first ones to try. What was running when the process died
        is told as failed, and tried again."""
        from optuna.trial import TrialState as Told

        with _quiet():
            known = self._study.get_trials(deepcopy=False)
            if not known:
                self._enqueue_start({})
            for one in known:
                if one.state == Told.RUNNING:
                    self._study.tell(one.number, state=Told.FAIL)
                    self._enqueue_again(one.params, one.user_attrs)

    def _enqueue_again(self, params: Mapping[str, Any], told: Mapping[str, Any]) -> None:
        kept = {name: told[name] for name in ("number", "run", "start", "parameters") if name in told}
        if kept.get("start"):
            self._enqueue_start(kept)
        elif params:
            self._study.enqueue_trial(dict(params), user_attrs=kept)

    def _enqueue_start(self, attributes: Mapping[str, Any]) -> None:
        params = {}
        if self._is_within(self._start):
            params = {_name(one): self._start[path] for path, one in self._ranges.items() if not one.is_fixed}
        self._study.enqueue_trial(params, user_attrs={**attributes, "start": True})

    def _is_within(self, parameters: Mapping[str, Any]) -> bool:
        return all(one.holds(parameters.get(path)) for path, one in self._ranges.items())


KILLED = message("Interrupted: the program was ended while it trained.")


# --- optuna ---------------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """optuna warns of what it may change one day, and prints what it does."""
    import optuna

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@contextlib.contextmanager
def _readable(file: Path) -> Iterator[None]:
    """Raises InputError for a journal that cannot be read back."""
    try:
        with disk_errors(file):
            yield
    except (json.JSONDecodeError, KeyError, ValueError, TypeError) as error:
        if disk_number(error) is not None:
            raise
        raise InputError(
            message("{file} is damaged: what was tried cannot be read any more.", file=file.name),
            str(file),
            how_to_go_on(file.parent),
        ) from error


def _study(file: Path, plan: SearchPlan, first_check: int, *, is_held: bool) -> optuna.Study:
    """Whoever only reads writes nothing: of a search that never began there is nothing to read."""
    import optuna
    from optuna.pruners import SuccessiveHalvingPruner
    from optuna.storages import JournalStorage
    from optuna.storages.journal import JournalFileBackend, JournalFileOpenLock

    with _quiet():
        storage = None
        if is_held or file.is_file():
            storage = JournalStorage(JournalFileBackend(str(file), lock_obj=JournalFileOpenLock(str(file))))
        if storage is not None and not is_held:
            if storage.get_all_studies():
                return optuna.load_study(storage=storage, study_name="search")
            storage = None
        return optuna.create_study(
            storage=storage,
            pruner=SuccessiveHalvingPruner(min_resource=first_check, reduction_factor=HALVING),
            study_name="search",
            directions=["minimize" if goal.lower_is_better else "maximize" for goal in plan.goals],
            load_if_exists=True,
        )


def _sampler(seed: int, num_asked: int) -> optuna.samplers.BaseSampler:
    """Made anew for each trial, so that a search that was interrupted proposes what an uninterrupted one would."""
    from optuna.samplers import TPESampler

    return TPESampler(
        n_startup_trials=_STARTUP, multivariate=True, constant_liar=True, seed=(seed * 1_000_003 + num_asked) % 2**32
    )


def _suggested(trial: optuna.Trial, one: Range) -> Any:
    if one.is_fixed:
        return one.choices[0]
    if one.choices:
        return trial.suggest_categorical(_name(one), list(one.choices))
    assert one.low is not None and one.high is not None
    if isinstance(one.low, int) and isinstance(one.high, int):
        return trial.suggest_int(_name(one), one.low, one.high, step=int(one.step or 1), log=one.log)
    return trial.suggest_float(_name(one), one.low, one.high, step=one.step, log=one.log)


def _name(one: Range) -> str:
    """What optuna knows it by: the ends of a range may change in the midst of a search, neither its scale nor values to
    choose from."""
    if one.choices:
        return f"{one.path}: {', '.join(str(value) for value in one.choices)}"
    return f"{one.path}, log" if one.log else one.path


def _distribution(one: Range) -> BaseDistribution:
    from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution

    if one.choices:
        return CategoricalDistribution(list(one.choices))
    assert one.low is not None and one.high is not None
    if isinstance(one.low, int) and isinstance(one.high, int):
        return IntDistribution(one.low, one.high, step=int(one.step or 1), log=one.log)
    return FloatDistribution(one.low, one.high, step=one.step, log=one.log)


def _shares(counted: Sequence[Remembered], ranges: Mapping[str, Range], lower_is_better: bool) -> dict[str, float]:
    """{setting: its share of the differences}, the largest first."""
    import optuna
    from optuna.importance import PedAnovaImportanceEvaluator, get_param_importances

    with _quiet():
        study = optuna.create_study(direction="minimize" if lower_is_better else "maximize")
        distributions = {path: _distribution(one) for path, one in ranges.items() if not one.is_fixed}
        for one in counted:
            params = {path: one.parameters[path] for path in distributions}
            study.add_trial(optuna.trial.create_trial(params=params, distributions=distributions, value=one.values[0]))
        found = get_param_importances(study, evaluator=PedAnovaImportanceEvaluator())
    return {path: float(share) for path, share in sorted(found.items(), key=lambda item: -item[1])}


def _remembered(one: FrozenTrial) -> Remembered | None:
    """None for what was passed over, waits, or died before it had a run. One that nobody told of was killed."""
    from optuna.trial import TrialState as Told

    told = one.user_attrs
    if "number" not in told or one.state == Told.WAITING:
        return None
    is_killed = one.state == Told.FAIL and "state" not in told
    reason = KILLED.to_json() if is_killed else told.get("reason")
    return Remembered(
        number=int(told["number"]),
        state=told.get("state", "failed" if is_killed else "running"),
        parameters=dict(told.get("parameters", one.params)),
        run=str(told.get("run", "")),
        is_start=bool(told.get("start")),
        values=tuple(float(value) for value in told.get("values", ())),
        seconds=float(told.get("seconds", 0.0)),
        steps=int(told.get("steps", 0)),
        reason=None if reason is None else Message.from_json(reason),
        is_tried_again=is_killed or bool(told.get("again")),
    )
