"""A file answered in words: every row in its place, columns kept, blank rows counted, whole or not at all."""

from __future__ import annotations

import csv
import json
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from datasets import Dataset

from engine.__main__ import main
from engine.breath import drain
from engine.errors import InputError
from engine.inspection.prediction.batch_answers import predict_file
from engine.records import RowAnswer
from engine.runs.run import Run
from tests.words_task import REVERSING, ReversingTask, _make, pairs, registered, table, words_run


@pytest.fixture(autouse=True)
def known() -> Iterator[None]:
    with registered():
        yield


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return words_run(tmp_path / "runs", "Sure", 0.0)


def csv_rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_every_row_is_answered_and_keeps_its_columns(run: Run, tmp_path: Path) -> None:
    given = [(f"id-{place}", text, "7") for place, (text, _) in enumerate(pairs(600, seed=4))]
    found = drain(
        predict_file(run, str(table(tmp_path / "in.csv", given, ("id", "source", "n"))), tmp_path / "out.csv")
    )
    rows = csv_rows(tmp_path / "out.csv")
    assert list(rows[0]) == ["row", "id", "source", "n", "answer"]
    assert [(one["id"], one["source"], one["answer"]) for one in rows] == [
        (name, text, " ".join(reversed(text.split()))) for name, text, _ in given
    ]
    assert (found.num_rows, found.num_blank, found.num_abstained) == (600, 0, 0)


def test_rows_without_a_text_keep_their_place_and_are_counted(run: Run, tmp_path: Path) -> None:
    rows = [("red blue", "a"), (" ", "b"), ("dog cat", "c")]
    found = drain(predict_file(run, str(table(tmp_path / "in.csv", rows, ("source", "id"))), tmp_path / "out.jsonl"))
    written = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [one["answer"] for one in written] == ["blue red", None, "cat dog"]
    assert [one["note"] for one in written] == [None, "no text", None]
    assert [one["id"] for one in written] == ["a", "b", "c"] and written[2]["row"] == 3
    assert (found.num_rows, found.num_blank) == (3, 1)


def test_columns_are_named_or_guessed(run: Run, tmp_path: Path) -> None:
    rows = [("x1", "red blue"), ("x2", "dog cat")]
    file = str(table(tmp_path / "in.csv", rows, ("code", "sentence")))
    drain(predict_file(run, file, tmp_path / "out.csv", columns={"source": "sentence"}))
    assert [one["answer"] for one in csv_rows(tmp_path / "out.csv")] == ["blue red", "cat dog"]
    with pytest.raises(InputError, match="reads no column of “target”"):
        drain(predict_file(run, file, tmp_path / "out.csv", columns={"target": "code"}))
    with pytest.raises(InputError):
        drain(predict_file(run, file, tmp_path / "out.csv", columns={"source": "nowhere"}))


def test_a_task_may_say_more(tmp_path: Path) -> None:
    class Surer(ReversingTask):
        def answer_rows(self, rows: Dataset) -> Generator[object, None, list[RowAnswer]]:
            yield
            return [
                RowAnswer("" if len(row["source"].split()) == 2 else row["source"].upper(), 0.25, {"length": 1.5})
                for row in rows
            ]

    def make(config: Any, material: Any, device: Any, checkpoint: Any) -> Any:
        made: Any = _make(config, material, device, checkpoint)
        return Surer(made.config, made.tokenizer, made.model)

    with registered(REVERSING, make):
        run = words_run(tmp_path / "surer", "Surer")
        file = str(table(tmp_path / "in.csv", [("red blue dog", "x"), ("a b", "y")], ("source", "answer")))
        found = drain(predict_file(run, file, tmp_path / "out.csv"))
        rows = csv_rows(tmp_path / "out.csv")
        assert list(rows[0]) == ["row", "source", "answer (file)", "answer", "score", "length"]
        assert [(one["answer"], one["score"], one["length"]) for one in rows] == [
            ("RED BLUE DOG", "0.25", "1.5"),
            ("", "0.25", "1.5"),
        ]
        assert found.num_abstained == 1
    with registered():
        pass


def test_stopped_it_leaves_nothing(run: Run, tmp_path: Path) -> None:
    file = str(table(tmp_path / "in.csv", [(text,) for text, _ in pairs(600)], ("source",)))
    out = tmp_path / "out.csv"
    answering = predict_file(run, file, out)
    told = [next(answering) for _ in range(300)]
    assert max(one.done for one in told) == 256 and told[-1].total == 600
    answering.close()
    assert not out.exists() and not list(tmp_path.glob("*.part*"))


def test_a_spreadsheet_computes_nothing(run: Run, tmp_path: Path) -> None:
    file = table(tmp_path / "in.csv", [("1) =sum",)], ("source",))
    drain(predict_file(run, str(file), tmp_path / "out.csv", for_spreadsheets=True))
    assert csv_rows(tmp_path / "out.csv")[0]["answer"] == "'=sum 1)"


def test_on_the_command_line(run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = str(table(tmp_path / "in.csv", [("k", "red blue")], ("code", "sentence")))
    words = [
        "predict",
        str(run.path),
        "--data",
        file,
        "--out",
        str(tmp_path / "o.csv"),
        "--set",
        "data.source=sentence",
    ]
    assert main([*words, "--json"]) == 0
    tree = json.loads(capsys.readouterr().out)
    assert tree["num_rows"] == 1 and tree["path"] == str(tmp_path / "o.csv")
    assert main([*words[:-1], "data.nothing=sentence", "--json"]) == 2
