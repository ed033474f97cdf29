"""Runs of a recipe on disk with made-up events, ending in any state."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from engine import events
from engine.config.run import from_yaml
from engine.resources import resource
from engine.runs.run import Run
from tests.run_folders import progressed, started, steps_taken, write_run


def make_run(folder: Path, name: str, end: str = "finished", steps: int = 200, recipe: str = "quick-look") -> Run:
    """A run whose journal ends in `end`: "finished", "stopped", "failed", "interrupted", or "new" without any event."""
    return write_run(folder, name, from_yaml(resource("recipes", f"{recipe}.yaml")), _events(steps), end, step=steps)


def _events(steps: int) -> Iterator[events.Event]:
    yield started(["negative", "positive"])
    numbers = np.arange(1, steps + 1)
    yield steps_taken(numbers, {"model": 0.7 * np.exp(-numbers / 80)}, {"model": 3e-3})
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
    yield progressed(steps, 500, seconds=24.0, seconds_left=36.0)
