"""When a part that was held back is told to be of another size than was asked for."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from datasets import Dataset

from engine.config.data import DataConfig
from engine.data.diagnosis.checks.held_back import check_held_back


@pytest.mark.parametrize(("count", "is_told"), [(10, False), (7, False), (6, True), (13, False), (14, True)])
def test_two_fifths_off_are_told(count: int, is_told: bool) -> None:
    """Ten of a hundred were asked for."""
    rows = {"train": 100 - count, "test": count}
    splits = {name: Dataset.from_dict({"row": range(size), "label": ["a"] * size}) for name, size in rows.items()}
    data = DataConfig(validation_share=0.1, test_share=0.1)
    case = SimpleNamespace(data=data, parts={"validation": None}, task=SimpleNamespace(has_classes=False))
    found = list(check_held_back(case, splits))  # type: ignore[arg-type]
    assert [one.kind for one in found] == (["share_not_kept"] if is_told else [])


def test_a_row_more_of_a_few_is_as_good() -> None:
    """Two of twenty were asked for: one or three are not told, four are."""
    for count, is_told in ((1, False), (3, False), (4, True)):
        splits = {
            "train": Dataset.from_dict({"row": range(20 - count)}),
            "test": Dataset.from_dict({"row": range(count)}),
        }
        case = SimpleNamespace(
            data=DataConfig(test_share=0.1), parts={"validation": None}, task=SimpleNamespace(has_classes=False)
        )
        assert bool(list(check_held_back(case, splits))) == is_told  # type: ignore[arg-type]
