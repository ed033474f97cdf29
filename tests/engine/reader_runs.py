"""A small run that finds answers: trained for a few updates, so that its answers are bad and its files whole."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from engine import verbs
from engine.breath import drain
from engine.config.run import RunConfig, from_tree, merged
from engine.runs.run import Run

TINY: dict[str, Any] = {
    "task": {"name": "question-answering", "max_answer_tokens": 8, "stride": 16},
    "data": {"builtin": {"topic": "manuals", "num_rows": 320}, "max_length": 96},
    "model": {"name": "bidaf", "embedding_size": 12, "hidden_size": 8},
    "training": {"max_steps": 6, "micro_batch_size": 16, "evaluate_every": 3, "device": "cpu"},
}


def tiny(**changes: Any) -> RunConfig:
    """With some paths set: `tiny(**{"model.name": "pretrained-reader"})`."""
    return from_tree(merged(TINY, changes))


def trained_run(folder: Path, **changes: Any) -> tuple[Run, list[Any]]:
    """(the run, its events)"""
    run = verbs.create(tiny(**changes), folder, "reader")
    events: list[Any] = []
    training = verbs.train(run)
    try:
        while True:
            event = next(training)
            if event is not None:
                events.append(event)
    except StopIteration:
        return Run.open(run.path), events


__all__ = ["TINY", "drain", "tiny", "trained_run"]
