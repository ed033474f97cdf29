"""Ledger: steps taken but not yet told. Losses stay on the device until they leave together, seen to be finite."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping

import numpy as np
import torch

from engine.errors import RunFailure
from engine.events import StepsTaken
from engine.messages import Message, message
from engine.training.step import Turn

_TELL_EVERY = 0.05


class Ledger:
    """Gathers turns; `is_due` about every 50 ms, so that neither the device nor the window waits for each other."""

    def __init__(self) -> None:
        self._steps: list[tuple[int, int, Mapping[str, Turn]]] = []
        self._told_at = time.perf_counter()

    def enter(self, step: int, num_micro_batches: int, turns: Mapping[str, Turn]) -> None:
        self._steps.append((step, num_micro_batches, turns))

    @property
    def is_due(self) -> bool:
        return bool(self._steps) and time.perf_counter() - self._told_at > _TELL_EVERY

    def tell(self, last_good: Message, *, norms_must_be_finite: bool) -> StepsTaken | None:
        """Everything since the last time. Raises RunFailure naming the step and its rows when a loss is not finite."""
        self._told_at = time.perf_counter()
        if not self._steps:
            return None
        entries, self._steps = self._steps, []
        players = tuple(entries[0][2])
        losses = {player: _numbers([turns[player].loss for _, _, turns in entries]) for player in players}
        norms = {player: _numbers([turns[player].norm for _, _, turns in entries]) for player in players}
        for player in players:
            good = np.isfinite(losses[player])
            if norms_must_be_finite:
                good &= np.isfinite(norms[player])
            if not good.all():
                index = int(np.argmin(good))
                raise _not_finite(entries[index][0], entries[index][2][player], losses[player][index], last_good)
        return StepsTaken(
            steps=np.array([step for step, _, _ in entries], dtype=np.int64),
            losses=losses,
            learning_rates={player: np.array([turns[player].rate for _, _, turns in entries]) for player in players},
            gradient_norms=norms,
            accumulation=np.array([number for _, number, _ in entries], dtype=np.int64),
        )


def _numbers(scalars: list[torch.Tensor]) -> np.ndarray:
    numbers: np.ndarray = torch.stack(scalars).double().cpu().numpy()
    return numbers


def _not_finite(step: int, turn: Turn, loss: float, last_good: Message) -> RunFailure:
    rows = [int(row) for row in np.concatenate(turn.rows)]
    shown = [str(row) for row in rows[:20]] + (["…"] if len(rows) > 20 else [])
    what = (
        message("The gradient at step {step} is not a finite number.", step=step)
        if math.isfinite(loss)
        else message("The loss at step {step} is not a finite number.", step=step)
    )
    return RunFailure(
        what,
        message("step {step}, rows {rows}", step=step, rows=shown),
        message(
            "Lower the learning rate or clip the gradient, and look at these rows. {last_good}", last_good=last_good
        ),
    )
