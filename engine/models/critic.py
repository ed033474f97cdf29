"""The critic of a GAN: an ordinary classifier of "invented" and "real", its score, and how steep it is.

Shapes: B rows, L tokens, V words, D features of a word vector.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import Tensor
from torch.nn import functional
from torch.nn.attention import SDPBackend, sdpa_kernel

from engine.models.classifier import TextClassifier
from engine.models.normalized import table_of

CRITIC_LABELS = ("invented", "real")
"""In id order: the score is the logit of "real"."""


def critic_score(
    model: TextClassifier, input_ids: Tensor, attention_mask: Tensor, soft: Tensor | None = None
) -> Tensor:
    """[B]: how real the critic finds each text; sigmoid(score) is its probability of "real".

    `model` has the labels `CRITIC_LABELS` and binary cross-entropy, so that one number answers. Soft words [B, L, V]
    are read as their mean word vectors, with gradient, and `input_ids` only tell special tokens.
    """
    vectors = None if soft is None else _mean_vectors(soft, attention_mask, _word_vectors(model))
    return _scored(model, input_ids, attention_mask, vectors)


def gradient_penalty(
    model: TextClassifier,
    real_ids: Tensor,
    real_mask: Tensor,
    fake_ids: Tensor,
    fake_mask: Tensor,
    soft: Tensor | None = None,
    generator: torch.Generator | None = None,
) -> Tensor:
    """[B]: (|slope| - 1)^2 of the score at a random mixture of the word vectors of a real and an invented text
    (WGAN-GP, Gulrajani 2017, eq. 3), with gradient for the critic alone.

    A mixture is as long as the longer of its two texts, behind whose end the shorter one counts as zeros. `soft`
    [B, L, V] are the invented texts' soft words; `generator` draws the mixtures.
    """
    weight = _word_vectors(model).detach()
    real = weight[real_ids] * real_mask.unsqueeze(-1)
    fake = weight[fake_ids] * fake_mask.unsqueeze(-1)
    if soft is not None:
        fake = _mean_vectors(soft.detach(), fake_mask, weight)
    length = max(real.shape[1], fake.shape[1])
    real, fake = (functional.pad(one, (0, 0, 0, length - one.shape[1])) for one in (real, fake))
    share = torch.rand(len(real), 1, 1, generator=generator, device=real.device)
    mixture = (share * real + (1 - share) * fake).requires_grad_(True)
    ids, mask = _longer(real_ids, real_mask, fake_ids, fake_mask, length)
    with torch.enable_grad(), _twice_differentiable():
        score = _scored(model, ids, mask, mixture)
        (slope,) = torch.autograd.grad(score.sum(), mixture, create_graph=True)
    # the root of 0 has an infinite slope
    slope = slope.to(torch.promote_types(slope.dtype, torch.float32))
    norm = (slope.square().sum(dim=(1, 2)) + 1e-12).sqrt()
    return (norm - 1).square()


def _scored(model: TextClassifier, input_ids: Tensor, attention_mask: Tensor, vectors: Tensor | None) -> Tensor:
    assert model.head.is_single, "a critic answers one question"
    logits: Tensor = model(input_ids, attention_mask, inputs_embeds=vectors).logits
    return logits[:, 1]


def _word_vectors(model: TextClassifier) -> Tensor:
    """[V, D]."""
    return table_of(model.embedding)


def _mean_vectors(soft: Tensor, mask: Tensor, weight: Tensor) -> Tensor:
    """[B, L, D] of soft words [B, L, V]: the mean of the word vectors [V, D]. Padding is zero, and is not computed."""
    is_real = mask.bool()
    return soft.new_zeros(*mask.shape, weight.shape[1]).index_put(
        is_real.nonzero().unbind(1), (soft[is_real] @ weight).to(soft.dtype)
    )


def _longer(
    real_ids: Tensor, real_mask: Tensor, fake_ids: Tensor, fake_mask: Tensor, length: int
) -> tuple[Tensor, Tensor]:
    """Ids and mask [B, L] of the longer one of two texts, row by row."""
    real_ids, real_mask, fake_ids, fake_mask = (
        functional.pad(one, (0, length - one.shape[1])) for one in (real_ids, real_mask, fake_ids, fake_mask)
    )
    is_real_longer = real_mask.sum(dim=1, keepdim=True) >= fake_mask.sum(dim=1, keepdim=True)
    return torch.where(is_real_longer, real_ids, fake_ids), torch.where(is_real_longer, real_mask, fake_mask)


@contextmanager
def _twice_differentiable() -> Iterator[None]:
    """The fused recurrent and attention kernels have no second derivative; torch's plain ones have."""
    with (
        torch.backends.cudnn.flags(enabled=False),
        sdpa_kernel(SDPBackend.MATH),
    ):
        yield
