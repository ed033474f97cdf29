"""Answers in words as a CSV that a spreadsheet opens."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

from engine.breath import drain
from engine.inspection.evaluation.scored_table import save_scored_rows
from tests.engine.scored_answers import scored_rows


def test_every_row_stands_in_it(tmp_path: Path) -> None:
    scored = scored_rows(20)
    strange = replace(scored.rows[0], said="=1+1", wanted=("one", "two, three"))
    scored = replace(scored, rows=(strange, *scored.rows[1:]))
    path = drain(save_scored_rows(scored, tmp_path / "rows.csv"))
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["row", "source", "right", "said", "em", "f1"]
    assert len(rows) == 20 and rows[5]["said"] == scored.rows[5].said
    assert rows[0]["right"] == "one | two, three" and rows[0]["said"] == "'=1+1"
    assert float(rows[5]["f1"]) == round(scored.rows[5].scores["f1"], 6)
    assert [one.name for one in tmp_path.iterdir()] == ["rows.csv"]
