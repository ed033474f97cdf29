"""WideAndDeepClassifier: what counting says of a text, and what a recurrent network adds to it.

Shapes: B rows, L tokens (padded on the right), Q questions of the counting part.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from engine.config.classifiers import Recurrent
from engine.config.counting import WideAndDeep
from engine.models.classifier import ClassifierOutput, real_tokens
from engine.models.counting.classifier import logits_of_answers, num_questions
from engine.models.counting.counting import Counted
from engine.models.counting.table import NgramTable, frozen
from engine.models.lens import embedded_as
from engine.models.losses import loss_of
from engine.models.recurrent import RecurrentClassifier, RecurrentConfig


class WideAndDeepConfig(RecurrentConfig):
    """Config of `WideAndDeepClassifier`; the table's shape and what was chosen as in `WordCountingConfig`."""

    model_type = "attune-wide-and-deep"
    silent_token_ids: list[int] | None = None
    num_ngrams: int = 0
    longest: int = 1
    is_normalised: bool = False
    chosen: dict[str, Any] | None = None

    @property
    def choice(self) -> Recurrent:
        """Of the network."""
        return self.parts.network

    @property
    def parts(self) -> WideAndDeep:
        return WideAndDeep.model_validate(self.spec or {})


class WideAndDeepClassifier(RecurrentClassifier):
    """`engine.config.counting.WideAndDeep`: logits are those of word counting, each times a weight that is learned and
    begins with 1, plus those of the network, whose last layer begins with 0. So it begins as good as counting is."""

    config_class = WideAndDeepConfig
    config: WideAndDeepConfig

    def __init__(self, config: WideAndDeepConfig) -> None:
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
        self.leaning = nn.Parameter(torch.ones(self.table.bias.shape[0]))
        self.output = nn.Linear(num_labels, num_labels, bias=False)
        self.output.requires_grad_(False)
        self.post_init()

    @classmethod
    def from_pretrained(cls, *args: Any, **kwargs: Any) -> Any:
        """As `TextClassifier.from_pretrained`."""
        return frozen(super().from_pretrained(*args, **kwargs))

    def take(self, counted: Counted, chosen: dict[str, Any]) -> None:
        """Take over what was counted, and what is told of it."""
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
        counted: Tensor | None = None,
        **_unused: Any,
    ) -> ClassifierOutput | tuple[Any, ...]:
        """As `TextClassifier.forward`. `counted` [B, Q] stands in for what the counting part says: while it learns,
        what models said that did not see the text."""
        with_weights = bool(self.config.output_attentions if output_attentions is None else output_attentions)
        mask = real_tokens(input_ids, attention_mask)
        answers = self.table(input_ids, mask) if counted is None else counted
        with embedded_as(inputs_embeds):
            summary, weights = self.summarize(input_ids, mask, with_weights)
        wide = logits_of_answers(answers * self.leaning, self.loss_choice, self.config.num_labels or 2)
        logits = self.output(wide + self.head(summary))
        loss = None
        if labels is not None:
            total, weight = loss_of(logits, labels, self.loss_choice, self.config.class_weights)
            loss = total / weight
        output = ClassifierOutput(loss=loss, logits=logits, attentions=weights if with_weights else None)
        return output.to_tuple() if return_dict is False else output

    def _init_weights(self, module: nn.Module) -> None:
        """The last layers: the network's says nothing at first, the one behind both passes on what it is given and is
        there for a temperature to be put into."""
        if module is getattr(self, "output", None):
            with torch.no_grad():
                self.output.weight.copy_(torch.eye(self.output.in_features))
            return
        super()._init_weights(module)
        if module is self.head.output:
            nn.init.zeros_(self.head.output.weight)
