"""Sort texts: one of your labels, several of them, or a number."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import ConfigDict, model_validator

from engine.config.choice import setting
from engine.config.data import DataConfig
from engine.config.losses import BinaryCrossEntropy, CrossEntropy, Loss, MeanSquaredError, settings_kept
from engine.config.model import Model
from engine.config.tasks.task_type import Ability, Misfit, TaskSpec, TaskType, is_yes
from engine.config.training import TrainingConfig
from engine.messages import message
from engine.targets import Target, target_of


class Classification(TaskSpec):
    """Give every text one of your labels, several of them, or a number (with mean squared error)."""

    model_config = ConfigDict(title="Sort texts")
    name: Literal["classification"] = "classification"
    loss: Loss = setting(CrossEntropy(), title="Loss", help="What the model is punished for.")
    multi_label: bool = setting(
        False,
        title="Several labels a text",
        help="A text may have any number of labels, or none: each is a question of its own (binary cross-entropy).",
    )
    positive_label: str | None = setting(
        None,
        title="Positive label",
        help="The label whose precision and recall are shown when there are two. Left empty: the rarer one.",
    )

    @model_validator(mode="before")
    @classmethod
    def _loss_of_several(cls, tree: Any) -> Any:
        """Several labels without a word about the loss have the one that suits them."""
        if not isinstance(tree, dict) or "loss" in tree or not is_yes(tree.get("multi_label")):
            return tree
        return {**tree, "loss": BinaryCrossEntropy()}

    @property
    def target(self) -> Target:
        if self.loss.name == "mse":
            return target_of("number")
        return target_of("several" if self.multi_label else "one")

    @property
    def label_loss(self) -> Loss:
        return self.loss

    @property
    def positive(self) -> str | None:
        return self.positive_label

    def with_target(self, target: Target) -> Classification:
        """The loss is kept where it suits, else its smoothing and class weights are. Of several labels, and of numbers,
        none is the positive one."""
        loss: Loss = self.loss
        if not target.is_categorical:
            loss = MeanSquaredError()
        elif target.may_have_several:
            loss = BinaryCrossEntropy(**settings_kept(loss.model_dump()))
        elif not self.target.is_exclusive:
            loss = CrossEntropy(**settings_kept(loss.model_dump()))
        positive = self.positive_label if target.is_exclusive else None
        update = {"loss": loss, "multi_label": target.may_have_several, "positive_label": positive}
        return self.model_copy(update=update)


def _misfit(task: Classification, model: Model, training: TrainingConfig, data: DataConfig | None) -> Misfit | None:
    """What several labels a text do not go together with."""
    del model, data
    if not task.multi_label:
        return None
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


CLASSIFICATION: TaskType[Classification] = TaskType(
    spec=Classification,
    abilities=frozenset[Ability](("attend", "evaluate", "attack", "ablate", "export", "correct", "label lists")),
    misfit=_misfit,
)
