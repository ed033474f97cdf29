"""Corrections: what a person said of wrong labels on a run's rows; kept in `corrections.jsonl` in its folder, no torch.

The next run uses them by `data.corrections`. For a list of rows with Keep / Change label / Leave out / Undo:

    kept = corrections_of(run)                                      # quick; the file is read when it has changed
    kept.add(correction(run, "train", one.row, one.text, one.label, one.proposed))     # change the label
    kept.add(correction(run, "train", one.row, one.text, one.label, None))             # leave the row out
    kept.add(correction(run, "train", one.row, one.text, one.label, one.label))        # keep: looked at, and right
    kept.find(one.row, one.text)                                    # the Correction that counts, or None
    kept.remove(one.row, one.text)                                  # undo
    for one in kept: ...                                            # those that count, in the order they were made

Where a text may have several labels, `before` and `after` are tuples of all that it had and shall have; or words, as a
suspect has them: `after` takes the place of `before` among its labels, "" is none.
"""

from __future__ import annotations

import time

from engine.runs.correction_files import FILE, Correction, Corrections, Label, text_hash
from engine.runs.run import Run

__all__ = ["Correction", "Corrections", "Label", "correction", "corrections_of", "source_of"]


def corrections_of(run: Run) -> Corrections:
    """What was corrected on a run's rows; empty where nothing was yet."""
    return Corrections(run.path / FILE)


def correction(
    run: Run, split: str, row: int, text: str, before: Label, after: Label | None, source: str | None = None
) -> Correction:
    """Of a row of a run's split, or of another file (`source`), as it is now."""
    return Correction(source or source_of(run, split), split, row, text_hash(text), before, after, time.time())


def source_of(run: Run, split: str) -> str:
    """Where the rows of a split come from: what was held back from the training data comes from there."""
    data = run.config.data
    source = {"validation": data.validation, "test": data.test}.get(split) or data.train
    return source if isinstance(source, str) else ", ".join(source)
