"""FreeLB: several steps against the model, whose gradients are all learned from."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext

from torch import Tensor
from transformers import PreTrainedModel

from engine.config.adversary import FreeLB
from engine.data.tokens.batches import Batch
from engine.training.adversary.chance import Chance
from engine.training.adversary.moves import against, moved, norms, real_tokens, slope_of, unmoved
from engine.training.adversary.plain import Learner, Lesson


class FreeLargeBatch:
    """K losses of a batch, each after one more step of ascent; each counts 1 / K (Zhu 2020, algorithm 1).

    The first move is random: uniform numbers times `initial_norm` / sqrt(real tokens * features). The passes share
    their dropout, as the paper's section 3.3 asks.
    """

    def __init__(self, spec: FreeLB, model: PreTrainedModel) -> None:
        self._spec = spec
        self._model = model

    def weight(self, task: Learner, player: str, batch: Batch) -> float:
        """The losses after the first are as many means as there are further steps; theirs is one mean over all."""
        return task.weight(player, batch) * (self._spec.steps - 1)

    def losses(self, task: Learner, player: str, batch: Batch) -> Iterator[Lesson]:
        is_real = real_tokens(batch, self._model.device)
        move = self._random(batch, is_real)
        chance = Chance(self._model.device)
        num_steps = self._spec.steps
        for step in range(num_steps):
            move = move.detach().requires_grad_(step < num_steps - 1)  # nobody moves after the last
            with chance.again() if step else nullcontext(), moved(self._model, move):
                total, _ = task.loss(player, batch)
            yield total, (num_steps - 1 if step else 1) / num_steps
            if move.requires_grad:
                move = self._within(move.detach() + against(slope_of(move), is_real, self._spec.step_size))

    def _random(self, batch: Batch, is_real: Tensor) -> Tensor:
        """U(-1, 1) * initial_norm / sqrt(tokens * features), [B, L, E]."""
        like = unmoved(self._model, batch).detach()
        if not self._spec.initial_norm:
            return like
        num_numbers = is_real.sum(dim=1, keepdim=True).clamp_min(1) * like.shape[-1]
        return like.uniform_(-1, 1) * is_real * (self._spec.initial_norm / num_numbers.sqrt())

    def _within(self, move: Tensor) -> Tensor:
        """Drawn back onto the ball of `max_norm`, where a row has left it."""
        if not self._spec.max_norm:
            return move
        return move * (self._spec.max_norm / norms(move).clamp_min(self._spec.max_norm))
