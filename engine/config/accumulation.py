"""How many micro-batches make one update: a fixed number, or one that is found while it trains."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from engine.config.choice import Choice, setting


class FixedAccumulation(Choice):
    """Each update sums the gradients of the same number of micro-batches."""

    model_config = ConfigDict(title="Fixed")
    name: Literal["fixed"] = "fixed"
    steps: int = setting(1, ge=1, le=4096, title="Micro-batches", help="How many small batches make one update.")

    @property
    def first(self) -> int:
        """Micro-batches of the first update."""
        return self.steps


def _maximum() -> int:
    return setting(  # type: ignore[no-any-return]
        32, ge=2, le=4096, title="At most", help="The largest number of micro-batches that one update may take."
    )


class NoiseScaleAccumulation(Choice):
    """As many as the gradient's noise asks for: measured between the micro-batches (McCandlish 2018)."""

    model_config = ConfigDict(title="By noise scale")
    name: Literal["noise-scale"] = "noise-scale"
    maximum: int = _maximum()

    @property
    def first(self) -> int:
        """Two: between fewer there is no noise to be seen."""
        return 2


class LossVarianceAccumulation(Choice):
    """Grows as the loss steadies: twice as many once it falls by less than its own spread."""

    model_config = ConfigDict(title="By spread of the loss")
    name: Literal["loss-variance"] = "loss-variance"
    maximum: int = _maximum()

    @property
    def first(self) -> int:
        """Micro-batches of the first update."""
        return 1


Accumulation = Annotated[
    FixedAccumulation | NoiseScaleAccumulation | LossVarianceAccumulation, Field(discriminator="name")
]
