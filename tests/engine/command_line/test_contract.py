"""The command line is a contract: verbs, keys, exit codes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.__main__ import main
from engine.runs.run import Run

SMALL = [
    "data.builtin.num_rows=240",
    "data.max_length=24",
    "model.embedding_size=8",
    "model.hidden_size=8",
    "training.max_steps=8",
    "training.micro_batch_size=8",
    "training.evaluate_every=4",
    "training.device=cpu",
]


class Shell:
    """Calls the command line and reads what it printed."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self, *words: str) -> tuple[int, list[Any], str]:
        self._capsys.readouterr()
        code = main([*words, "--json"])
        printed = self._capsys.readouterr()
        return code, [json.loads(line) for line in printed.out.splitlines()], printed.err


@pytest.fixture
def shell(capsys: pytest.CaptureFixture[str]) -> Shell:
    return Shell(capsys)


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("runs")
    assert main(["train", "quick-look", "--set", *SMALL, "--runs", str(folder), "--name", "one"]) == 0
    return folder / "one"


def test_recipes(shell: Shell) -> None:
    code, (answer,), _ = shell("recipes")
    assert code == 0
    assert {"quick-look", "lstm-baseline", "attention", "transformer", "fusion"} <= {
        recipe["name"] for recipe in answer["recipes"]
    }


def test_train_ends_with_its_result(shell: Shell, tmp_path: Path) -> None:
    words = ["train", "attention", "--set", *SMALL[:4], "--set", *SMALL[4:], "--runs", str(tmp_path), "--name", "r"]
    code, lines, _ = shell(*words)
    assert code == 0
    assert lines[-1]["run"] == str(tmp_path / "r") and lines[-1]["state"] == "finished"
    assert set(lines[-1]["best"]) == {"step", "metric", "value"} and lines[-1]["best"]["metric"] == "f1"
    assert all({"event", "time"} <= set(line) for line in lines[:-1])
    journal = [json.loads(line) for line in (tmp_path / "r" / "journal.jsonl").read_text().splitlines()]
    assert [line["event"] for line in journal] == [line["event"] for line in lines[:-1]]
    steps = [step for line in journal if line["event"] == "StepsTaken" for step in line["steps"]]
    losses = [loss for line in journal if line["event"] == "StepsTaken" for loss in line["losses"]["model"]]
    assert steps == list(range(1, 9)) and len(losses) == 8
    evaluated = next(line for line in journal if line["event"] == "Evaluated")
    assert evaluated["step"] == 4 and evaluated["split"] == "validation" and "precision" in evaluated["metrics"]


def test_evaluate(shell: Shell, trained: Path, tmp_path: Path) -> None:
    code, (answer,), _ = shell("evaluate", str(trained))
    assert code == 0 and answer["split"] == "test" and 20 < answer["num_rows"] < 32
    assert {"accuracy", "precision", "recall", "f1"} <= set(answer["metrics"])
    assert all(isinstance(value, float) and name == name.lower() for name, value in answer["metrics"].items())
    _, (validation,), _ = shell("evaluate", str(trained), "--split", "validation")
    assert validation["split"] == "validation"
    file = tmp_path / "own.csv"
    file.write_text("text,label\nThe phone is great.,positive\nI hated it.,negative\n")
    code, (own,), _ = shell("evaluate", str(trained), "--data", str(file))
    assert code == 0 and own["num_rows"] == 2


def test_predict(shell: Shell, trained: Path) -> None:
    code, (answer,), _ = shell("predict", str(trained), "--text", "The phone is great.")
    assert code == 0 and answer["label"] in ("positive", "negative")
    assert set(answer["probabilities"]) == {"positive", "negative"}
    assert sum(answer["probabilities"].values()) == pytest.approx(1.0)
    assert answer["probabilities"][answer["label"]] == max(answer["probabilities"].values())


