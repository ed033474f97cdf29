"""Checks of the texts without labels that were given beside the data."""

from __future__ import annotations

from collections.abc import Iterator

from engine.data.splitting.unlabelled import Unlabelled
from engine.messages import message
from engine.records import Finding

SPLIT = "unlabelled"


def check_unlabelled(more: Unlabelled) -> Iterator[Finding]:
    """How many they are, and what is left out of them."""
    yield Finding(
        kind="unlabelled",
        severity="info",
        title=message("{count:plural:text:texts} without labels", count=len(more.dataset)),
        detail=message(
            "Those of {source} are read by what needs no labels: pretraining, VAT, few labels.", source=more.name
        ),
        count=len(more.dataset),
        split=SPLIT,
    )
    if more.num_blank:
        yield Finding(
            kind="blank_rows",
            severity="warning",
            title=message("{count:plural:row is:rows are} blank", count=more.num_blank),
            detail=message("Without a text nothing can be learned from them: they are left out."),
            count=more.num_blank,
            rows=more.blank_rows,
            split=SPLIT,
            mends={"drop": message("Leave them out")},
            chosen="drop",
        )
    if more.num_held_out:
        yield Finding(
            kind="unlabelled_held_out",
            severity="info",
            title=message(
                "{count:plural:text stands:texts stand} in the validation or test data too", count=more.num_held_out
            ),
            detail=message("What is measured on must not be read before: they are left out."),
            count=more.num_held_out,
            rows=more.held_out_rows,
            split=SPLIT,
            mends={"drop": message("Leave them out")},
            chosen="drop",
        )
