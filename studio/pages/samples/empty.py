"""Empty: why there are no texts yet, and what to do."""

from __future__ import annotations

from engine.config.run import RunConfig
from engine.config.tasks.registry import type_of
from studio.translation import tr
from studio.widgets.empty_state import EmptyState

Reason = tuple[str, str, str, str]
"""Icon, title, text, and the words of what to do next ("" for nothing)."""


def reason_of(config: RunConfig, state: str) -> Reason:
    """Of a run that has written nothing."""
    if not type_of(config.task).can("generate"):
        return (
            "ph.article",
            tr("This run writes no texts"),
            tr("Samples are what a text GAN invents. Begin a new run with the goal “Invent texts” to see some."),
            tr("See it train"),
        )
    if state in ("failed", "interrupted", "stopped", "finished"):
        return (
            "ph.article",
            tr("It ended before its first texts"),
            tr("Go on with the run on its Training page; the texts come with the measurements."),
            tr("See it train"),
        )
    return (
        "ph.hourglass",
        tr("The first texts come after step {step}", step=config.training.evaluate_every),
        tr("Until then the writer learns to guess the next word. The texts appear here by themselves."),
        tr("See it train"),
    )


def empty_state(reason: Reason) -> EmptyState:
    made = EmptyState(*reason)
    made.setObjectName("noSamples")
    return made
