"""Running a search: trials one after the other, each an ordinary run; the best repeated; the winner beside the start.

    until the budget is over: ask for settings -> train them -> at each evaluation: report, stop if it is behind
    the best and the person's own settings, with further seeds -> the winner and the start on the same rows

The minutes hold for all of it. What kills the process costs the trial that trains then, and not even that where its run
had a checkpoint: it is told as failed and goes on as soon as the search does.
"""

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
from engine.records.comparison import Change, ComparedGroup
from engine.records.search import AgainstStart, Importance, SearchRecord, TrialState
from engine.runs.files import write_atomic
from engine.runs.history import History, open_history
from engine.runs.journal import JournalWriter
from engine.runs.run import Run
from engine.runs.search_folder import BEST_FILE, disk_bytes, drop_checkpoints, keep_found, plan_of, run_name, variant_of
from engine.runs.study import RunNews, Study, StudyState
from engine.studies.ablation import Training
from engine.studies.search_record import Recorder, Standing, held_back, judged_key, search_record, value_of
from engine.studies.trial_configs import chosen_config, first_check, trial_config
from engine.studies.trial_memory import Remembered, TrialMemory

Searching = Generator[Progress, Command | None, SearchRecord]
Telling = Generator[Progress, Command | None, None]
Found = TypeVar("Found")

_MOST_PASSED_OVER = 60
"""Points in a row that are no trial before the space counts as tried out."""
LEAST_VALIDATION_ROWS = 10
_MOST_FAILURES = 4
"""Trials that fail before any is measured: then it is not the settings' fault."""


@dataclass(frozen=True)
class SearchTools:
    """What studies are told, as they load without torch. `train` begins a run or goes on with it, and writes its
    journal; `compare` puts the best checkpoints of runs beside each other on the same rows; `at_recall` some runs
    against others by precision at a least recall."""

    train: Callable[[Run], Training]
    compare: Callable[[Sequence[Run]], Generator[Progress, None, Comparison]]
    at_recall: Callable[[Sequence[Run], Sequence[Run], float], Generator[Progress, None, AgainstStart]]


def run_search(study: Study, tools: SearchTools) -> Searching:
    """Begin a search, or go on with one; the result is its last record. See `engine.records.search` for what it yields.
    Raises InputError while another process runs it, and for wrong input; DiskError when the disk is full."""
    with study.locked():
        if study.state == "finished":
            return search_record(study)
        study.become("running")
        state: StudyState = "interrupted"
        search = _Search(study, tools)
        try:
            is_stopped = yield from search.run()
            state = "stopped" if is_stopped else "finished"
        except AttuneError:
            state = "stopped"
            raise
        finally:
            if state != "interrupted":
                study.become(state)
    return search.kept(state)


@dataclass(frozen=True)
class _End:
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


class _Trial:
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


