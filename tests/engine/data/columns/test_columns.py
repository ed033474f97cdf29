"""Columns of one name, of no name, and what is said where a column is missing."""

from __future__ import annotations

import pytest

from engine.config.data import DataConfig
from engine.config.tasks.classification import Classification
from engine.data.diagnosis.doctor import diagnose
from engine.data.splitting.splits import load_splits
from engine.errors import InputError
from engine.records import Finding
from tests.engine.data.conftest import Write


def table(header: str) -> str:
    rows = (f"{n},words number {n},{'xy'[n % 2]},{['ham', 'spam'][n // 2 % 2]}\n" for n in range(40))
    return f"{header}\n" + "".join(rows)


def found(path: str, **columns: str) -> dict[str, Finding]:
    return {one.kind: one for one in diagnose(DataConfig(train=path, columns=columns), Classification(), 0).findings}


@pytest.mark.parametrize(
    "header", ["id,text,label,label", "id,text,label,Label", "id,text,label,label ", "id,text,Label,LABEL"]
)
def test_columns_of_one_name_are_told(write: Write, header: str) -> None:
    told = found(write("a.csv", table(header)))["columns_of_one_name"]
    assert told.severity == "warning" and "2 columns are called" in told.title.english()
    assert "3 (x, y), 4 (ham, spam)" in told.detail.english() and "data.columns.label=" in told.detail.english()


def test_one_of_them_is_chosen_by_its_number(write: Write) -> None:
    path = write("a.csv", table("id,text,label,label"))
    splits = load_splits(DataConfig(train=path, columns={"label": "4"}), Classification(), 0)
    assert splits.labels == ("ham", "spam")
    assert "one numbered 4 is read" in found(path, label="4")["columns_of_one_name"].detail.english()


def test_a_name_that_two_columns_nearly_have_is_no_choice(write: Write) -> None:
    path = write("a.csv", table("id,text,Label,LABEL"))
    with pytest.raises(InputError, match=r"2 columns are called “label”.*data\.columns\.label=…\): 3, 4"):
        load_splits(DataConfig(train=path, columns={"label": "label"}), Classification(), 0)


def test_others_of_one_name_and_unnamed_ones_are_a_note(write: Write) -> None:
    assert found(write("a.csv", table("x,text,label,x")))["columns_of_one_name"].severity == "info"
    assert "column_1" in found(write("b.csv", table(",text,label,kind")))["unnamed_columns"].detail.english()
    assert not {"columns_of_one_name", "unnamed_columns"} & set(found(write("c.csv", table("id,text,label,kind"))))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (
            "text\n" + "".join(f"words number {n}\n" for n in range(30)),
            ("1 “text” (words number 0)", "data.reading.header"),
        ),
        (
            "id,number\n" + "".join(f"{n},{n * 7}\n" for n in range(30)),
            ("No column of", "2 “number” (0)", "data.reading.delimiter"),
        ),
    ],
)
def test_a_missing_column_leaves_a_way_on(write: Write, content: str, words: tuple[str, ...]) -> None:
    with pytest.raises(InputError) as raised:
        load_splits(DataConfig(train=write("a.csv", content)), Classification(), 0)
    assert all(word in str(raised.value) for word in words), str(raised.value)
