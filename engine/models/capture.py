"""One text through a model with every attention map on the way: raw (`capture`) or as a record (`read_attention`)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from torch import Tensor
from transformers import PreTrainedModel, PreTrainedTokenizerFast

from engine.config.task import MeanSquaredError
from engine.models.classifier import ClassifierOutput, TextClassifier
from engine.models.losses import probabilities_of
from engine.models.reading import read_text
from engine.records import WHOLE_TEXT, AttentionMap, AttentionRecord, Prediction


@dataclass(frozen=True)
class Captured:
    """`logits` [labels]; `maps` by name, each [layers, H, Q, K] in float32 on the CPU, in the order of the model."""

    logits: Tensor
    maps: dict[str, Tensor]


def capture(model: PreTrainedModel, inputs: Mapping[str, Tensor]) -> Captured:
    """What the model answers to one unpadded text (`inputs` [1, L]) and where it looked.

    The model is left in the mode it was in, and no gradient is kept.
    """
    assert isinstance(model, TextClassifier), "only our own models name their maps"
    with torch.inference_mode(), evaluating(model):
        output = model(**inputs, output_attentions=True)
    assert isinstance(output, ClassifierOutput) and output.logits is not None
    layers: dict[str, list[Tensor]] = {}
    for name, weights in zip(model.attention_names, output.attentions or (), strict=True):
        layers.setdefault(name, []).append(weights[0].float().cpu())
    return Captured(output.logits[0], {name: torch.stack(stack) for name, stack in layers.items()})


def read_attention(
    model: PreTrainedModel, tokenizer: PreTrainedTokenizerFast, text: str, max_length: int
) -> AttentionRecord:
    """Run `model` on `text` alone, without padding; every row of every map sums to 1 within 1e-6.

    Raises `InputError` for an empty text.
    """
    read = read_text(tokenizer, text, max_length)
    input_ids = torch.tensor([read.input_ids], device=model.device)
    captured = capture(model, {"input_ids": input_ids, "attention_mask": torch.ones_like(input_ids)})
    return AttentionRecord(
        text=text,
        tokens=read.tokens,
        spans=read.spans,
        special=read.special,
        maps=tuple(_map(name, weights, read.tokens) for name, weights in captured.maps.items()),
        prediction=prediction_of(model, captured.logits),
        truncated=read.truncated,
        unknown=read.unknown,
    )


def prediction_of(model: PreTrainedModel, logits: Tensor) -> Prediction:
    """Logits [labels] in words. For a numeric target the label is the number itself and there are no probabilities."""
    assert isinstance(model, TextClassifier), "only our own models know their loss"
    values = probabilities_of(logits, model.loss_choice).double().cpu()
    if isinstance(model.loss_choice, MeanSquaredError):
        return Prediction(label=f"{values.item():.4g}", probabilities={})
    probabilities = dict(zip(model.labels, values.tolist(), strict=True))
    return Prediction(label=max(probabilities, key=probabilities.__getitem__), probabilities=probabilities)


@contextmanager
def evaluating(model: PreTrainedModel) -> Iterator[None]:
    """No dropout inside; afterwards the mode that was before."""
    was_training = model.training
    model.train(False)
    try:
        yield
    finally:
        model.train(was_training)


def _map(name: str, weights: Tensor, tokens: tuple[str, ...]) -> AttentionMap:
    """A map with one query for several keys is a pooling's: there the whole text looks."""
    is_pooling = weights.shape[2] == 1 and len(tokens) > 1
    return AttentionMap(name, weights.numpy(), (WHOLE_TEXT,) if is_pooling else tokens, tokens)
