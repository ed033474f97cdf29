"""`doctor FILE`: what was read, in JSON and in words, also of data that cannot be trained on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from engine.__main__ import main

KEYS = {
    *("findings", "num_rows", "columns", "roles", "target", "labels", "encoding", "delimiter", "has_header", "splits"),
    "balance",
    "facts",
}


@pytest.fixture
def doctor(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Any:
    """`doctor("a.csv", content, *settings)`: exit code, the answer, stderr."""

    def _doctor(name: str, content: str, *settings: str) -> tuple[int, dict[str, Any], str]:
        path = tmp_path / name
        path.write_text(content, encoding="utf-8")
        capsys.readouterr()
        code = main(["doctor", str(path), "--json", *(["--set", *settings] if settings else [])])
        printed = capsys.readouterr()
        (line,) = printed.out.splitlines()
        return code, json.loads(line), printed.err

    return _doctor


def rows(label: str, count: int = 40, start: int = 0) -> str:
    cells = label.split()
    return "".join(f"words number {n};{cells[n % len(cells)]}\n" for n in range(start, start + count))


def test_what_was_read(doctor: Any) -> None:
    code, answer, _ = doctor("a.csv", "body;kind\n" + rows("ham spam"))
    assert code == 0 and set(answer) == KEYS
    assert (answer["num_rows"], answer["columns"]) == (40, ["body", "kind"])
    assert answer["roles"] == {"text": "body", "label": "kind"}
    assert (answer["target"], answer["labels"]) == ("one", {"ham": 20, "spam": 20})
    assert (answer["encoding"], answer["delimiter"], answer["has_header"]) == ("utf-8", ";", True)
    assert answer["splits"] == {"train": 32, "validation": 4, "test": 4}


def test_settings_change_it(doctor: Any, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("text;mark;kind\n" + "new words;x;ham\nother words;y;spam\n")
    content = "text;mark;kind\n" + "".join(
        f"words number {n};{'xy'[n % 2]};{['ham', 'spam'][n % 2]}\n" for n in range(40)
    )
    code, answer, _ = doctor(
        "a.csv", content, "data.columns.label=kind", f"data.test={tmp_path / 't.csv'}", "data.validation_share=0.2"
    )
    assert code == 0 and answer["roles"]["label"] == "kind" and answer["labels"] == {"ham": 21, "spam": 21}
    assert answer["num_rows"] == 42 and answer["splits"] == {"train": 32, "validation": 8, "test": 2}


@pytest.mark.parametrize(
    ("label", "target", "labels"),
    [
        ("['a'_'b'] ['a'] []", "several", {"a": 26, "b": 14}),
        ("1.5 2.5 3 4", "number", {}),
        ("a b", "one", {"a": 20, "b": 20}),
    ],
)
def test_what_a_text_gets_is_guessed(doctor: Any, label: str, target: str, labels: dict[str, int]) -> None:
    code, answer, _ = doctor("a.csv", "text;label\n" + rows(label).replace("_", " "))
    assert (code, answer["target"]) == (0, target)
    assert answer["labels"] == pytest.approx(labels, abs=1)
    assert ("guessed_target" in {one["kind"] for one in answer["findings"]}) == (target != "one")


def test_a_setting_of_the_task_says_it(doctor: Any) -> None:
    content = "text;label\n" + rows("1.5 2.5 3 4")
    code, answer, _ = doctor("a.csv", content, "task.loss.name=cross-entropy")
    assert (code, answer["target"], len(answer["labels"])) == (0, "one", 4)


def test_what_cannot_be_trained_on_is_told_with_what_is_known(doctor: Any) -> None:
    code, answer, _ = doctor("a.csv", "text;label\n" + rows("only"))
    assert code == 0 and answer["findings"][0]["severity"] == "error" and set(answer) == KEYS
    assert (answer["labels"], answer["num_rows"]) == ({"only": 40}, 40)
    code, answer, err = doctor("b.csv", "text\n" + "some words\n" * 9)
    assert code == 2 and set(answer) == KEYS | {"error"}
    assert (answer["columns"], answer["num_rows"], answer["target"]) == (["text"], 9, "")
    assert answer["findings"][0]["title"] == answer["error"]["what"] and len(err.strip().splitlines()) == 1
    code, answer, _ = doctor("c.csv", "")
    assert code == 2 and set(answer) == KEYS | {"error"} and answer["columns"] == []


def test_in_words(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("text;label\n" + rows("ham spam") + "more;N/A\n")
    assert main(["doctor", str(path)]) == 0
    told = capsys.readouterr().out
    for words in (
        "41 rows with the columns text, label",
        "semicolon, with a header",
        "A text gets one label: text in “text”, label in “label”",
        "2 labels: ham 20, spam 20",
        "32 to learn from, 4 to validate, 4 to test",
        "warning  1 row says that the label is missing (train rows 41)",
    ):
        assert words in told
