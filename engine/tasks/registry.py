"""MAKERS: what makes each task with its models, before the first step or as a checkpoint left them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import torch

from engine.config.run import RunConfig
from engine.tasks.classification.model import make_classification
from engine.tasks.material import Material
from engine.tasks.semi_supervised.task import SemiSupervisedTask
from engine.tasks.task import Task
from engine.tasks.text_gan.task import make_text_gan

Maker = Callable[[RunConfig, Material, torch.device, Path | None], Task]

MAKERS: Mapping[str, Maker] = {
    "classification": make_classification,
    "semi-supervised": partial(make_classification, kind=SemiSupervisedTask),
    "text-gan": make_text_gan,
}
"""By the task's name."""


def make_task(config: RunConfig, material: Material, device: torch.device, checkpoint: Path | None = None) -> Task:
    """With fresh weights (from torch's current random state), or with those of a verified checkpoint of this run."""
    return MAKERS[config.task.name](config, material, device, checkpoint)
