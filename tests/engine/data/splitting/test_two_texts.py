"""A task whose rows have two texts and no label: both are found, mended, counted and divided as one row."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Literal

import pytest

from engine.config.data import DataConfig
from engine.config.roles import ROLES, TEXT, Role
from engine.config.tasks.registry import TASK_TYPES
from engine.config.tasks.task_type import TaskSpec, TaskType
from engine.data.diagnosis.doctor import diagnose
from engine.data.splitting.splits import load_splits
from engine.errors import InputError
from engine.tasks.fingerprint import fingerprint_of

Write = Callable[[str, str], str]
SOURCE, TARGET = (
    Role(key, TEXT.title, TEXT.content, TEXT.not_found, TEXT.wanted, names)
    for key, names in (("source", ("source", "de")), ("target", ("target", "en")))
)


class Pairs(TaskSpec):
    name: Literal["pairs"] = "pairs"


@pytest.fixture(autouse=True)
def pairs(monkeypatch: pytest.MonkeyPatch) -> None:
    kind = TaskType(Pairs, frozenset(), lambda *_: None, roles=(SOURCE, TARGET))
    monkeypatch.setitem(TASK_TYPES, "pairs", kind)  # type: ignore[arg-type]
    for role in (SOURCE, TARGET):
        monkeypatch.setitem(ROLES, role.key, role)  # type: ignore[arg-type]


def table(*more: str) -> str:
    rows = [f"{n},ein Haus Nummer {n},house number {n}" for n in range(40)]
    return "\n".join(["id,de,en", *rows, *more]) + "\n"


def test_both_columns_are_read(write: Write) -> None:
    splits = load_splits(DataConfig(train=write("a.csv", table())), Pairs(), 0)
    train = splits.splits["train"]
    assert train[0]["source"].startswith("ein Haus") and train[0]["target"].startswith("house")
    assert sum(len(one) for one in splits.splits.values()) == 40


def test_rows_are_told_apart_by_both(write: Write) -> None:
    """One source with two targets is two rows; the same pair twice is one."""
    path = write("a.csv", table("41,ein Haus Nummer 1,home number 1", "42,ein Haus Nummer 1,house number 1"))
    report = diagnose(DataConfig(train=path), Pairs(), 0)
    assert [one.count for one in report.findings if one.kind == "duplicates"] == [1]
    mended = load_splits(DataConfig(train=path, mends={"duplicates": "drop"}), Pairs(), 0)
    assert sum(len(one) for one in mended.splits.values()) == 41


def test_a_row_that_lacks_one_is_left_out_and_said(write: Write) -> None:
    splits = load_splits(DataConfig(train=write("a.csv", table("41,ein Hund,", "42,,a dog"))), Pairs(), 0)
    assert sum(len(one) for one in splits.splits.values()) == 40 and splits.notes


def test_mark_up_is_taken_out_of_both(write: Write) -> None:
    path = write("a.csv", table("41,<b>ein</b> Hund,a dog", "42,eine Katze,<i>a cat</i>"))
    splits = load_splits(DataConfig(train=path, mends={"markup": "strip"}), Pairs(), 0)
    texts = [row[key] for one in splits.splits.values() for row in one for key in ("source", "target")]
    assert "ein Hund" in {text.strip() for text in texts} and not any("<" in text for text in texts)


def test_a_change_of_either_is_another_data_set(write: Write) -> None:
    def sums(content: str) -> object:
        splits = load_splits(DataConfig(train=write("a.csv", content)), Pairs(), 0).splits
        return fingerprint_of(splits, {}, (), None)

    assert sums(table()) != sums(table().replace("house number 3\n", "home number 3\n"))
    assert sums(table()) != sums(table().replace("Haus Nummer 3,", "Hof Nummer 3,"))


def test_one_column_cannot_be_both(write: Write, tmp_path: Path) -> None:
    columns = {"source": "de", "target": "de"}
    with pytest.raises(InputError, match="cannot hold both"):
        load_splits(DataConfig(train=write("a.csv", table()), columns=columns), Pairs(), 0)


def test_of_several_right_answers_a_row_the_first_is_read_and_said(write: Write) -> None:
    rows = "\n".join(f"ein Hund Nummer {n},dog number {n},hound number {n}" for n in range(9))
    data = DataConfig(train=write("a.csv", table()), test=write("t.csv", f"de,en1,en2\n{rows}\n"))
    splits = load_splits(data, Pairs(), 0)
    assert splits.splits["test"][0]["target"].startswith("dog")
    assert any("en1" in str(note) for note in splits.notes)
