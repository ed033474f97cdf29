"""misfit: which task, model and training do not go together, and how to mend it."""

from __future__ import annotations

from typing import LiteralString

from engine.config.adversary import NoAdversary
from engine.config.classifiers import Recurrent
from engine.config.gan import TextGanPair
from engine.config.model import Model
from engine.config.pretrained import Pretrained
from engine.config.pretraining import LanguageModelPretraining
from engine.config.task import SemiSupervised, Task
from engine.config.text_gan import TextGan
from engine.config.training import TrainingConfig


def misfit(task: Task, model: Model, training: TrainingConfig) -> LiteralString | None:
    """Advice for the first fault; None where all parts fit together."""
    if isinstance(task, TextGan) != isinstance(model, TextGanPair):
        return "task and model do not fit: inventing texts needs model.name=text-gan, and no other task takes it"
    if isinstance(task, TextGan) and not isinstance(training.adversary, NoAdversary):
        return "a text GAN has its adversary already: set training.adversary.name=none"
    if isinstance(task, SemiSupervised) and training.adversary.name not in ("none",):
        return "sorting with few labels has its adversary already: set training.adversary.name=none"
    if training.adversary.name == "attention" and not _has_attention(model):
        return "this model has no attention for the adversary to move: choose another one, or a pooling by attention"
    if isinstance(training.pretraining, LanguageModelPretraining):
        return _pretraining_misfit(model, training)
    return None


def _pretraining_misfit(model: Model, training: TrainingConfig) -> LiteralString | None:
    if isinstance(model, Pretrained):
        return "a pretrained encoder has learned to guess words already: set training.pretraining.name=none"
    if training.pretraining.steps >= training.max_steps:
        return "training.pretraining.steps must be less than training.max_steps: they count among all updates"
    return None


def _has_attention(model: Model) -> bool:
    if isinstance(model, Recurrent):
        return model.pooling.name not in ("last", "max", "mean")
    return model.name != "convolutional"
