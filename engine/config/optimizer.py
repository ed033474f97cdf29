"""Optimizers, schedules of the learning rate, and clipping: how a gradient becomes a step."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from engine.config.choice import Choice, setting


def _rate(default: float) -> float:
    return setting(default, gt=0.0, le=100.0, title="Learning rate", help="How large a step each update takes.")  # type: ignore[no-any-return]


def _decay(default: float = 0.0) -> float:
    return setting(  # type: ignore[no-any-return]
        default, ge=0.0, le=10.0, title="Weight decay", help="How strongly large weights are pulled back."
    )


class SGD(Choice):
    """Plain gradient descent."""

    model_config = ConfigDict(title="SGD")
    name: Literal["sgd"] = "sgd"
    learning_rate: float = _rate(0.1)
    weight_decay: float = _decay()


class Momentum(Choice):
    """Gradient descent that keeps rolling (Polyak)."""

    model_config = ConfigDict(title="SGD with momentum")
    name: Literal["momentum"] = "momentum"
    learning_rate: float = _rate(0.05)
    momentum: float = setting(0.9, ge=0.0, lt=1.0, title="Momentum", help="The share of the last step that is kept.")
    weight_decay: float = _decay()


class Nesterov(Choice):
    """Momentum that looks ahead (Nesterov)."""

    model_config = ConfigDict(title="SGD with Nesterov momentum")
    name: Literal["nesterov"] = "nesterov"
    learning_rate: float = _rate(0.05)
    momentum: float = setting(0.9, gt=0.0, lt=1.0, title="Momentum", help="The share of the last step that is kept.")
    weight_decay: float = _decay()


class AdaGrad(Choice):
    """Smaller steps for what moved much already (Duchi 2011)."""

    model_config = ConfigDict(title="AdaGrad")
    name: Literal["adagrad"] = "adagrad"
    learning_rate: float = _rate(0.02)
    weight_decay: float = _decay()


class AdaDelta(Choice):
    """AdaGrad with a short memory and its own unit of step (Zeiler 2012)."""

    model_config = ConfigDict(title="AdaDelta")
    name: Literal["adadelta"] = "adadelta"
    learning_rate: float = _rate(1.0)
    rho: float = setting(0.9, gt=0.0, lt=1.0, title="Memory (rho)", help="How long past gradients are remembered.")
    weight_decay: float = _decay()


class RMSProp(Choice):
    """Steps in units of the recent gradient's size (Hinton 2012)."""

    model_config = ConfigDict(title="RMSProp")
    name: Literal["rmsprop"] = "rmsprop"
    learning_rate: float = _rate(1e-3)
    alpha: float = setting(0.99, gt=0.0, lt=1.0, title="Memory (alpha)", help="How long past gradients are remembered.")
    momentum: float = setting(0.0, ge=0.0, lt=1.0, title="Momentum", help="The share of the last step that is kept.")
    weight_decay: float = _decay()


class Adam(Choice):
    """Momentum and step size for each weight (Kingma 2015)."""

    model_config = ConfigDict(title="Adam")
    name: Literal["adam"] = "adam"
    learning_rate: float = _rate(1e-3)
    beta1: float = setting(0.9, ge=0.0, lt=1.0, title="Beta 1", help="Memory of the direction.")
    beta2: float = setting(0.999, ge=0.0, lt=1.0, title="Beta 2", help="Memory of the size.")
    epsilon: float = setting(1e-8, gt=0.0, le=1.0, title="Epsilon", help="Keeps the division from zero.")
    weight_decay: float = _decay()


class AdamW(Choice):
    """Adam with weight decay kept apart from the gradient (Loshchilov 2019)."""

    model_config = ConfigDict(title="AdamW")
    name: Literal["adamw"] = "adamw"
    learning_rate: float = _rate(1e-3)
    beta1: float = setting(0.9, ge=0.0, lt=1.0, title="Beta 1", help="Memory of the direction.")
    beta2: float = setting(0.999, ge=0.0, lt=1.0, title="Beta 2", help="Memory of the size.")
    epsilon: float = setting(1e-8, gt=0.0, le=1.0, title="Epsilon", help="Keeps the division from zero.")
    weight_decay: float = _decay(0.01)


