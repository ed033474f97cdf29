"""The verb label: begin, next, give, export, and how far it is, as JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from engine.__main__ import main
from engine.runs.labelling import Labelling

LABELS = ("late", "fee")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    rows = [f"the bus was {number} minutes late" for number in range(40)]
    rows += [f"the fee of {number} euros is paid" for number in range(40)]
    path = tmp_path / "texts.csv"
    path.write_text("text\n" + "\n".join(rows) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def asked(capsys: pytest.CaptureFixture[str]) -> Any:
    def ask(*words: object) -> dict[str, Any]:
        assert main(["label", *map(str, words), "--json"]) == 0
        found: dict[str, Any] = json.loads(capsys.readouterr().out.splitlines()[-1])
        return found

    return ask


def test_from_texts_to_labels(file: Path, tmp_path: Path, asked: Any) -> None:
    folder = tmp_path / "project"
    begun = asked(file, "--labels", "late,fee", "--out", folder)
    assert begun == {"project": str(folder), "labels": ["late", "fee"], "num_texts": 80, "num_left_out": 0}
    for _ in range(2):
        rows = asked(folder, "--next", 24)["next"]
        assert len(rows) == 24
        assert sum(row["check"] for row in rows) == 8
        assert all(row["suggestion"] is None for row in rows if row["check"])
        given = tmp_path / "given.jsonl"
        lines = [json.dumps({"row": row["row"], "label": "late" if "late" in row["text"] else "fee"}) for row in rows]
        given.write_text("\n".join(lines) + "\n", encoding="utf-8")
        assert asked(folder, "--give", given)["num_taken"] == 24
    assert {row["why"] for row in asked(folder, "--next", 12)["next"]} <= {"border", "unsure", "new", "check"}
    state = asked(folder)
    assert (state["num_texts"], state["num_labels"], state["check_texts"]) == (80, 48, 16)
    assert (state["right"], state["checked"]) == (16, 16)
    assert sum(state["counts"].values()) == 48
    out = tmp_path / "labels.csv"
    assert asked(folder, "--export", out) == {"project": str(folder), "file": str(out)}
    assert out.read_text(encoding="utf-8-sig").splitlines()[0] == "row,text,label,check"
    assert len(Labelling.open(folder).journal().labels.checks) == 16


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--labels", "one"), "two labels"),
        ((), "no labelling project"),
    ],
)
def test_bad_input_says_how_to_mend_it(
    file: Path, words: tuple[str, ...], why: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    out = ("--out", str(tmp_path / "project")) if words else ()
    assert main(["label", str(file), *words, *out]) == 2
    assert why in capsys.readouterr().err
