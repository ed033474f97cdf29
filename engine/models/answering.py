"""What a model of any kind says of a text: a classifier's labels, a language model's next token, or nothing."""

from __future__ import annotations

from typing import Any, Literal

import torch
from pydantic import ValidationError
from torch import Tensor
from transformers import PreTrainedModel, PreTrainedTokenizerFast

from engine.config.task import BinaryCrossEntropy, CrossEntropy, Loss, MeanSquaredError
from engine.models.classifier import ClassifierConfig, TextClassifier
from engine.models.generators.generator import TextGenerator
from engine.models.losses import probabilities_of
from engine.records import Prediction

Kind = Literal["classifier", "language-model", "encoder"]
REST = "…"
"""The label of all next tokens that are not listed."""

_NUM_NEXT = 10


def kind_of(model: PreTrainedModel) -> Kind:
    """By the model's class: a head that sorts texts, one that goes on writing, or none."""
    if isinstance(model, TextClassifier) or type(model).__name__.endswith("ForSequenceClassification"):
        return "classifier"
    if isinstance(model, TextGenerator):
        return "language-model"
    return "language-model" if model.get_output_embeddings() is not None and model.can_generate() else "encoder"


def loss_choice_of(model: PreTrainedModel) -> Loss:
    """The loss that a model was trained with: ours say so in the config, others by their problem type."""
    if isinstance(model, TextClassifier):
        return model.loss_choice
    kept = getattr(model.config, "loss", None)
    if isinstance(kept, dict):
        try:
            return ClassifierConfig(loss=kept).loss_choice
        except ValidationError:
            pass  # another library's field of the same name
    problem = getattr(model.config, "problem_type", None)
    if problem == "regression" or (problem is None and model.config.num_labels == 1):
        return MeanSquaredError()
    return BinaryCrossEntropy() if problem == "multi_label_classification" else CrossEntropy()


def labels_of(model: PreTrainedModel) -> tuple[str, ...]:
    """A classifier's labels in id order; none where it says a number."""
    if kind_of(model) != "classifier" or isinstance(loss_choice_of(model), MeanSquaredError):
        return ()
    named: dict[int, str] = model.config.id2label or {}  # type: ignore[assignment]
    return tuple(str(named[index]) for index in range(len(named)))


def logits_of(output: Any, attention_mask: Tensor) -> Tensor | None:
    """[B, answers]: a classifier's logits, or a language model's after the last real token; None without a head."""
    logits: Tensor | None = getattr(output, "logits", None)
    if logits is None or logits.ndim == 2:
        return logits
    last = attention_mask.sum(dim=1) - 1
    return logits[torch.arange(len(logits), device=logits.device), last]


def answers_of(model: PreTrainedModel, logits: Tensor) -> Tensor:
    """[B, answers] that sum to 1; for a numeric target the number itself, [B, 1]. Float32."""
    if kind_of(model) == "language-model":
        return logits.float().softmax(dim=-1)
    return probabilities_of(logits, loss_choice_of(model))


def prediction_of(model: PreTrainedModel, tokenizer: PreTrainedTokenizerFast, logits: Tensor | None) -> Prediction:
    """Logits [answers] in words. For a numeric target the label is the number itself and there are no probabilities;
    a language model names the likeliest next tokens; an encoder says nothing: its label is empty."""
    if logits is None:
        return Prediction(label="", probabilities={})
    values = answers_of(model, logits[None])[0].double().cpu()
    if kind_of(model) == "language-model":
        return _next_tokens(tokenizer, values)
    if isinstance(loss_choice_of(model), MeanSquaredError):
        return Prediction(label=f"{values.item():.4g}", probabilities={})
    probabilities = dict(zip(labels_of(model), values.tolist(), strict=True))
    return Prediction(label=max(probabilities, key=probabilities.__getitem__), probabilities=probabilities)


def index_of(model: PreTrainedModel, tokenizer: PreTrainedTokenizerFast, label: str | None, logits: Tensor) -> int:
    """The answer that reasons are asked for: that of `label`, or the likeliest one of logits [answers]."""
    if kind_of(model) == "language-model" or label is None or label not in labels_of(model):
        return int(logits.argmax())
    return labels_of(model).index(label)


def _next_tokens(tokenizer: PreTrainedTokenizerFast, values: Tensor) -> Prediction:
    """The ten likeliest, written as the tokenizer decodes them, and the rest under "…"."""
    found = values.topk(min(_NUM_NEXT, len(values)))
    probabilities: dict[str, float] = {}
    for index, probability in zip(found.indices.tolist(), found.values.tolist(), strict=True):
        word = str(tokenizer.decode([index])) or str(index)
        probabilities[word] = probabilities.get(word, 0.0) + probability
    label = max(probabilities, key=probabilities.__getitem__)
    rest = 1.0 - sum(probabilities.values())
    return Prediction(label=label, probabilities={**probabilities, REST: max(0.0, rest)})
