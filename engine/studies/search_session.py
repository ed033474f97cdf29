"""Session: one call of a search at work: its clock, what it tells, and one training from its first word to its last."""

from __future__ import annotations

import contextlib
import math
import time
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from engine.commands import Command, Stop
from engine.config.run import RunConfig
from engine.errors import AttuneError, DiskError, InputError
from engine.events import Evaluated, Event, RunFinished, RunPaused, RunResumed, RunStarted
from engine.messages import Message, message
from engine.metrics.registry import metric_of
from engine.records import Comparison, Progress
from engine.records.search import AgainstStart, Importance, SearchRecord, TrialState
from engine.runs.history import History, open_history
from engine.runs.journal import JournalWriter
from engine.runs.run import Run
from engine.runs.search_folder import disk_bytes, plan_of, variant_of
from engine.runs.study import RunNews, Study
from engine.studies.ablation import Training
from engine.studies.search_record import Recorder, Standing, judged_key
from engine.studies.trial_configs import first_check, trial_config
from engine.studies.trial_memory import Remembered, TrialMemory

Telling = Generator[Progress, Command | None, None]
Found = TypeVar("Found")

LEAST_VALIDATION_ROWS = 10


@dataclass(frozen=True)
class SearchTools:
    """What studies are told, as they load without torch. `train` begins a run or goes on with it, and writes its
    journal; `compare` puts the best checkpoints of runs beside each other on the same rows; `at_recall` some runs
    against others by precision at a least recall."""

    train: Callable[[Run], Training]
    compare: Callable[[Sequence[Run]], Generator[Progress, None, Comparison]]
    at_recall: Callable[[Sequence[Run], Sequence[Run], float], Generator[Progress, None, AgainstStart]]


@dataclass(frozen=True)
class RunEnd:
    """How a training came out."""

    state: TrialState
    reason: Message | None = None
    is_tried_again: bool = False


