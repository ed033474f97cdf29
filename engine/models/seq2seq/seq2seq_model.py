"""Seq2SeqModel: what our encoder-decoders share, so that transformers' `generate` writes with them.

Shapes: B rows, S tokens of the source (padded on the right), T tokens of the target so far, E features of a word
vector, D features of an encoder state, H heads, V words.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import torch
from torch import Tensor, nn
from torch.nn import functional
from transformers import GenerationMixin, PreTrainedConfig, PreTrainedModel
from transformers.modeling_outputs import BaseModelOutput, Seq2SeqLMOutput

from engine.models.classifier import real_tokens
from engine.models.initialization import initialize
from engine.models.train_eval_mode import in_own_memory

IGNORED = -100
"""The label of a place where nothing is to be learned, as transformers has it."""


class Seq2SeqConfig(PreTrainedConfig):
    """`spec` is the choice of `engine.config.seq2seq` as JSON. Source and target share one vocabulary. A target is
    written after `decoder_start_token_id` and ends with `eos_token_id`; `banned_token_ids` are never written."""

    vocab_size: int = 0
    max_position_embeddings: int = 512
    max_target_length: int = 64
    num_hidden_layers: int = 1
    pad_token_id: int | None = 0
    bos_token_id: int | None = 2
    eos_token_id: int | None = 3
    decoder_start_token_id: int | None = 2
    is_encoder_decoder: bool = True
    banned_token_ids: list[int] | None = None
    spec: dict[str, Any] | None = None


class WrittenState(Protocol):
    """What the decoder keeps between two words, for every row; `generate` calls it the cache."""

    is_compileable: bool

    def get_seq_length(self) -> int:
        """Words that it has taken in."""

    def reorder_cache(self, beam_idx: Tensor) -> None:
        """Row i becomes what row `beam_idx[i]` was [B]."""


@dataclass
class Source(BaseModelOutput):
    """What was read: `last_hidden_state` [B, S, D] and the `input_ids` [B, S] themselves, which copying needs. Without
    a beam's being told, `generate` repeats both for its beams."""

    input_ids: Tensor | None = None


@dataclass
class Seq2SeqOutput(Seq2SeqLMOutput):
    """`coverage_cost` [B, T]: how much of each word's look had been looked at before; None without coverage."""

    coverage_cost: Tensor | None = None


@dataclass(frozen=True)
class Written:
    """What T words are told from: `states` [B, T, E] to compare with all word vectors, the maps of attention
    [B, H, T, S] where asked for, the state after them. Of a model that copies: `copied_from` [B, T, S] and the share
    of the `vocabulary` [B, T, 1]."""

    states: Tensor
    maps: tuple[Tensor, ...]
    state: Any
    copied_from: Tensor | None = None
    vocabulary: Tensor | None = None
    coverage_cost: Tensor | None = None


