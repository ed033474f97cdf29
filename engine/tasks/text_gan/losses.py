"""What writer and critic of a text GAN play for: each row's loss from the critic's scores.

Shapes: B rows. A score is a logit: above 0 the critic takes a text for real.
"""

from __future__ import annotations

from typing import assert_never

from torch import Tensor
from torch.nn.functional import relu, softplus

from engine.config.tasks.text_gan import GanLoss, HingeLoss, RelativisticLoss, StandardLoss, WassersteinLoss


def sees_differences_alone(spec: GanLoss) -> bool:
    """A constant added to every score changes nothing: the critic's zero has no meaning of its own."""
    return isinstance(spec, RelativisticLoss | WassersteinLoss)


def critic_loss(spec: GanLoss, real: Tensor, invented: Tensor) -> Tensor:
    """[B] for scores [B] of real and invented texts; the gradient penalty of Wasserstein is added by the caller."""
    match spec:
        case StandardLoss():
            return softplus(-real) + softplus(invented)
        case RelativisticLoss():
            return softplus(-(real - invented))
        case HingeLoss():
            return relu(1 - real) + relu(1 + invented)
        case WassersteinLoss():
            return invented - real
        case _:
            assert_never(spec)


def writer_loss(spec: GanLoss, real: Tensor, invented: Tensor) -> Tensor:
    """[B]; a relativistic writer wants its text to look more real than the real one, the others only look real."""
    match spec:
        case StandardLoss():
            return softplus(-invented)
        case RelativisticLoss():
            return softplus(-(invented - real))
        case HingeLoss() | WassersteinLoss():
            return -invented
        case _:
            assert_never(spec)
