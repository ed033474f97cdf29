"""What all generators share: the config that holds their spec, the output, the likelihood of texts, and writing.

Shapes: B rows, L tokens (padded on the right), E features of a word vector, V words.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional
from transformers import PreTrainedConfig, PreTrainedModel
from transformers.modeling_outputs import CausalLMOutput

from engine.models.classifier import check_length, real_tokens
from engine.models.generators.drawing import draw, perturbed
from engine.models.generators.writing import Text, side_by_side
from engine.models.initialization import initialize
from engine.models.lens import standing_in
from engine.models.train_eval_mode import evaluating, in_own_memory

Step = Callable[[Tensor], Tensor]
"""Takes the vectors [B, E] of each text's newest word, and gives what the next one is told from, [B, E]."""

_NEVER = -1e4
"""The logit of a word that is not written: its probability is exactly 0, and 0 * log 0 stays a number."""

_ROWS_AT_ONCE = 250
"""Texts written side by side: their probabilities of all words then stay in the processor's cache."""


class GeneratorConfig(PreTrainedConfig):
    """`spec` is the choice of `engine.config.gan` as JSON; a subclass says which one it takes.

    A text is `bos`, its words, `eos`, then padding. `banned_token_ids` are never written, and no likelihood counts
    them: a text in which one stands is judged by its other words.
    """

    vocab_size: int = 0
    max_position_embeddings: int = 512
    pad_token_id: int | None = 0
    bos_token_id: int | None = 2
    eos_token_id: int | None = 3
    banned_token_ids: list[int] | None = None
    spec: dict[str, Any] | None = None


