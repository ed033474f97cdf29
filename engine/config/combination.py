"""misfit: which task, model and training do not go together, at which setting, and how to mend it."""

from __future__ import annotations

from engine.config.adversary import NoAdversary
from engine.config.classifiers import Recurrent
from engine.config.counting import WideAndDeep, WordCounting
from engine.config.data import DataConfig
from engine.config.model import Model
from engine.config.pretrained import Pretrained
from engine.config.pretraining import LanguageModelPretraining
from engine.config.tasks.best_metric import unmeasured
from engine.config.tasks.registry import TASK_TYPES, type_of
from engine.config.tasks.task_type import Misfit, TaskSpec
from engine.config.training import TrainingConfig
from engine.messages import Message, message


def misfit(task: TaskSpec, model: Model, training: TrainingConfig, data: DataConfig | None = None) -> Misfit | None:
    """The first fault; None where all parts fit together. Without `data` those of the data are not looked for."""
    return (
        _model_misfit(task, model)
        or _labels_misfit(task, training, data)
        or _metric_misfit(task, training)
        or type_of(task).misfit(task, model, training, data)
        or _counting_misfit(model, training)
        or _adversary_misfit(task, model, training)
        or _pretraining_misfit(model, training)
    )


def _model_misfit(task: TaskSpec, model: Model) -> Misfit | None:
    own = type_of(task).model_names
    claimed = frozenset[str]().union(*(one.model_names for one in TASK_TYPES.values()))
    if model.name in own if own else model.name not in claimed:
        return None
    if not own:
        return Misfit("model", message("This model is another goal's: choose one that sorts texts (model.name)."))
    return Misfit(
        "model", message("This goal takes other models: choose one of {known} (model.name).", known=sorted(own))
    )


def _labels_misfit(task: TaskSpec, training: TrainingConfig, data: DataConfig | None) -> Misfit | None:
    """What one label a text, or numbers, do not go together with."""
    target = task.target
    if target is None or target.may_have_several:
        return None
    if data is not None and data.label_columns:
        advice = message(
            "A column for each label is read only where a text may have several labels: choose several "
            "(task.multi_label=true), or name no columns of labels (data.label_columns)."
        )
        return Misfit("data.label_columns", advice)
    if not target.is_categorical and training.attacked_rows:
        return Misfit("training.attacked_rows", message("A number has no label that an attack could turn: choose 0."))
    return None


def _metric_misfit(task: TaskSpec, training: TrainingConfig) -> Misfit | None:
    advice = unmeasured(task, training.best)
    return None if advice is None else Misfit("training.best.metric", advice)


def _counting_misfit(model: Model, training: TrainingConfig) -> Misfit | None:
    """What a model without a gradient does not go together with."""
    if isinstance(model, WideAndDeep):
        return _wide_misfit(model, training)
    if not isinstance(model, WordCounting):
        return None
    if not isinstance(training.adversary, NoAdversary):
        return Misfit(
            "training.adversary",
            message("Word counting has no word vectors that an adversary could move: choose none."),
        )
    if isinstance(training.pretraining, LanguageModelPretraining):
        return Misfit(
            "training.pretraining",
            message("Word counting guesses no words: nothing can come before it (training.pretraining.name=none)."),
        )
    return None


def _wide_misfit(model: WideAndDeep, training: TrainingConfig) -> Misfit | None:
    """What a network beside word counting does not go together with."""
    if model.counting.ngrams == "characters":
        advice = message("Both parts read the same tokens: for characters choose data.tokenizer.name=character.")
        return Misfit("model.counting.ngrams", advice)
    if training.adversary.name == "vat":
        advice = message("Word counting says nothing of texts without labels: choose another adversary, or none.")
        return Misfit("training.adversary", advice)
    if isinstance(training.pretraining, LanguageModelPretraining):
        advice = message("Beside word counting nothing can come before the network (training.pretraining.name=none).")
        return Misfit("training.pretraining", advice)
    return None


def _adversary_misfit(task: TaskSpec, model: Model, training: TrainingConfig) -> Misfit | None:
    if isinstance(training.adversary, NoAdversary):
        return None
    advice: Message | None = None
    if training.adversary.name == "vat" and not task.has_classes:
        advice = message(
            "The virtual adversary needs labels to choose from, and a number is none: choose FGM or FreeLB."
        )
    elif training.adversary.name == "attention" and not _has_attention(model):
        advice = message(
            "This model has no attention that the adversary could move: choose another adversary, or a summing up by "
            "attention."
        )
    return None if advice is None else Misfit("training.adversary", advice)


def _pretraining_misfit(model: Model, training: TrainingConfig) -> Misfit | None:
    if not isinstance(training.pretraining, LanguageModelPretraining):
        return None
    advice: Message | None = None
    if isinstance(model, Pretrained):
        advice = message(
            "A pretrained encoder has learned to guess words already: nothing needs to come before it "
            "(training.pretraining.name=none)."
        )
    elif training.pretraining.steps >= training.max_steps:
        advice = message(
            "What comes before counts among all {updates:plural:update:updates} and must take fewer "
            "(training.pretraining.steps).",
            updates=training.max_steps,
        )
    return None if advice is None else Misfit("training.pretraining", advice)


def _has_attention(model: Model) -> bool:
    if isinstance(model, WideAndDeep):
        model = model.network
    if isinstance(model, Recurrent):
        return model.pooling.name not in ("last", "max", "mean")
    return model.name not in ("convolutional", "word-counting")
