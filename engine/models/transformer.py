"""The transformer classifier: an encoder from scratch (Vaswani 2017), pooling, head.

Shapes: B rows, L tokens, D = hidden_size features, H heads.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import Tensor, nn

from engine.config.classifiers import Activation, Positions, Transformer
from engine.models.attention import SelfAttention
from engine.models.classifier import ClassifierConfig, ClassifierHead, TextClassifier
from engine.models.kv_cache import KVCache
from engine.models.lens import SELF_ATTENTION
from engine.models.normalized import make_embedding
from engine.models.pooling import MaxPooling, MeanPooling
from engine.models.positions import PositionalEncoding, Rotation, rotation

_ACTIVATIONS: dict[Activation, Callable[[], nn.Module]] = {
    "relu": nn.ReLU,
    "gelu": nn.GELU,
    "silu": nn.SiLU,
    "tanh": nn.Tanh,
    "sigmoid": nn.Sigmoid,
}


class TransformerBlock(nn.Module):
    """Self-attention, then a feed-forward layer, each added to what came in; normalized before or after each."""

    def __init__(
        self,
        size: int,
        num_heads: int,
        feed_forward_size: int,
        *,
        activation: Activation,
        is_pre_norm: bool,
        dropout: float,
        is_causal: bool = False,
    ) -> None:
        super().__init__()
        self.is_pre_norm = is_pre_norm
        self.attention = SelfAttention(size, num_heads, is_causal=is_causal)
        self.attention_norm = nn.LayerNorm(size)
        self.feed_forward = nn.Sequential(
            nn.Linear(size, feed_forward_size), _ACTIVATIONS[activation](), nn.Linear(feed_forward_size, size)
        )
        self.feed_forward_norm = nn.LayerNorm(size)
        self.dropout = nn.Dropout(dropout)

    def forward(
        self, states: Tensor, mask: Tensor, turn: Rotation | None, with_weights: bool
    ) -> tuple[Tensor, Tensor | None]:
        """New states [B, L, D], and the attention weights [B, H, L, L] when asked for."""
        if self.is_pre_norm:
            mixed, weights = self.attention(self.attention_norm(states), mask, turn, with_weights)
            states = states + self.dropout(mixed)
            return states + self.dropout(self.feed_forward(self.feed_forward_norm(states))), weights
        mixed, weights = self.attention(states, mask, turn, with_weights)
        states = self.attention_norm(states + self.dropout(mixed))
        return self.feed_forward_norm(states + self.dropout(self.feed_forward(states))), weights

    def extend(self, states: Tensor, turn: Rotation | None, past: tuple[KVCache, KVCache]) -> Tensor:
        """New states [B, 1, D] of one more token behind those that `past` keeps; causal, normalized before."""
        assert self.is_pre_norm, "only a writer is extended, and it is normalized before each part"
        states = states + self.dropout(self.attention.extend(self.attention_norm(states), turn, past))
        extended: Tensor = states + self.dropout(self.feed_forward(self.feed_forward_norm(states)))
        return extended


class TransformerBlocks(nn.Module):
    """A stack of blocks with its norm: after the last block (pre-norm), or on what enters the first (post-norm)."""

    def __init__(
        self,
        *,
        num_blocks: int,
        size: int,
        num_heads: int,
        feed_forward_size: int,
        activation: Activation,
        positions: Positions,
        is_pre_norm: bool,
        dropout: float,
        is_causal: bool = False,
    ) -> None:
        super().__init__()
        self.is_pre_norm = is_pre_norm
        self.head_size = size // num_heads if positions == "rotary" else None
        self.norm = nn.LayerNorm(size)
        self.blocks = nn.ModuleList(
            TransformerBlock(
                size,
                num_heads,
                feed_forward_size,
                activation=activation,
                is_pre_norm=is_pre_norm,
                dropout=dropout,
                is_causal=is_causal,
            )
            for _ in range(num_blocks)
        )

    def forward(self, states: Tensor, mask: Tensor, with_weights: bool) -> tuple[Tensor, tuple[Tensor, ...]]:
        """States [B, L, D] after the last block, and each block's weights [B, H, L, L] when asked for."""
        turn = None if self.head_size is None else rotation(states.shape[1], self.head_size, states.device)
        if not self.is_pre_norm:
            states = self.norm(states)
        maps: list[Tensor] = []
        for block in self.blocks:
            states, weights = block(states, mask, turn, with_weights)
            maps += [] if weights is None else [weights]
        return self.norm(states) if self.is_pre_norm else states, tuple(maps)

    def extend(self, states: Tensor, place: int, pasts: Sequence[tuple[KVCache, KVCache]]) -> Tensor:
        """States [B, 1, D] of the token at `place` after the last block; `pasts` keep the keys and values of each."""
        turn = None
        if self.head_size is not None:
            cosine, sine = rotation(place + 1, self.head_size, states.device)
            turn = Rotation(cosine[-1:], sine[-1:])
        for block, past in zip(self.blocks, pasts, strict=True):
            assert isinstance(block, TransformerBlock)
            states = block.extend(states, turn, past)
        extended: Tensor = self.norm(states)
        return extended


