"""What a model of any kind says of a text: a classifier's labels, a language model's next token, or nothing."""

from __future__ import annotations

from typing import Any, Literal

import torch
from pydantic import ValidationError
from torch import Tensor
from transformers import PreTrainedModel, PreTrainedTokenizerFast

from engine.config.losses import BinaryCrossEntropy, CrossEntropy, Loss, MeanSquaredError
from engine.models.classifier import ClassifierConfig, TextClassifier
from engine.models.generators.generator import TextGenerator
from engine.models.losses import probabilities_of
from engine.records import Decision, Prediction
from engine.runs.decision import decision_in
from engine.targets import Target, target_of

ModelKind = Literal["classifier", "causal-lm", "encoder"]
REST = "…"
"""The label of all next tokens that are not listed."""

_NUM_NEXT = 10


def model_kind(model: PreTrainedModel) -> ModelKind:
    """By the model's class: a head that sorts texts, one that goes on writing, or none."""
    if isinstance(model, TextClassifier) or type(model).__name__.endswith("ForSequenceClassification"):
        return "classifier"
    if isinstance(model, TextGenerator):
        return "causal-lm"
    return "causal-lm" if model.get_output_embeddings() is not None and model.can_generate() else "encoder"


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
    if model_kind(model) != "classifier" or isinstance(loss_choice_of(model), MeanSquaredError):
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


def has_several_labels(model: PreTrainedModel) -> bool:
    """Whether a classifier may give a text several labels: ours say so in their config; of others those trained on
    yes-or-no questions with more than one label."""
    said = getattr(model.config, "multi_label", None)
    if said is not None:
        return bool(said)
    is_ours = isinstance(getattr(model.config, "loss", None), dict)
    return not is_ours and model.config.problem_type == "multi_label_classification" and len(labels_of(model)) > 1


def target_of_model(model: PreTrainedModel) -> Target:
    """What a classifier answers: one label a text, several, or a number."""
    if isinstance(loss_choice_of(model), MeanSquaredError):
        return target_of("number")
    return target_of("several" if has_several_labels(model) else "one")


def decision_of(model: PreTrainedModel) -> Decision:
    """The temperature and thresholds in the model's config; those of another library, and broken ones, are none."""
    return decision_in({"decision": getattr(model.config, "decision", None)})


def answers_of(model: PreTrainedModel, logits: Tensor) -> Tensor:
    """[B, answers] at the model's saved temperature: they sum to 1, but not where a text has several labels; for a
    numeric target the number itself, [B, 1]. Float32."""
    if model_kind(model) == "causal-lm":
        return logits.float().softmax(dim=-1)
    target = target_of_model(model)
    if not target.is_categorical:
        return logits.float()
    tempered = logits.float() / decision_of(model).temperature
    return tempered.sigmoid() if target.may_have_several else probabilities_of(tempered, loss_choice_of(model))


def prediction_of(model: PreTrainedModel, tokenizer: PreTrainedTokenizerFast, logits: Tensor | None) -> Prediction:
    """Logits [answers] in words, by the model's saved decision. For a numeric target the label is the number itself and
    there are no probabilities; a language model names the likeliest next tokens; an encoder says nothing: its label is
    empty."""
    if logits is None:
        return Prediction(label="", probabilities={})
    if model_kind(model) == "causal-lm":
        return _next_tokens(tokenizer, answers_of(model, logits[None])[0].double().cpu())
    target, decision = target_of_model(model), decision_of(model)
    values = logits[None].detach().float().cpu().numpy()
    found = target.probabilities(values, loss_choice_of(model).name, decision.temperature)
    return target.predictions(found, labels_of(model), decision)[0]


def index_of(model: PreTrainedModel, tokenizer: PreTrainedTokenizerFast, label: str | None, logits: Tensor) -> int:
    """The answer that reasons are asked for: that of `label`, or the likeliest one of logits [answers]."""
    if model_kind(model) == "causal-lm" or label is None or label not in labels_of(model):
        return int(logits.argmax())
    return labels_of(model).index(label)


def _next_tokens(tokenizer: PreTrainedTokenizerFast, values: Tensor) -> Prediction:
    """The ten likeliest, written as the tokenizer decodes them, and the rest under "…"."""
    found = values.topk(min(_NUM_NEXT, len(values)))
    words: dict[str, float] = {}
    for index, probability in zip(found.indices.tolist(), found.values.tolist(), strict=True):
        word = str(tokenizer.decode([index])) or str(index)
        words[word] = words.get(word, 0.0) + probability
    label = max(words, key=words.__getitem__)
    rest = 1.0 - sum(words.values())
    return Prediction(label=label, probabilities={**words, REST: max(0.0, rest)})
