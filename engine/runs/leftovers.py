"""What a crash left half-written in a run's folder, cleared when the run is next trained."""

from __future__ import annotations

from engine.runs.partial_files import clear_litter
from engine.runs.run import Run, folders_in


def clear_run_litter(run: Run) -> int:
    """For whoever holds the run; returns how many there were. What another process writes meanwhile (answers to rows)
    stays."""
    steps = [path for path in folders_in(run.path / "checkpoints") if not path.name.startswith(".")]
    kept = [run.path / name for name in ("checkpoints", "answers", "probes", "samples", "report")]
    answers = [path for path in folders_in(run.path / "answers") if not path.name.startswith(".")]
    return clear_litter(run.path, *kept, *steps, *answers)
