"""capture: the logits and every attention map of any of our models, for one text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from torch import Tensor

from engine.models.classifier import ClassifierOutput, TextClassifier


@dataclass(frozen=True)
class Captured:
    """`logits` [labels]; `maps` by name, each [layers, H, Q, K] in float32 on the CPU, in the order of the model."""

    logits: Tensor
    maps: dict[str, Tensor]


def capture(model: TextClassifier, inputs: Mapping[str, Tensor]) -> Captured:
    """What the model answers to one unpadded text (`inputs` [1, L]) and where it looked.

    The model is left in the mode it was in, and no gradient is kept.
    """
    with torch.inference_mode(), evaluating(model):
        output = model(**inputs, output_attentions=True)
    assert isinstance(output, ClassifierOutput) and output.logits is not None
    layers: dict[str, list[Tensor]] = {}
    for name, weights in zip(model.attention_names, output.attentions or (), strict=True):
        layers.setdefault(name, []).append(weights[0].float().cpu())
    return Captured(output.logits[0], {name: torch.stack(stack) for name, stack in layers.items()})


@contextmanager
def evaluating(model: TextClassifier) -> Iterator[None]:
    """No dropout inside; afterwards the mode that was before."""
    was_training = model.training
    model.eval()
    try:
        yield
    finally:
        model.train(was_training)
