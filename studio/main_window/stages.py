"""A run's pages by name, and which of them have something to say of it."""

from __future__ import annotations

from studio.workers.run_book import OPENED, RunEntry

STAGES = ("training", "evaluation", "attention", "try", "samples", "export")
STUDY = "study"


def stages_of(entry: RunEntry) -> tuple[str, ...]:
    """A model that was only opened has no training to show, and only a writer has samples."""
    if entry.state == OPENED:
        return ("evaluation", "attention", "try", "export")
    if entry.config.task.name == "text-gan":
        return ("training", "attention", "samples")
    return ("training", "evaluation", "attention", "try", "export")
