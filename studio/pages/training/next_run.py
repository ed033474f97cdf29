"""What may follow a run that is over, and the settings that the next one begins with."""

from __future__ import annotations

from engine.config.run import RunConfig
from engine.runs.history import History
from studio.tasks.registry import view_of

_OVER = ("finished", "stopped")
_MOST = 10_000_000


def ways_on(history: History, config: RunConfig, state: str) -> tuple[str, ...]:
    """What to offer: "evaluation", or "samples" of a writer, where there is a checkpoint to look into; "longer", with
    more updates, unless it was stopped and can go on itself; "model", another one. Nothing before its end."""
    if state not in _OVER:
        return ()
    looked_into = (view_of(config.task).result_page,) if history.checkpoints else ()
    return (*looked_into, *(("longer",) if state == "finished" else ()), "model")


def longer(history: History, config: RunConfig) -> RunConfig:
    """Twice the updates; where waiting for a better value ended the run, it also waits twice as long."""
    training = config.training
    values: dict[str, int] = {"training.max_steps": min(2 * training.max_steps, _MOST)}
    if training.best.patience is not None and history.last_step < training.max_steps:
        values["training.best.patience"] = min(2 * training.best.patience, 10_000)
    return config.with_values(values)
