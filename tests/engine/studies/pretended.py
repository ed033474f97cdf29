"""A training that writes a journal and learns nothing: a study of many runs in no time."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from engine import events
from engine.commands import Stop
from engine.config.training import TrainingConfig
from engine.errors import RunFailure
from engine.events import Event
from engine.messages import message
from engine.runs.journal import JournalWriter
from engine.runs.run import Run
from engine.runs.study import Study
from engine.studies.ablation import Training

QUALITY = {"lstm": 0.8, "attention": 0.86, "accumulation": 0.8, "adversary": 0.79, "all": 0.87}
QUALITY |= {"word-counting": 0.8, "network": 0.86}
LUCK = {
    "attention": (0.002, 0.0, 0.004),
    "all": (0.0, 0.006, 0.001),
    "accumulation": (0.01, -0.012, 0.003),
    "adversary": (0.004, 0.012, -0.001),
}


def quality_of(run: Run) -> float:
    """What a run reaches: its variant's worth, its seed's luck, and for some variants luck of their own."""
    variant, _, seed = run.path.name.rpartition("-seed")
    own = LUCK.get(variant, (0.001, 0.002, 0.0))[int(seed) % 3]
    return QUALITY[variant] + 0.01 * (int(seed) % 3) + own


def pretend(
    study: Study, fails: str = "", told: Callable[[Run], None] = lambda _run: None
) -> Callable[[Run], Training]:
    """A `train` for `run_ablation`; the run named `fails` diverges; `told` hears of each run that begins."""

    configs = {member.path: member.variant.config for member in study.members}

    def train(run: Run) -> Training:
        told(run)
        with run.locked(), JournalWriter(run.journal) as journal:
            for event in _events(run, configs[run.path].training, is_failing=run.path.name == fails):
                journal.append(event)
                command = yield event
                if isinstance(command, Stop):
                    stopped = events.RunFinished(step=1, state="stopped", best=None, reason=message("Stopped."))
                    journal.append(stopped)
                    yield stopped
                    return
        if run.path.name == fails:
            raise RunFailure(message("The loss is not a number any more."))

    return train


def _events(run: Run, training: TrainingConfig, *, is_failing: bool) -> list[Event]:
    value, count = quality_of(run), training.max_steps
    accumulated = training.accumulation.first
    metrics = {"precision": value, "recall": value - 0.02, "f1": value - 0.01, "accuracy": value, "loss": 0.4}
    zeros = {"model": np.zeros(count)}
    begun: list[Event] = [
        events.RunStarted(
            total_steps=count,
            steps_per_epoch=10.0,
            num_parameters=10,
            rows={"train": 40, "validation": 10},
            labels=["bad", "good"],
            positive_label="good",
            device="CPU",
            precision="fp32",
            process=1,
        ),
        events.StepsTaken(
            steps=np.arange(1, count + 1),
            losses=zeros,
            learning_rates=zeros,
            gradient_norms=zeros,
            accumulation=np.full(count, accumulated),
        ),
    ]
    if is_failing:
        words = message("The loss is not a number any more.")
        return [*begun, events.RunFailed(step=count, what=words, where=message("here"), mend=message("lower the rate"))]
    ended: list[Event] = [
        events.Evaluated(step=count, split="validation", metrics={**metrics, "precision": 0.1}, num_rows=10),
        events.CheckpointSaved(step=count, path="step-1", is_best=True, metric="f1", value=value),
        *(
            events.Progressed(
                step=count,
                total_steps=count,
                epoch=1.0,
                seconds=10.0 * (2 if run.path.name.startswith("adversary") else 1),
                seconds_left=0.0,
                tokens_per_second=100.0,
                memory_bytes=memory,
                memory_total=1000,
                padding_share=0.0,
            )
            for memory in (300, 700, 500)
        ),
        events.Evaluated(step=count, split="test", metrics=metrics, num_rows=10),
        events.RunFinished(step=count, state="finished", best=None, reason=message("Finished.")),
    ]
    return [*begun, *ended]
