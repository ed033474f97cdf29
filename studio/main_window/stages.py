"""stages_of: which of a run's pages have something to say of it."""

from __future__ import annotations

from studio.workers.run_book import OPENED, RunEntry


def stages_of(entry: RunEntry) -> tuple[str, ...]:
    """A model that was only opened has no training to show, and only a writer has samples."""
    if entry.state == OPENED:
        return ("evaluation", "attention", "try", "export")
    if entry.config.task.name == "text-gan":
        return ("training", "attention", "samples")
    return ("training", "evaluation", "attention", "try", "export")
