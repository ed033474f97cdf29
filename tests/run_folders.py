"""Run folders that nobody trained: made-up events in a journal, ended in any state, and a checkpoint's place."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from engine import events
from engine.config.run import RunConfig
from engine.messages import message
from engine.runs.journal import JournalWriter
from engine.runs.run import Run

BEST = {"metric": "f1", "value": 0.9}


def write_run(
    folder: Path,
    name: str,
    config: RunConfig,
    told: Iterable[events.Event],
    end: str = "",
    *,
    step: int = 0,
    best: Mapping[str, Any] | None = BEST,
) -> Run:
    """A run whose journal holds `told` and ends at `step` in `end`: "finished", "stopped", "failed", or "" for one that
    was interrupted; "new" has no journal."""
    run = Run.create(config, folder, name)
    if end == "new":
        return run
    with JournalWriter(run.journal) as journal:
        for event in told:
            journal.append(event)
        if end in ("finished", "stopped"):
            found = {"step": step, **best} if best is not None else None
            journal.append(events.RunFinished(step=step, state=end, best=found, reason=message("All steps are done.")))
        elif end == "failed":
            mend = message("Free some space, then resume: the last checkpoint is safe.")
            where = message("{place}", place="/runs")
            journal.append(events.RunFailed(step=step, what=message("The disk is full."), where=where, mend=mend))
    return run


def place_checkpoint(run: Run, step: int, **files: str) -> Path:
    """The folder of the run's best and last checkpoint, with `files` by their names without ".json"; no weights."""
    place = run.path / "checkpoints" / f"step-{step}"
    place.mkdir(parents=True)
    for name, text in files.items():
        (place / f"{name}.json").write_text(text, encoding="utf-8")
    kept = {"best": place.name, "last": place.name, "kept": [], "metric": "f1", "value": 0.5}
    (run.path / "checkpoints.json").write_text(json.dumps(kept), encoding="utf-8")
    return place


def started(labels: Sequence[str] = (), **changes: Any) -> events.RunStarted:
    told: dict[str, Any] = {
        "total_steps": 500,
        "steps_per_epoch": 100.0,
        "num_parameters": 120_000,
        "rows": {"train": 3200, "validation": 400},
        "labels": list(labels),
        "positive_label": labels[-1] if len(labels) == 2 else None,
        "device": "CPU",
        "precision": "fp32",
        "process": 1,
    }
    return events.RunStarted(**{**told, **changes})


def steps_taken(
    steps: np.ndarray,
    losses: Mapping[str, np.ndarray],
    rates: Mapping[str, float | np.ndarray],
    accumulation: int = 1,
    **changes: Any,
) -> events.StepsTaken:
    """`losses` and `rates` by player; every gradient has the norm 1."""
    return events.StepsTaken(
        steps=steps,
        losses=dict(losses),
        learning_rates={player: np.broadcast_to(rate, len(steps)).copy() for player, rate in rates.items()},
        gradient_norms={player: np.ones(len(steps)) for player in losses},
        accumulation=np.full(len(steps), accumulation, dtype=np.int64),
        **changes,
    )


def progressed(step: int, total_steps: int, **changes: Any) -> events.Progressed:
    told: dict[str, Any] = {
        "epoch": step / 100,
        "seconds": 0.1 * step,
        "seconds_left": 0.1 * (total_steps - step),
        "tokens_per_second": 9000.0,
        "memory_bytes": 400_000_000,
        "memory_total": 2**33,
        "padding_share": 0.05,
    }
    return events.Progressed(step=step, total_steps=total_steps, **{**told, **changes})
