"""misfit: which task, model and training do not go together, at which setting, and how to mend it."""

from __future__ import annotations

from dataclasses import dataclass

from engine.config.adversary import NoAdversary
from engine.config.best_checkpoint import unmeasured
from engine.config.classifiers import Recurrent
from engine.config.data import DataConfig
from engine.config.gan import TextGanPair
from engine.config.model import Model
from engine.config.pretrained import Pretrained
from engine.config.pretraining import LanguageModelPretraining
from engine.config.task import Classification, SemiSupervised, Task
from engine.config.text_gan import TextGan
from engine.config.training import TrainingConfig
from engine.messages import Message, message


@dataclass(frozen=True)
class Misfit:
    """`path` is the setting at which it can be mended ("training.adversary")."""

    path: str
    advice: Message


def misfit(task: Task, model: Model, training: TrainingConfig, data: DataConfig | None = None) -> Misfit | None:
    """The first fault; None where all parts fit together. Without `data` those of the data are not looked for."""
    if isinstance(task, TextGan) != isinstance(model, TextGanPair):
        advice = message(
            "Inventing texts needs a writer and a critic (model.name=text-gan), and no other goal takes them."
        )
        return Misfit("model", advice)
    fault_of_labels = _labels_misfit(task, training, data)
    if fault_of_labels is not None:
        return fault_of_labels
    not_measured = unmeasured(task, training.best)
    if not_measured is not None:
        return Misfit("training.best.metric", not_measured)
    if not isinstance(training.adversary, NoAdversary):
        fault = _adversary_misfit(task, model, training)
        if fault is not None:
            return Misfit("training.adversary", fault)
    if isinstance(training.pretraining, LanguageModelPretraining):
        fault = _pretraining_misfit(model, training)
        if fault is not None:
            return Misfit("training.pretraining", fault)
    return None


def _labels_misfit(task: Task, training: TrainingConfig, data: DataConfig | None) -> Misfit | None:
    """What several labels a text, or numbers, do not go together with."""
    if isinstance(task, Classification) and task.is_multi_label:
        return _several_misfit(task, training)
    if data is not None and data.label_columns and task.has_labels:
        advice = message(
            "A column for each label is read only where a text may have several labels: choose several "
            "(task.multi_label=true), or name no columns of labels (data.label_columns)."
        )
        return Misfit("data.label_columns", advice)
    if task.is_numeric and training.attacked_rows:
        return Misfit("training.attacked_rows", message("A number has no label that an attack could turn: choose 0."))
    return None


def _several_misfit(task: Classification, training: TrainingConfig) -> Misfit | None:
    if task.loss.name != "binary-cross-entropy":
        advice = message(
            "Several labels a text are so many yes-or-no questions: choose binary cross-entropy "
            "(task.loss.name=binary-cross-entropy), or one label a text (task.multi_label=false)."
        )
        return Misfit("task.loss", advice)
    if task.positive_label is not None:
        advice = message("Of several labels a text each has its own precision: leave the positive label empty.")
        return Misfit("task.positive_label", advice)
    if training.attacked_rows:
        advice = message("Attacks turn one label into another: with several labels a text choose 0 attacked texts.")
        return Misfit("training.attacked_rows", advice)
    return None


def _adversary_misfit(task: Task, model: Model, training: TrainingConfig) -> Message | None:
    if isinstance(task, TextGan):
        return message("A text GAN has its adversary already, the critic: choose none (training.adversary.name=none).")
    if isinstance(task, SemiSupervised):
        return message("Sorting with few labels has its adversary already: choose none (training.adversary.name=none).")
    if training.adversary.name == "vat" and task.is_numeric:
        return message("The virtual adversary needs labels to choose from, and a number is none: choose FGM or FreeLB.")
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
