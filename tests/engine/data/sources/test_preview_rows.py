"""Rows that are asked for by number, and the bare lines of a file that is no table."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine import verbs
from engine.config.data import BuiltinTexts, DataConfig
from engine.config.reading import Reading


@pytest.fixture
def table(tmp_path: Path) -> DataConfig:
    """80 rows, the third and the last of them blank."""
    lines = [f"text number {row},{'good' if row % 2 else 'bad'}" for row in range(1, 81)]
    lines[2] = lines[79] = ""
    path = tmp_path / "table.csv"
    path.write_text("\n".join(["text,label", *lines]) + "\n", encoding="utf-8")
    return DataConfig(train=str(path))


def test_rows_are_those_that_findings_name(table: DataConfig) -> None:
    found = verbs.preview_rows(table, [79, 60, 3, 60])
    assert found.row_numbers == (3, 60, 79) and found.split == "train"
    assert found.columns == ("text", "label")
    assert found.rows == (("", ""), ("text number 60", "bad"), ("text number 79", "good"))


def test_numbers_agree_with_the_preview(table: DataConfig) -> None:
    shown = verbs.preview(table)
    found = verbs.preview_rows(table, shown.row_numbers)
    assert found.row_numbers == shown.row_numbers and found.rows == shown.rows


def test_what_lies_beyond_the_end_is_left_out(table: DataConfig) -> None:
    assert verbs.preview_rows(table, [0, -4, 81, 10**9]).rows == ()
    assert verbs.preview_rows(table, [80]).rows == (("", ""),), "a blank last row is a row"


def test_rows_of_another_file_and_of_one_held_back(table: DataConfig, tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    other.write_text("label,text\ngood,one of the others\n", encoding="utf-8")
    data = table.model_copy(update={"validation": str(other)})
    found = verbs.preview_rows(data, [1], "validation")
    assert (found.columns, found.rows) == (("label", "text"), (("good", "one of the others"),))
    assert verbs.preview_rows(data, [1], "test").rows == (("text number 1", "good"),), "held back from the same file"


def test_invented_rows_are_counted() -> None:
    data = DataConfig(train="builtin", builtin=BuiltinTexts(num_rows=60))
    assert verbs.preview_rows(data, [1, 2]).rows == verbs.preview(data).rows[:2]


@pytest.mark.parametrize(
    ("content", "encoding", "lines"),
    [
        (b"text,label\n", "auto", ("text,label",)),
        ("größer;gut\r\nzu klein".encode("cp1252"), "cp1252", ("größer;gut", "zu klein")),
        ("плохо\n".encode("cp1251"), "cp1251", ("плохо",)),
        (bytes(range(32)) * 40, "auto", ()),
    ],
)
def test_the_bare_lines(tmp_path: Path, content: bytes, encoding: str, lines: tuple[str, ...]) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    found = verbs.first_lines(DataConfig(train=str(path), reading=Reading(encoding=encoding)))
    assert tuple(row[0] for row in found.rows) == lines
    assert found.row_numbers == tuple(range(1, len(lines) + 1))


def test_no_lines_of_what_is_no_file(tmp_path: Path) -> None:
    assert verbs.first_lines(DataConfig(train=str(tmp_path))).rows == ()
    assert verbs.first_lines(DataConfig(train="owner/name")).rows == ()
