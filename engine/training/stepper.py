"""Stepper: takes one step of a task: every player's turn on fresh micro-batches, against the adversary."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from engine.config.run import RunConfig
from engine.tasks.material import Material
from engine.tasks.task import PRETRAINING, HasGauges, LearnsAtOnce, Task
from engine.training.accumulation import AccumulationPlan
from engine.training.adversary import make_adversary
from engine.training.device import Placement
from engine.training.gradient_meter import GradientMeter
from engine.training.players import Player, Players
from engine.training.step import Turn, fitted_turn, take_turn
from engine.training.streams import Streams


@dataclass(frozen=True)
class Step:
    """What a step left behind: each player's turns in order, and further numbers of it, still on the device."""

    num_micro_batches: int
    turns: Mapping[str, list[Turn]]
    gauges: Mapping[str, torch.Tensor]


class Stepper:
    """The players with their optimizers, the streams that they read, and how much they read before an update."""

    def __init__(self, config: RunConfig, task: Task, material: Material, placement: Placement) -> None:
        training = config.training
        self._task, self._placement, self._clipping = task, placement, training.clipping
        self._adversary = make_adversary(training.adversary, task)
        self._scaler = placement.make_scaler()
        self._main = task.players[0]
        self.players = Players(task, config.model)
        self.streams = Streams(material.learned, training.micro_batch_size, config.seed)
        self.accumulation = AccumulationPlan(training.accumulation, training.micro_batch_size)
        is_one_step = isinstance(task, LearnsAtOnce) and task.fitted.issuperset(task.players)
        self.num_steps = 1 if is_one_step else training.max_steps

    @property
    def main(self) -> Player:
        """Whose step the last one was in the end: the model itself, the writer of a text GAN, or who rehearses."""
        return self.players[self._main]

    @property
    def epoch(self) -> float:
        """Passes of the main player through its texts."""
        return self.streams.epoch(self._task.reads(self._main)[0])

    @property
    def norms_must_be_finite(self) -> bool:
        """A scaler skips the steps whose gradient overflowed."""
        return not self._scaler.is_enabled()

    def take(self, step: int) -> Step:
        """The gradients of the main player, of the task itself, say how many micro-batches the next step takes."""
        players = self._task.turns(step)
        self._main = "model" if "model" in players else players[-1]
        count = self.accumulation.num_micro_batches
        meter = None if self._main == PRETRAINING else self.accumulation.meter()
        turns: dict[str, list[Turn]] = {}
        for player in players:
            turn = self._take_turn(step, player, count, meter if player == self._main else None)
            turns.setdefault(player, []).append(turn)
        main = turns[self._main][-1]
        if self._main != PRETRAINING:
            self.accumulation.observe(main.loss, meter)
        return Step(count, turns, self._gauges(main))

    def is_fitted_at(self, step: int) -> bool:
        """Whether a player is fitted at once in this step, which takes long."""
        return isinstance(self._task, LearnsAtOnce) and not self._task.fitted.isdisjoint(self._task.turns(step))

    def state(self) -> dict[str, Any]:
        return {
            "positions": self.streams.state(),
            "schedules": self.players.state(),
            "scaler": self._scaler.state_dict(),
            "accumulation": self.accumulation.state(),
        }

    def restore(self, trainer: Mapping[str, Any], checkpoint: Path) -> None:
        self.players.restore(checkpoint, trainer["schedules"])
        self.streams.restore(trainer)
        self._scaler.load_state_dict(trainer["scaler"])
        self.accumulation.restore(trainer["accumulation"])

    def _take_turn(self, step: int, player: str, count: int, meter: GradientMeter | None) -> Turn:
        streams = self._task.reads(player)
        optimizer = self.players[player].optimizer
        if optimizer is None:
            assert isinstance(self._task, LearnsAtOnce)
            is_pass = self._task.fitted.issuperset(self._task.players)
            return fitted_turn(self._task, player, self.streams.draw_all(streams[0], is_pass=is_pass))
        return take_turn(
            self._task,
            player,
            [self.streams.draw(streams) for _ in range(count)],
            optimizer,
            self.players[player].rate(step),
            self._clipping,
            self._placement,
            self._scaler,
            adversary=self._adversary,
            gradients=meter,
        )

    def _gauges(self, turn: Turn) -> dict[str, torch.Tensor]:
        found = self._task.gauges() if isinstance(self._task, HasGauges) else {}
        gauges = {name: torch.tensor(value) for name, value in found.items()}
        if turn.adversary_loss is not None:
            gauges["adversary_loss"] = turn.adversary_loss
        if self.accumulation.noise_scale is not None:
            gauges["noise_scale"] = torch.tensor(self.accumulation.noise_scale)
        return gauges