class _Search:
    """How far one call of `run_search` has come."""

    def __init__(self, study: Study, tools: SearchTools) -> None:
        self._study, self._tools = study, tools
        self._plan, self._config = plan_of(study), study.base
        self._memory = TrialMemory(
            study.path, self._plan, self._config, is_held=True, first_check=first_check(self._config)
        )
        self._recorder = Recorder(study, self._plan)
        self._standing = Standing.of(study)
        self._clock = _Clock(self._standing.seconds_used)
        minutes = self._plan.budget.minutes
        self._seconds = math.inf if minutes is None else 60 * minutes
        self._importance: Importance | None = self._memory.importance()
        self._disk = disk_bytes(study.path)
        self._known = {one.name for one in study.variants}
        self._is_stopping = False
        self._wish: Command | None = None
        self._keys = (judged_key(self._plan, self._config), *(goal.key for goal in self._plan.goals[1:]))

    def run(self) -> Generator[Progress, Command | None, bool]:
        """Whether it was stopped."""
        self._standing = replace(self._standing, phase="searching", notes=(), against_start=None)
        yield from self._tell()
        yield from self._search()
        num_passed = self._memory.num_passed_over
        if num_passed:
            self._note(
                message(
                    "{count:plural:point was:points were} passed over: tried already, or settings that do not go "
                    "together.",
                    count=num_passed,
                )
            )
        if not self._is_stopping:
            yield from self._repeat()
        if not self._is_stopping:
            yield from self._measure()
        if not self._is_stopping:
            self._standing = replace(self._standing, phase="over")
        yield from self._tell()
        return self._is_stopping

    def kept(self, state: str) -> SearchRecord:
        """The record as it is now, also in the folder."""
        record = self._record(state=state)
        keep_found(self._study, record)
        number = record.best if record.winner is None else record.winner
        if number is not None:
            found = chosen_config(self._config, self._plan, record.trial(number).parameters)
            write_atomic(self._study.path / BEST_FILE, found.to_yaml())
        return record

    # --- trials -------------------------------------------------------------------------------------------------------

    def _search(self) -> Telling:
        num_passed, num_failed = 0, 0
        while not self._is_stopping and self._is_room_for_trials():
            self._take_ranges()
            if num_passed >= _MOST_PASSED_OVER:
                self._note(message("Every setting of the space was tried."))
                return
            asked = self._memory.ask()
            config = self._config_of(asked)
            if config is None:
                self._memory.pass_over()
                num_passed += 1
                continue
            num_passed = 0
            end = yield from self._try(asked, config)
            num_failed += end.state == "failed" and not end.is_tried_again
            if num_failed >= _MOST_FAILURES and not any(one.values for one in self._memory.trials()):
                raise InputError(
                    message(
                        "The first {count:plural:trial:trials} failed, each of them: {reason}",
                        count=num_failed,
                        reason=end.reason or message("nothing was measured"),
                    ),
                    str(self._study.path),
                    message("Train the settings alone first, and mend what is said there."),
                )

    def _take_ranges(self) -> None:
        """A person may change them meanwhile (`search_folder.change_ranges`)."""
        plan = plan_of(self._study)
        if plan.ranges != self._plan.ranges:
            self._plan = self._plan.model_copy(update={"ranges": plan.ranges})
            self._memory.take_ranges(plan.ranges)
            self._recorder = Recorder(self._study, self._plan)
            self._importance = self._memory.importance()

    def _is_room_for_trials(self) -> bool:
        self._clock.tick()
        trials = self._memory.trials()
        most = self._plan.budget.trials
        waiting = sum(one.is_tried_again for one in trials)
        if most is not None and len(trials) - waiting >= most:
            return False
        return self._clock.seconds < self._search_seconds(trials)

    def _search_seconds(self, trials: Sequence[Remembered]) -> float:
        """When the search itself must end, so that the repeats find their time. The start may take all of it."""
        if math.isinf(self._seconds) or not any(one.state in ("done", "pruned", "failed") for one in trials):
            return self._seconds
        return self._seconds - held_back(trials, self._plan, self._seconds)

    def _config_of(self, asked: Remembered) -> RunConfig | None:
        """None for what does not go together, and for what was tried already."""
        known = self._memory.trials()
        if asked.number < 0 and any(one.parameters == asked.parameters for one in known):
            return None
        number = asked.number if asked.number >= 0 else len(known)
        try:
            return self._run_config(number, asked.parameters, self._config.seed, is_start=asked.is_start)
        except InputError:
            return None

    def _run_config(self, number: int, parameters: dict[str, Any], seed: int, *, is_start: bool) -> RunConfig:
        title = f"{self._study.name} · {variant_of(number, self._config, is_start=is_start).title.english()}"
        return trial_config(self._config, self._plan, parameters, title=title[:200], seed=seed, is_start=is_start)

    def _try(self, asked: Remembered, config: RunConfig) -> Generator[Progress, Command | None, _End]:
        number = asked.number if asked.number >= 0 else len(self._memory.trials())
        name = run_name(number, config.seed)
        asked = replace(asked, number=number, run=name)
        run = self._made(name, config)
        if f"trial-{number}" not in self._known:
            self._study.add(variant_of(number, config, is_start=asked.is_start))
            self._known.add(f"trial-{number}")
        self._memory.begin(number, name, asked.parameters)
        earlier = next((one.seconds for one in self._memory.trials() if one.number == number), 0.0)
        trial = _Trial(asked, run, self._keys, config.training.best.recall_floor)
        began = self._clock.seconds - earlier
        try:
            end = yield from self._train(trial, began, is_trial=True)
        except AttuneError as error:
            self._end(trial, _End("failed", error.what, is_tried_again=_is_full(error)), began)
            raise
        self._end(trial, end, began)
        yield from self._tell()
        return end

    def _made(self, name: str, config: RunConfig) -> Run:
        path = self._study.path / name
        return Run(path) if (path / "run.json").is_file() else Run.create(config, self._study.path, name)

    def _end(self, trial: _Trial, end: _End, began: float) -> None:
        """Tell how it came out; only the best keep their weights."""
        self._clock.tick()
        self._memory.end(
            end.state,
            trial.values,
            seconds=self._clock.seconds - began,
            steps=trial.history.last_step,
            reason=end.reason,
            is_tried_again=end.is_tried_again,
        )
        self._importance = self._memory.importance()
        trials = self._memory.trials()
        wanted = {one.number for one in self._recorder.finalists(trials)}
        losers = [one for one in trials if one.number not in wanted and not one.is_start and not one.is_tried_again]
        drop_checkpoints(Run(self._study.path / one.run) for one in losers if one.state != "running")
        self._disk = disk_bytes(self._study.path)
        keep_found(self._study, self._record())

    # --- one training -------------------------------------------------------------------------------------------------

    def _train(self, trial: _Trial, began: float, *, is_trial: bool) -> Generator[Progress, Command | None, _End]:
        """Train a run to its end, or until it is behind or the time is over. Raises InputError for wrong input before
        any trial was measured, and DiskError for a full disk."""
        run, live = trial.run, trial if is_trial else None
        deadline = self._search_seconds(self._memory.trials()) if is_trial else self._seconds
        yield from self._tell(live, began)
        command, self._wish = Stop() if self._is_stopping else self._wish, None
        with contextlib.closing(self._tools.train(run)) as training:
            while True:
                try:
                    event = training.send(command)
                except StopIteration:
                    break
                except AttuneError as error:
                    if _is_full(error) or (isinstance(error, InputError) and not self._is_anything_known()):
                        raise
                    return _End("failed", error.what)
                self._clock.tick()
                if isinstance(event, RunStarted):
                    _refuse_few_rows(event, self._study)
                is_measured = event is not None and trial.append(event)
                self._clock.take(event)
                why = self._why_to_stop(trial, deadline, is_measured=is_measured and is_trial)
                if why is not None and not self._is_stopping:
                    training.close()
                    _end_run(run, trial.history, why)
                    return _End("pruned", why)
                command = yield self._progress(trial, event, live if is_measured else None, began)
                self._is_stopping |= isinstance(command, Stop)
        finished = trial.history.finished
        if finished is None or finished.state != "finished":
            self._is_stopping = True  # by a command that came another way
            return _End("failed", message("Stopped by you: it goes on when the search does."), is_tried_again=True)
        if not trial.values or not all(math.isfinite(one) for one in trial.values):
            return _End("failed", message("It never reached what counts: the goal was not measured."))
        return _End("done")

    def _why_to_stop(self, trial: _Trial, deadline: float, *, is_measured: bool) -> Message | None:
        """The reason in words; None to go on."""
        started = trial.history.started
        if started is not None and trial.history.last_step >= started.total_steps:
            return None
        if is_measured and trial.values:
            is_behind = self._memory.report(trial.num_evaluations, trial.values[0])
            if is_behind and not trial.asked.is_start:
                return message(
                    "Stopped early by the search: behind the better half at evaluation {number}.",
                    number=trial.num_evaluations,
                )
        if self._clock.seconds >= deadline:
            return message("Stopped by the search: its minutes were over.")
        return None

    def _is_anything_known(self) -> bool:
        return any(one.values for one in self._memory.trials())

    # --- repeating the best, and the winner beside the start ----------------------------------------------------------

    def _repeat(self) -> Telling:
        trials = self._memory.trials()
        finalists = self._recorder.finalists(trials)
        start = next((one for one in trials if one.is_start and one.state == "done"), None)
        if not finalists:
            return
        self._standing = replace(self._standing, phase="repeating")
        yield from self._tell()
        chosen = [*finalists, *([start] if start is not None and start not in finalists else [])]
        num_left_out, num_failed = 0, 0
        for seed in self._study.seeds[1:]:
            for one in chosen:
                run = Run(self._study.path / run_name(one.number, seed))
                if not math.isnan(value_of(run, self._plan, self._config)):
                    continue
                if self._clock.seconds + 0.9 * one.seconds > self._seconds:
                    num_left_out += 1
                    continue
                end = yield from self._repeat_one(one, seed)
                if self._is_stopping:
                    return
                num_left_out += end.state == "pruned"
                num_failed += end.state == "failed"
        if num_left_out:
            self._note(
                message(
                    "{count:plural:repeat was:repeats were} left out, as the minutes were over.", count=num_left_out
                )
            )
        if num_failed:
            self._note(message("{count:plural:repeat:repeats} failed and left no figures.", count=num_failed))

    def _repeat_one(self, one: Remembered, seed: int) -> Generator[Progress, Command | None, _End]:
        config = self._run_config(one.number, one.parameters, seed, is_start=one.is_start)
        run = self._made(run_name(one.number, seed), config)
        trial = _Trial(one, run, self._keys, config.training.best.recall_floor)
        end = yield from self._train(trial, self._clock.seconds, is_trial=False)
        self._disk = disk_bytes(self._study.path)
        yield from self._tell()
        return end

    def _measure(self) -> Telling:
        """The winner and the person's own settings on the same rows, those of test where there are any."""
        record = self._record()
        ahead = self._recorder.ahead(record.repeats)
        start = next((one for one in record.repeats if record.trial(one.trial).is_start), None)
        if ahead is None or start is None or ahead.trial == start.trial:
            return
        self._standing = replace(self._standing, phase="comparing")
        yield from self._tell()
        seeds = [seed for seed in start.seeds if seed in ahead.seeds]
        before, after = (
            [Run(self._study.path / run_name(one.trial, seed)) for seed in seeds] for one in (start, ahead)
        )
        floor = self._plan.goals[0].recall_floor
        against: AgainstStart | None
        try:
            if floor is not None:
                against = yield from self._followed(self._tools.at_recall(before, after, floor))
            else:
                comparison = yield from self._followed(self._tools.compare([*before, *after]))
                against = None if comparison is None else _against_start(comparison, self._keys[0])
        except AttuneError as error:
            self._note(message("The winner could not be measured beside your settings: {reason}", reason=error.what))
            return
        self._standing = replace(self._standing, against_start=against)

    def _followed(
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
                self._clock.tick()
                if isinstance((yield Progress(*self._extent())), Stop):
                    self._is_stopping = True
                    return None

    # --- telling ------------------------------------------------------------------------------------------------------

    def _note(self, note: Message) -> None:
        self._standing = replace(self._standing, notes=(*self._standing.notes, note))

    def _tell(self, live: _Trial | None = None, began: float = 0.0) -> Telling:
        self._clock.tick()
        command = yield Progress(*self._extent(), self._record(live, began))
        self._is_stopping |= isinstance(command, Stop)
        self._wish = command or self._wish

    def _progress(self, trial: _Trial, event: Event | None, live: _Trial | None, began: float) -> Progress:
        if live is not None:
            return Progress(*self._extent(), self._record(live, began))
        return Progress(*self._extent(), None if event is None else RunNews(trial.run.path, event))

    def _record(self, live: _Trial | None = None, began: float = 0.0, state: str = "running") -> SearchRecord:
        self._standing = replace(self._standing, seconds_used=self._clock.seconds)
        now = None if live is None else (live.remembered(self._clock.seconds - began), live.history)
        return self._recorder.record(
            self._memory.trials(),
            self._standing,
            importance=self._importance,
            live=now,
            state=state,
            disk=self._disk,
        )

    def _extent(self) -> tuple[int, int]:
        """(done, total): seconds of the minutes, or trials where there are none."""
        if not math.isinf(self._seconds):
            total = max(1, math.ceil(self._seconds))
            return min(int(self._clock.seconds), total), total
        most = self._plan.budget.trials or 1
        return min(len(self._memory.trials()), most), most


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


def _is_full(error: AttuneError) -> bool:
    return isinstance(error, DiskError) and error.is_full


def _end_run(run: Run, history: History, reason: Message) -> None:
    """The last word of a run that was ended from outside."""
    best = history.best
    told = None if best is None else {"step": best.step, "metric": best.metric, "value": best.value}
    with JournalWriter(run.journal) as journal:
        journal.append(RunFinished(step=history.last_step, state="stopped", best=told, reason=reason))


def _against_start(comparison: Comparison, key: str) -> AgainstStart | None:
    """The goal's own figure where runs are compared by it, else the first one that they are compared by."""
    start, winner = comparison.groups[0], comparison.groups[-1]
    pair = comparison.pairs[-1] if comparison.pairs else None
    if pair is None or pair.outcome == "apart":
        return None
    names = [name for name in (key, comparison.leading, "f1", *pair.change) if name in pair.change]
    if not names:
        return None
    name = names[0]
    change, metric = pair.change[name], metric_of(name)
    if metric.lower_is_better:
        change = Change(-change.value, change.half_width, -change.high, -change.low)
    return AgainstStart(
        metric=name,
        title=metric.title,
        split=winner.split,
        num_rows=pair.num_rows,
        start=start.figures[name].value,
        winner=winner.figures[name].value,
        change=change,
        seeds_start=len(start.seeds),
        seeds_winner=len(winner.seeds),
        recall_start=_recall(start, name),
        recall_winner=_recall(winner, name),
    )


def _recall(group: ComparedGroup, name: str) -> float:
    return group.figures["recall"].value if name == "precision" and "recall" in group.figures else math.nan
