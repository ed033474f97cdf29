"""A run's checkpoint as the task that it learned, in memory: what answers in words is asked through it."""

from __future__ import annotations

import threading
from functools import lru_cache

import torch

from engine.data.splitting.splits import Splits
from engine.runs.checkpoints import checkpoint_path, verify
from engine.runs.run import Run
from engine.tasks.material import Material
from engine.tasks.registry import make_task
from engine.tasks.task import Task
from engine.training.checkpoint import saved_tokenizer

_LOADING = threading.Lock()
"""Several workers ask at once; the first one loads."""


def loaded_task(run: Run, checkpoint: str = "best") -> Task:
    """On the CPU, in evaluation mode, its weights fixed. The run's texts are not read: they may be gone.
    `checkpoint` is "best", "last" or "step-N". Raises InputError for a run without one, and for a damaged one."""
    path = checkpoint_path(run, checkpoint)
    with _LOADING:
        return _load(run, path.name, (path / "manifest.json").stat().st_mtime_ns)


@lru_cache(maxsize=3)
def _load(run: Run, checkpoint: str, _written: int) -> Task:
    path = checkpoint_path(run, checkpoint)
    verify(path)
    material = Material(Splits({}, (), None, {}, []), saved_tokenizer(path), {})
    task = make_task(run.config, material, torch.device("cpu"), path)
    for model in task.models().values():
        model.eval()
        for weight in model.parameters():
            weight.requires_grad_(False)
    return task
