"""Runs that were never trained: a folder, a checkpoint's name, a journal, and answers as if a model had given them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from engine import events
from engine.config.run import RunConfig
from engine.messages import message
from engine.records import Answers
from engine.runs.answers import answers_path, keep_answers
from engine.runs.journal import JournalWriter
from engine.runs.run import Run

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
    run = Run.create(config, folder, name)
    (run.path / "checkpoints" / "step-1").mkdir()
    kept = {"best": "step-1", "last": "step-1", "kept": [], "metric": "f1", "value": 0.5}
    (run.path / "checkpoints.json").write_text(json.dumps(kept), encoding="utf-8")
    _write_journal(run, labels)
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


def _write_journal(run: Run, labels: tuple[str, ...]) -> None:
    started = events.RunStarted(
        total_steps=40,
        steps_per_epoch=10.0,
        num_parameters=1000,
        rows={"train": 100, "validation": 20, "test": 20},
        labels=list(labels),
        positive_label=None,
        device="CPU",
        precision="fp32",
        process=1,
    )
    steps = np.arange(1, 41)
    taken = events.StepsTaken(
        steps=steps,
        losses={"model": 1.0 / steps},
        learning_rates={"model": np.full(40, 1e-3)},
        gradient_norms={"model": np.ones(40)},
        accumulation=np.full(40, 2),
    )
    with JournalWriter(run.journal) as journal:
        journal.append(started)
        journal.append(taken)
        for step in (10, 20, 30, 40):
            value = 0.5 + step / 100 + 0.01 * run.config.seed
            metrics = {"precision": value, "recall": value, "f1": value, "accuracy": value, "loss": 1 - value}
            journal.append(events.Evaluated(step=step, split="validation", metrics=metrics, num_rows=20))
        for step, memory in ((20, 700), (40, 500)):
            journal.append(
                events.Progressed(
                    step=step,
                    total_steps=40,
                    epoch=step / 10,
                    seconds=step / 2,
                    seconds_left=0.0,
                    tokens_per_second=100.0,
                    memory_bytes=memory * 2**20,
                    memory_total=2**33,
                    padding_share=0.0,
                )
            )
        best = {"step": 40, "metric": "f1", "value": 0.9}
        journal.append(events.RunFinished(step=40, state="finished", best=best, reason=message("All steps are done.")))
