"""What all classifiers share: the config that holds their spec, the output, the head and the loss.

Shapes: B rows, L tokens (padded on the right), D features, H heads, Q queries, K keys.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import torch
from pydantic import TypeAdapter
from torch import Tensor, nn
from transformers import PreTrainedConfig, PreTrainedModel
from transformers.utils.generic import ModelOutput

from engine.config.losses import Loss
from engine.errors import InputError
from engine.messages import message
from engine.models.initialization import initialize
from engine.models.lens import embedded_as, standing_in
from engine.models.losses import loss_of
from engine.models.train_eval_mode import in_own_memory

_LOSS: TypeAdapter[Loss] = TypeAdapter(Loss)


class ClassifierConfig(PreTrainedConfig):
    """`spec` and `loss` are the choices of `engine.config` as JSON; a subclass says which spec it takes.

    `special_token_ids` ([CLS], [SEP]) stand for no part of the text: no pooling looks at them. `normalize_embeddings`:
    word vectors keep mean 0 and variance 1 (`engine.models.normalized`). `multi_label`: a text may have any number of
    the labels, each logit is a yes-or-no question of its own.
    """

    vocab_size: int = 0
    max_position_embeddings: int = 512
    pad_token_id: int | None = 0
    spec: dict[str, Any] | None = None
    loss: dict[str, Any] | None = None
    class_weights: list[float] | None = None
    special_token_ids: list[int] | None = None
    normalize_embeddings: bool = False
    multi_label: bool = False

    @property
    def loss_choice(self) -> Loss:
        """The loss with its settings; cross-entropy where none is named."""
        return _LOSS.validate_python(self.loss or {"name": "cross-entropy"})


@dataclass
class ClassifierOutput(ModelOutput):
    """`loss` is the weighted mean over the batch (None without labels); `logits` are [B, labels].

    `attentions` are None unless asked for, then one [B, H, Q, K] a map, named by the model's `attention_names`; empty
    for a model that has no attention.
    """

    loss: Tensor | None = None
    logits: Tensor | None = None
    attentions: tuple[Tensor, ...] | None = None


class ClassifierHead(nn.Module):
    """Summary to logits [B, labels].

    Two labels under a sigmoid are one question, s: the logits are (-s, s), as sigmoid(-s) = 1 - sigmoid(s), so that
    their sigmoids are the two probabilities and sum to 1; unless a text may have both.
    """

    def __init__(self, summary_size: int, config: ClassifierConfig) -> None:
        super().__init__()
        num_labels = config.num_labels or 2
        is_choice = config.loss_choice.name == "binary-cross-entropy" and not config.multi_label
        self.is_single = num_labels == 2 and is_choice
        self.output = nn.Linear(summary_size, 1 if self.is_single else num_labels)

    def forward(self, summary: Tensor) -> Tensor:
        logits: Tensor = self.output(summary)
        return torch.cat([-logits, logits], dim=-1) if self.is_single else logits


class TextClassifier(PreTrainedModel):
    """Tokens in, one logit a label out.

    A subclass sets `head`, reads the tokens in `summarize`, and ends its `__init__` by `post_init`.
    """

    config_class = ClassifierConfig
    config: ClassifierConfig
    _input_embed_layer = "embedding"
    has_word_vectors: ClassVar[bool] = True
    """Whether it reads vectors, which can be moved and have gradients."""
    head: ClassifierHead
    embedding: nn.Embedding

    def __init__(self, config: ClassifierConfig) -> None:
        super().__init__(config)
        self.loss_choice = config.loss_choice

    @classmethod
    def from_pretrained(cls, *args: Any, **kwargs: Any) -> Any:
        """As transformers does it, but with the weights in memory of their own."""
        return in_own_memory(super().from_pretrained(*args, **kwargs))

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels in id order."""
        return tuple((self.config.id2label or {}).values())

    @property
    def attention_names(self) -> tuple[str, ...]:
        """A name for each of the output's `attentions`: maps of one name are layers of one stack."""
        raise NotImplementedError

    def summarize(self, input_ids: Tensor, mask: Tensor, with_weights: bool) -> tuple[Tensor, tuple[Tensor, ...]]:
        """The text as one vector [B, D], and the attention weights [B, H, Q, K] when asked for.

        `mask` [B, L] is True where a token is real; what stands elsewhere must not change the result.
        """
        raise NotImplementedError

    def forward(
        self,
        input_ids: Tensor,
        attention_mask: Tensor | None = None,
        labels: Tensor | None = None,
        output_attentions: bool | None = None,
        return_dict: bool | None = None,
        inputs_embeds: Tensor | None = None,
        **_unused: Any,
    ) -> ClassifierOutput | tuple[Any, ...]:
        """`input_ids`, `attention_mask` [B, L], padded on the right; `labels` [B]: ids, or numbers for mse; of several
        labels a text [B, labels], 1 or 0.

        `inputs_embeds` [B, L, D] stand in for the word vectors of `input_ids`, which then only tell special tokens.
        """
        with_weights = self.config.output_attentions if output_attentions is None else output_attentions
        with embedded_as(inputs_embeds):
            summary, weights = self.summarize(input_ids, real_tokens(input_ids, attention_mask), bool(with_weights))
        logits = self.head(summary)
        loss = None
        if labels is not None:
            total, weight = loss_of(logits, labels, self.loss_choice, self.config.class_weights)
            loss = total / weight
        output = ClassifierOutput(loss=loss, logits=logits, attentions=weights if with_weights else None)
        return output.to_tuple() if return_dict is False else output

    def post_init(self) -> None:
        """Initialises the weights, as transformers does it once all layers are there."""
        PreTrainedModel.post_init(self)

    def embed(self, input_ids: Tensor) -> Tensor:
        """Word vectors [B, L, D], or what stands in for them in this pass."""
        given = standing_in()
        if given is not None:
            return given
        vectors: Tensor = self.embedding(input_ids)
        return vectors

    def words(self, input_ids: Tensor, mask: Tensor) -> Tensor:
        """[B, L]: the real tokens that stand for a part of the text; where a row has none, all its real ones.

        A recurrent state at [CLS] or [SEP] has read the whole text, and an attention that may look there does: it
        then learns as well, but shows nothing.
        """
        found = mask
        for special in self.config.special_token_ids or ():
            found = found & (input_ids != special)
        return found | (mask & ~found.any(dim=1, keepdim=True))

    def _init_weights(self, module: nn.Module) -> None:
        initialize(module)

    def _check_length(self, num_tokens: int) -> None:
        check_length(num_tokens, self.config.max_position_embeddings)


def check_length(num_tokens: int, limit: int) -> None:
    """Raises InputError for a text of more tokens than a model reads."""
    if num_tokens > limit:
        raise InputError(
            message("This text has {count} tokens; the model reads at most {limit}.", count=num_tokens, limit=limit),
            mend=message("Cut the text, or train a model with a larger “Longest text”."),
        )


def real_tokens(input_ids: Tensor, attention_mask: Tensor | None) -> Tensor:
    """[B, L], True for real tokens. The first one always counts: a row of padding alone would have nothing to read."""
    if attention_mask is None:
        return torch.ones_like(input_ids, dtype=torch.bool)
    is_first = torch.arange(input_ids.shape[1], device=input_ids.device) == 0
    return attention_mask.bool() | is_first
