"""Labels that are likely wrong, and what a person says of them."""

from __future__ import annotations

from collections.abc import Generator, Sequence

from engine.config.data import Source
from engine.inspection.labels import corrections as correcting
from engine.inspection.labels import label_errors as hunting
from engine.inspection.labels import near_duplicates
from engine.records import (
    Hunt,
    Progress,
    Similar,
    Suspect,
)
from engine.runs.correction_files import Correction
from engine.runs.run import Run


def suspects(
    run: Run, split: str = "train", checkpoint: str = "best", source: Source | None = None, num: int = 200
) -> Generator[Progress, None, tuple[Suspect, ...]]:
    """The rows whose labels are likely wrong, worst first, by a model that did not learn from them."""
    return (yield from hunting.find_label_errors(run, split, checkpoint, source, num)).suspects


def hunt(
    run: Run, split: str = "train", checkpoint: str = "best", source: Source | None = None, num: int = 200
) -> Generator[Progress, None, Hunt]:
    """The same, with how many rows were judged and how many labels are wrong in all by estimate."""
    return (yield from hunting.find_label_errors(run, split, checkpoint, source, num))


def correct(run: Run, split: str, row: int, labels: Sequence[str] | None, *, keep: bool = False) -> Correction:
    """Say what a row's label should be (None: leave the row out; `keep`: it is right); kept beside the run."""
    return correcting.correct(run, split, row, labels, keep=keep)


def undo_correction(run: Run, split: str, row: int) -> Correction:
    """Take back what was said of a row's label."""
    return correcting.undo(run, split, row)


def similar(run: Run, text: str, num: int = 3) -> Generator[Progress, None, tuple[Similar, ...]]:
    """The training rows that are nearly the same text, with their labels."""
    return (yield from near_duplicates.near_duplicates(run, text, num))
