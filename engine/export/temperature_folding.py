"""fold_temperature: a temperature put into a model's last layer, for whoever knows no temperatures."""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import Tensor, nn
from transformers import PreTrainedModel

from engine.errors import InputError
from engine.messages import message

_NEARLY = 1e-4
"""Relative to the largest logit: what fp32 loses on its way through the last layer is far less."""


def fold_temperature(model: PreTrainedModel, temperature: float, input_ids: Tensor) -> None:
    """Divide weights and bias of the last linear layer by `temperature`, so that all logits are; in place.

    Which layer is the last is found by trying: the logits of `input_ids` [B, L] must come out divided. Raises
    InputError for a model whose logits no single layer makes.
    """
    if temperature == 1.0:
        return
    wanted = _logits(model, input_ids) / temperature
    for layer in _candidates(model, wanted.shape[-1]):
        before = {name: weight.data.clone() for name, weight in layer.named_parameters()}
        for weight in layer.parameters():
            weight.data.div_(temperature)
        if _are_close(_logits(model, input_ids), wanted):
            return
        for name, weight in layer.named_parameters():
            weight.data.copy_(before[name])
    raise InputError(
        message("The temperature cannot be put into this model's last layer."),
        type(model).__name__,
        message("Export it as ONNX, where the temperature stands beside the weights."),
    )


def _candidates(model: PreTrainedModel, num_logits: int) -> Iterator[nn.Linear]:
    """The last one first. One question of two labels has one output."""
    linear = [module for module in model.modules() if isinstance(module, nn.Linear)]
    yield from (layer for layer in reversed(linear) if layer.out_features in (1, num_logits))


def _logits(model: PreTrainedModel, input_ids: Tensor) -> Tensor:
    with torch.inference_mode():
        logits: Tensor = model(input_ids=input_ids, attention_mask=torch.ones_like(input_ids)).logits
    return logits


def _are_close(found: Tensor, wanted: Tensor) -> bool:
    scale = float(wanted.abs().max().clamp_min(1e-6))
    return float((found - wanted).abs().max()) <= _NEARLY * scale
