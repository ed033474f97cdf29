"""BidafModel: a question and a passage in; where the answer begins and where it ends out (Seo 2017).

    words -> one bidirectional LSTM for both -> attention in both directions -> LSTM -> where it begins
                                                                              -> LSTM -> where it ends

Shapes: B rows, L tokens of question and passage together (padded on the right), Q of the question, P of the passage,
D features. What a model of transformers does, this does: logits [B, L] over all that is read, of which only the passage
(and the first token, which stands for “no answer”) is meant.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from transformers import PreTrainedConfig, PreTrainedModel
from transformers.utils.generic import ModelOutput

from engine.config.readers import BidafReader
from engine.models.initialization import initialize
from engine.models.reader_attention import Meeting, TwoWayAttention
from engine.models.recurrent import FeatureDropout, RecurrentLayers
from engine.models.train_eval_mode import in_own_memory

NOWHERE = -1e4
"""The logit of a token that cannot be meant."""


class ReaderConfig(PreTrainedConfig):
    """`spec` are the choices of `engine.config.readers.BidafReader` as JSON; `separator_id` is the token that ends the
    question, and the passage."""

    model_type = "attune-reader"
    vocab_size: int = 0
    max_position_embeddings: int = 512
    pad_token_id: int | None = 0
    separator_id: int = 3
    spec: dict[str, Any] | None = None

    @property
    def choice(self) -> BidafReader:
        return BidafReader.model_validate(self.spec or {})


@dataclass
class ReaderOutput(ModelOutput):
    """`loss` is the mean of both cross-entropies (None without positions); logits are [B, L]. `attentions`, if asked
    for, are one [B, 1, L, L] or [B, 1, 1, L] a map, named by the model's `attention_names`."""

    loss: Tensor | None = None
    start_logits: Tensor | None = None
    end_logits: Tensor | None = None
    attentions: tuple[Tensor, ...] | None = None


@dataclass(frozen=True)
class Sides:
    """Where question and passage lie in what is read: places [B, Q] and [B, P], and which of them are real. `words`
    [B, L]: which word of the passage each token is, -1 for any other."""

    question: Tensor
    is_question: Tensor
    passage: Tensor
    is_passage: Tensor
    words: Tensor


