"""A run's pages by name, and which of them have something to say of it."""

from __future__ import annotations

from studio.tasks.registry import view_of
from studio.workers.run_book import OPENED, RunEntry

STAGES = ("training", "evaluation", "scores", "attention", "try", "samples", "chat", "export")
STUDY = "study"


def stages_of(entry: RunEntry) -> tuple[str, ...]:
    """A model that was only opened has no training to show; else its task says it."""
    if entry.state == OPENED:
        return ("evaluation", "attention", "try", "export")
    return view_of(entry.config.task).stages
