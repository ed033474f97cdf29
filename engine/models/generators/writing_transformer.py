"""The Transformer that writes: every word looks at itself and at all words before it.

Shapes: B rows, L tokens, D = hidden_size features.
"""

from __future__ import annotations

from torch import Tensor

from engine.config.gan import WritingTransformer
from engine.models.generators.generator import GeneratorConfig, Step, TextGenerator
from engine.models.kv_cache import KVCache
from engine.models.lens import SELF_ATTENTION
from engine.models.positions import PositionalEncoding
from engine.models.transformer import TransformerBlocks


class WritingTransformerConfig(GeneratorConfig):
    """Config of `WritingTransformerGenerator`."""

    model_type = "attune-writing-transformer"

    @property
    def choice(self) -> WritingTransformer:
        return WritingTransformer.model_validate(self.spec or {})


class WritingTransformerGenerator(TextGenerator):
    """A Transformer decoder alone, normalized before each part (`engine.config.gan.WritingTransformer`)."""

    config_class = WritingTransformerConfig
    config: WritingTransformerConfig

    def __init__(self, config: WritingTransformerConfig) -> None:
        spec = config.choice
        super().__init__(config, spec.hidden_size)
        self.positions = PositionalEncoding(
            spec.positions, spec.hidden_size, config.max_position_embeddings, spec.dropout
        )
        self.blocks = TransformerBlocks(
            num_blocks=spec.num_layers,
            size=spec.hidden_size,
            num_heads=spec.num_heads,
            feed_forward_size=spec.feed_forward_size,
            activation="gelu",
            positions=spec.positions,
            is_pre_norm=True,
            dropout=spec.dropout,
            is_causal=True,
        )
        self.post_init()

    @property
    def attention_names(self) -> tuple[str, ...]:
        return (SELF_ATTENTION,) * len(self.blocks.blocks)

    def read(self, vectors: Tensor, mask: Tensor, with_weights: bool) -> tuple[Tensor, tuple[Tensor, ...]]:
        states, maps = self.blocks(self.positions(vectors), mask, with_weights)
        return states, maps

    def begin(self, num: int, max_length: int) -> Step:
        pasts = [(KVCache(max_length), KVCache(max_length)) for _ in self.blocks.blocks]
        place = -1

        def step(vectors: Tensor) -> Tensor:
            nonlocal place
            place += 1
            states: Tensor = self.blocks.extend(self.positions(vectors.unsqueeze(1), place), place, pasts)
            return states.squeeze(1)

        return step
