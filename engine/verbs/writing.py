"""What a generator writes."""

from __future__ import annotations

from collections.abc import Generator, Sequence

from engine.inspection.generation import generators
from engine.records import (
    Progress,
    Samples,
    Sweep,
)
from engine.runs.run import Run
from engine.runs.samples import keep_sweep


def generate(
    run: Run,
    num: int = 50,
    temperature: float = 1.0,
    seed: int | None = None,
    checkpoint: str = "best",
    judged: bool = True,
) -> Generator[Progress, None, Samples]:
    """New texts of a text GAN, judged by its critic and compared with the training texts. Without a seed they are new
    each time."""
    return (yield from generators.generate(run, num, temperature, seed, checkpoint, judged=judged))


def sweep(
    run: Run, checkpoint: str = "best", temperatures: Sequence[float] = generators.TEMPERATURES
) -> Generator[Progress, None, Sweep]:
    """Quality against variety: the maximum-likelihood model through temperatures, the GAN and real text beside it. The
    result is kept in the run's `report/sweep.json`."""
    found = yield from generators.sweep(run, checkpoint, temperatures)
    keep_sweep(run, found)
    return found
