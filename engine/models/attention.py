"""The attention layers: Bahdanau's, Luong's three, and multi-head; weights always come back when asked for.

Shapes: B rows, H heads, L tokens (as keys K), D features. `mask` [B, L] is True for real tokens; others get exactly 0.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional

from engine.models.kv_cache import KVCache
from engine.models.lens import looking
from engine.models.positions import Rotation, rotate


def masked_softmax(scores: Tensor, mask: Tensor) -> Tensor:
    """Weights over the last axis: 0 where `mask` (broadcast to the scores) is False, the rest summing to 1."""
    return scores.float().masked_fill(~mask, -math.inf).softmax(dim=-1).to(scores.dtype)


class AdditiveScore(nn.Module):
    """v tanh(W h + U q) (Bahdanau 2015, A.1.2).

    The paper's query is the decoder's state, which a classifier has not: here it is learned, and so U q is one learned
    vector, kept as the bias of W.
    """

    def __init__(self, size: int, attention_size: int) -> None:
        super().__init__()
        self.key = nn.Linear(size, attention_size)
        self.score = nn.Linear(attention_size, 1, bias=False)

    def forward(self, states: Tensor, _final: Tensor) -> Tensor:
        """Scores [B, L] of `states` [B, L, D]."""
        scores: Tensor = self.score(torch.tanh(self.key(states)))
        return scores.squeeze(-1)


class DotScore(nn.Module):
    """q h (Luong 2015, eq. 8); the query is the final state, where Luong has the decoder's."""

    def forward(self, states: Tensor, final: Tensor) -> Tensor:
        """Scores [B, L] of `states` [B, L, D] for `final` [B, D]."""
        return (states @ final.unsqueeze(-1)).squeeze(-1)


