"""A small run that turns dates in words into figures, trained in seconds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from engine.config.run import RunConfig, from_tree
from engine.runs.run import Run
from engine.training.prepare import train

TREE: dict[str, Any] = {
    "data": {"train": "builtin", "builtin": {"topic": "dates", "num_rows": 300}, "max_length": 32},
    "task": {"name": "sequence-to-sequence", "max_target_length": 12, "validation_rows": 20},
    "model": {"name": "recurrent-seq2seq", "cell": "gru", "embedding_size": 24, "hidden_size": 24, "dropout": 0.0},
    "training": {
        "max_steps": 30,
        "micro_batch_size": 16,
        "evaluate_every": 15,
        "optimizer": {"name": "adam", "learning_rate": 0.01},
        "baseline": False,
    },
}


def small_config(**model: Any) -> RunConfig:
    """`model` changes settings of the model."""
    return from_tree({**TREE, "model": {**TREE["model"], **model}})


def trained_run(folder: Path, config: RunConfig | None = None) -> Run:
    run = Run.create(config or small_config(), folder)
    for _ in train(run):
        pass
    return run
