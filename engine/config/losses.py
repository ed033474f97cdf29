"""What a model that sorts texts, or says numbers, is punished for."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

from engine.config.choice import Choice, setting

ClassWeights = Literal["none", "balanced"]
_CLASS_WEIGHTS = {"none": "None", "balanced": "Rare labels count more"}
_WEIGHTS_HELP = "Balanced: labels weigh as if all were equally frequent; of several, each yes against its no."


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


def settings_kept(loss: dict[str, Any]) -> dict[str, Any]:
    """What a loss of labels hands on to another one."""
    return {name: loss[name] for name in ("label_smoothing", "class_weights") if name in loss}
