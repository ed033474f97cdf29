"""Optimizers of the field, made from their specs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import assert_never

import torch
from torch import nn, optim
from transformers import PreTrainedModel

from engine.config.model import Model
from engine.config.optimizer import (
    SGD,
    AdaDelta,
    AdaGrad,
    Adam,
    AdamW,
    ClipNorm,
    Clipping,
    ClipValue,
    Momentum,
    Nesterov,
    NoClipping,
    Optimizer,
    RMSProp,
)
from engine.config.pretrained import Pretrained
from engine.models.layers import rate_scales


def make_optimizer(spec: Optimizer, model: nn.Module, scales: Mapping[str, float] | None = None) -> optim.Optimizer:
    """Weights that learn, in groups; frozen ones stay out.

    Weight decay is not applied to biases, normalization gains and other one-dimensional weights, as is usual. `scales`
    ({weight: share of the learning rate}) make one `rate_scale` a group; without them every weight has the same rate.
    """
    groups: dict[tuple[float, bool], list[nn.Parameter]] = {}
    for name, weight in model.named_parameters():
        if weight.requires_grad:
            groups.setdefault((1.0 if scales is None else scales[name], weight.ndim > 1), []).append(weight)
    ordered = sorted(groups.items(), key=lambda group: group[0], reverse=True)
    return _make(
        spec,
        [
            {"params": weights, "weight_decay": spec.weight_decay if is_matrix else 0.0, "rate_scale": scale}
            for (scale, is_matrix), weights in ordered
        ],
    )


def layer_rates(spec: Model, model: PreTrainedModel) -> dict[str, float] | None:
    """The share of the learning rate of each weight; None where all learn at the same rate."""
    if not isinstance(spec, Pretrained) or spec.layer_decay == 1.0:
        return None
    return rate_scales(model, spec.layer_decay)


def _make(spec: Optimizer, groups: list[dict[str, object]]) -> optim.Optimizer:
    rate = spec.learning_rate
    match spec:
        case SGD():
            return optim.SGD(groups, lr=rate)
        case Momentum():
            return optim.SGD(groups, lr=rate, momentum=spec.momentum)
        case Nesterov():
            return optim.SGD(groups, lr=rate, momentum=spec.momentum, nesterov=True)
        case AdaGrad():
            return optim.Adagrad(groups, lr=rate)
        case AdaDelta():
            return optim.Adadelta(groups, lr=rate, rho=spec.rho)
        case RMSProp():
            return optim.RMSprop(groups, lr=rate, alpha=spec.alpha, momentum=spec.momentum)
        case Adam():
            return optim.Adam(groups, lr=rate, betas=(spec.beta1, spec.beta2), eps=spec.epsilon)
        case AdamW():
            return optim.AdamW(groups, lr=rate, betas=(spec.beta1, spec.beta2), eps=spec.epsilon)
        case _:
            assert_never(spec)


def clip(spec: Clipping, weights: Iterable[nn.Parameter]) -> torch.Tensor:
    """Clip the gradients of the whole step in place; returns their 2-norm before clipping (a scalar on the device)."""
    graded = [weight for weight in weights if weight.grad is not None]
    norm = nn.utils.get_total_norm([weight.grad for weight in graded if weight.grad is not None])
    match spec:
        case ClipNorm():
            nn.utils.clip_grads_with_norm_(graded, spec.max_norm, norm)
        case ClipValue():
            nn.utils.clip_grad_value_(graded, spec.max_value)
        case NoClipping():
            pass
        case _:
            assert_never(spec)
    return norm
