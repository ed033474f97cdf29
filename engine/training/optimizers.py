"""Optimizers of the field, made from their specs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import assert_never

import torch
from torch import nn, optim

from engine.config.training import (
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


def make_optimizer(spec: Optimizer, model: nn.Module) -> optim.Optimizer:
    """Weight decay is not applied to biases, normalization gains and other one-dimensional weights, as is usual."""
    trainable = [weight for weight in model.parameters() if weight.requires_grad]
    groups = [
        {"params": [weight for weight in trainable if weight.ndim > 1], "weight_decay": spec.weight_decay},
        {"params": [weight for weight in trainable if weight.ndim <= 1], "weight_decay": 0.0},
    ]
    return _make(spec, [group for group in groups if group["params"]])


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
