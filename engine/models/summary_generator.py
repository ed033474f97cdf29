"""SummaryGenerator: invents what a classifier's last layer is given of a text, from noise (GAN-BERT, Croce 2020).

Shapes: B rows, D summary features, k labels.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn
from transformers import PreTrainedConfig, PreTrainedModel

from engine.errors import InputError
from engine.messages import message
from engine.models.classifier import TextClassifier
from engine.models.initialization import initialize
from engine.models.layers import parts_of

_DROPOUT = 0.1
_SLOPE = 0.2


class SummaryGeneratorConfig(PreTrainedConfig):
    """Sizes of the three layers' ends."""

    model_type = "attune-summary-generator"
    noise_size: int = 100
    hidden_size: int = 128
    summary_size: int = 128


class SummaryGenerator(PreTrainedModel):
    """Noise, a hidden layer with leaky ReLU and dropout, a summary."""

    config_class = SummaryGeneratorConfig
    config: SummaryGeneratorConfig

    def __init__(self, config: SummaryGeneratorConfig) -> None:
        super().__init__(config)
        self.layers = nn.Sequential(
            nn.Linear(config.noise_size, config.hidden_size),
            nn.LeakyReLU(_SLOPE),
            nn.Dropout(_DROPOUT),
            nn.Linear(config.hidden_size, config.summary_size),
        )
        PreTrainedModel.post_init(self)

    def forward(self, noise: Tensor) -> Tensor:
        """Summaries [B, D] of noise [B, noise_size]."""
        summaries: Tensor = self.layers(noise)
        return summaries

    def invent(self, count: int) -> Tensor:
        """`count` summaries [B, D], from noise drawn on the CPU: the same everywhere, whatever the device."""
        return self.forward(torch.randn(count, self.config.noise_size).to(self.device))

    def _init_weights(self, module: nn.Module) -> None:
        initialize(module)


def answer_layer(model: PreTrainedModel) -> nn.Linear:
    """The last linear layer of a classifier's head: summary to logits. Raises InputError for a head without one."""
    if isinstance(model, TextClassifier):
        return model.head.output
    head = parts_of(model).head
    found = [
        module for name, module in model.named_modules() if isinstance(module, nn.Linear) and f"{name}.weight" in head
    ]
    if not found or found[-1].out_features != model.config.num_labels:
        raise InputError(
            message("This model's last layer is not found, so no generator can imitate what reaches it."),
            "model.source",
            message("Choose another encoder, such as a BERT, RoBERTa, ELECTRA or DeBERTa."),
        )
    return found[-1]


@contextmanager
def summaries_kept(layer: nn.Linear) -> Iterator[list[Tensor]]:
    """Inside, what the answer layer is given in each forward pass: [B, D], or [B, L, D] of a decoder, which answers at
    every token."""
    kept: list[Tensor] = []

    def keep(_module: nn.Module, inputs: tuple[Any, ...]) -> None:
        kept.append(inputs[0])

    handle = layer.register_forward_pre_hook(keep)
    try:
        yield kept
    finally:
        handle.remove()


def at_last_token(summaries: Tensor, attention_mask: Tensor) -> Tensor:
    """[B, D]: a decoder's summary is that of the last real token."""
    if summaries.ndim == 2:
        return summaries
    last = attention_mask.sum(dim=1) - 1
    return summaries[torch.arange(len(summaries), device=summaries.device), last]
