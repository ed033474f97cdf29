"""Runs that were never trained: a folder, a checkpoint's name, a journal, and answers as if a model had given them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from engine import events
from engine.config.run import RunConfig
from engine.records import Answers
from engine.runs.answers import answers_path, keep_answers
from engine.runs.run import Run
from tests.run_folders import place_checkpoint, progressed, started, steps_taken, write_run

LABELS = ("bad", "good")


def answered_run(
    folder: Path,
    name: str,
    said: Sequence[int] | np.ndarray,
    truths: Sequence[int] | np.ndarray,
    *,
    seed: int = 0,
    texts: Sequence[str] | None = None,
    labels: tuple[str, ...] = LABELS,
    changes: dict[str, Any] | None = None,
    split: str = "test",
) -> Run:
    """A run whose checkpoint says the label ids `said` of the texts of its split."""
    config = RunConfig().with_values({"seed": seed, **(changes or {})})
    run = write_run(folder, name, config, _events(labels, seed), "finished", step=40)
    place_checkpoint(run, 1)
    named = texts or [f"text {place}" for place in range(len(said))]
    logits = 4.0 * np.eye(len(labels), dtype=np.float32)[np.asarray(said)]
    answers = Answers(
        kind="one",
        labels=labels,
        positive_label=None,
        loss="cross-entropy",
        logits=logits,
        truths=np.asarray(truths, dtype=np.int64),
        rows=np.arange(1, len(named) + 1),
        num_tokens=np.full(len(named), 3, dtype=np.int32),
        texts=list(named),
        split=split,
        source="",
        checkpoint="step-1",
    )
    keep_answers(answers_path(run, None, split, "step-1"), answers)
    return run


def _events(labels: tuple[str, ...], seed: int) -> Iterator[events.Event]:
    rows = {"train": 100, "validation": 20, "test": 20}
    yield started(labels, total_steps=40, steps_per_epoch=10.0, num_parameters=1000, rows=rows, positive_label=None)
    steps = np.arange(1, 41)
    yield steps_taken(steps, {"model": 1.0 / steps}, {"model": 1e-3}, accumulation=2)
    for step in (10, 20, 30, 40):
        value = 0.5 + step / 100 + 0.01 * seed
        metrics = {"precision": value, "recall": value, "f1": value, "accuracy": value, "loss": 1 - value}
        yield events.Evaluated(step=step, split="validation", metrics=metrics, num_rows=20)
    for step, memory in ((20, 700), (40, 500)):
        yield progressed(step, 40, seconds=step / 2, seconds_left=0.0, memory_bytes=memory * 2**20)
