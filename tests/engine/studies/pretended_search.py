"""A training that learns nothing and tells what a config is worth: a search of many trials in no time."""

from __future__ import annotations

import json
from collections.abc import Callable, Generator, Sequence
from pathlib import Path

import numpy as np

from engine import events
from engine.commands import Command, Pause, Resume, Stop
from engine.config.run import RunConfig
from engine.config.search import Budget, Goal, Range, SearchPlan, checked_plan
from engine.errors import AttuneError
from engine.events import Event
from engine.messages import message
from engine.records import Comparison, Progress
from engine.records.comparison import Change, ComparedFigure, ComparedGroup, Pair
from engine.records.search import SearchRecord
from engine.runs.journal import JournalWriter
from engine.runs.run import Run
from engine.runs.search_folder import create_search
from engine.runs.study import Study
from engine.studies.ablation import Training
from engine.studies.search import Searching, run_search
from engine.studies.search_session import SearchTools

RATE, DROPOUT, CELL = "training.optimizer.learning_rate", "model.dropout", "model.cell"
RANGES = (Range(path=RATE, low=1e-4, high=1e-1, log=True), Range(path=DROPOUT, low=0.0, high=0.6))
NUM_EVALUATIONS, STEPS = 8, 5
Worth = Callable[[RunConfig], float]


def config_of(**changes: object) -> RunConfig:
    dotted = {key.replace("__", "."): value for key, value in changes.items()}
    usual = {"training.max_steps": NUM_EVALUATIONS * STEPS, "training.evaluate_every": STEPS, "title": "Found"}
    return RunConfig().with_values({**usual, **dotted})


def plan_of(
    *goals: str, ranges: Sequence[Range] = RANGES, prunes: bool | None = None, **budget: float | None
) -> SearchPlan:
    wanted = tuple(Goal(metric=one) for one in goals or ("f1",))
    is_pruned = len(wanted) == 1 if prunes is None else prunes
    return SearchPlan(ranges=tuple(ranges), goals=wanted, budget=Budget(**budget), prunes=is_pruned)


def search_in(folder: Path, plan: SearchPlan, config: RunConfig | None = None, name: str = "search") -> Study:
    given = config_of() if config is None else config
    return create_search(given, checked_plan(plan, given), folder, name)


def worth_of(config: RunConfig) -> float:
    """Best at a rate of .01 without dropout: the person's own settings (.001, .3) are worth .68."""
    away = abs(np.log10(config.training.optimizer.learning_rate) + 2)
    return float(0.9 - 0.1 * away - 0.4 * config.model.dropout)


class Pretended:
    """`train` for `run_search`. `fails` says of a run whether it fails; `begun` are the names of those that began;
    `evaluated` how many evaluations each made."""

    def __init__(
        self,
        worth: Worth = worth_of,
        *,
        fails: Callable[[Run], AttuneError | None] = lambda _run: None,
        luck: Callable[[Run], float] = lambda _run: 0.0,
    ) -> None:
        self._worth, self._fails, self._luck = worth, fails, luck
        self.begun: list[str] = []
        self.evaluated: dict[str, int] = {}
        self.compared: list[list[str]] = []

    def tools(self) -> SearchTools:
        return SearchTools(self.train, self.compare, _never)

    def train(self, run: Run) -> Training:
        self.begun.append(run.path.name)
        self.evaluated[run.path.name] = 0
        with run.locked(), JournalWriter(run.journal) as journal:
            telling = self._events(run, self._worth(run.config) + self._luck(run))
            command: Command | None = None
            for event in telling:
                journal.append(event)
                command = yield event
                if isinstance(command, Pause):
                    yield events.RunPaused(step=0)
                    while not isinstance(command, Resume):
                        command = yield None
                    command = yield events.RunResumed(step=0, process=1)
                if isinstance(command, Stop):
                    stopped = events.RunFinished(step=1, state="stopped", best=None, reason=message("Stopped."))
                    journal.append(stopped)
                    yield stopped
                    return
            error = self._fails(run)
            if error is not None:
                raise error
            best = {"step": NUM_EVALUATIONS * STEPS, "metric": "f1", "value": 0.0}
            ended = events.RunFinished(step=best["step"], state="finished", best=best, reason=message("Finished."))
            journal.append(ended)
            yield ended

    def _events(self, run: Run, worth: float) -> Generator[Event, None, None]:
        total = run.config.training.max_steps
        yield events.RunStarted(
            total_steps=total,
            steps_per_epoch=10.0,
            num_parameters=10,
            rows={"train": 40, "validation": 10},
            labels=["bad", "good"],
            positive_label="good",
            device="CPU",
            precision="fp32",
            process=1,
        )
        for number in range(1, NUM_EVALUATIONS + 1):
            step = total * number // NUM_EVALUATIONS
            zeros = {"model": np.zeros(1)}
            yield events.StepsTaken(
                steps=np.array([step]),
                losses=zeros,
                learning_rates=zeros,
                gradient_norms=zeros,
                accumulation=np.ones(1, dtype=np.int64),
            )
            value = worth * (0.5 + 0.5 * number / NUM_EVALUATIONS)
            self.evaluated[run.path.name] += 1
            yield events.Evaluated(step=step, split="validation", metrics=_metrics(value), num_rows=10)
            _write_checkpoint(run, step, value)
            yield events.CheckpointSaved(step=step, path=f"step-{step}", is_best=True, metric="f1", value=value)

    def compare(self, runs: Sequence[Run]) -> Generator[Progress, None, Comparison]:
        """Half of them against the others, by what they are worth; half a point is luck."""
        self.compared.append([run.path.name for run in runs])
        yield Progress(0, 1)
        half = len(runs) // 2
        means = [float(np.mean([self._worth(run.config) for run in side])) for side in (runs[:half], runs[half:])]
        change = Change(means[1] - means[0], 0.005, means[1] - means[0] - 0.005, means[1] - means[0] + 0.005)
        pair = Pair(0, 1, "open", message("a"), message("b"), change={"f1": change}, num_rows=100)
        groups = tuple(
            ComparedGroup(message("g"), (), (), (0, 1, 2), {"f1": ComparedFigure(mean)}, "test", 100) for mean in means
        )
        return Comparison(groups, (), 0, (pair,), message("said"))


def _metrics(value: float) -> dict[str, float]:
    return {"f1": value, "precision": value, "recall": 1 - value, "accuracy": value, "loss": 1 - value}


def _write_checkpoint(run: Run, step: int, value: float) -> None:
    folder = run.path / "checkpoints" / f"step-{step}"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "manifest.json").write_text("{}")
    (folder / "model.safetensors").write_bytes(b"0" * 1000)
    named = {"last": folder.name, "best": folder.name, "kept": [], "metric": "f1", "value": value}
    (run.path / "checkpoints.json").write_text(json.dumps(named))


def _never(
    _before: Sequence[Run], _after: Sequence[Run], _floor: float
) -> Generator[Progress, None, None]:  # pragma: no cover - no goal of these tests asks for it
    raise AssertionError


Answer = Callable[[Progress], Command | None]


def follow(searching: Searching, answer: Answer = lambda _progress: None) -> tuple[SearchRecord, list[Progress]]:
    told: list[Progress] = []
    command: Command | None = None
    while True:
        try:
            progress = searching.send(command)
        except StopIteration as end:
            return end.value, told
        told.append(progress)
        command = answer(progress)


def searched(study: Study, pretended: Pretended, answer: Answer = lambda _progress: None) -> SearchRecord:
    return follow(run_search(study, pretended.tools()), answer)[0]
