"""The fusion classifier: positional embedding, Transformer blocks, a recurrent network with attention, head."""

from __future__ import annotations

from torch import Tensor

from engine.config.classifiers import Fusion
from engine.models.classifier import ClassifierConfig, ClassifierHead, TextClassifier
from engine.models.lens import SELF_ATTENTION
from engine.models.normalized import make_embedding
from engine.models.pooling import build_pooling, map_names
from engine.models.positions import PositionalEncoding
from engine.models.recurrent import RecurrentLayers
from engine.models.transformer import TransformerBlocks


class FusionConfig(ClassifierConfig):
    """Config of `FusionClassifier`."""

    model_type = "attune-fusion"

    @property
    def choice(self) -> Fusion:
        return Fusion.model_validate(self.spec or {})


class FusionClassifier(TextClassifier):
    """Words look at each other first, then are read one by one (`engine.config.classifiers.Fusion`).

    The blocks are normalized before each part, as a recurrent layer behind them trains best on a steady scale.
    """

    config_class = FusionConfig
    config: FusionConfig

    def __init__(self, config: FusionConfig) -> None:
        spec = config.choice
        size = spec.hidden_size * (2 if spec.bidirectional else 1)
        super().__init__(config)
        self.embedding = make_embedding(config, spec.embedding_size)
        self.positions = PositionalEncoding(
            spec.positions,
            spec.embedding_size,
            config.max_position_embeddings,
            spec.dropout,
            config.normalize_embeddings,
        )
        self.blocks = TransformerBlocks(
            num_blocks=spec.num_blocks,
            size=spec.embedding_size,
            num_heads=spec.num_heads,
            feed_forward_size=spec.feed_forward_size,
            activation=spec.activation,
            positions=spec.positions,
            is_pre_norm=True,
            dropout=spec.dropout,
        )
        self.layers = RecurrentLayers(
            spec.cell,
            spec.embedding_size,
            spec.hidden_size,
            num_layers=1,
            bidirectional=spec.bidirectional,
            dropout=spec.dropout,
        )
        self.pooling = build_pooling(spec.pooling, size, spec.hidden_size)
        self._names = (SELF_ATTENTION,) * spec.num_blocks + map_names(spec.pooling)
        self.head = ClassifierHead(size, config)
        self.post_init()

    @property
    def attention_names(self) -> tuple[str, ...]:
        return self._names

    def summarize(self, input_ids: Tensor, mask: Tensor, with_weights: bool) -> tuple[Tensor, tuple[Tensor, ...]]:
        self._check_length(input_ids.shape[1])
        states, maps = self.blocks(self.positions(self.embed(input_ids)), mask, with_weights)
        states, final = self.layers(states, mask)
        summary, weights = self.pooling(states, final, self.words(input_ids, mask))
        return summary, (*maps, weights) if with_weights and weights is not None else maps
