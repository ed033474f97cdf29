"""Moves: how far something is moved, in which direction, and how it gets into a model.

Shapes: B rows, L tokens (padded on the right), E features of a word vector.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import torch
from torch import Tensor
from transformers import PreTrainedModel

from engine.data.tokens.batches import Batch
from engine.errors import InputError
from engine.messages import message


@contextmanager
def moved(model: PreTrainedModel, move: Tensor) -> Iterator[None]:
    """Inside, `move` [B, L, E] is added to the word vectors, whoever asks the model's embedding for them."""
    handle = model.get_input_embeddings().register_forward_hook(lambda _module, _inputs, vectors: vectors + move)
    try:
        yield
    finally:
        handle.remove()


def unmoved(model: PreTrainedModel, batch: Batch) -> Tensor:
    """A move by nothing, float32 [B, L, E]: the gradient that reaches it is that of the word vectors, even where the
    embedding itself does not learn."""
    vectors = model.get_input_embeddings().weight
    assert isinstance(vectors, Tensor)
    size = vectors.shape[-1]
    return torch.zeros(*batch.input_ids.shape, size, device=model.device, requires_grad=True)


def real_tokens(batch: Batch, device: torch.device) -> Tensor:
    """[B, L, 1], True for tokens that are part of a text."""
    return batch.attention_mask.to(device).bool().unsqueeze(-1)


def slope_of(move: Tensor) -> Tensor:
    """The gradient that a backward pass left at `move` [B, L, E], of the same shape. Raises InputError where none
    arrived."""
    if move.grad is None:
        raise InputError(
            message("The word vectors of this model cannot be moved."),
            "training.adversary",
            message("Choose no adversary, or another model."),
        )
    return move.grad


def directed(slopes: Sequence[Tensor], norm: float) -> list[Tensor]:
    """norm * g / ||g||_2, the norm taken over all that the `slopes` [B, ...] hold of one row.

    A row whose gradient is zero or not finite is not moved. Any scale of the gradient gives the same move, be it that
    of a loss scaler, or so small that its square would vanish. Float32.
    """
    found = [slope.detach().float() for slope in slopes]
    largest = torch.stack([_norm(slope, torch.inf) for slope in found]).amax(dim=0)
    is_usable = largest.isfinite() & (largest > 0)
    scale = torch.where(is_usable, largest, 1.0)
    found = [torch.where(_like(is_usable, slope), slope, 0.0).div_(_like(scale, slope)) for slope in found]
    length = torch.stack([_norm(slope, 2) for slope in found]).norm(dim=0)
    factor = norm / torch.where(is_usable, length, 1.0)
    return [slope.mul_(_like(factor, slope)) for slope in found]


def against(slope: Tensor, is_real: Tensor, norm: float) -> Tensor:
    """`directed` for word vectors: a move [B, L, E] of the length `norm` a row; padding stays where it is."""
    return directed([slope.masked_fill(~is_real, 0.0)], norm)[0]


def norms(move: Tensor) -> Tensor:
    """[B, 1, 1]: each row's L2 norm."""
    return move.square().sum(dim=(1, 2), keepdim=True).sqrt()


def _like(values: Tensor, tensor: Tensor) -> Tensor:
    """[B] as [B, 1, ...], to go with `tensor`."""
    return values.view(-1, *[1] * (tensor.ndim - 1))


def _norm(tensor: Tensor, order: float) -> Tensor:
    """[B]: each row's norm."""
    found: Tensor = torch.linalg.vector_norm(tensor.flatten(1), ord=order, dim=1)
    return found
