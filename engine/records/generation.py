"""Plain results of generators: samples, a sweep through temperatures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Sample:
    """One text, and what the critic says of it. `probability` that it is real, as the critic sees it (None where no
    critic was asked); `tokens` and how much the critic looks at each of them (`weights`, summing to 1). `nearest` is
    the training text that shares most word pairs with it, `overlap` the share of its word pairs that stand there too.
    """

    text: str
    probability: float | None = None
    nearest: str = ""
    overlap: float = 0.0
    tokens: tuple[str, ...] = ()
    weights: tuple[float, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @staticmethod
    def from_json(tree: Mapping[str, Any]) -> Sample:
        known = {**tree, "tokens": tuple(tree["tokens"]), "weights": tuple(tree["weights"])}
        return Sample(**known)


@dataclass(frozen=True)
class Samples:
    """What a generator wrote after `step`, with held-out texts (`real`) judged by the same critic. `phase` is
    "pretraining" or "adversarial"; `openings` are the commonest first two words of the invented texts with their share
    among these and among the training texts, the commonest first."""

    step: int
    phase: str
    invented: tuple[Sample, ...]
    real: tuple[Sample, ...]
    openings: tuple[tuple[str, float, float], ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {
            "step": self.step,
            "phase": self.phase,
            "invented": [one.to_json() for one in self.invented],
            "real": [one.to_json() for one in self.real],
            "openings": [list(one) for one in self.openings],
        }

    @staticmethod
    def from_json(tree: Mapping[str, Any]) -> Samples:
        return Samples(
            step=int(tree["step"]),
            phase=str(tree["phase"]),
            invented=tuple(Sample.from_json(one) for one in tree["invented"]),
            real=tuple(Sample.from_json(one) for one in tree["real"]),
            openings=tuple((str(words), float(here), float(there)) for words, here, there in tree["openings"]),
        )


@dataclass(frozen=True)
class SweepPoint:
    """One generator at one temperature, measured. `model` is "maximum_likelihood", "gan" or "real_text" (whose
    temperature is 1)."""

    model: str
    temperature: float
    metrics: dict[str, float]

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Sweep:
    """Quality against diversity (Caccia 2020): the maximum-likelihood model through temperatures, the GAN beside it."""

    points: tuple[SweepPoint, ...] = field(default_factory=tuple)

    def to_json(self) -> dict[str, Any]:
        return {"points": [one.to_json() for one in self.points]}

    @staticmethod
    def from_json(tree: Mapping[str, Any]) -> Sweep:
        return Sweep(tuple(SweepPoint(**point) for point in tree["points"]))
