"""Running a search: trials one after the other, each an ordinary run; the best repeated; the winner beside the start.

    until the budget is over: ask for settings -> train them -> at each evaluation: report, stop if it is behind
    the best and the person's own settings, with further seeds -> the winner and the start on the same rows

The minutes hold for all of it. What kills the process costs the trial that trains then, and not even that where its run
had a checkpoint: it is told as failed and goes on as soon as the search does.
"""

from __future__ import annotations

import math
from collections.abc import Generator, Sequence
from dataclasses import replace

from engine.commands import Command
from engine.config.run import RunConfig
from engine.errors import AttuneError, InputError
from engine.messages import message
from engine.records import Progress
from engine.records.search import SearchRecord
from engine.runs.files import write_atomic
from engine.runs.run import Run
from engine.runs.search_folder import BEST_FILE, disk_bytes, drop_checkpoints, keep_found, run_name, variant_of
from engine.runs.study import Study, StudyState
from engine.studies.search_record import held_back, search_record
from engine.studies.search_session import LiveTrial, RunEnd, SearchTools, Session, Telling, is_full
from engine.studies.search_winner import measure_winner, repeat_best
from engine.studies.trial_configs import chosen_config
from engine.studies.trial_memory import Remembered

Searching = Generator[Progress, Command | None, SearchRecord]

_MOST_PASSED_OVER = 60
"""Points in a row that are no trial before the space counts as tried out."""
_MOST_FAILURES = 4
"""Trials that fail before any is measured: then it is not the settings' fault."""


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


class _Search:
    """The parts of a search one after the other, and its trials."""

    def __init__(self, study: Study, tools: SearchTools) -> None:
        self._session = Session(study, tools)
        self._known = {one.name for one in study.variants}

    def run(self) -> Generator[Progress, Command | None, bool]:
        """Whether it was stopped."""
        self._session.standing = replace(self._session.standing, phase="searching", notes=(), against_start=None)
        yield from self._session.tell()
        yield from self._search()
        num_passed = self._session.memory.num_passed_over
        if num_passed:
            self._session.note(
                message(
                    "{count:plural:point was:points were} passed over: tried already, or settings that do not go "
                    "together.",
                    count=num_passed,
                )
            )
        if not self._session.is_stopping:
            yield from repeat_best(self._session)
        if not self._session.is_stopping:
            yield from measure_winner(self._session)
        if not self._session.is_stopping:
            self._session.standing = replace(self._session.standing, phase="over")
        yield from self._session.tell()
        return self._session.is_stopping

    def kept(self, state: str) -> SearchRecord:
        """The record as it is now, also in the folder."""
        record = self._session.record(state=state)
        keep_found(self._session.study, record)
        number = record.best if record.winner is None else record.winner
        if number is not None:
            found = chosen_config(self._session.config, self._session.plan, record.trial(number).parameters)
            write_atomic(self._session.study.path / BEST_FILE, found.to_yaml())
        return record

    def _search(self) -> Telling:
        num_passed, num_failed = 0, 0
        while not self._session.is_stopping and self._is_room_for_trials():
            self._session.take_ranges()
            if num_passed >= _MOST_PASSED_OVER:
                self._session.note(message("Every setting of the space was tried."))
                return
            asked = self._session.memory.ask()
            config = self._config_of(asked)
            if config is None:
                self._session.memory.pass_over()
                num_passed += 1
                continue
            num_passed = 0
            end = yield from self._try(asked, config)
            num_failed += end.state == "failed" and not end.is_tried_again
            if num_failed >= _MOST_FAILURES and not any(one.values for one in self._session.memory.trials()):
                raise InputError(
                    message(
                        "The first {count:plural:trial:trials} failed, each of them: {reason}",
                        count=num_failed,
                        reason=end.reason or message("nothing was measured"),
                    ),
                    str(self._session.study.path),
                    message("Train the settings alone first, and mend what is said there."),
                )

    def _is_room_for_trials(self) -> bool:
        self._session.clock.tick()
        trials = self._session.memory.trials()
        most = self._session.plan.budget.trials
        waiting = sum(one.is_tried_again for one in trials)
        if most is not None and len(trials) - waiting >= most:
            return False
        return self._session.clock.seconds < self._search_seconds(trials)

    def _search_seconds(self, trials: Sequence[Remembered]) -> float:
        """When the search itself must end, so that the repeats find their time. The start may take all of it."""
        if math.isinf(self._session.seconds) or not any(one.state in ("done", "pruned", "failed") for one in trials):
            return self._session.seconds
        return self._session.seconds - held_back(trials, self._session.plan, self._session.seconds)

    def _config_of(self, asked: Remembered) -> RunConfig | None:
        """None for what does not go together, and for what was tried already."""
        known = self._session.memory.trials()
        if asked.number < 0 and any(one.parameters == asked.parameters for one in known):
            return None
        number = asked.number if asked.number >= 0 else len(known)
        try:
            return self._session.run_config(
                number, asked.parameters, self._session.config.seed, is_start=asked.is_start
            )
        except InputError:
            return None

    def _try(self, asked: Remembered, config: RunConfig) -> Generator[Progress, Command | None, RunEnd]:
        number = asked.number if asked.number >= 0 else len(self._session.memory.trials())
        name = run_name(number, config.seed)
        asked = replace(asked, number=number, run=name)
        run = self._session.made(name, config)
        if f"trial-{number}" not in self._known:
            self._session.study.add(variant_of(number, config, is_start=asked.is_start))
            self._known.add(f"trial-{number}")
        self._session.memory.begin(number, name, asked.parameters)
        earlier = next((one.seconds for one in self._session.memory.trials() if one.number == number), 0.0)
        trial = LiveTrial(asked, run, self._session.keys, config.training.best.recall_floor)
        began = self._session.clock.seconds - earlier
        deadline = self._search_seconds(self._session.memory.trials())
        try:
            end = yield from self._session.train(trial, began, deadline, is_trial=True)
        except AttuneError as error:
            self._end(trial, RunEnd("failed", error.what, is_tried_again=is_full(error)), began)
            raise
        self._end(trial, end, began)
        yield from self._session.tell()
        return end

    def _end(self, trial: LiveTrial, end: RunEnd, began: float) -> None:
        """Tell how it came out; only the best keep their weights."""
        self._session.clock.tick()
        self._session.memory.end(
            end.state,
            trial.values,
            seconds=self._session.clock.seconds - began,
            steps=trial.history.last_step,
            reason=end.reason,
            is_tried_again=end.is_tried_again,
        )
        self._session.importance = self._session.memory.importance()
        trials = self._session.memory.trials()
        wanted = {one.number for one in self._session.recorder.finalists(trials)}
        losers = [one for one in trials if one.number not in wanted and not one.is_start and not one.is_tried_again]
        drop_checkpoints(Run(self._session.study.path / one.run) for one in losers if one.state != "running")
        self._session.disk = disk_bytes(self._session.study.path)
        keep_found(self._session.study, self._session.record())