class BidafModel(PreTrainedModel):
    """Finds answers (`engine.config.readers.BidafReader`)."""

    config_class = ReaderConfig
    config: ReaderConfig
    base_model_prefix = ""
    main_input_name = "input_ids"
    _input_embed_layer = "embedding"

    def __init__(self, config: ReaderConfig) -> None:
        super().__init__(config)
        spec = config.choice
        self.spec = spec
        self.embedding = nn.Embedding(config.vocab_size, spec.embedding_size, padding_idx=config.pad_token_id)
        self.embedding_dropout = FeatureDropout(spec.dropout)
        marked = spec.embedding_size + int(spec.word_match)
        self.encoder = _lstm(marked, spec, 1)
        size = self.encoder.size
        self.attention = TwoWayAttention(size, spec.context_to_query, spec.query_to_context)
        self.modelling = _lstm(self.attention.size, spec, spec.num_layers)
        self.ending = _lstm(size, spec, 1)
        joint = self.attention.size + size
        self.dropout = FeatureDropout(spec.dropout)
        self.start, self.end = nn.Linear(joint, 1), nn.Linear(joint, 1)
        self.silence = nn.Linear(2 * joint, 2)
        self.post_init()

    @classmethod
    def from_pretrained(cls, *args: Any, **kwargs: Any) -> Any:
        """As transformers does it, but with the weights in memory of their own."""
        return in_own_memory(super().from_pretrained(*args, **kwargs))

    @property
    def attention_names(self) -> tuple[str, ...]:
        """A name for each of the output's `attentions`."""
        one = ("passage to question",) if self.spec.context_to_query else ()
        return (*one, "question to passage") if self.spec.query_to_context else one

    def forward(
        self,
        input_ids: Tensor,
        attention_mask: Tensor | None = None,
        token_type_ids: Tensor | None = None,
        start_positions: Tensor | None = None,
        end_positions: Tensor | None = None,
        output_attentions: bool | None = None,
        return_dict: bool | None = None,
        **_unused: Any,
    ) -> ReaderOutput | tuple[Any, ...]:
        """All [B, L], padded on the right: [CLS] question [SEP] passage [SEP]; positions [B] are places among them, 0
        where the passage holds no answer. `token_type_ids` are 1 in the passage; without them the first separator
        tells."""
        mask = torch.ones_like(input_ids) if attention_mask is None else attention_mask
        sides = self._sides(input_ids, mask.bool(), token_type_ids)
        meeting, states = self._read(input_ids, sides)
        start_logits, end_logits = self._point(input_ids, sides, meeting, states)
        loss = None
        if start_positions is not None and end_positions is not None:
            losses = [
                nn.functional.cross_entropy(logits.float(), positions)
                for logits, positions in ((start_logits, start_positions), (end_logits, end_positions))
            ]
            loss = (losses[0] + losses[1]) / 2
        with_maps = self.config.output_attentions if output_attentions is None else output_attentions
        maps = self._maps(input_ids, sides, meeting) if with_maps else None
        output = ReaderOutput(loss=loss, start_logits=start_logits, end_logits=end_logits, attentions=maps)
        return output.to_tuple() if return_dict is False else output

    def _sides(self, input_ids: Tensor, mask: Tensor, token_type_ids: Tensor | None) -> Sides:
        is_separator = (input_ids == self.config.separator_id) & mask
        if token_type_ids is None:
            token_type_ids = ((is_separator.cumsum(dim=1) - is_separator.long()) > 0).long()
        is_passage = (token_type_ids == 1) & mask & ~is_separator
        is_first = torch.zeros_like(mask)
        is_first[:, 0] = True
        is_question = (token_type_ids == 0) & mask & ~is_separator & ~is_first
        words = torch.where(is_passage, is_passage.long().cumsum(dim=1) - 1, -1)
        return Sides(*_gathered(is_question), *_gathered(is_passage), words)

    def _read(self, input_ids: Tensor, sides: Sides) -> tuple[Meeting, Tensor]:
        """What attention brings together, and the states [B, P, D] that read it."""
        question_ids, passage_ids = input_ids.gather(1, sides.question), input_ids.gather(1, sides.passage)
        words = self.embedding(passage_ids), self.embedding(question_ids)
        passage, question = (self.embedding_dropout(one) for one in words)
        if self.spec.word_match:
            occurs = (passage_ids[:, :, None] == question_ids[:, None, :]) & sides.is_question[:, None, :]
            passage = torch.cat([passage, occurs.any(dim=2, keepdim=True).to(passage.dtype)], dim=-1)
            question = torch.cat([question, question.new_ones(*question.shape[:2], 1)], dim=-1)
        asked, _ = self.encoder(question, _readable(sides.is_question))
        read, _ = self.encoder(passage, _readable(sides.is_passage))
        meeting = self.attention(read, asked, words, sides.is_passage, sides.is_question)
        states, _ = self.modelling(meeting.joint, _readable(sides.is_passage))
        return meeting, states

    def _point(self, input_ids: Tensor, sides: Sides, meeting: Meeting, states: Tensor) -> tuple[Tensor, Tensor]:
        ends, _ = self.ending(states, _readable(sides.is_passage))
        begins_at = self.dropout(torch.cat([meeting.joint, states], dim=-1))
        ends_at = self.dropout(torch.cat([meeting.joint, ends], dim=-1))
        silent = self.silence(
            torch.cat([_strongest(begins_at, sides.is_passage), _strongest(ends_at, sides.is_passage)], dim=-1)
        )
        logits = []
        for place, (output, features) in enumerate(((self.start, begins_at), (self.end, ends_at))):
            scores = output(features).squeeze(-1).masked_fill(~sides.is_passage, NOWHERE)
            whole = scores.gather(1, sides.words.clamp(min=0)).masked_fill(sides.words < 0, NOWHERE)
            first = torch.arange(input_ids.shape[1], device=input_ids.device) == 0
            logits.append(torch.where(first, silent[:, place : place + 1], whole))
        return logits[0], logits[1]

    def _maps(self, input_ids: Tensor, sides: Sides, meeting: Meeting) -> tuple[Tensor, ...]:
        """The attention weights at their places in what is read."""
        num_rows, num_tokens = input_ids.shape
        maps = []
        if self.spec.context_to_query:
            weights = meeting.to_question * sides.is_passage[:, :, None]
            wide = weights.new_zeros(num_rows, weights.shape[1], num_tokens)
            wide = wide.scatter_add(2, sides.question[:, None, :].expand(-1, weights.shape[1], -1), weights)
            whole = weights.new_zeros(num_rows, num_tokens, num_tokens)
            places = sides.passage[:, :, None].expand(-1, -1, num_tokens)
            maps.append(whole.scatter_add(1, places, wide)[:, None])
        if self.spec.query_to_context:
            whole = meeting.to_passage.new_zeros(num_rows, num_tokens)
            maps.append(whole.scatter_add(1, sides.passage, meeting.to_passage)[:, None, None])
        return tuple(maps)

    def post_init(self) -> None:
        """Initialises the weights, as transformers does it once all layers are there."""
        PreTrainedModel.post_init(self)

    def _init_weights(self, module: nn.Module) -> None:
        initialize(module)


def build_reader(
    spec: BidafReader, *, vocabulary_size: int, max_length: int, pad_token_id: int, separator_id: int
) -> BidafModel:
    """A new reader, initialised from torch's current random state (seed it before)."""
    config = ReaderConfig(
        vocab_size=vocabulary_size,
        max_position_embeddings=max_length,
        pad_token_id=pad_token_id,
        separator_id=separator_id,
        spec=spec.model_dump(mode="json"),
    )
    return BidafModel(config)


def _lstm(input_size: int, spec: BidafReader, num_layers: int) -> RecurrentLayers:
    return RecurrentLayers(
        "lstm", input_size, spec.hidden_size, num_layers=num_layers, bidirectional=True, dropout=spec.dropout
    )


def _gathered(mask: Tensor) -> tuple[Tensor, Tensor]:
    """The places of a row's True values, one after the other, as many as any row has (one at least), and which of them
    are real; the others are the first place. No number leaves the tensors, so that a traced graph fits any rows."""
    longest = mask.sum(dim=1).max().clamp(min=1)
    places = torch.arange(mask.shape[1], device=mask.device)
    order = torch.where(mask, places, mask.shape[1]).sort(dim=1).values[:, :longest]
    is_real = order < mask.shape[1]
    return torch.where(is_real, order, 0), is_real


def _readable(mask: Tensor) -> Tensor:
    """The first place counts always: an LSTM must read something, be it of a passage without a word."""
    return mask | (torch.arange(mask.shape[1], device=mask.device) == 0)


def _strongest(features: Tensor, mask: Tensor) -> Tensor:
    """[B, D]: the largest value of each feature over the real tokens; 0 where there is none."""
    found = features.masked_fill(~mask[:, :, None], float("-inf")).amax(dim=1)
    return torch.where(torch.isfinite(found), found, torch.zeros_like(found))
