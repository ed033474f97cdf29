"""What a running training is told. Commands travel into the loop through `send`, or through a run's inbox file."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Pause:
    """Wait after this step; the model stays in memory."""


@dataclass(frozen=True)
class Resume:
    """Go on after a pause."""


@dataclass(frozen=True)
class Stop:
    """Stop after this step and keep everything: a checkpoint is written, the best one stays."""


@dataclass(frozen=True)
class SetLearningRate:
    """Scale the schedule so that the rate now equals `learning_rate`."""

    learning_rate: float


@dataclass(frozen=True)
class SetAccumulation:
    """Use `steps` micro-batches an update from the next one on."""

    steps: int


@dataclass(frozen=True)
class EvaluateNow:
    """Measure on validation after this step."""


@dataclass(frozen=True)
class GoBack:
    """Take the weights and optimizers of the best checkpoint again; the count of steps goes on."""


@dataclass(frozen=True)
class SetTemperature:
    """A text GAN: multiply the inverse temperature of all coming steps by `factor` (below 1: softer, more varied)."""

    factor: float


Command = Pause | Resume | Stop | SetLearningRate | SetAccumulation | EvaluateNow | GoBack | SetTemperature
_BY_NAME = {
    kind.__name__: kind
    for kind in (Pause, Resume, Stop, SetLearningRate, SetAccumulation, EvaluateNow, GoBack, SetTemperature)
}


def to_json(command: Command) -> dict[str, Any]:
    return {"command": type(command).__name__, **asdict(command)}


def from_json(tree: dict[str, Any]) -> Command:
    """Raises KeyError or TypeError for a line that is no command."""
    values = {key: value for key, value in tree.items() if key != "command"}
    command: Command = _BY_NAME[tree["command"]](**values)
    return command
