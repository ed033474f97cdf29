"""Adversarial training: the losses of each micro-batch, some of them under small changes made against the model."""

from __future__ import annotations

from typing import assert_never

from engine.config import adversary as choice
from engine.training.adversary.attention import OnAttention
from engine.training.adversary.fast_gradient import FastGradient
from engine.training.adversary.free import FreeLargeBatch
from engine.training.adversary.plain import Adversary, AgainstModel, Learner, Plain, Sorter
from engine.training.adversary.virtual import VirtualAdversary

__all__ = ["Adversary", "Plain", "make_adversary"]


def make_adversary(spec: choice.Adversary, task: Learner) -> Adversary:
    """The adversary of `spec` against the model of `task`. Raises InputError where it finds nothing to move."""
    if isinstance(spec, choice.NoAdversary):
        return Plain()
    assert isinstance(task, Sorter), "a config with another task is refused"
    match spec:
        case choice.FGM():
            return AgainstModel(FastGradient(spec, task.model))
        case choice.FreeLB():
            return AgainstModel(FreeLargeBatch(spec, task.model))
        case choice.VAT():
            return AgainstModel(VirtualAdversary(spec, task))
        case choice.AttentionAdversary():
            return AgainstModel(OnAttention(spec, task.model))
        case _:
            assert_never(spec)
