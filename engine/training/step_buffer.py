"""Ledger: steps taken but not yet told. Losses stay on the device until they leave together, seen to be finite."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
import torch

from engine.data.sources.source_splits import SPLIT_NAMES
from engine.errors import RunFailure
from engine.events import StepsTaken
from engine.messages import Message, message
from engine.training.step import Turn

_TELL_EVERY = 0.05


@dataclass(frozen=True)
class _Entry:
    """One step: each player's turns in order, and the gauges' numbers."""

    step: int
    num_micro_batches: int
    turns: Mapping[str, Sequence[Turn]]
    gauges: Mapping[str, torch.Tensor]

    @property
    def kind(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        return tuple(self.turns), tuple(self.gauges)


class StepBuffer:
    """Gathers turns; `is_due` about every 50 ms, so that neither the device nor the window waits for each other."""

    def __init__(self) -> None:
        self._steps: list[_Entry] = []
        self._told_at = time.perf_counter()

    def enter(
        self,
        step: int,
        num_micro_batches: int,
        turns: Mapping[str, Sequence[Turn]],
        gauges: Mapping[str, torch.Tensor] | None = None,
    ) -> None:
        """`gauges` are scalars of this step, still on their device."""
        self._steps.append(_Entry(step, num_micro_batches, turns, gauges or {}))

    @property
    def is_due(self) -> bool:
        return bool(self._steps) and time.perf_counter() - self._told_at > _TELL_EVERY

    def tell(self, last_good: Message, *, norms_must_be_finite: bool) -> list[StepsTaken]:
        """Everything since the last time, one event for each run of steps with the same players. Raises RunFailure
        naming the step and its rows when a loss is not finite."""
        self._told_at = time.perf_counter()
        entries, self._steps = self._steps, []
        return [
            _steps_taken(list(alike), last_good, norms_must_be_finite)
            for _, alike in groupby(entries, key=lambda entry: entry.kind)
        ]


def _steps_taken(entries: list[_Entry], last_good: Message, norms_must_be_finite: bool) -> StepsTaken:
    players, gauges = entries[0].kind
    losses = {player: _means([[turn.loss for turn in entry.turns[player]] for entry in entries]) for player in players}
    norms = {player: _means([[turn.norm for turn in entry.turns[player]] for entry in entries]) for player in players}
    for player in players:
        good = np.isfinite(losses[player])
        if norms_must_be_finite:
            good &= np.isfinite(norms[player])
        if not good.all():
            index = int(np.argmin(good))
            raise _not_finite(entries[index].step, entries[index].turns[player], losses[player][index], last_good)
    return StepsTaken(
        steps=np.array([entry.step for entry in entries], dtype=np.int64),
        losses=losses,
        learning_rates={player: np.array([entry.turns[player][-1].rate for entry in entries]) for player in players},
        gradient_norms=norms,
        accumulation=np.array([entry.num_micro_batches for entry in entries], dtype=np.int64),
        gauges={name: _means([[entry.gauges[name]] for entry in entries]) for name in gauges},
    )


def _means(scalars: list[list[torch.Tensor]]) -> np.ndarray:
    """The mean of each step's turns."""
    counts = [len(turns) for turns in scalars]
    flat: np.ndarray = torch.stack([one for turns in scalars for one in turns]).double().cpu().numpy()
    starts = np.concatenate([[0], np.cumsum(counts)[:-1]])
    return np.asarray(np.add.reduceat(flat, starts) / counts)


def _not_finite(step: int, turns: Sequence[Turn], loss: float, last_good: Message) -> RunFailure:
    rows = [int(row) for turn in turns for part in turn.rows for row in part]
    what = (
        message("The gradient at step {step} is not a finite number.", step=step)
        if math.isfinite(loss)
        else message("The loss at step {step} is not a finite number.", step=step)
    )
    return RunFailure(what, message("step {step}, rows {rows}", step=step, rows=_shown(rows)), _calmer(last_good))


def measured_no_number(step: int, split: str, rows: Sequence[int], last_good: Message) -> RunFailure:
    """An evaluation whose figures are no numbers; `rows` are those of the split to which no number came out."""
    name = SPLIT_NAMES[split]
    where = (
        message("step {step}, {split}, rows {rows}", step=step, split=name, rows=_shown(rows))
        if len(rows)
        else message("step {step}, {split}", step=step, split=name)
    )
    what = message("What was measured at step {step} is not a finite number.", step=step)
    return RunFailure(what, where, _calmer(last_good))


def lost_weights(step: int, last_good: Message) -> RunFailure:
    """Weights that are no numbers any more: nothing that they say means anything."""
    what = message("After step {step} the model's weights are not finite numbers.", step=step)
    return RunFailure(what, message("step {step}", step=step), _calmer(last_good))


def _shown(rows: Sequence[int]) -> list[str]:
    return [str(row) for row in rows[:20]] + (["…"] if len(rows) > 20 else [])


def _calmer(last_good: Message) -> Message:
    return message(
        "Lower the learning rate or clip the gradient, and look at these rows. {last_good}", last_good=last_good
    )