class _Clock:
    """Seconds of work, those of earlier sessions and no pauses."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._seen = time.perf_counter()
        self.is_paused = False

    def tick(self) -> None:
        now = time.perf_counter()
        if not self.is_paused:
            self.seconds += now - self._seen
        self._seen = now

    def take(self, event: Event | None) -> None:
        if isinstance(event, RunPaused):
            self.is_paused = True
        elif isinstance(event, RunResumed | RunFinished):
            self.is_paused = False


class LiveTrial:
    """The trial that trains: what its run told, and the best of it."""

    def __init__(self, asked: Remembered, run: Run, goals: Sequence[str], floor: float) -> None:
        self.asked, self.run = asked, run
        self.history = open_history(run.journal)[0] if run.journal.is_file() else History()
        self._goals, self._floor = goals, floor
        self.values: tuple[float, ...] = ()
        self.num_evaluations = 0
        for event in self.history.evaluations.get("validation", []):
            self._take(event)

    def append(self, event: Event) -> bool:
        """Whether it is an evaluation on validation."""
        self.history.append(event)
        if isinstance(event, RunStarted | RunResumed):
            self.values, self.num_evaluations = (), 0
            for earlier in self.history.evaluations.get("validation", []):
                self._take(earlier)
        if not isinstance(event, Evaluated) or event.split != "validation":
            return False
        self._take(event)
        return True

    def remembered(self, seconds: float) -> Remembered:
        return replace(self.asked, values=self.values, seconds=seconds)

    def _take(self, event: Evaluated) -> None:
        """As the loop chooses its best checkpoint: by the first goal; precision counts from the least recall on."""
        self.num_evaluations += 1
        key, metrics = self._goals[0], event.metrics
        value = metrics.get(key, math.nan)
        if not math.isfinite(value) or (key == "precision" and metrics.get("recall", 0.0) < self._floor):
            return
        if self.values and not (value < self.values[0] if metric_of(key).lower_is_better else value > self.values[0]):
            return
        self.values = tuple(metrics.get(name, math.nan) for name in self._goals)


class Session:
    """What one call of `run_search` knows and does, whichever part of the search it is at. `keys` are the metrics of
    the goals; `seconds` those of the whole budget (infinite without minutes)."""

    def __init__(self, study: Study, tools: SearchTools) -> None:
        self.study, self.tools = study, tools
        self.plan, self.config = plan_of(study), study.base
        self.memory = TrialMemory(
            study.path, self.plan, self.config, is_held=True, first_check=first_check(self.config)
        )
        self.recorder = Recorder(study, self.plan)
        self.standing = Standing.of(study)
        self.clock = _Clock(self.standing.seconds_used)
        minutes = self.plan.budget.minutes
        self.seconds = math.inf if minutes is None else 60 * minutes
        self.importance: Importance | None = self.memory.importance()
        self.disk = disk_bytes(study.path)
        self.is_stopping = False
        self._wish: Command | None = None
        self.keys = (judged_key(self.plan, self.config), *(goal.key for goal in self.plan.goals[1:]))

    def run_config(self, number: int, parameters: dict[str, Any], seed: int, *, is_start: bool) -> RunConfig:
        title = f"{self.study.name} · {variant_of(number, self.config, is_start=is_start).title.english()}"
        return trial_config(self.config, self.plan, parameters, title=title[:200], seed=seed, is_start=is_start)

    def made(self, name: str, config: RunConfig) -> Run:
        path = self.study.path / name
        return Run(path) if (path / "run.json").is_file() else Run.create(config, self.study.path, name)

    def train(
        self, trial: LiveTrial, began: float, deadline: float, *, is_trial: bool
    ) -> Generator[Progress, Command | None, RunEnd]:
        """Train a run to its end, or until it is behind (a trial alone) or the clock says `deadline`. Raises InputError
        for wrong input before any trial was measured, and DiskError for a full disk."""
        run, live = trial.run, trial if is_trial else None
        yield from self.tell(live, began)
        command, self._wish = Stop() if self.is_stopping else self._wish, None
        with contextlib.closing(self.tools.train(run)) as training:
            while True:
                try:
                    event = training.send(command)
                except StopIteration:
                    break
                except AttuneError as error:
                    if is_full(error) or (isinstance(error, InputError) and not self._is_anything_known()):
                        raise
                    return RunEnd("failed", error.what)
                self.clock.tick()
                if isinstance(event, RunStarted):
                    _refuse_few_rows(event, self.study)
                is_measured = event is not None and trial.append(event)
                self.clock.take(event)
                why = self._why_to_stop(trial, deadline, is_measured=is_measured and is_trial)
                if why is not None and not self.is_stopping:
                    training.close()
                    _end_run(run, trial.history, why)
                    return RunEnd("pruned", why)
                command = yield self._progress(trial, event, live if is_measured else None, began)
                self.is_stopping |= isinstance(command, Stop)
        finished = trial.history.finished
        if finished is None or finished.state != "finished":
            self.is_stopping = True  # by a command that came another way
            return RunEnd("failed", message("Stopped by you: it goes on when the search does."), is_tried_again=True)
        if not trial.values or not all(math.isfinite(one) for one in trial.values):
            return RunEnd("failed", message("It never reached what counts: the goal was not measured."))
        return RunEnd("done")

    def _why_to_stop(self, trial: LiveTrial, deadline: float, *, is_measured: bool) -> Message | None:
        """The reason in words; None to go on."""
        started = trial.history.started
        if started is not None and trial.history.last_step >= started.total_steps:
            return None
        if is_measured and trial.values:
            is_behind = self.memory.report(trial.num_evaluations, trial.values[0])
            if is_behind and not trial.asked.is_start:
                return message(
                    "Stopped early by the search: behind the better half at evaluation {number}.",
                    number=trial.num_evaluations,
                )
        if self.clock.seconds >= deadline:
            return message("Stopped by the search: its minutes were over.")
        return None

    def _is_anything_known(self) -> bool:
        return any(one.values for one in self.memory.trials())

    def followed(
        self, comparing: Generator[Progress, None, Found]
    ) -> Generator[Progress, Command | None, Found | None]:
        """None where it was stopped."""
        with contextlib.closing(comparing):
            while True:
                try:
                    next(comparing)
                except StopIteration as end:
                    found: Found = end.value
                    return found
                self.clock.tick()
                if isinstance((yield Progress(*self.extent())), Stop):
                    self.is_stopping = True
                    return None

    def take_ranges(self) -> None:
        """A person may change them meanwhile (`search_folder.change_ranges`)."""
        plan = plan_of(self.study)
        if plan.ranges != self.plan.ranges:
            self.plan = self.plan.model_copy(update={"ranges": plan.ranges})
            self.memory.take_ranges(plan.ranges)
            self.recorder = Recorder(self.study, self.plan)
            self.importance = self.memory.importance()

    # --- telling ------------------------------------------------------------------------------------------------------

    def note(self, note: Message) -> None:
        self.standing = replace(self.standing, notes=(*self.standing.notes, note))

    def tell(self, live: LiveTrial | None = None, began: float = 0.0) -> Telling:
        self.clock.tick()
        command = yield Progress(*self.extent(), self.record(live, began))
        self.is_stopping |= isinstance(command, Stop)
        self._wish = command or self._wish

    def _progress(self, trial: LiveTrial, event: Event | None, live: LiveTrial | None, began: float) -> Progress:
        if live is not None:
            return Progress(*self.extent(), self.record(live, began))
        return Progress(*self.extent(), None if event is None else RunNews(trial.run.path, event))

    def record(self, live: LiveTrial | None = None, began: float = 0.0, state: str = "running") -> SearchRecord:
        self.standing = replace(self.standing, seconds_used=self.clock.seconds)
        now = None if live is None else (live.remembered(self.clock.seconds - began), live.history)
        return self.recorder.record(
            self.memory.trials(),
            self.standing,
            importance=self.importance,
            live=now,
            state=state,
            disk=self.disk,
        )

    def extent(self) -> tuple[int, int]:
        """(done, total): seconds of the minutes, or trials where there are none."""
        if not math.isinf(self.seconds):
            total = max(1, math.ceil(self.seconds))
            return min(int(self.clock.seconds), total), total
        most = self.plan.budget.trials or 1
        return min(len(self.memory.trials()), most), most


def _refuse_few_rows(started: RunStarted, study: Study) -> None:
    """Raises InputError where the validation rows cannot tell settings apart."""
    count = started.rows.get("validation", 0)
    if count < LEAST_VALIDATION_ROWS:
        raise InputError(
            message("{count:plural:validation row:validation rows} cannot tell settings apart.", count=count),
            str(study.path),
            message(
                "Give the data at least {least} validation rows: more rows, or a validation file (data.validation).",
                least=LEAST_VALIDATION_ROWS,
            ),
        )


def is_full(error: AttuneError) -> bool:
    return isinstance(error, DiskError) and error.is_full


def _end_run(run: Run, history: History, reason: Message) -> None:
    """The last word of a run that was ended from outside."""
    best = history.best
    told = None if best is None else {"step": best.step, "metric": best.metric, "value": best.value}
    with JournalWriter(run.journal) as journal:
        journal.append(RunFinished(step=history.last_step, state="stopped", best=told, reason=reason))
