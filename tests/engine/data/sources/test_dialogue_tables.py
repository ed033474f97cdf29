"""Dialogues in files: whatever the file looks like, the column of dialogues holds the one form; findings say where."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from engine.config.data import DataConfig
from engine.config.roles import DIALOGUE
from engine.config.tasks.chat import Chat
from engine.data.columns.dialogues import turns_in
from engine.data.diagnosis.doctor import diagnose
from engine.data.splitting.splits import load_splits
from engine.records import Turn
from engine.verbs.beginning import preview

QUESTIONS = [f"Is station {number} open?" for number in range(30)]
ANSWERS = [f"Yes, station {number} is." for number in range(30)]


def _read(path: Path, **columns: str) -> list[tuple[Turn, ...]]:
    splits = load_splits(DataConfig(train=str(path), columns=columns), Chat(), 0).splits
    cells = [cell for rows in splits.values() for cell in rows["dialogue"]]
    return sorted((turns_in(cell) for cell in cells), key=lambda turns: int(turns[-1].content.split()[2]))


def _json_lines(path: Path, rows: Sequence[object]) -> Path:
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    return path


def _asked(place: int) -> tuple[Turn, ...]:
    return Turn("user", QUESTIONS[place]), Turn("assistant", ANSWERS[place])


def test_json_lines_with_roles(tmp_path: Path) -> None:
    rows = [
        {"id": place, "messages": [{"role": "user", "content": QUESTIONS[place]},
                                   {"role": "assistant", "content": ANSWERS[place]}]}
        for place in range(30)
    ]  # fmt: skip
    assert _read(_json_lines(tmp_path / "a.jsonl", rows)) == [_asked(place) for place in range(30)]


def test_sharegpt_in_one_list_with_instructions_beside(tmp_path: Path) -> None:
    rows = [
        {"system": "Be brief.", "conversations": [{"from": "human", "value": QUESTIONS[place]},
                                                  {"from": "gpt", "value": ANSWERS[place]}]}
        for place in range(30)
    ]  # fmt: skip
    (tmp_path / "a.json").write_text(json.dumps(rows), encoding="utf-8")
    assert _read(tmp_path / "a.json")[4] == (Turn("system", "Be brief."), *_asked(4))


@pytest.mark.parametrize("columns", [{}, {"dialogue": "prompt,answer"}, {"dialogue": "prompt + answer"}])
def test_two_columns(tmp_path: Path, columns: dict[str, str]) -> None:
    lines = ["topic,prompt,answer", *(f'bikes,{QUESTIONS[place]},"{ANSWERS[place]}"' for place in range(30))]
    (tmp_path / "a.csv").write_text("\n".join(lines), encoding="utf-8")
    assert _read(tmp_path / "a.csv", **columns) == [_asked(place) for place in range(30)]


def test_a_column_that_was_named_is_taken(tmp_path: Path) -> None:
    rows = [
        {"summary": "A: wrong\nB: wrong 1 wrong", "text": f"User: {QUESTIONS[place]}\nAssistant: {ANSWERS[place]}"}
        for place in range(30)
    ]
    assert _read(_json_lines(tmp_path / "a.jsonl", rows), dialogue="text") == [_asked(place) for place in range(30)]


def test_the_preview_shows_the_column(tmp_path: Path) -> None:
    lines = ["prompt,answer", *(f'{QUESTIONS[place]},"{ANSWERS[place]}"' for place in range(30))]
    (tmp_path / "a.csv").write_text("\n".join(lines), encoding="utf-8")
    data = DataConfig(train=str(tmp_path / "a.csv"))
    found = preview(data, (DIALOGUE,))
    assert found.roles == {"dialogue": "prompt + answer"} and found.columns[0] == "prompt + answer"
    assert found.rows[0][0] == f"user: {QUESTIONS[0]}\nassistant: {ANSWERS[0]}"
    assert preview(data).columns == ("prompt", "answer"), "other goals see the file as it is"


def test_findings_name_the_rows(tmp_path: Path) -> None:
    rows = [f"User: {QUESTIONS[place]}\nAssistant: {ANSWERS[place]}" for place in range(30)]
    rows[3] = "Assistant: Hello!\nUser: Hi there."
    rows[5] = "User: Nobody answers?"
    rows[7] = f"{rows[7]}\nAssistant: And more."
    rows[9] = f"User:\n{rows[9]}".replace("User:\nUser", "User: \nUser")
    path = _json_lines(tmp_path / "a.jsonl", [{"dialogue": row} for row in rows])
    found = {one.kind: one for one in diagnose(DataConfig(train=str(path)), Chat(), 0).findings}
    assert found["begins_with_answer"].rows == (4,)
    assert found["no_answer"].rows == (4, 6) and found["no_answer"].count == 2
    assert found["same_speaker"].rows == (8,) and found["empty_turn"].rows == (10,)


def test_mends_reach_what_is_said_and_nothing_else(tmp_path: Path) -> None:
    rows = [f"User: {QUESTIONS[place]}\nAssistant: <b>{ANSWERS[place]}</b> &quot;" for place in range(30)]
    path = _json_lines(tmp_path / "a.jsonl", [{"dialogue": row} for row in rows])
    data = DataConfig(train=str(path), mends={"markup": "strip"})
    cells = load_splits(data, Chat(), 0).splits["train"]["dialogue"]
    assert all("<b>" not in cell and turns_in(cell)[1].content.endswith('"') for cell in cells)


@pytest.mark.real_data
def test_dialogsum(shared_data: Path) -> None:
    path = shared_data / "dialogsum" / "dialogsum.dev.jsonl"
    report = diagnose(DataConfig(train=str(path)), Chat(), 0)
    assert report.roles["dialogue"] == "dialogue" and sum(report.num_rows.values()) == 500
    assert {one.kind for one in report.findings} >= {"too_long"}
