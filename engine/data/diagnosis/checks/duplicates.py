"""Checks of texts that occur more than once: within a split, across splits, under two labels."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from engine.data.diagnosis.checks.case import Case
from engine.data.splitting.usable_rows import Part, conflicting_hashes, repeated
from engine.messages import message
from engine.records import Finding


def check_duplicates(case: Case) -> Iterator[Finding]:
    for split, part in case.parts.items():
        mask = repeated(part)
        if mask.any():
            yield Finding(
                kind="duplicates",
                severity="info",
                title=message("{count:plural:text repeats:texts repeat} an earlier one", count=int(mask.sum())),
                detail=message(
                    "The very same text stands in an earlier row. Copies count as often as they stand there."
                ),
                count=int(mask.sum()),
                rows=part.row_index.first_rows(mask),
                split=split,
                mends={"drop": message("Keep the first of each")},
                chosen=case.chosen("duplicates"),
            )


def check_duplicates_across(case: Case) -> Iterator[Finding]:
    train = case.parts["train"]
    for split, part in case.parts.items():
        mask = part.keep & np.isin(part.row_index.text_hash, train.row_index.text_hash[train.keep])
        num_texts = len(np.unique(part.row_index.text_hash[mask]))
        if split != "train" and num_texts:
            yield Finding(
                kind="duplicates_across",
                severity="warning",
                title=message("{count:plural:text is:texts are} also in the training data", count=num_texts),
                detail=message("What was trained on is no test: the measure comes out better than the model is.")
                if case.task.has_labels
                else message("What was trained on is no test: here they are left out of the measure."),
                count=num_texts,
                rows=part.row_index.first_rows(mask),
                split=split,
                mends={"drop": message("Take them out of the training data")},
                chosen=case.chosen("duplicates_across"),
            )


def check_conflicting_labels(case: Case) -> Iterator[Finding]:
    if case.task.has_numbers:
        return
    torn = conflicting_hashes(case.parts)
    if len(torn):
        split, part = _first_with(case, torn)
        yield Finding(
            kind="conflicting_labels",
            severity="warning",
            title=message("{count:plural:text has:texts have} more than one label", count=len(torn)),
            detail=message("The same text is labelled differently in different rows, at most one of them rightly."),
            count=len(torn),
            rows=part.row_index.first_rows(np.isin(part.row_index.text_hash, torn) & part.keep),
            split=split,
            mends={"drop": message("Leave all rows of these texts out")},
            chosen=case.chosen("conflicting_labels"),
        )


def _first_with(case: Case, hashes: np.ndarray) -> tuple[str, Part]:
    return next((split, part) for split, part in case.parts.items() if np.isin(hashes, part.row_index.text_hash).any())
