"""Runs on disk with made-up events, ending in any state."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from engine import events
from engine.config.run import from_yaml
from engine.messages import message
from engine.runs.journal import JournalWriter
from engine.runs.run import Run
from studio.resources import resource


def make_run(folder: Path, name: str, end: str = "finished", steps: int = 200, recipe: str = "quick-look") -> Run:
    """A run whose journal ends in `end`: "finished", "stopped", "failed", "interrupted", or "new" without any event."""
    config = from_yaml(resource("recipes", f"{recipe}.yaml"))
    run = Run.create(config, folder, name)
    if end == "new":
        return run
    with JournalWriter(run.journal) as journal:
        for event in _events(steps):
            journal.append(event)
        if end in ("finished", "stopped"):
            best = {"step": steps, "metric": "f1", "value": 0.9}
            journal.append(events.RunFinished(step=steps, state=end, best=best, reason=message("All steps are done.")))
        elif end == "failed":
            what, mend = (
                message("The disk is full."),
                message("Free some space, then resume: the last checkpoint is safe."),
            )
            journal.append(events.RunFailed(step=steps, what=what, where=message("{place}", place="/runs"), mend=mend))
    return run


def _events(steps: int) -> Iterator[events.Event]:
    yield events.RunStarted(
        total_steps=500,
        steps_per_epoch=100.0,
        num_parameters=120_000,
        rows={"train": 3200, "validation": 400},
        labels=["negative", "positive"],
        positive_label="positive",
        device="CPU",
        precision="fp32",
        process=1,
    )
    numbers = np.arange(1, steps + 1)
    loss = 0.7 * np.exp(-numbers / 80)
    yield events.StepsTaken(
        steps=numbers,
        losses={"model": loss},
        learning_rates={"model": np.full(steps, 3e-3)},
        gradient_norms={"model": np.ones(steps)},
        accumulation=np.ones(steps, dtype=np.int64),
    )
    baseline = {"precision": 0.81, "recall": 0.8, "f1": 0.8}
    yield events.BaselineEvaluated(split="validation", metrics=baseline, num_rows=400, seconds=0.4)
    for step in range(20, steps + 1, 20):
        value = 0.5 + 0.42 * (1 - np.exp(-step / 60))
        metrics = {"precision": value, "recall": value - 0.02, "f1": value - 0.01, "loss": 0.5 * np.exp(-step / 80)}
        yield events.Evaluated(step=step, split="validation", metrics=metrics, num_rows=400)
        yield events.CheckpointSaved(step=step, path=f"step-{step}", is_best=True, metric="f1", value=value - 0.01)
    tokens = ["[CLS]", "the", "soup", "was", "not", "good", "at", "all", "[SEP]"]
    probe = {"tokens": tokens, "weights": [0, 0.02, 0.08, 0.03, 0.45, 0.3, 0.04, 0.08, 0], "label": "negative"}
    yield events.AttentionCaptured(step=steps, path="probes/step.npz", probes=[{**probe, "probability": 0.97}])
    yield events.Progressed(
        step=steps,
        total_steps=500,
        epoch=steps / 100,
        seconds=24.0,
        seconds_left=36.0,
        tokens_per_second=9000.0,
        memory_bytes=400_000_000,
        memory_total=8_000_000_000,
        padding_share=0.05,
    )