class GeneralScore(nn.Module):
    """q W h (Luong 2015, eq. 8); the query is the final state."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self.query = nn.Linear(size, size, bias=False)

    def forward(self, states: Tensor, final: Tensor) -> Tensor:
        """Scores [B, L] of `states` [B, L, D] for `final` [B, D]."""
        query: Tensor = self.query(final)
        return (states @ query.unsqueeze(-1)).squeeze(-1)


class ConcatScore(nn.Module):
    """v tanh(W [q; h]) (Luong 2015, eq. 8); the query is the final state. W is kept as its two halves."""

    def __init__(self, size: int, attention_size: int) -> None:
        super().__init__()
        self.query = nn.Linear(size, attention_size, bias=False)
        self.key = nn.Linear(size, attention_size, bias=False)
        self.score = nn.Linear(attention_size, 1, bias=False)

    def forward(self, states: Tensor, final: Tensor) -> Tensor:
        """Scores [B, L] of `states` [B, L, D] for `final` [B, D]."""
        scores: Tensor = self.score(torch.tanh(self.key(states) + self.query(final).unsqueeze(1)))
        return scores.squeeze(-1)


class AttentionPooling(nn.Module):
    """The mean of all states, weighted by one score each."""

    def __init__(self, score: nn.Module) -> None:
        super().__init__()
        self.score = score

    def forward(self, states: Tensor, final: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """Summary [B, D] and weights [B, 1, 1, K]."""
        weights = masked_softmax(self.score(states, final), mask)[:, None, None, :]
        weights, gate = looked_at(weights, mask[:, None, None, :])
        summary = (weights.squeeze(1) @ states).squeeze(1)
        return summary if gate is None else summary * gate, weights


class MultiHeadPooling(nn.Module):
    """Scaled dot attention in several heads (Vaswani 2017, 3.2), each with one learned query.

    A head has size // num_heads features (at least 1), so that any number of heads fits any size.
    """

    def __init__(self, size: int, num_heads: int) -> None:
        super().__init__()
        self.num_heads = num_heads
        self.head_size = max(1, size // num_heads)
        inner = num_heads * self.head_size
        self.query = nn.Embedding(num_heads, self.head_size)
        self.key = nn.Linear(size, inner)
        self.value = nn.Linear(size, inner)
        self.output = nn.Linear(inner, size)

    def forward(self, states: Tensor, _final: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """Summary [B, D] and weights [B, H, 1, K]."""
        keys, values = self._heads(self.key(states)), self._heads(self.value(states))
        # a query starts with length 1 (variance 1 / head_size), so the paper's 1 / sqrt(head_size) is in it already
        scores = self.query.weight.unsqueeze(1) @ keys.transpose(-1, -2)
        weights = masked_softmax(scores, mask[:, None, None, :])
        weights, gate = looked_at(weights, mask[:, None, None, :])
        summary: Tensor = self.output(_gated(weights @ values, gate).flatten(1))
        return summary, weights

    def _heads(self, states: Tensor) -> Tensor:
        """[B, L, inner] as [B, H, L, head_size]."""
        return states.view(*states.shape[:2], self.num_heads, self.head_size).transpose(1, 2)


class SelfAttention(nn.Module):
    """Multi-head scaled dot attention of a text to itself (Vaswani 2017, 3.2).

    Fused (SDPA) when nobody looks; the same sum written out when the weights are wanted. There is no dropout on the
    weights: the fused kernel stays usable in training, and the paper drops only what leaves a layer (5.4). A causal one
    looks at no later token.
    """

    def __init__(self, size: int, num_heads: int, *, is_causal: bool = False) -> None:
        super().__init__()
        self.num_heads = num_heads
        self.is_causal = is_causal
        self.query_key_value = nn.Linear(size, 3 * size)
        self.output = nn.Linear(size, size)

    def forward(
        self, states: Tensor, mask: Tensor, turn: Rotation | None, with_weights: bool
    ) -> tuple[Tensor, Tensor | None]:
        """New states [B, L, D], and weights [B, H, L, L] when asked for."""
        query, key, value = self._heads(states)
        if turn is not None:
            query, key = rotate(query, turn), rotate(key, turn)
        allowed = self._allowed(mask)
        weights = None
        if with_weights or looking() is not None:
            weights = masked_softmax(query @ key.transpose(-1, -2) / math.sqrt(query.shape[-1]), allowed)
            weights, gate = looked_at(weights, allowed)
            mixed = _gated(weights @ value, gate)
        else:
            mixed = functional.scaled_dot_product_attention(query, key, value, attn_mask=allowed)
        new_states: Tensor = self.output(mixed.transpose(1, 2).flatten(2))
        return new_states, weights if with_weights else None

    def extend(self, states: Tensor, turn: Rotation | None, past: tuple[KVCache, KVCache]) -> Tensor:
        """New states [B, 1, D] of one more token, which looks at itself and at all before it; `past` keeps their keys
        and values. `turn` [1, size / 2] is that of its place."""
        query, key, value = self._heads(states)
        if turn is not None:
            query, key = rotate(query, turn), rotate(key, turn)
        keys, values = past[0].append(key), past[1].append(value)
        mixed = (query @ keys.transpose(-1, -2) / math.sqrt(query.shape[-1])).softmax(dim=-1) @ values
        new_states: Tensor = self.output(mixed.transpose(1, 2).flatten(2))
        return new_states

    def _allowed(self, mask: Tensor) -> Tensor:
        """What may be looked at, [B, 1, 1 or L, L]."""
        over_keys = mask[:, None, None, :]
        if not self.is_causal:
            return over_keys
        length = mask.shape[1]
        return over_keys & torch.ones(length, length, dtype=torch.bool, device=mask.device).tril()

    def _heads(self, states: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Query, key and value, each [B, H, L, head_size]."""
        fused: Tensor = self.query_key_value(states)
        fused = fused.view(*states.shape[:2], 3, self.num_heads, -1)
        query, key, value = fused.permute(2, 0, 3, 1, 4)
        return query, key, value


def looked_at(weights: Tensor, allowed: Tensor) -> tuple[Tensor, Tensor | None]:
    """Weights [B, H, Q, K] and each head's gate [H], as the lens of this thread wants them; without one as they are."""
    lens = looking()
    return (weights, None) if lens is None else lens.look(weights, allowed)


def _gated(mixed: Tensor, gate: Tensor | None) -> Tensor:
    """What the heads pass on, [B, H, Q, D], each multiplied by its gate."""
    return mixed if gate is None else mixed * gate[:, None, None]
