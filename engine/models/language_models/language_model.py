"""What all language models share: the config that holds their spec, one logit a token of the vocabulary, generation.

Shapes: B rows, L tokens, K tokens of the past with these, D state features, V tokens of the vocabulary.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional
from transformers import GenerationConfig, GenerationMixin, PreTrainedConfig, PreTrainedModel
from transformers.modeling_outputs import CausalLMOutputWithPast

from engine.models.initialization import initialize
from engine.models.lens import standing_in
from engine.models.train_eval_mode import in_own_memory


class LanguageModelConfig(PreTrainedConfig):
    """`spec` is the choice of `engine.config.language_models` as JSON; a subclass says which one it takes.

    Texts stand one after the other with `eos` behind each, which is `bos` too: what comes after it begins a text.
    `suppressed_token_ids` stand for no part of a text and are never written. `max_position_embeddings` are the tokens
    of a chunk that it learned from: it was never asked to see further.
    """

    vocab_size: int = 0
    max_position_embeddings: int = 256
    num_hidden_layers: int = 1
    hidden_size: int = 1
    num_attention_heads: int = 1
    pad_token_id: int | None = 0
    bos_token_id: int | None = 3
    eos_token_id: int | None = 3
    tie_word_embeddings: bool = True
    suppressed_token_ids: list[int] | None = None
    spec: dict[str, Any] | None = None


class LanguageModel(PreTrainedModel, GenerationMixin):
    """Tokens so far in, one logit a token out: those at i tell token i + 1. What it keeps of the past (`cache`) comes
    back when `use_cache` is asked for, and reading on from it gives what reading everything gives.

    A subclass reads in `read` and ends its `__init__` by `post_init`.
    """

    config_class = LanguageModelConfig
    config: LanguageModelConfig
    base_model_prefix = ""
    main_input_name = "input_ids"

    @classmethod
    def from_pretrained(cls, *args: Any, **kwargs: Any) -> Any:
        """As transformers does it, but with the weights in memory of their own."""
        return in_own_memory(super().from_pretrained(*args, **kwargs))

    @property
    def attention_names(self) -> tuple[str, ...]:
        """A name for each attention that a lens sees; none where nothing is looked at."""
        return ()

    def told(
        self,
        input_ids: Tensor,
        attention_mask: Tensor | None,
        cache: Any,
        use_cache: bool,
        with_weights: bool,
        last: int,
    ) -> tuple[Tensor, Any, tuple[Tensor, ...]]:
        """(logits [B, L or the `last`, V], the new cache, attention weights [B, H, L, K] of each layer).
        `attention_mask` [B, K] is 0 for what only fills up, on either side."""
        raise NotImplementedError

    def forward(
        self,
        input_ids: Tensor | None = None,
        attention_mask: Tensor | None = None,
        cache: Any = None,
        labels: Tensor | None = None,
        use_cache: bool | None = None,
        output_attentions: bool | None = None,
        logits_to_keep: int = 0,
        return_dict: bool | None = None,
        **_unused: Any,
    ) -> CausalLMOutputWithPast | tuple[Any, ...]:
        """`labels` [B, L] are the texts themselves: the loss is the mean over all tokens after the first, without -100
        (cross-entropy in nats). `logits_to_keep`: only the last so many places; 0: all."""
        assert input_ids is not None, "a language model reads token ids"
        with_weights = bool(self.config.output_attentions if output_attentions is None else output_attentions)
        keeps = bool(use_cache) or cache is not None
        last = 0 if labels is not None else logits_to_keep
        logits, kept, maps = self.told(input_ids, attention_mask, cache, keeps, with_weights, last)
        loss = None
        if labels is not None:
            loss = functional.cross_entropy(logits[:, :-1].flatten(0, 1).float(), labels[:, 1:].flatten())
        output = CausalLMOutputWithPast(
            loss=loss, logits=logits, cache=kept if keeps else None, attentions=maps if with_weights else None
        )
        return output.to_tuple() if return_dict is False else output

    def post_init(self) -> None:
        """Initialises the weights, as transformers does it once all layers are there; says what is never written."""
        PreTrainedModel.post_init(self)
        self.generation_config = self._usual_generation()

    def _usual_generation(self) -> GenerationConfig:
        config = self.config
        return GenerationConfig(
            bos_token_id=config.bos_token_id,
            eos_token_id=config.eos_token_id,
            pad_token_id=config.pad_token_id,
            suppress_tokens=config.suppressed_token_ids or None,
        )

    def _init_weights(self, module: nn.Module) -> None:
        initialize(module)


class NeuralLanguageModel(LanguageModel):
    """One with word vectors, whose output layer has the same ones (Press & Wolf 2017) unless the config says no."""

    _input_embed_layer = "embedding"
    _tied_weights_keys = {"lm_head.weight": "embedding.weight"}  # noqa: RUF012 - as transformers reads it

    def __init__(self, config: LanguageModelConfig, embedding_size: int = 1) -> None:
        super().__init__(config)
        self.embedding = nn.Embedding(config.vocab_size, embedding_size, padding_idx=config.pad_token_id)
        self.lm_head = nn.Linear(embedding_size, config.vocab_size)

    def get_output_embeddings(self) -> nn.Module:
        head: nn.Module = self.lm_head
        return head

    def read(
        self, vectors: Tensor, attention_mask: Tensor | None, cache: Any, use_cache: bool, with_weights: bool
    ) -> tuple[Tensor, Any, tuple[Tensor, ...]]:
        """(states [B, L, E] from which the next tokens are told, the new cache, the attention weights)"""
        raise NotImplementedError

    def states(
        self, input_ids: Tensor, attention_mask: Tensor | None = None, cache: Any = None, use_cache: bool = False
    ) -> tuple[Tensor, Any]:
        """(what the output layer reads [B, L, E], the new cache): whoever needs a few logits asks for a few."""
        states, kept, _ = self.read(self._embed(input_ids), attention_mask, cache, use_cache, False)
        return states, kept

    def told(
        self,
        input_ids: Tensor,
        attention_mask: Tensor | None,
        cache: Any,
        use_cache: bool,
        with_weights: bool,
        last: int,
    ) -> tuple[Tensor, Any, tuple[Tensor, ...]]:
        vectors = self._embed(input_ids)
        states, kept, maps = self.read(vectors, attention_mask, cache, use_cache, with_weights)
        return self.lm_head(states[:, -last:] if last else states), kept, maps

    def _embed(self, input_ids: Tensor) -> Tensor:
        vectors = standing_in()
        embedded: Tensor = self.embedding(input_ids) if vectors is None else vectors
        return embedded


def newest(mask: Tensor | None, length: int) -> Tensor | None:
    """Of a mask [B, K] over all tokens, past ones too, the part of the `length` newest; None where all are real."""
    if mask is None:
        return None
    found = mask[:, -length:].bool()
    return None if bool(found.all()) else found


def reordered(tensor: Tensor, rows: Tensor, axis: int) -> Tensor:
    """The `rows` [B] of a cache's tensor, along its `axis` of rows, as a beam search wants them."""
    return torch.index_select(tensor, axis, rows.to(tensor.device))
