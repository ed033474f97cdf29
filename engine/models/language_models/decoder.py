"""The Transformer language model: a decoder alone with rotary positions, normalized before each part (Vaswani 2017;
Su 2021), which keeps keys and values of what it has read.

Shapes: B rows, L newest tokens, K tokens of the past with these, H heads, D features.
"""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional
from transformers import DynamicCache

from engine.config.language_models import TransformerLanguageModel
from engine.models.attention import looked_at, masked_softmax
from engine.models.language_models.language_model import LanguageModelConfig, NeuralLanguageModel
from engine.models.lens import SELF_ATTENTION, looking
from engine.models.positions import Rotation, rotate, rotation


class TransformerLMConfig(LanguageModelConfig):
    """Config of `TransformerLM`."""

    model_type = "attune-transformer-lm"

    @property
    def choice(self) -> TransformerLanguageModel:
        return TransformerLanguageModel.model_validate(self.spec or {})


class CausalAttention(nn.Module):
    """Multi-head scaled dot attention to oneself and all before (Vaswani 2017, 3.2), turned by position (Su 2021).

    Fused where nobody looks. There is no dropout on the weights: the fused kernel stays usable in training.
    """

    def __init__(self, size: int, num_heads: int) -> None:
        super().__init__()
        self.num_heads = num_heads
        self.query_key_value = nn.Linear(size, 3 * size)
        self.output = nn.Linear(size, size)

    def forward(
        self, states: Tensor, allowed: Tensor | None, turn: Rotation, cache: Any, layer: int, with_weights: bool
    ) -> tuple[Tensor, Tensor | None]:
        """New states [B, L, D], and weights [B, H, L, K] when asked for. `allowed` [B or 1, 1, L, K]; None: all
        before, of texts without a past."""
        fused: Tensor = self.query_key_value(states)
        fused = fused.view(*states.shape[:2], 3, self.num_heads, -1)
        query, key, value = fused.permute(2, 0, 3, 1, 4)
        query, key = rotate(query, turn), rotate(key, turn)
        if cache is not None:
            key, value = cache.update(key, value, layer)
        weights = None
        if with_weights or looking() is not None:
            seen = causal(query.shape[2], key.shape[2], query.device) if allowed is None else allowed
            weights = masked_softmax(query @ key.transpose(-1, -2) / math.sqrt(query.shape[-1]), seen)
            weights, gate = looked_at(weights, seen)
            mixed = weights @ value if gate is None else weights @ value * gate[:, None, None]
        else:
            mixed = functional.scaled_dot_product_attention(
                query, key, value, attn_mask=allowed, is_causal=allowed is None
            )
        new_states: Tensor = self.output(mixed.transpose(1, 2).flatten(2))
        return new_states, weights if with_weights else None


class DecoderBlock(nn.Module):
    """Attention, then a feed-forward layer, each on normalized states and added to what came in."""

    def __init__(self, spec: TransformerLanguageModel) -> None:
        super().__init__()
        size = spec.hidden_size
        self.attention_norm = nn.LayerNorm(size)
        self.attention = CausalAttention(size, spec.num_heads)
        self.feed_forward_norm = nn.LayerNorm(size)
        self.feed_forward = nn.Sequential(
            nn.Linear(size, spec.feed_forward_size), nn.GELU(), nn.Linear(spec.feed_forward_size, size)
        )
        self.dropout = nn.Dropout(spec.dropout)

    def forward(
        self, states: Tensor, allowed: Tensor | None, turn: Rotation, cache: Any, layer: int, with_weights: bool
    ) -> tuple[Tensor, Tensor | None]:
        mixed, weights = self.attention(self.attention_norm(states), allowed, turn, cache, layer, with_weights)
        states = states + self.dropout(mixed)
        return states + self.dropout(self.feed_forward(self.feed_forward_norm(states))), weights


class TransformerLM(NeuralLanguageModel):
    """`engine.config.language_models.TransformerLanguageModel`. Positions are told as distances alone, so filling up on
    the left changes nothing. A lens may look at every attention and turn heads down."""

    config_class = TransformerLMConfig
    config: TransformerLMConfig

    def __init__(self, config: TransformerLMConfig) -> None:
        spec = config.choice
        super().__init__(config, spec.hidden_size)
        self.head_size = spec.hidden_size // spec.num_heads
        self.dropout = nn.Dropout(spec.dropout)
        self.blocks = nn.ModuleList(DecoderBlock(spec) for _ in range(spec.num_layers))
        self.norm = nn.LayerNorm(spec.hidden_size)
        self.post_init()

    @property
    def attention_names(self) -> tuple[str, ...]:
        return (SELF_ATTENTION,) * len(self.blocks)

    def read(
        self, vectors: Tensor, attention_mask: Tensor | None, cache: Any, use_cache: bool, with_weights: bool
    ) -> tuple[Tensor, Any, tuple[Tensor, ...]]:
        if use_cache and cache is None:
            cache = DynamicCache()
        length = vectors.shape[1]
        past = cache.get_seq_length() if cache is not None else 0
        cosine, sine = rotation(past + length, self.head_size, vectors.device)
        turn = Rotation(cosine[past:], sine[past:])
        allowed = _allowed(attention_mask, length, past + length, vectors.device)
        states = self.dropout(vectors)
        maps: list[Tensor] = []
        for layer, block in enumerate(self.blocks):
            states, weights = block(states, allowed, turn, cache, layer, with_weights)
            maps += [] if weights is None else [weights]
        return self.norm(states), cache, tuple(maps)


def causal(num_new: int, num_all: int, device: torch.device) -> Tensor:
    """[1, 1, L, K]: each of the newest tokens may look at itself and at all before it."""
    is_before = torch.ones(num_new, num_all, dtype=torch.bool, device=device).tril(num_all - num_new)
    return is_before[None, None]


def _allowed(mask: Tensor | None, num_new: int, num_all: int, device: torch.device) -> Tensor | None:
    """What may be looked at; None where a plain causal mask says it. What only fills up looks at itself, so that there
    is a number."""
    if mask is None or bool(mask.all()):
        return None if num_new == num_all else causal(num_new, num_all, device)
    itself = torch.eye(num_all, dtype=torch.bool, device=device)[num_all - num_new :]
    return causal(num_new, num_all, device) & mask[:, None, None, :].bool() | itself[None, None]
