"""OneModel: what the loop asks of a task whose one player is the model that is saved."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import torch
from safetensors.torch import load_model
from torch import nn
from transformers import PreTrainedModel

from engine.config.optimizer import Optimizer, Schedule
from engine.config.run import RunConfig
from engine.models.adaptation import has_adapter, load_adapter

PLAYER = "model"


class OneModel:
    """Takes every turn, reads the training rows, and is all that a checkpoint holds. Rows have no labels."""

    players: tuple[str, ...] = (PLAYER,)
    labels: tuple[str, ...] = ()
    positive_label: str | None = None

    def __init__(self, config: RunConfig, model: PreTrainedModel, device: torch.device) -> None:
        nn.Module.to(model, device)
        self.model = model
        self._config, self._device = config, device

    def turns(self, step: int) -> tuple[str, ...]:
        del step
        return self.players

    def player(self, name: str) -> nn.Module:
        del name
        module: nn.Module = self.model
        return module

    def optimizer_and_schedule(self, name: str) -> tuple[Optimizer, Schedule, int, int]:
        del name
        training = self._config.training
        return training.optimizer, training.schedule, 0, training.max_steps

    def reads(self, name: str) -> tuple[str, ...]:
        del name
        return ("train",)

    def models(self) -> Mapping[str, PreTrainedModel]:
        return {"": self.model}

    def load_weights(self, folder: Path) -> None:
        if has_adapter(self.model):
            load_adapter(self.model, folder)
            return
        load_model(self.model, folder / "model.safetensors", device=str(self._device))