class TextGenerator(PreTrainedModel):
    """Words so far in, one logit a word of the vocabulary out; the output layer shares the word vectors' weights
    (Press & Wolf 2017), which halves what a step on a large vocabulary costs.

    A subclass reads whole texts in `read`, goes on word by word in `begin`, and ends its `__init__` by `post_init`.
    """

    config_class = GeneratorConfig
    config: GeneratorConfig
    _input_embed_layer = "embedding"

    def __init__(self, config: GeneratorConfig, embedding_size: int = 0) -> None:
        super().__init__(config)
        self.embedding = nn.Embedding(config.vocab_size, embedding_size, padding_idx=config.pad_token_id)
        self.bias = nn.Parameter(torch.zeros(config.vocab_size))

    @classmethod
    def from_pretrained(cls, *args: Any, **kwargs: Any) -> Any:
        """As transformers does it, but with the weights in memory of their own."""
        return in_own_memory(super().from_pretrained(*args, **kwargs))

    @property
    def attention_names(self) -> tuple[str, ...]:
        """A name for each map that a lens sees: those whose keys are words."""
        raise NotImplementedError

    def read(self, vectors: Tensor, mask: Tensor, with_weights: bool) -> tuple[Tensor, tuple[Tensor, ...]]:
        """What each next word is told from [B, L, E], given the word vectors [B, L, E] of texts as far as they go; and
        the attention weights when asked for. No place knows of later ones."""
        raise NotImplementedError

    def begin(self, num: int, max_length: int) -> Step:
        """`num` texts of at most `max_length` tokens are begun: what writes them on, one word of each a call.

        With dropout off it gives what `read` gives for the same words.
        """
        raise NotImplementedError

    def forward(
        self,
        input_ids: Tensor | None = None,
        attention_mask: Tensor | None = None,
        labels: Tensor | None = None,
        output_attentions: bool | None = None,
        inputs_embeds: Tensor | None = None,
        return_dict: bool | None = None,
        **_unused: Any,
    ) -> CausalLMOutput | tuple[Any, ...]:
        """`logits` [B, L, V]: those at i tell token i + 1. `input_ids`, or the vectors `inputs_embeds` [B, L, E].

        `labels` [B, L] are the texts themselves: the loss is the mean over all tokens after the first, without padding,
        banned ones and -100.
        """
        with_weights = bool(self.config.output_attentions if output_attentions is None else output_attentions)
        vectors = self._embed(input_ids) if inputs_embeds is None else inputs_embeds
        check_length(vectors.shape[1], self.config.max_position_embeddings)
        features, maps = self.read(vectors, real_tokens(vectors[..., 0], attention_mask), with_weights)
        logits = functional.linear(features, self.embedding.weight, self._bias())
        loss = None if labels is None else self._loss(logits, labels, attention_mask)
        output = CausalLMOutput(loss=loss, logits=logits, attentions=maps if with_weights else None)
        return output.to_tuple() if return_dict is False else output

    def predicted(self, input_ids: Tensor, attention_mask: Tensor | None = None) -> Tensor:
        """[B, L]: the tokens whose likelihood counts: real ones after the first that can be written at all."""
        found = real_tokens(input_ids, attention_mask) & (input_ids >= 0)
        for banned in self._banned():
            found = found & (input_ids != banned)
        found[:, 0] = False
        return found

    def log_likelihood(self, input_ids: Tensor, attention_mask: Tensor | None = None) -> Tensor:
        """[B]: the sum of log p (nats) of each text's `predicted` tokens, with gradient."""
        counted = self.predicted(input_ids, attention_mask)
        check_length(input_ids.shape[1], self.config.max_position_embeddings)
        features, _ = self.read(self._embed(input_ids), real_tokens(input_ids, attention_mask), False)
        # the output layer is most of the work: only where it is needed
        told = features[:, :-1][counted[:, 1:]]
        logits = functional.linear(told, self.embedding.weight, self._bias())
        logs = -functional.cross_entropy(logits.float(), input_ids[counted], reduction="none")
        rows = counted.nonzero()[:, 0]
        return logs.new_zeros(len(input_ids)).index_add(0, rows, logs)

    def sample(
        self, num: int, *, max_length: int, temperature: float = 1.0, generator: torch.Generator | None = None
    ) -> Tensor:
        """Ids [num, L] of invented texts, L at most `max_length`: bos, words, eos where the text ended, then padding.

        Every logit is divided by `temperature`; at 0 the likeliest word is taken. Without dropout, and with the same
        `generator` (on the model's device) the same texts.
        """
        with torch.inference_mode(), evaluating(self):
            parts = [
                self._write(min(_ROWS_AT_ONCE, num - start), max_length, temperature, generator)
                for start in range(0, num, _ROWS_AT_ONCE)
            ]
            ids = side_by_side(parts, self._pad)
        # what was made in inference mode could not be learned from
        return ids.clone()

    def sample_softly(
        self, num: int, *, max_length: int, inverse_temperature: float, generator: torch.Generator | None = None
    ) -> tuple[Tensor, Tensor]:
        """Soft texts [num, L, V], through which a gradient goes, and their likeliest words as ids [num, L].

        Each place is softmax(`inverse_temperature` * (log p + Gumbel noise)) (Jang 2017; Nie 2019, eq. 6), and its mean
        word vector is what the next word is told from. The first is bos; after a text's first eos all is padding: its
        mask is `ids != pad`. Dropout as the model's mode has it.
        """
        length = self._length(max_length)
        step = self.begin(num, length)
        bias = self._bias(-torch.inf) * inverse_temperature
        text = Text(self._first(num), self._pad, self.config.eos_token_id)
        soft = [functional.one_hot(text.newest, self.config.vocab_size).to(bias.dtype)]
        padding = functional.one_hot(text.newest.new_full((num,), self._pad), self.config.vocab_size).to(bias.dtype)
        vectors = self.embedding(text.newest)
        while text.length < length and len(text.going):
            features = step(vectors)[text.going] * inverse_temperature
            logits = functional.linear(features, self.embedding.weight, bias)
            logits = perturbed(logits, inverse_temperature, generator)
            newest = logits.float().softmax(dim=-1)
            soft.append(padding.index_copy(0, text.going, newest))
            vectors = torch.zeros_like(vectors).index_copy(
                0, text.going, (newest @ self.embedding.weight).to(vectors.dtype)
            )
            text.write(logits.detach().argmax(dim=-1))
        return torch.stack(soft, dim=1), text.ids()

    def _write(self, num: int, max_length: int, temperature: float, generator: torch.Generator | None) -> Tensor:
        length = self._length(max_length)
        step = self.begin(num, length)
        scale = 1.0 if temperature == 0 else 1 / temperature
        bias = self._bias(-torch.inf) * scale
        text = Text(self._first(num), self._pad, self.config.eos_token_id)
        while text.length < length and len(text.going):
            features = step(self.embedding(text.newest))[text.going] * scale
            logits = functional.linear(features, self.embedding.weight, bias)
            text.write(logits.argmax(dim=-1) if temperature == 0 else draw(logits, generator))
        return text.ids()

    def _embed(self, input_ids: Tensor | None) -> Tensor:
        vectors = standing_in()
        if vectors is None:
            assert input_ids is not None, "ids or vectors"
            vectors = self.embedding(input_ids)
        return vectors

    def _bias(self, never: float = _NEVER) -> Tensor:
        """[V]: the output layer's bias, which keeps banned words from being written."""
        banned = torch.tensor(self._banned(), dtype=torch.long, device=self.bias.device)
        return self.bias.index_fill(0, banned, never)

    def _loss(self, logits: Tensor, labels: Tensor, attention_mask: Tensor | None) -> Tensor:
        targets = labels.masked_fill(~self.predicted(labels, attention_mask), -100)[:, 1:]
        return functional.cross_entropy(logits[:, :-1].flatten(0, 1).float(), targets.flatten())

    def _banned(self) -> list[int]:
        return self.config.banned_token_ids or []

    def _length(self, max_length: int) -> int:
        return min(max_length, self.config.max_position_embeddings)

    def _first(self, num: int) -> Tensor:
        assert self.config.bos_token_id is not None, "texts have a beginning"
        return torch.full((num,), self.config.bos_token_id, device=self.bias.device)

    @property
    def _pad(self) -> int:
        assert self.config.pad_token_id is not None, "texts are padded"
        return self.config.pad_token_id

    def post_init(self) -> None:
        """Initialises the weights, as transformers does it once all layers are there."""
        PreTrainedModel.post_init(self)

    def _init_weights(self, module: nn.Module) -> None:
        initialize(module)
