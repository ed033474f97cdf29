"""Few rows a label: the shares that were asked for are kept, and what that means is told."""

from __future__ import annotations

import numpy as np
import pytest

from engine.config.data import DataConfig
from engine.config.tasks.classification import Classification
from engine.data.diagnosis.doctor import diagnose
from engine.data.splitting.splits import load_splits
from engine.data.splitting.stratified_split import divided
from engine.errors import InputError
from tests.engine.data.conftest import Write

TENTHS = {"validation": 0.1, "test": 0.1}


def sizes(num_labels: int, rows_each: int, shares: dict[str, float] = TENTHS) -> tuple[int, ...]:
    label = np.repeat(np.arange(num_labels), rows_each).astype(np.int32)
    parts = divided(np.arange(len(label)).astype(np.uint64), label, shares, 0)
    assert set(label[parts["train"]]) == set(range(num_labels)), "every label is learned"
    return tuple(len(part) for part in parts.values())


@pytest.mark.parametrize(
    ("num_labels", "rows_each", "expected"),
    [
        (60, 2, (96, 12, 12)),
        (60, 3, (144, 18, 18)),
        (60, 5, (240, 30, 30)),
        (60, 1, (60, 0, 0)),
        (77, 130, (8008, 1001, 1001)),
        (2, 100, (160, 20, 20)),
        (4, 5, (12, 4, 4)),
    ],
)
def test_shares(num_labels: int, rows_each: int, expected: tuple[int, ...]) -> None:
    assert sizes(num_labels, rows_each) == expected


def test_large_shares_are_kept_too() -> None:
    assert sizes(60, 5, {"validation": 0.3, "test": 0.5}) == (60, 90, 150)


def rows(num_labels: int, each: int) -> str:
    return "text,intent\n" + "".join(f"words {n} {k},intent {n}\n" for n in range(num_labels) for k in range(each))


def test_the_doctor_says_which_labels_are_not_measured(write: Write) -> None:
    report = diagnose(DataConfig(train=write("a.csv", rows(60, 2))), Classification(), 0)
    assert report.num_rows == {"train": 96, "validation": 12, "test": 12}
    found = {one.split: one for one in report.findings if one.kind == "few_rows_a_label"}
    assert {split: one.count for split, one in found.items()} == {"validation": 48, "test": 48}


def test_a_share_that_was_not_kept_is_told(write: Write) -> None:
    report = diagnose(DataConfig(train=write("a.csv", rows(4, 5))), Classification(), 0)
    kinds = [(one.kind, one.split) for one in report.findings]
    assert ("share_not_kept", "validation") in kinds and ("share_not_kept", "test") in kinds


def test_an_empty_split_is_told(write: Write) -> None:
    path = write("a.csv", rows(2, 2))
    report = diagnose(DataConfig(train=path), Classification(), 0)
    assert report.num_rows == {"train": 2, "validation": 2}
    assert ("empty_split", "test") in [(one.kind, one.split) for one in report.findings]
    notes = [note.english() for note in load_splits(DataConfig(train=path), Classification(), 0).notes]
    assert "Test data: no row could be held back from the training data." in notes


def test_shares_that_leave_nothing_are_refused(write: Write) -> None:
    data = DataConfig(train=write("a.csv", rows(2, 30)), validation_share=0.5, test_share=0.5)
    with pytest.raises(InputError, match="leave nothing to learn from"):
        load_splits(data, Classification(), 0)
