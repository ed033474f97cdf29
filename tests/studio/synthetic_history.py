"""Synthetic runs: histories as a real training would write them, and a book that holds them."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, Signal

from engine import events
from engine.commands import Command
from engine.config.run import RunConfig
from engine.runs.history import History
from engine.runs.model_folder import ModelFolder
from engine.runs.run import Run
from tests.run_folders import progressed as run_progressed
from tests.run_folders import started
from tests.run_folders import steps_taken as run_steps

LABELS = ["negative", "positive"]
START = 1_700_000_000.0


@dataclass
class Shape:
    """What the curves of a synthetic run look like."""

    steps: int = 400
    total: int = 600
    every: int = 40
    top: float = 0.94
    speed: float = 80.0
    noise: float = 0.004
    baseline: float | None = 0.886
    validation_rise: float = 0.0
    labels: list[str] = field(default_factory=lambda: list(LABELS))
    probes: bool = True


def synthetic_history(shape: Shape | None = None) -> History:
    shape = shape or Shape()
    history = History()
    chance = np.random.default_rng(0)
    history.append(_started(shape))
    if shape.baseline is not None:
        history.append(_baseline(shape.baseline))
    best = 0.0
    for start in range(0, shape.steps, shape.every):
        end = min(start + shape.every, shape.steps)
        history.append(steps_taken(start + 1, end, chance, shape))
        if (end - start) < shape.every:
            break
        value = _value(end, shape) + chance.normal(0, shape.noise)
        history.append(evaluated(end, value, shape))
        if value > best:
            best = value
            history.append(
                events.CheckpointSaved(
                    step=end, path=f"checkpoints/step-{end}", is_best=True, metric="f1", value=value, time=START + end
                )
            )
        if shape.probes:
            history.append(captured(end, shape))
    history.append(progressed(shape.steps, shape))
    return history


def _value(step: float, shape: Shape) -> float:
    return float(shape.top - (shape.top - 0.45) * np.exp(-step / shape.speed))


def _started(shape: Shape) -> events.RunStarted:
    return started(
        shape.labels,
        total_steps=shape.total,
        steps_per_epoch=shape.total / 4,
        num_parameters=1_234_567,
        rows={"train": 3200, "validation": 400, "test": 400},
        device="CPU (2 cores)",
        time=START,
    )


def steps_taken(first: int, last: int, chance: np.random.Generator, shape: Shape) -> events.StepsTaken:
    steps = np.arange(first, last + 1)
    losses = 0.18 + 0.55 * np.exp(-steps / shape.speed) + chance.normal(0, 0.05, len(steps)) * 0.9
    rates = 2e-3 * (1 - steps / max(shape.total, last))
    return run_steps(steps, {"model": np.abs(losses)}, {"model": rates}, accumulation=8, time=START + last)


def evaluated(step: int, value: float, shape: Shape) -> events.Evaluated:
    rise = shape.validation_rise * max(0.0, step - 120) / 100
    loss = 0.22 + 0.5 * np.exp(-step / shape.speed) + rise
    metrics = {"loss": float(loss), "f1": value, "precision": value + 0.012, "recall": value - 0.014, "accuracy": value}
    intervals = {"f1": 0.011, "precision": 0.014, "recall": 0.017}
    return events.Evaluated(
        step=step, split="validation", metrics=metrics, num_rows=400, intervals=intervals, time=START + step
    )


def _baseline(value: float) -> events.BaselineEvaluated:
    metrics = {"loss": 0.4, "f1": value, "precision": value + 0.01, "recall": value - 0.01, "accuracy": value}
    return events.BaselineEvaluated(split="validation", metrics=metrics, num_rows=400, seconds=1.2, time=START + 1)


def captured(step: int, shape: Shape) -> events.AttentionCaptured:
    sharp = 1 - np.exp(-step / shape.speed)
    texts = (
        ("The new phone screen cracked after two days and nobody answers my emails", 4, LABELS[0], 0.91),
        ("I expected little , but the service was wonderful", 8, LABELS[1], 0.98),
        ("Two weeks late and still no parcel", 2, LABELS[0], 0.95),
    )
    probes = []
    for text, word, label, certainty in texts:
        tokens = text.split()
        weights = np.full(len(tokens), 1.0)
        weights[word] += 8 * sharp
        weights[-1] += 3 * sharp
        probability = 0.5 + (certainty - 0.5) * sharp
        probes.append(
            {
                "text": text,
                "tokens": tokens,
                "weights": (weights / weights.sum()).tolist(),
                "label": label,
                "probability": float(probability),
            }
        )
    return events.AttentionCaptured(step=step, path=f"probes/step-{step}.npz", probes=probes, time=START + step)


def progressed(step: int, shape: Shape) -> events.Progressed:
    return run_progressed(
        step,
        shape.total,
        epoch=4 * step / shape.total,
        seconds=2.1 * step,
        seconds_left=2.1 * (shape.total - step),
        tokens_per_second=18_420.0,
        memory_bytes=int(5.1 * 2**30),
        memory_total=12 * 2**30,
        padding_share=0.07,
        time=START + step,
    )


@dataclass
class SyntheticEntry:
    path: Path
    history: History
    state: str = "running"
    config: RunConfig = field(default_factory=RunConfig)
    name: str = "Reviews"
    created: float = START

    @property
    def subject(self) -> Run | ModelFolder:
        return ModelFolder(str(self.path)) if self.state == "model" else self.run

    @property
    def run(self) -> Run:
        return Run(self.path)


class SyntheticBook(QObject):
    """The book's face, without threads: what was sent to the run is kept in `sent`."""

    changed = Signal()
    advanced = Signal(object)
    failed = Signal(object, object)

    def __init__(self, *entries: SyntheticEntry) -> None:
        super().__init__()
        self._entries = {entry.path: entry for entry in entries}
        self.active: Path | None = next((one.path for one in entries if one.state in ("running", "paused")), None)
        self.sent: list[Command] = []
        self.resumed: list[Path] = []

    def add(self, path: Path, history: History) -> None:
        self._entries[path] = SyntheticEntry(path, history)

    def entries(self) -> list[SyntheticEntry]:
        return list(self._entries.values())

    def entry(self, path: Path) -> SyntheticEntry:
        return self._entries[path]

    def send(self, command: Command) -> None:
        self.sent.append(command)

    def resume(self, path: Path) -> None:
        self.resumed.append(path)
