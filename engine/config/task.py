"""What to learn from a batch: the task and its loss."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, model_validator

from engine.config.choice import Choice, setting
from engine.config.text_gan import TextGan
from engine.records import Kind

ClassWeights = Literal["none", "balanced"]
_CLASS_WEIGHTS = {"none": "None", "balanced": "Rare labels count more"}
_WEIGHTS_HELP = "Balanced: labels weigh as if all were equally frequent; of several, each yes against its no."
_YES = frozenset(("true", "1", "yes", "on"))


class CrossEntropy(Choice):
    """The usual loss for choosing one label."""

    model_config = ConfigDict(title="Cross-entropy")
    name: Literal["cross-entropy"] = "cross-entropy"
    label_smoothing: float = setting(
        0.0, ge=0.0, lt=1.0, title="Label smoothing", help="The share of certainty that is taken from the true label."
    )
    class_weights: ClassWeights = setting("none", title="Class weights", help=_WEIGHTS_HELP, words=_CLASS_WEIGHTS)


class BinaryCrossEntropy(Choice):
    """One yes-or-no question a label, as a sigmoid output asks it."""

    model_config = ConfigDict(title="Binary cross-entropy")
    name: Literal["binary-cross-entropy"] = "binary-cross-entropy"
    label_smoothing: float = setting(
        0.0, ge=0.0, lt=1.0, title="Label smoothing", help="The share of certainty that is taken from the true label."
    )
    class_weights: ClassWeights = setting("none", title="Class weights", help=_WEIGHTS_HELP, words=_CLASS_WEIGHTS)


class Focal(Choice):
    """Easy rows count less, hard ones more (Lin 2017)."""

    model_config = ConfigDict(title="Focal loss")
    name: Literal["focal"] = "focal"
    gamma: float = setting(
        2.0, ge=0.0, le=10.0, title="Focus", help="How strongly easy rows are played down; 0 is cross-entropy."
    )
    class_weights: ClassWeights = setting("none", title="Class weights", help=_WEIGHTS_HELP, words=_CLASS_WEIGHTS)


class MeanSquaredError(Choice):
    """For a label that is a number: the squared distance to it."""

    model_config = ConfigDict(title="Mean squared error")
    name: Literal["mse"] = "mse"


Loss = Annotated[CrossEntropy | BinaryCrossEntropy | Focal | MeanSquaredError, Field(discriminator="name")]


class Classification(Choice):
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
    def is_numeric(self) -> bool:
        """The label is a number."""
        return self.loss.name == "mse"

    @property
    def is_multi_label(self) -> bool:
        """A text has any number of labels."""
        return self.multi_label

    @property
    def has_labels(self) -> bool:
        return True


class SemiSupervised(Choice):
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
    def loss(self) -> Loss:
        """The supervised part is plain cross-entropy."""
        return CrossEntropy()

    @property
    def is_numeric(self) -> bool:
        return False

    @property
    def is_multi_label(self) -> bool:
        return False

    @property
    def has_labels(self) -> bool:
        return True


def is_yes(value: object) -> bool:
    """Whether a setting that may still be a word is switched on."""
    return str(value).lower() in _YES


def kind_of(task: Classification | SemiSupervised | TextGan) -> Kind:
    """What a text gets: one label, several, or a number; "one" where there are no labels."""
    return "number" if task.is_numeric else "several" if task.is_multi_label else "one"


def with_kind(task: Classification, kind: Kind) -> Classification:
    """The same task for texts that get one label, several, or a number; the loss is kept where it suits, else its
    smoothing and class weights are. Of several labels, and of numbers, none is the positive one."""
    loss: Loss = task.loss
    if kind == "number":
        loss = MeanSquaredError()
    elif kind == "several":
        loss = BinaryCrossEntropy(**settings_kept(loss.model_dump()))
    elif kind_of(task) != "one":
        loss = CrossEntropy(**settings_kept(loss.model_dump()))
    positive = task.positive_label if kind == "one" else None
    update = {"loss": loss, "multi_label": kind == "several", "positive_label": positive}
    return task.model_copy(update=update)


def settings_kept(loss: dict[str, Any]) -> dict[str, Any]:
    """What a loss of labels hands on to another one."""
    return {name: loss[name] for name in ("label_smoothing", "class_weights") if name in loss}


Task = Annotated[Classification | SemiSupervised | TextGan, Field(discriminator="name")]
