"""Checks of what was held back from the training rows: as many as asked for, and of every label."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from datasets import Dataset

from engine.data.cleaning.row_index import index_rows
from engine.data.diagnosis.checks.case import Case
from engine.data.sources.source_splits import SPLIT_NAMES
from engine.messages import message
from engine.records import Finding

_MOST_OFF = 0.4
_FEW_ROWS = 2
"""A split of so few rows more or fewer, or of so small a part of them, is as good as what was asked for."""

_SHOWN = 10


def check_held_back(case: Case, splits: Mapping[str, Dataset]) -> Iterator[Finding]:
    """`splits` are what a run uses; given ones are none of our making."""
    shares = {"validation": case.data.validation_share, "test": case.data.test_share}
    shares = {split: share for split, share in shares.items() if split not in case.parts and share > 0}
    num_rows = sum(len(splits[split]) for split in ("train", *shares) if split in splits)
    for split, share in shares.items():
        if split not in splits:
            yield _nothing(split)
            continue
        count, asked = len(splits[split]), share * num_rows
        if abs(count - asked) >= max(_FEW_ROWS, _MOST_OFF * asked):
            yield _other_share(split, count, count / num_rows, share)
        if case.task.has_classes:
            yield from _without_labels(split, splits)


def _nothing(split: str) -> Finding:
    return Finding(
        kind="empty_split",
        severity="warning",
        title=message("{split}: there are too few rows to hold any back", split=SPLIT_NAMES[split]),
        detail=message("Each label keeps a text to learn from. Add rows, or name test data of their own."),
        count=1,
        split=split,
    )


def _other_share(split: str, count: int, share: float, asked: float) -> Finding:
    return Finding(
        kind="share_not_kept",
        severity="info",
        title=message(
            "{split}: {count:plural:row:rows} held back, {share} % instead of {asked} %",
            split=SPLIT_NAMES[split],
            count=count,
            share=f"{100 * share:.0f}",
            asked=f"{100 * asked:.0f}",
        ),
        detail=message("With so few rows a label, each gives one where it can, and copies of a text stay together."),
        count=count,
        split=split,
    )


def _without_labels(split: str, splits: Mapping[str, Dataset]) -> Iterator[Finding]:
    found = {name: index_rows(rows) for name, rows in splits.items() if name in ("train", split)}
    counts = {name: one.label_counts(one.row >= 0) for name, one in found.items()}
    missing = sorted(counts["train"].keys() - counts[split].keys())
    if missing:
        yield Finding(
            kind="few_rows_a_label",
            severity="warning",
            title=message(
                "{split}: {count:plural:label has:labels have} no row there",
                split=SPLIT_NAMES[split],
                count=len(missing),
            ),
            detail=message(
                "They have too few texts to give one to every part, so nothing is measured on {labels}. The share that "
                "was asked for is kept ({rows:plural:row:rows}).",
                labels=missing[:_SHOWN],
                rows=len(splits[split]),
            ),
            count=len(missing),
            split=split,
        )
