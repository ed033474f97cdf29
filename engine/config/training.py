"""How to learn: optimizer, schedule, accumulation, clipping, early stopping, precision, device."""

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


Schedule = Annotated[Constant | WarmupLinear | WarmupCosine | ReduceOnPlateau | OneCycle, Field(discriminator="name")]


class FixedAccumulation(Choice):
    """Each update sums the gradients of the same number of micro-batches."""

    model_config = ConfigDict(title="Fixed")
    name: Literal["fixed"] = "fixed"
    steps: int = setting(1, ge=1, le=4096, title="Micro-batches", help="How many small batches make one update.")


Accumulation = FixedAccumulation


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

Metric = Literal["f1", "precision", "recall", "accuracy", "loss"]


class BestCheckpoint(Choice):
    """Which checkpoint counts as the best, and when waiting for a better one ends."""

    model_config = ConfigDict(title="Best checkpoint")
    metric: Metric = setting(
        "f1",
        title="Measure",
        help="The checkpoint with the best validation value is kept. With more than two labels: the mean over labels.",
        words={"f1": "F1", "precision": "Precision", "recall": "Recall", "accuracy": "Accuracy", "loss": "Loss"},
    )
    recall_floor: float = setting(
        0.5,
        ge=0.0,
        le=1.0,
        title="Least recall",
        help="For precision: a checkpoint counts only with this much recall; precision alone is won by saying little.",
    )
    patience: int | None = setting(
        None,
        ge=1,
        le=10_000,
        title="Patience",
        help="Stop after so many evaluations without a better value. Empty: never.",
    )


class TrainingConfig(Choice):
    """How to learn."""

    model_config = ConfigDict(title="Training")
    max_steps: int = setting(
        600, ge=1, le=10_000_000, title="Updates", help="How many times the weights are changed in all."
    )
    micro_batch_size: int = setting(32, ge=1, le=4096, title="Micro-batch", help="Texts that are read at once.")
    accumulation: Accumulation = setting(
        FixedAccumulation(),
        title="Accumulation",
        help="Micro-batches that make one update; the batch is their product.",
    )
    optimizer: Optimizer = setting(AdamW(), title="Optimizer", help="How a gradient becomes a step.")
    schedule: Schedule = setting(
        WarmupLinear(), title="Schedule", help="How the learning rate changes over the training."
    )
    clipping: Clipping = setting(ClipNorm(), title="Clipping", help="How too large gradients are held.")
    evaluate_every: int = setting(
        100,
        ge=1,
        le=10_000_000,
        title="Evaluate every",
        help="Updates between two looks at the validation data; the last update is always followed by one.",
    )
    checkpoint_every: int | None = setting(
        None, ge=1, title="Save every", help="Updates between two checkpoints. Empty: at every evaluation."
    )
    keep_checkpoints: int = setting(
        0,
        ge=0,
        le=10_000,
        title="Keep checkpoints",
        help="How many older checkpoints stay besides the best and the last.",
    )
    best: BestCheckpoint = setting(
        BestCheckpoint(), title="Best checkpoint", help="Which checkpoint counts as the best, and when waiting ends."
    )
    precision: Literal["auto", "fp32", "bf16", "fp16"] = setting(
        "auto",
        title="Number format",
        help="Half precision is faster where the device supports it; auto chooses by device.",
        words={"auto": "Choose for me", "fp32": "fp32", "bf16": "bf16", "fp16": "fp16"},
    )
    device: Literal["auto", "cpu", "cuda", "mps"] = setting(
        "auto",
        title="Device",
        help="What computes.",
        words={"auto": "Choose for me", "cpu": "CPU", "cuda": "NVIDIA GPU", "mps": "Apple GPU"},
    )
    baseline: bool = setting(
        True, title="Word counting beside it", help="Also train a bag of words, as the line that the model must pass."
    )
    probes: tuple[str, ...] = setting(
        (),
        max_length=16,
        title="Probe texts",
        help="Texts whose attention is captured before the first update and at each evaluation. "
        "Empty: three validation texts.",
    )
    probe_tokens: int = setting(
        64,
        ge=8,
        le=512,
        title="Longest probe text",
        help="A probe text is read up to so many tokens, the rest is cut: maps grow with the square of it.",
    )
    probe_megabytes: int = setting(
        100,
        ge=1,
        le=100_000,
        title="Room for probes (MB)",
        help="All captures of a run take no more. When it is full, every second older one is dropped; the first, the "
        "best checkpoint's and the newest stay.",
    )
