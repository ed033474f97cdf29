"""Players: each with its weights, its optimizer and its schedule over the steps that are its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from torch import optim
from transformers import PreTrainedModel

from engine.config.model import Model
from engine.tasks.task import LearnsAtOnce, Task
from engine.training.checkpoint import load_optimizer
from engine.training.optimizers import layer_rates, make_optimizer
from engine.training.schedules import RateSchedule


@dataclass(frozen=True)
class Player:
    """`before` is the step before its first one: its schedule counts from there. One that is fitted at once has no
    optimizer."""

    optimizer: optim.Optimizer | None
    schedule: RateSchedule
    before: int

    def rate(self, step: int) -> float:
        return self.schedule.rate(max(1, step - self.before))

    def set_rate(self, step: int, rate: float) -> None:
        self.schedule.set_rate(max(1, step - self.before), rate)


class Players:
    """All players of a task, by name."""

    def __init__(self, task: Task, model: Model) -> None:
        self._players = {name: _player(task, name, model) for name in task.players}

    def __getitem__(self, name: str) -> Player:
        return self._players[name]

    def __iter__(self) -> Iterator[Player]:
        return iter(self._players.values())

    @property
    def optimizers(self) -> dict[str, optim.Optimizer]:
        return {name: player.optimizer for name, player in self._players.items() if player.optimizer is not None}

    def state(self) -> dict[str, Any]:
        return {name: player.schedule.state() for name, player in self._players.items()}

    def restore(self, folder: Path, schedules: Mapping[str, Any]) -> None:
        self.restore_optimizers(folder)
        for name, player in self._players.items():
            player.schedule.restore(schedules[name])

    def restore_optimizers(self, folder: Path) -> None:
        for name, optimizer in self.optimizers.items():
            load_optimizer(folder, name, optimizer)


def _player(task: Task, name: str, model: Model) -> Player:
    optimizer, schedule, before, num_steps = task.optimizer_and_schedule(name)
    weights = task.player(name)
    schedule_of_it = RateSchedule(schedule, optimizer.learning_rate, num_steps)
    if isinstance(task, LearnsAtOnce) and name in task.fitted:
        return Player(None, schedule_of_it, before)
    scales = layer_rates(model, weights) if isinstance(weights, PreTrainedModel) else None
    return Player(make_optimizer(optimizer, weights, scales), schedule_of_it, before)