class FirstPooling(nn.Module):
    """The state of the first token."""

    def forward(self, states: Tensor, _final: Tensor, _mask: Tensor) -> tuple[Tensor, None]:
        return states[:, 0], None


class LastTokenPooling(nn.Module):
    """The state of the last real token."""

    def forward(self, states: Tensor, _final: Tensor, mask: Tensor) -> tuple[Tensor, None]:
        last = mask.sum(dim=1) - 1
        return states[torch.arange(states.shape[0], device=states.device), last], None


_POOLINGS: dict[str, Callable[[], nn.Module]] = {
    "first": FirstPooling,
    "mean": MeanPooling,
    "max": MaxPooling,
    "last": LastTokenPooling,
}


class TransformerConfig(ClassifierConfig):
    """Config of `TransformerClassifier`."""

    model_type = "attune-transformer"

    @property
    def choice(self) -> Transformer:
        return Transformer.model_validate(self.spec or {})


class TransformerClassifier(TextClassifier):
    """Every word looks at every other one, or at those before it, layer by layer
    (`engine.config.classifiers.Transformer`)."""

    config_class = TransformerConfig
    config: TransformerConfig

    def __init__(self, config: TransformerConfig) -> None:
        spec = config.choice
        super().__init__(config)
        self.embedding = make_embedding(config, spec.hidden_size)
        self.positions = PositionalEncoding(
            spec.positions, spec.hidden_size, config.max_position_embeddings, spec.dropout, config.normalize_embeddings
        )
        self.blocks = TransformerBlocks(
            num_blocks=spec.num_layers,
            size=spec.hidden_size,
            num_heads=spec.num_heads,
            feed_forward_size=spec.feed_forward_size,
            activation=spec.activation,
            positions=spec.positions,
            is_pre_norm=spec.norm == "pre",
            dropout=spec.dropout,
            is_causal=spec.causal,
        )
        self.pooling = _POOLINGS[spec.pooling]()
        self.dropout = nn.Dropout(spec.dropout)
        self.head = ClassifierHead(spec.hidden_size, config)
        self.post_init()

    @property
    def attention_names(self) -> tuple[str, ...]:
        return (SELF_ATTENTION,) * len(self.blocks.blocks)

    def summarize(self, input_ids: Tensor, mask: Tensor, with_weights: bool) -> tuple[Tensor, tuple[Tensor, ...]]:
        self._check_length(input_ids.shape[1])
        states, maps = self.blocks(self.positions(self.embed(input_ids)), mask, with_weights)
        summary, _ = self.pooling(states, states[:, 0], mask)
        return self.dropout(summary), maps
