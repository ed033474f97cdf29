"""What a config costs is measured without leaving anything in memory."""

from __future__ import annotations

import gc
import weakref

import pytest
import torch
from torch import nn

from engine.config.training import TrainingConfig
from engine.inspection.cost.estimate import _activation_bytes
from engine.training.device import place


class Exponential:
    """A task whose layer keeps its own output for the backward pass, as softmax and dropout do."""

    def __init__(self) -> None:
        self.model = nn.Linear(4, 4)
        self.kept: list[weakref.ref[torch.Tensor]] = []

    def player(self, name: str) -> nn.Module:
        return self.model

    def models(self) -> dict[str, nn.Module]:
        return {"": self.model}

    def loss(self, player: str, batch: object) -> tuple[torch.Tensor, torch.Tensor]:
        output = self.model(torch.ones(2, 4)).exp()
        self.kept.append(weakref.ref(output))
        return output.sum(), torch.tensor(2.0)


@pytest.mark.slow
def test_what_a_layer_keeps_is_counted_and_set_free() -> None:
    task = Exponential()
    counted = _activation_bytes(task, "model", None, place(TrainingConfig(device="cpu")))  # type: ignore[arg-type]
    gc.collect()
    assert counted >= 2 * 4 * 4, "the output, 2 x 4 in float32"
    assert task.kept[0]() is None
