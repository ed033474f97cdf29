"""Every CSV: what a spreadsheet would compute is text there, numbers stay numbers, and it reads back."""

from __future__ import annotations

import ast
import csv
import io
from pathlib import Path

import pytest

from engine.runs.spreadsheets import Cell, Number, Sheet, as_given, digits, harmless

ROOT = Path(__file__).resolve().parents[3]
FORMULAS = [
    "=1+1",
    "+1",
    "-1",
    "@A1",
    "\t=1",
    "\r=1",
    "\n=1",
    "＝1",
    "＋1",
    "－1",
    "＠A1",
    "-",
    "=",
    "=cmd|' /C calc'!A0",
]


def written(*rows: list[Cell]) -> str:
    file = io.StringIO()
    Sheet(file).write_all(rows)
    return file.getvalue()


@pytest.mark.parametrize("cell", FORMULAS)
def test_a_formula_is_a_text(cell: str) -> None:
    (row,) = csv.reader(io.StringIO(written([cell, "a"]), newline=""))
    assert row == [f"'{cell}", "a"] == [harmless(cell), harmless("a")]


def test_numbers_stay() -> None:
    cells = [-0.5, -3, 1e-7, Number("-0.50"), digits(-1 / 3, ".3g"), digits(float("nan"), ".3g"), float("-inf"), None]
    assert written(cells) == "-0.5,-3,1e-07,-0.50,-0.333,,,\r\n"
    assert [as_given(one) == one and isinstance(as_given(one), Number) for one in ("-3.5", "+49", "-1e-3", "-3,5")] == [
        True
    ] * 4
    assert not any(isinstance(as_given(one), Number) for one in ("-", "-x", "=1", "-1-1", "+1+1", "", "-1\n", "١"))
    assert written([as_given("-3,5")]) == '"-3,5"\r\n'


def test_it_reads_back() -> None:
    rows: list[list[Cell]] = [["a,b", 'say "no"', "x;=1+1", "one\r\ntwo", " a ", "b|c", "电影"], [""], ["a", "", ""]]
    text = written(*rows)
    assert list(csv.reader(io.StringIO(text, newline=""))) == rows
    assert '"x;=1+1"' in text, "in some countries a semicolon would begin a cell"
    assert text.count("\r\n") == 4 and written([""]) == '""\r\n', "a row of one empty cell is no blank line"


@pytest.mark.slow
def test_all_tables_go_through_it() -> None:
    """Nobody else writes a CSV; pyarrow's writer, of the curves, is told harmless names."""
    found = set()
    for file in [*ROOT.glob("engine/**/*.py"), *ROOT.glob("studio/**/*.py")]:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr in ("writer", "DictWriter", "to_csv", "write_csv"):
                found.add(file.relative_to(ROOT).as_posix())
    assert found == {"engine/export/equivalence.py", "studio/plots/export/files.py"}
