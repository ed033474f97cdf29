"""WordCountingClassifier: a linear model of the n-grams of token ids as a model of transformers.

Shapes: B rows, L tokens (padded on the right), Q questions (`num_questions`).
"""

from __future__ import annotations

from typing import Any, ClassVar

import torch
from torch import Tensor, nn
from torch.nn import functional

from engine.config.counting import WordCounting
from engine.config.losses import Loss
from engine.models.classifier import ClassifierConfig, ClassifierOutput, TextClassifier, real_tokens
from engine.models.counting.counting import Counted
from engine.models.counting.table import NgramTable, frozen
from engine.models.losses import loss_of


class WordCountingConfig(ClassifierConfig):
    """Config of `WordCountingClassifier`. `num_ngrams`, `longest` and `is_normalised` shape its table; `chosen` is what
    was tried and taken (`engine.models.counting.report`); `silent_token_ids` belong to no n-gram."""

    model_type = "attune-word-counting"
    silent_token_ids: list[int] | None = None
    num_ngrams: int = 0
    longest: int = 1
    is_normalised: bool = False
    chosen: dict[str, Any] | None = None

    @property
    def choice(self) -> WordCounting:
        return WordCounting.model_validate(self.spec or {})


class WordCountingClassifier(TextClassifier):
    """`engine.config.counting.WordCounting`: looks up the runs of tokens that a text holds, each once, and adds up what
    they count. It has no word vectors and no attention, and reads texts of any length."""

    config_class = WordCountingConfig
    config: WordCountingConfig
    has_word_vectors: ClassVar[bool] = False

    def __init__(self, config: WordCountingConfig) -> None:
        super().__init__(config)
        num_labels = config.num_labels or 2
        self.table = NgramTable(
            config.vocab_size,
            num_questions(num_labels, multi_label=config.multi_label),
            config.silent_token_ids or (),
            num_ngrams=config.num_ngrams,
            longest=config.longest,
            is_normalised=config.is_normalised,
        )
        self.output = nn.Linear(num_labels, num_labels, bias=False)
        self.output.requires_grad_(False)
        self.post_init()

    @property
    def attention_names(self) -> tuple[str, ...]:
        return ()

    @classmethod
    def from_pretrained(cls, *args: Any, **kwargs: Any) -> Any:
        """As `TextClassifier.from_pretrained`."""
        return frozen(super().from_pretrained(*args, **kwargs))

    def take(self, counted: Counted, chosen: dict[str, Any]) -> None:
        """Take over what was fitted, and what is told of it."""
        self.table.take(counted)
        self.config.num_ngrams = len(counted.ngrams.keys)
        self.config.longest = counted.way.longest
        self.config.is_normalised = counted.linear.squares is not None
        self.config.chosen = chosen

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
        """As `TextClassifier.forward`, of token ids [B, L]; there are no word vectors to stand in for."""
        del inputs_embeds
        answers = self.table(input_ids, real_tokens(input_ids, attention_mask))
        logits = self.output(logits_of_answers(answers, self.loss_choice, self.config.num_labels or 2))
        loss = None
        if labels is not None:
            total, weight = loss_of(logits, labels, self.loss_choice, self.config.class_weights)
            loss = total / weight
        with_weights = self.config.output_attentions if output_attentions is None else output_attentions
        output = ClassifierOutput(loss=loss, logits=logits, attentions=() if with_weights else None)
        return output.to_tuple() if return_dict is False else output

    def _init_weights(self, module: nn.Module) -> None:
        """What was fitted is nothing to be drawn by chance; the last layer passes on what it is given, and is there for
        a temperature to be put into."""
        if module is self.output:
            with torch.no_grad():
                self.output.weight.copy_(torch.eye(self.output.in_features))


def num_questions(num_labels: int, *, multi_label: bool) -> int:
    """Of two labels that exclude each other one, else one a label; a number is one."""
    return 1 if num_labels == 2 and not multi_label else num_labels


def logits_of_answers(answers: Tensor, loss: Loss, num_labels: int) -> Tensor:
    """[B, labels] from log odds (or numbers) [B, Q]: logits of which the loss makes the questions' own probabilities;
    of more than two exclusive labels these, made to sum to 1."""
    if answers.shape[-1] != num_labels:
        half = answers if loss.name == "binary-cross-entropy" else answers / 2
        return torch.cat([-half, half], dim=-1)
    is_choice = num_labels > 2 and loss.name in ("cross-entropy", "focal")
    return functional.logsigmoid(answers) if is_choice else answers
