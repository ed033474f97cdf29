"""TransformerSeq2Seq: a Transformer reads, another one writes and looks at what was read in every layer (Vaswani 2017;
normalized before each part, Xiong 2020).

Shapes: B rows, S tokens of the source, T words of the target, D features, H heads.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from engine.config.seq2seq import TransformerSeq2Seq
from engine.models.attention import masked_softmax
from engine.models.classifier import real_tokens
from engine.models.positions import PositionalEncoding
from engine.models.seq2seq.seq2seq_model import Seq2SeqConfig, Seq2SeqModel, Source, Written
from engine.models.transformer import TransformerBlocks


@dataclass
class TransformerState:
    """`written`: of each layer the keys and values of the words so far, [B, H, T, D / H] each; `read`: those of the
    source."""

    written: list[tuple[Tensor, Tensor]] = field(default_factory=list)
    read: list[tuple[Tensor, Tensor]] = field(default_factory=list)
    is_compileable: bool = False

    def get_seq_length(self) -> int:
        return self.written[0][0].shape[2] if self.written else 0

    def reorder_cache(self, beam_idx: Tensor) -> None:
        for pairs in (self.written, self.read):
            pairs[:] = [(key.index_select(0, beam_idx), value.index_select(0, beam_idx)) for key, value in pairs]


class TransformerEncoder(nn.Module):
    """Reads the source; word vectors live here."""

    main_input_name = "input_ids"

    def __init__(self, spec: TransformerSeq2Seq, config: Seq2SeqConfig) -> None:
        super().__init__()
        self.embedding = nn.Embedding(config.vocab_size, spec.hidden_size, padding_idx=config.pad_token_id)
        self.positions = PositionalEncoding("sinusoidal", spec.hidden_size, 0, spec.dropout)
        self.blocks = TransformerBlocks(
            num_blocks=spec.num_layers,
            size=spec.hidden_size,
            num_heads=spec.num_heads,
            feed_forward_size=spec.feed_forward_size,
            activation="relu",
            positions="sinusoidal",
            is_pre_norm=True,
            dropout=spec.dropout,
        )

    def forward(self, input_ids: Tensor, attention_mask: Tensor | None = None, **_kwargs: Any) -> Source:
        """States of `input_ids` [B, S]."""
        mask = real_tokens(input_ids, attention_mask)
        states, _ = self.blocks(self.positions(self.embedding(input_ids)), mask, False)
        return Source(last_hidden_state=states, input_ids=input_ids)


class DecoderBlock(nn.Module):
    """A look at the words before, a look at the source, a feed-forward layer, each added to what came in."""

    def __init__(self, spec: TransformerSeq2Seq) -> None:
        super().__init__()
        size = spec.hidden_size
        self.num_heads = spec.num_heads
        self.before_norm, self.source_norm, self.feed_forward_norm = (nn.LayerNorm(size) for _ in range(3))
        self.before = nn.Linear(size, 3 * size)
        self.before_output = nn.Linear(size, size)
        self.query = nn.Linear(size, size)
        self.source = nn.Linear(size, 2 * size)
        self.source_output = nn.Linear(size, size)
        self.feed_forward = nn.Sequential(
            nn.Linear(size, spec.feed_forward_size), nn.ReLU(), nn.Linear(spec.feed_forward_size, size)
        )
        self.dropout = nn.Dropout(spec.dropout)

    def read(self, states: Tensor) -> tuple[Tensor, Tensor]:
        """Keys and values of the source's `states` [B, S, D]."""
        key, value = self.source(states).chunk(2, dim=-1)
        return self._heads(key), self._heads(value)

    def forward(
        self,
        states: Tensor,
        past: tuple[Tensor, Tensor] | None,
        read: tuple[Tensor, Tensor],
        mask: Tensor,
        with_map: bool,
    ) -> tuple[Tensor, tuple[Tensor, Tensor], Tensor | None]:
        """(states [B, T, D], keys and values of all words so far, where each looks in the source [B, H, T, S] when
        asked for) of `states` behind `past`."""
        query, key, value = (self._heads(one) for one in self.before(self.before_norm(states)).chunk(3, dim=-1))
        if past is not None:
            key, value = torch.cat([past[0], key], dim=2), torch.cat([past[1], value], dim=2)
        number, total = query.shape[2], key.shape[2]
        seen = torch.ones(number, total, dtype=torch.bool, device=states.device).tril(total - number)
        mixed = functional.scaled_dot_product_attention(query, key, value, attn_mask=seen)
        states = states + self.dropout(self.before_output(mixed.transpose(1, 2).flatten(2)))
        query = self._heads(self.query(self.source_norm(states)))
        mixed, weights = _look(query, *read, mask[:, None, None, :], with_map)
        states = states + self.dropout(self.source_output(mixed.transpose(1, 2).flatten(2)))
        states = states + self.dropout(self.feed_forward(self.feed_forward_norm(states)))
        return states, (key, value), weights

    def _heads(self, states: Tensor) -> Tensor:
        """[B, L, D] as [B, H, L, D / H]."""
        heads: Tensor = states.view(*states.shape[:2], self.num_heads, -1)
        return heads.transpose(1, 2)


def _look(query: Tensor, key: Tensor, value: Tensor, mask: Tensor, with_map: bool) -> tuple[Tensor, Tensor | None]:
    if not with_map:
        return functional.scaled_dot_product_attention(query, key, value, attn_mask=mask), None
    weights = masked_softmax(query @ key.transpose(-1, -2) / math.sqrt(query.shape[-1]), mask)
    return weights @ value, weights


class TransformerSeq2SeqConfig(Seq2SeqConfig):
    """Config of `TransformerSeq2SeqModel`."""

    model_type = "attune-transformer-seq2seq"

    @property
    def choice(self) -> TransformerSeq2Seq:
        return TransformerSeq2Seq.model_validate(self.spec or {})


class TransformerSeq2SeqModel(Seq2SeqModel):
    """Reads and writes with attention alone (`engine.config.seq2seq.TransformerSeq2Seq`)."""

    config_class = TransformerSeq2SeqConfig
    config: TransformerSeq2SeqConfig

    def __init__(self, config: TransformerSeq2SeqConfig) -> None:
        spec = config.choice
        super().__init__(config)
        self.encoder = TransformerEncoder(spec, config)
        self.positions = PositionalEncoding("sinusoidal", spec.hidden_size, 0, spec.dropout)
        self.blocks = nn.ModuleList(DecoderBlock(spec) for _ in range(spec.num_layers))
        self.norm = nn.LayerNorm(spec.hidden_size)
        self.post_init()

    @property
    def attention_names(self) -> tuple[str, ...]:
        return ("alignment",) * len(self.blocks)

    def write(
        self, source: Source, mask: Tensor, ids: Tensor, state: TransformerState | None, with_maps: bool
    ) -> Written:
        assert source.last_hidden_state is not None
        state = TransformerState() if state is None else state
        if not state.read:
            state.read = [block.read(source.last_hidden_state) for block in self._blocks]
        first, pasts = state.get_seq_length(), state.written
        states = self.positions(self.get_input_embeddings()(ids), first)
        maps: list[Tensor] = []
        written: list[tuple[Tensor, Tensor]] = []
        for depth, block in enumerate(self._blocks):
            states, pair, weights = block(states, pasts[depth] if pasts else None, state.read[depth], mask, with_maps)
            written.append(pair)
            maps += [] if weights is None else [weights]
        state.written = written
        return Written(self.norm(states), tuple(maps), state)

    @property
    def _blocks(self) -> list[DecoderBlock]:
        return [block for block in self.blocks if isinstance(block, DecoderBlock)]