class Seq2SeqModel(PreTrainedModel, GenerationMixin):
    """Word vectors are shared by reader, writer and output (Press & Wolf 2017): one table, held by the encoder.

    A subclass sets `encoder` (with an `embedding`), writes in `write`, and ends its `__init__` by `post_init`.
    """

    config_class = Seq2SeqConfig
    config: Seq2SeqConfig
    main_input_name = "input_ids"
    base_model_prefix = ""
    _is_stateful = True
    encoder: nn.Module

    def __init__(self, config: Seq2SeqConfig) -> None:
        super().__init__(config)
        self.bias = nn.Parameter(torch.zeros(config.vocab_size))
        if self.generation_config is not None:
            self.generation_config.max_new_tokens = config.max_target_length
            self.generation_config.suppress_tokens = config.banned_token_ids or None

    def post_init(self) -> None:
        """Initialises the weights, as transformers does it once all layers are there."""
        PreTrainedModel.post_init(self)

    @classmethod
    def from_pretrained(cls, *args: Any, **kwargs: Any) -> Any:
        """As transformers does it, but with the weights in memory of their own."""
        return in_own_memory(super().from_pretrained(*args, **kwargs))

    @classmethod
    def _supports_default_dynamic_cache(cls) -> bool:
        """The state is our own."""
        return False

    def _init_weights(self, module: nn.Module) -> None:
        initialize(module)

    def get_input_embeddings(self) -> nn.Module:
        """Of reader and writer."""
        embedding = self.encoder.embedding
        assert isinstance(embedding, nn.Embedding)
        return embedding

    def get_output_embeddings(self) -> None:
        """None of its own."""

    def get_encoder(self, modality: str | None = None) -> nn.Module:
        del modality
        return self.encoder

    def write(self, source: Source, mask: Tensor, ids: Tensor, state: Any, with_maps: bool) -> Written:
        """Take in the words `ids` [B, T] behind those of `state` (None: from the beginning); `mask` [B, S] is True
        where the source is real."""
        raise NotImplementedError

    @property
    def attention_names(self) -> tuple[str, ...]:
        """A name for each of the `cross_attentions`; none for a model that never looks back."""
        raise NotImplementedError

    def prepare_decoder_input_ids_from_labels(self, labels: Tensor) -> Tensor:
        """[B, T]: what stands before each word of `labels` [B, T]."""
        before = labels.roll(1, dims=1)
        before[:, 0] = self.config.decoder_start_token_id  # type: ignore[assignment]
        return before.masked_fill(before == IGNORED, self.config.pad_token_id or 0)

    def forward(
        self,
        input_ids: Tensor | None = None,
        attention_mask: Tensor | None = None,
        decoder_input_ids: Tensor | None = None,
        labels: Tensor | None = None,
        encoder_outputs: Source | None = None,
        cache: WrittenState | None = None,
        use_cache: bool | None = None,
        output_attentions: bool | None = None,
        return_dict: bool | None = None,
        logits_at: Tensor | None = None,
        **_unused: Any,
    ) -> Seq2SeqOutput | tuple[Any, ...]:
        """`input_ids`, `attention_mask` [B, S]; `decoder_input_ids`, `labels` [B, T], the latter -100 where nothing is
        learned. `logits` are [B, T, V], or with `logits_at` [B, T] (True: wanted) [wanted, V]: the output layer is most
        of the cost, and padding needs none."""
        if encoder_outputs is None:
            assert input_ids is not None, "something to read, or what was read"
            encoder_outputs = self.encoder(input_ids, attention_mask)
        if decoder_input_ids is None:
            assert labels is not None, "something to write behind"
            decoder_input_ids = self.prepare_decoder_input_ids_from_labels(labels)
        source = encoder_outputs
        assert source.input_ids is not None and source.last_hidden_state is not None
        mask = real_tokens(source.input_ids, attention_mask)
        with_maps = self.config.output_attentions if output_attentions is None else output_attentions
        written = self.write(source, mask, decoder_input_ids, cache, bool(with_maps))
        logits = self._logits(written, source.input_ids, logits_at)
        loss = None
        if labels is not None and logits_at is None:
            loss = functional.cross_entropy(logits.flatten(0, 1).float(), labels.flatten(), ignore_index=IGNORED)
        output = Seq2SeqOutput(
            loss=loss,
            logits=logits,
            cache=written.state if use_cache else None,
            cross_attentions=written.maps if with_maps else None,
            encoder_last_hidden_state=source.last_hidden_state,
            coverage_cost=written.coverage_cost,
        )
        return output if return_dict is None or return_dict else output.to_tuple()

    def _logits(self, written: Written, source_ids: Tensor, wanted: Tensor | None) -> Tensor:
        """[B, T, V] or [wanted, V]; of a model that copies log-probabilities."""
        states = written.states if wanted is None else written.states[wanted]
        table = self.get_input_embeddings().weight
        assert isinstance(table, Tensor)
        logits = functional.linear(states, table, self.bias)
        if written.copied_from is None or written.vocabulary is None:
            return logits
        rows = torch.arange(len(source_ids), device=source_ids.device)[:, None].expand(written.copied_from.shape[:2])
        copied, share, ids = written.copied_from, written.vocabulary, source_ids[rows]
        if wanted is not None:
            copied, share, ids = copied[wanted], share[wanted], ids[wanted]
        mixed = share * logits.float().softmax(dim=-1)
        mixed = mixed.scatter_add(-1, ids, ((1 - share) * copied).to(mixed.dtype))
        return mixed.clamp_min(torch.finfo(mixed.dtype).tiny).log()
