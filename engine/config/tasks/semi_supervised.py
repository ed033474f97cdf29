"""Sort texts when few of them have a label."""

from __future__ import annotations

from typing import Literal

from pydantic import ConfigDict

from engine.config.adversary import NoAdversary
from engine.config.choice import setting
from engine.config.counting import counting_of
from engine.config.data import DataConfig
from engine.config.losses import CrossEntropy, Loss
from engine.config.model import Model
from engine.config.tasks.task_type import Ability, Misfit, TaskSpec, TaskType
from engine.config.training import TrainingConfig
from engine.messages import message
from engine.targets import Target, target_of


class SemiSupervised(TaskSpec):
    """When few texts have a label: telling texts from a generator's inventions teaches as well.

    The generator invents summaries of texts; a model that tells them from those of real texts, labelled or not, learns
    what real ones have in common (GAN-BERT, Croce 2020).
    """

    model_config = ConfigDict(title="Sort texts with few labels")
    name: Literal["semi-supervised"] = "semi-supervised"
    noise_size: int = setting(100, ge=1, le=4096, title="Noise", help="Random numbers that the generator begins with.")
    generator_size: int = setting(128, ge=1, le=8192, title="Generator", help="Width of the generator's hidden layer.")
    generator_rate: float = setting(
        1e-3, gt=0.0, le=100.0, title="Generator's learning rate", help="How large a step each of its updates takes."
    )
    positive_label: str | None = setting(
        None,
        title="Positive label",
        help="The label whose precision and recall are shown when there are two. Left empty: the rarer one.",
    )

    @property
    def loss(self) -> CrossEntropy:
        """The supervised part is plain cross-entropy."""
        return CrossEntropy()

    @property
    def label_loss(self) -> Loss:
        return self.loss

    @property
    def target(self) -> Target:
        return target_of("one")

    @property
    def positive(self) -> str | None:
        return self.positive_label


def _misfit(task: SemiSupervised, model: Model, training: TrainingConfig, data: DataConfig | None) -> Misfit | None:
    del task, data
    if counting_of(model) is not None:
        return Misfit(
            "model",
            message("Word counting learns from rows with labels alone: choose a network (model.name)."),
        )
    if isinstance(training.adversary, NoAdversary):
        return None
    advice = message("Sorting with few labels has its adversary already: choose none (training.adversary.name=none).")
    return Misfit("training.adversary", advice)


SEMI_SUPERVISED: TaskType[SemiSupervised] = TaskType(
    spec=SemiSupervised,
    abilities=frozenset[Ability](("attend", "evaluate", "attack", "export", "correct", "learn from unlabelled rows")),
    misfit=_misfit,
)
