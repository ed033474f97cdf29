"""misfit: which task, model and training do not go together, at which setting, and how to mend it."""

from __future__ import annotations

from dataclasses import dataclass

from engine.config.adversary import NoAdversary
from engine.config.classifiers import Recurrent
from engine.config.gan import TextGanPair
from engine.config.model import Model
from engine.config.pretrained import Pretrained
from engine.config.pretraining import LanguageModelPretraining
from engine.config.task import SemiSupervised, Task
from engine.config.text_gan import TextGan
from engine.config.training import TrainingConfig
from engine.messages import Message, message


@dataclass(frozen=True)
class Misfit:
    """`path` is the setting at which it can be mended ("training.adversary")."""

    path: str
    advice: Message


def misfit(task: Task, model: Model, training: TrainingConfig) -> Misfit | None:
    """The first fault; None where all parts fit together."""
    if isinstance(task, TextGan) != isinstance(model, TextGanPair):
        advice = message(
            "Inventing texts needs a writer and a critic (model.name=text-gan), and no other goal takes them."
        )
        return Misfit("model", advice)
    if not isinstance(training.adversary, NoAdversary):
        fault = _adversary_misfit(task, model, training)
        if fault is not None:
            return Misfit("training.adversary", fault)
    if isinstance(training.pretraining, LanguageModelPretraining):
        fault = _pretraining_misfit(model, training)
        if fault is not None:
            return Misfit("training.pretraining", fault)
    return None


def _adversary_misfit(task: Task, model: Model, training: TrainingConfig) -> Message | None:
    if isinstance(task, TextGan):
        return message("A text GAN has its adversary already, the critic: choose none (training.adversary.name=none).")
    if isinstance(task, SemiSupervised):
        return message("Sorting with few labels has its adversary already: choose none (training.adversary.name=none).")
    if training.adversary.name == "attention" and not _has_attention(model):
        return message(
            "This model has no attention that the adversary could move: choose another adversary, or a summing up by "
            "attention."
        )
    return None


def _pretraining_misfit(model: Model, training: TrainingConfig) -> Message | None:
    if isinstance(model, Pretrained):
        return message(
            "A pretrained encoder has learned to guess words already: nothing needs to come before it "
            "(training.pretraining.name=none)."
        )
    if training.pretraining.steps >= training.max_steps:
        return message(
            "What comes before counts among all {updates:plural:update:updates} and must take fewer "
            "(training.pretraining.steps).",
            updates=training.max_steps,
        )
    return None


def _has_attention(model: Model) -> bool:
    if isinstance(model, Recurrent):
        return model.pooling.name not in ("last", "max", "mean")
    return model.name != "convolutional"
