"""How the states of all words become one: last, max, mean or an attention, as the spec says.

Every pooling maps states [B, L, D], the final state [B, D] and the mask [B, L] to a summary [B, D] and, if it is an
attention, its weights [B, H, 1, K] (else None).
"""

from __future__ import annotations

import math
from typing import assert_never

from torch import Tensor, nn

from engine.config import classifiers as choice
from engine.models.attention import (
    AdditiveScore,
    AttentionPooling,
    ConcatScore,
    DotScore,
    GeneralScore,
    MultiHeadPooling,
)


def build_pooling(spec: choice.Pooling, size: int, attention_size: int) -> nn.Module:
    """The pooling over states of `size`; `attention_size` is the width of a tanh layer that scores."""
    match spec:
        case choice.LastState():
            return LastPooling()
        case choice.MaxPooling():
            return MaxPooling()
        case choice.MeanPooling():
            return MeanPooling()
        case choice.AdditiveAttention():
            return AttentionPooling(AdditiveScore(size, attention_size))
        case choice.DotAttention():
            return AttentionPooling(DotScore())
        case choice.GeneralAttention():
            return AttentionPooling(GeneralScore(size))
        case choice.ConcatAttention():
            return AttentionPooling(ConcatScore(size, attention_size))
        case choice.MultiHeadAttention():
            return MultiHeadPooling(size, spec.num_heads)
        case _:
            assert_never(spec)


def map_names(spec: choice.Pooling) -> tuple[str, ...]:
    """The name of the pooling's attention map; empty where it has none."""
    has_attention = not isinstance(spec, choice.LastState | choice.MaxPooling | choice.MeanPooling)
    return (f"{spec.name} attention",) if has_attention else ()


class LastPooling(nn.Module):
    """The final state."""

    def forward(self, _states: Tensor, final: Tensor, _mask: Tensor) -> tuple[Tensor, None]:
        return final, None


class MaxPooling(nn.Module):
    """The largest value of each feature over the real tokens."""

    def forward(self, states: Tensor, _final: Tensor, mask: Tensor) -> tuple[Tensor, None]:
        return states.masked_fill(~mask.unsqueeze(-1), -math.inf).amax(dim=1), None


class MeanPooling(nn.Module):
    """The mean over the real tokens."""

    def forward(self, states: Tensor, _final: Tensor, mask: Tensor) -> tuple[Tensor, None]:
        share = mask.to(states.dtype) / mask.sum(dim=1, keepdim=True)
        return (share.unsqueeze(1) @ states).squeeze(1), None
