"""How many micro-batches make one update."""

from __future__ import annotations

from typing import Any

from engine.config.accumulation import Accumulation


class AccumulationPlan:
    """`num_micro_batches` for the next update. A person can change it while the run goes on."""

    def __init__(self, spec: Accumulation) -> None:
        self.num_micro_batches = spec.first

    def state(self) -> dict[str, Any]:
        return {"num_micro_batches": self.num_micro_batches}

    def restore(self, state: dict[str, Any]) -> None:
        self.num_micro_batches = int(state["num_micro_batches"])