def test_attend(shell: Shell, trained: Path) -> None:
    code, (answer,), _ = shell("attend", str(trained), "--text", "The phone is great.")
    assert code == 0 and set(answer["prediction"]) == {"label", "probabilities"}
    for found in answer["maps"]:
        weights = np.array(found["weights"])
        assert weights.ndim == 4
        assert weights.shape[2:] == (len(found["queries"]), len(found["keys"]))
        assert np.allclose(weights.sum(axis=-1), 1.0, atol=1e-5)
    assert "great" in answer["maps"][0]["keys"]


def test_resume_of_a_finished_run_says_so(shell: Shell, trained: Path) -> None:
    code, (answer,), _ = shell("resume", str(trained))
    assert code == 0 and answer["state"] == "finished"


def test_doctor(shell: Shell, tmp_path: Path) -> None:
    file = tmp_path / "reviews.csv"
    rows = [
        f"A {'good' if index % 2 else 'bad'} film number {index},{'pos' if index % 2 else 'neg'}" for index in range(40)
    ]
    file.write_text("\n".join(["text,label", *rows, rows[0], rows[0], "", ""]))
    code, (answer,), _ = shell("doctor", str(file))
    assert code == 0
    found = {finding["kind"]: finding for finding in answer["findings"]}
    assert found["duplicates"]["count"] == 2
    assert found["duplicates"]["rows"] == [41, 42]


def test_a_persons_files(shell: Shell, tmp_path: Path) -> None:
    for split, count in (("train", 60), ("validation", 12), ("test", 12)):
        rows = [f"{split} {index} was {'fine' if index % 2 else 'awful'};{index % 2}" for index in range(count)]
        (tmp_path / f"{split}.csv").write_text("\n".join(["words;mark", *rows]))
    files = [f"data.{split}={tmp_path / f'{split}.csv'}" for split in ("train", "validation", "test")]
    words = ["--set", *files, "data.text=words", "data.label=mark", "--set", *SMALL[1:], "--runs", str(tmp_path)]
    code, lines, _ = shell("train", "lstm-baseline", *words, "--name", "own")
    assert code == 0
    started = next(line for line in lines if line.get("event") == "RunStarted")
    assert started["rows"] == {"train": 60, "validation": 12, "test": 12}
    assert Run.open(tmp_path / "own").config.data.columns == {"text": "words", "label": "mark"}


@pytest.mark.parametrize(
    "words",
    [
        ("train", "no-such-recipe"),
        ("train", "quick-look", "--set", "training.max_stepz=3"),
        ("train", "quick-look", "--set", "training.max_steps=-3"),
        ("train", "quick-look", "--set", "training.max_steps"),
        ("train", "quick-look", "--set", "data.train=/no/such/file.csv"),
        ("train", "quick-look", "--set", "training.device=cuda"),
        ("train",),
        ("dance",),
        ("evaluate", "/no/such/run"),
        ("predict", "/no/such/run", "--text", "hello"),
        ("doctor", "/no/such/file.csv"),
    ],
)
def test_wrong_input_is_exit_2_and_one_line(shell: Shell, tmp_path: Path, words: tuple[str, ...]) -> None:
    runs = ["--runs", str(tmp_path / "runs")] if words[0] == "train" and len(words) > 1 else []
    code, lines, err = shell(*words, *runs)
    assert code == 2
    assert len(err.strip().splitlines()) == 1 and "Traceback" not in err
    assert set(lines[-1]["error"]) == {"what", "where", "mend"} and lines[-1]["error"]["what"]
    assert not list((tmp_path / "runs").glob("*")), "nothing is left behind"


def test_an_unknown_path_names_the_nearest(shell: Shell) -> None:
    _, lines, _ = shell("train", "quick-look", "--set", "model.hiden_size=3")
    assert "model.hidden_size" in lines[-1]["error"]["mend"]


def test_blank_text(shell: Shell, trained: Path) -> None:
    code, _, err = shell("predict", str(trained), "--text", "  ")
    assert code == 2 and "sentence" in err


def test_without_json_people_read_it(trained: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["attend", str(trained), "--text", "The phone is great."]) == 0
    assert "great" in capsys.readouterr().out
    assert main(["evaluate", str(trained)]) == 0
    assert "precision" in capsys.readouterr().out