Optimizer = Annotated[
    SGD | Momentum | Nesterov | AdaGrad | AdaDelta | RMSProp | Adam | AdamW, Field(discriminator="name")
]


def _warmup(default: float = 0.05) -> float:
    return setting(  # type: ignore[no-any-return]
        default,
        ge=0.0,
        le=1.0,
        title="Warm-up",
        help="The share of all steps over which the rate rises from nearly zero.",
    )


class Constant(Choice):
    """The rate stays."""

    model_config = ConfigDict(title="Constant")
    name: Literal["constant"] = "constant"
    warmup_share: float = _warmup(0.0)


class WarmupLinear(Choice):
    """Up during the warm-up, then straight down to the end."""

    model_config = ConfigDict(title="Warm-up, then linear")
    name: Literal["linear"] = "linear"
    warmup_share: float = _warmup()
    final_share: float = setting(
        0.0, ge=0.0, le=1.0, title="At the end", help="The share of the rate that is left at the end."
    )


class WarmupCosine(Choice):
    """Up during the warm-up, then down along half a cosine."""

    model_config = ConfigDict(title="Warm-up, then cosine")
    name: Literal["cosine"] = "cosine"
    warmup_share: float = _warmup()
    final_share: float = setting(
        0.0, ge=0.0, le=1.0, title="At the end", help="The share of the rate that is left at the end."
    )


class ReduceOnPlateau(Choice):
    """Lower the rate whenever validation loss stops falling."""

    model_config = ConfigDict(title="Reduce on plateau")
    name: Literal["plateau"] = "plateau"
    warmup_share: float = _warmup(0.0)
    factor: float = setting(0.5, gt=0.0, lt=1.0, title="Factor", help="The rate is multiplied by it.")
    patience: int = setting(
        2, ge=0, le=1000, title="Patience", help="Evaluations without a better loss before the rate falls."
    )


class OneCycle(Choice):
    """Up and down once over the whole training (Smith 2018)."""

    model_config = ConfigDict(title="One cycle")
    name: Literal["one-cycle"] = "one-cycle"
    rise_share: float = setting(
        0.3, gt=0.0, lt=1.0, title="Rise", help="The share of all steps over which the rate rises."
    )
    start_divisor: float = setting(
        25.0, ge=1.0, le=1e6, title="Start divisor", help="The first rate is the rate divided by it."
    )
    end_divisor: float = setting(
        1e4, ge=1.0, le=1e9, title="End divisor", help="The last rate is the first one divided by it."
    )


class Noam(Choice):
    """Up during the warm-up, then down with the square root of the updates (Vaswani 2017, 5.3)."""

    model_config = ConfigDict(title="Warm-up, then inverse square root (Noam)")
    name: Literal["noam"] = "noam"
    warmup_share: float = _warmup(0.1)


Schedule = Annotated[
    Constant | WarmupLinear | WarmupCosine | ReduceOnPlateau | OneCycle | Noam, Field(discriminator="name")
]


class NoClipping(Choice):
    """Gradients are taken as they come."""

    model_config = ConfigDict(title="None")
    name: Literal["none"] = "none"


class ClipNorm(Choice):
    """The whole gradient is shortened to a greatest length."""

    model_config = ConfigDict(title="By norm")
    name: Literal["norm"] = "norm"
    max_norm: float = setting(1.0, gt=0.0, le=1e6, title="Greatest norm", help="A longer gradient is shortened to it.")


class ClipValue(Choice):
    """Each number of the gradient is held within limits."""

    model_config = ConfigDict(title="By value")
    name: Literal["value"] = "value"
    max_value: float = setting(
        0.5, gt=0.0, le=1e6, title="Greatest value", help="Each number stays within plus and minus this."
    )


Clipping = Annotated[NoClipping | ClipNorm | ClipValue, Field(discriminator="name")]
