"""The adversary on the attention: it moves scores before their softmax instead of word vectors.

Shapes: B rows, H heads, Q queries, K keys.
"""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import Tensor
from transformers import PreTrainedModel

from engine.config.adversary import AttentionAdversary
from engine.data.tokens.batches import Batch
from engine.errors import InputError
from engine.messages import message
from engine.models.lens import Lens, through
from engine.models.mechanisms import ABILITIES, prepare
from engine.training.adversary.chance import Chance
from engine.training.adversary.moves import directed
from engine.training.adversary.plain import Learner, Lesson


class OnAttention:
    """r = norm * g / ||g||_2 with g the loss's gradient at all attention scores of a text, in every layer, head and
    query together (Kitada & Iyatomi 2021, eq. 8-9).

    Scores themselves are out of sight of a lens: softmax(s + r) is proportional to softmax(s) * exp(r), and a key with
    the weight 0 (padding, or out of a query's sight) keeps it. Both passes share their dropout.
    """

    def __init__(self, spec: AttentionAdversary, model: PreTrainedModel) -> None:
        _make_ready(model)
        self._spec = spec
        self._model = model

    def weight(self, task: Learner, player: str, batch: Batch) -> float:
        return task.weight(player, batch)

    def losses(self, task: Learner, player: str, batch: Batch) -> Iterator[Lesson]:
        chance = Chance(self._model.device)
        watched = _Watched()
        with through(watched):
            total, _ = task.loss(player, batch)
        yield total, 1.0
        moves = directed(watched.slopes(), self._spec.norm)
        with chance.again(), through(_Moved(moves)):
            total, _ = task.loss(player, batch)
        yield total, self._spec.weight


class _Watched(Lens):
    """Sees each layer's weights, and after the backward pass the slope of their scores."""

    def __init__(self) -> None:
        super().__init__()
        self._seen: list[tuple[Tensor, Tensor]] = []

    def look(self, weights: Tensor, allowed: Tensor | None) -> tuple[Tensor, Tensor | None]:
        if weights.requires_grad:
            weights.retain_grad()
            self._seen.append((weights, weights))
            return super().look(weights, allowed)
        leaf = torch.zeros_like(weights, requires_grad=True)  # a frozen encoder's weights have no gradient themselves
        self._seen.append((weights, leaf))
        return super().look(weights + leaf, allowed)

    def slopes(self) -> list[Tensor]:
        """dL / ds_k = w_k (dL / dw_k - sum_j w_j dL / dw_j), [B, H, Q, K] a layer."""
        return [
            _through_softmax(
                weights.detach().float(), torch.zeros_like(leaf) if leaf.grad is None else leaf.grad.float()
            )
            for weights, leaf in self._seen
        ]


class _Moved(Lens):
    """Moves each layer's scores."""

    def __init__(self, moves: list[Tensor]) -> None:
        super().__init__()
        self._moves = moves

    def look(self, weights: Tensor, allowed: Tensor | None) -> tuple[Tensor, Tensor | None]:
        return super().look(moved_weights(weights, self._moves[self.num_seen]), allowed)


def moved_weights(weights: Tensor, move: Tensor) -> Tensor:
    """w exp(r) of weights and move [..., Q, K], scaled so that a query's weights sum to what they did before (1,
    or what dropout left of it)."""
    exact = weights.float()
    raised = exact * (move - move.amax(dim=-1, keepdim=True)).exp_()
    smallest = torch.finfo(torch.float32).tiny
    share = exact.sum(dim=-1, keepdim=True) / raised.sum(dim=-1, keepdim=True).clamp_min(smallest)
    return (raised * share).to(weights.dtype)


def _through_softmax(weights: Tensor, slope: Tensor) -> Tensor:
    total = weights.sum(dim=-1, keepdim=True).clamp_min(torch.finfo(torch.float32).tiny)
    return weights * (slope - (weights * slope).sum(dim=-1, keepdim=True) / total)


def _make_ready(model: PreTrainedModel) -> None:
    """Let a lens in. Raises InputError for a model whose attention cannot be changed."""
    if _is_read_twice(model):
        raise InputError(
            message("The adversary on the attention does not go together with gradient checkpointing."),
            "model.gradient_checkpointing",
            message("Switch one of them off."),
        )
    ids = torch.ones(1, 4, dtype=torch.long, device=model.device)
    with torch.random.fork_rng([model.device] if model.device.type == "cuda" else []):
        mechanism = prepare(model, {"input_ids": ids, "attention_mask": torch.ones_like(ids)})
    if "uniform" not in ABILITIES[mechanism]:
        raise InputError(
            message("The attention of this model cannot be moved."),
            "training.adversary",
            message("Choose FGM, FreeLB or the virtual adversary, or another model."),
        )


def _is_read_twice(model: PreTrainedModel) -> bool:
    """Whether the backward pass computes layers once more, out of sight of a lens. Newer releases renamed it."""
    is_renamed = hasattr(type(model), "is_activation_checkpointing")
    return bool(getattr(model, "is_activation_checkpointing" if is_renamed else "is_gradient_checkpointing", False))
