"""RecurrentSeq2Seq: an RNN, LSTM or GRU reads, another one writes, with or without attention, copying and coverage.

Shapes: B rows, S tokens of the source, T words of the target, E features of a word vector, D of an encoder state, Q of
the decoder's state.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from engine.config.classifiers import Cell
from engine.config.seq2seq import RecurrentSeq2Seq
from engine.models.classifier import real_tokens
from engine.models.recurrent import FeatureDropout, RecurrentLayers, number_format
from engine.models.seq2seq.seq2seq_model import Seq2SeqConfig, Seq2SeqModel, Source, Written
from engine.models.seq2seq.source_attention import Keys, SourceAttention

_CELLS: dict[Cell, type[nn.RNN] | type[nn.LSTM] | type[nn.GRU]] = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}


@dataclass
class RecurrentState:
    """`memory`: of each layer the hidden state (and an LSTM's cell), each [1, B, Q], as torch's layers take them. `fed`
    [B, E]: what the last word was told from. `coverage` [B, S]: the sum of all looks so far. `keys` are the same for
    all beams of a row."""

    memory: list[tuple[Tensor, ...]]
    fed: Tensor
    coverage: Tensor | None
    keys: Keys | None
    num_words: int = 0
    is_compileable: bool = False

    def get_seq_length(self) -> int:
        return self.num_words

    def reorder_cache(self, beam_idx: Tensor) -> None:
        self.memory = [tuple(one.index_select(1, beam_idx) for one in layer) for layer in self.memory]
        self.fed = self.fed.index_select(0, beam_idx)
        if self.coverage is not None:
            self.coverage = self.coverage.index_select(0, beam_idx)
        if self.keys is not None:
            self.keys = Keys(*(one.index_select(0, beam_idx) for one in self.keys))


class RecurrentEncoder(nn.Module):
    """Reads the source; word vectors live here."""

    main_input_name = "input_ids"

    def __init__(self, spec: RecurrentSeq2Seq, config: Seq2SeqConfig) -> None:
        super().__init__()
        self.embedding = nn.Embedding(config.vocab_size, spec.embedding_size, padding_idx=config.pad_token_id)
        self.dropout = FeatureDropout(spec.dropout)
        self.layers = RecurrentLayers(
            spec.cell,
            spec.embedding_size,
            spec.hidden_size,
            num_layers=spec.num_layers,
            bidirectional=spec.bidirectional,
            dropout=spec.dropout,
        )

    def forward(self, input_ids: Tensor, attention_mask: Tensor | None = None, **_kwargs: Any) -> Source:
        """States of `input_ids` [B, S]."""
        states, _ = self.layers(self.dropout(self.embedding(input_ids)), real_tokens(input_ids, attention_mask))
        return Source(last_hidden_state=states, input_ids=input_ids)


class RecurrentSeq2SeqConfig(Seq2SeqConfig):
    """Config of `RecurrentSeq2SeqModel`. `scaled_scores`: see `SourceAttention`; models of before have none."""

    model_type = "attune-recurrent-seq2seq"
    scaled_scores: bool = False

    @property
    def choice(self) -> RecurrentSeq2Seq:
        return RecurrentSeq2Seq.model_validate(self.spec or {})


class RecurrentSeq2SeqModel(Seq2SeqModel):
    """Words one after the other where a word depends on what the last one saw (Bahdanau, input feeding, coverage); all
    at once where it does not (Luong 2015 without input feeding, no attention), which is much quicker to learn."""

    config_class = RecurrentSeq2SeqConfig
    config: RecurrentSeq2SeqConfig

    def __init__(self, config: RecurrentSeq2SeqConfig) -> None:
        spec = config.choice
        super().__init__(config)
        self.encoder = RecurrentEncoder(spec, config)
        source_size = self.encoder.layers.size
        size, vector = spec.hidden_size, spec.embedding_size
        self.looks = spec.attention != "none"
        self.looks_before = spec.attention == "bahdanau"
        self.feeds, self.copies, self.covers = spec.input_feeding, spec.copying, spec.coverage
        self.num_states = 2 if spec.cell == "lstm" else 1
        entering = vector + (source_size if self.looks_before else 0) + (vector if self.feeds else 0)
        self.layers = nn.ModuleList(
            _CELLS[spec.cell](entering if depth == 0 else size, size, batch_first=True)
            for depth in range(spec.num_layers)
        )
        self.bridge = nn.Linear(source_size, spec.num_layers * self.num_states * size)
        self.attention = SourceAttention(spec, source_size, scaled=config.scaled_scores) if self.looks else None
        told_from = size + (source_size if self.looks else 0) + (vector if self.looks_before else 0)
        self.combine = nn.Linear(told_from, vector)
        self.vocabulary = nn.Linear(told_from + vector, 1) if self.copies else None
        self.dropout = nn.Dropout(spec.dropout)
        self.post_init()

    @property
    def attention_names(self) -> tuple[str, ...]:
        return ("alignment",) if self.looks else ()

    def write(
        self, source: Source, mask: Tensor, ids: Tensor, state: RecurrentState | None, with_maps: bool
    ) -> Written:
        states = source.last_hidden_state
        assert states is not None
        with number_format(states.device):
            state = self._begun(states, mask) if state is None else state
            vectors = self.dropout(self.get_input_embeddings()(ids))
            if self.looks_before or self.feeds or self.covers:
                return self._one_by_one(vectors, state, with_maps)
            return self._all_at_once(vectors, state, with_maps)

    def _begun(self, states: Tensor, mask: Tensor) -> RecurrentState:
        """Before the first word: the memory follows from where the reader ended, forward and backward."""
        final = self.encoder.layers._final(states, mask.sum(dim=1))  # type: ignore[union-attr, operator]
        begun = torch.tanh(self.bridge(final)).unflatten(-1, (len(self.layers), self.num_states, -1))
        memory = [
            tuple(begun[:, depth, place].unsqueeze(0).contiguous() for place in range(self.num_states))
            for depth in range(len(self.layers))
        ]
        keys = self.attention.read(states, mask) if self.attention is not None else None
        coverage = states.new_zeros(mask.shape) if self.covers else None
        fed = states.new_zeros(len(states), self.combine.out_features)
        return RecurrentState(memory, fed, coverage, keys)

    def _remember(self, entering: Tensor, state: RecurrentState) -> Tensor:
        """The upper layer's states [B, T, Q] while `entering` [B, T, ·] is taken in; the state goes on."""
        states, memory = entering, []
        for depth, layer in enumerate(self.layers):
            before = state.memory[depth]
            states, after = layer(states, before if len(before) > 1 else before[0])
            memory.append(after if isinstance(after, tuple) else (after,))
            if depth + 1 < len(self.layers):
                states = self.dropout(states)
        state.memory = memory
        return states

    def _all_at_once(self, vectors: Tensor, state: RecurrentState, with_maps: bool) -> Written:
        states = self._remember(vectors, state)
        weights = None
        told_from = states
        if self.attention is not None and state.keys is not None:
            context, weights = self.attention(states, state.keys, state.num_words)
            told_from = torch.cat([states, context], dim=-1)
        state.num_words += vectors.shape[1]
        return self._written(told_from, vectors, state, weights, None, with_maps)

    def _one_by_one(self, vectors: Tensor, state: RecurrentState, with_maps: bool) -> Written:
        assert self.attention is not None and state.keys is not None
        told: list[Tensor] = []
        maps: list[Tensor] = []
        costs: list[Tensor] = []
        for place in range(vectors.shape[1]):
            vector = vectors[:, place : place + 1]
            entering = [vector, state.fed.unsqueeze(1)] if self.feeds else [vector]
            if self.looks_before:
                query = state.memory[-1][0].transpose(0, 1)  # [B, 1, Q]
                context, weights = self.attention(query, state.keys, state.num_words, state.coverage)
                states = self._remember(torch.cat([*entering, context], dim=-1), state)
                told_from = torch.cat([states, context, vector], dim=-1)
            else:
                states = self._remember(torch.cat(entering, dim=-1), state)
                context, weights = self.attention(states, state.keys, state.num_words, state.coverage)
                told_from = torch.cat([states, context], dim=-1)
            if state.coverage is not None:
                costs.append(torch.minimum(weights.squeeze(1), state.coverage).sum(dim=-1))
                state.coverage = state.coverage + weights.squeeze(1)
            if self.feeds:
                state.fed = torch.tanh(self.combine(told_from)).squeeze(1)
            state.num_words += 1
            told.append(told_from)
            maps.append(weights)
        cost = torch.stack(costs, dim=1) if costs else None
        return self._written(torch.cat(told, dim=1), vectors, state, torch.cat(maps, dim=1), cost, with_maps)

    def _written(
        self,
        told_from: Tensor,
        vectors: Tensor,
        state: RecurrentState,
        weights: Tensor | None,
        cost: Tensor | None,
        with_maps: bool,
    ) -> Written:
        states = self.dropout(torch.tanh(self.combine(told_from)))
        share = None
        if self.vocabulary is not None:
            share = torch.sigmoid(self.vocabulary(torch.cat([told_from, vectors], dim=-1)).float())
        maps = () if weights is None or not with_maps else (weights.unsqueeze(1),)
        return Written(states, maps, state, weights if self.copies else None, share, cost)
