"""Several labels a text, and numbers, on the command line: train, evaluate, predict, doctor; on real files too."""

from __future__ import annotations

import csv
import itertools
import json
from pathlib import Path
from typing import Any

import pytest

from engine.__main__ import main

SMALL = [
    "data.max_length=32",
    "model.embedding_size=8",
    "model.hidden_size=8",
    "training.max_steps=6",
    "training.micro_batch_size=16",
    "training.evaluate_every=3",
    "training.device=cpu",
]
FEW = "data.builtin.num_rows=240"


class Shell:
    """Calls the command line and reads what it printed."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self, *words: str) -> tuple[int, list[Any]]:
        self._capsys.readouterr()
        code = main([*words, "--json"])
        return code, [json.loads(line) for line in self._capsys.readouterr().out.splitlines()]


@pytest.fixture
def shell(capsys: pytest.CaptureFixture[str]) -> Shell:
    return Shell(capsys)


@pytest.fixture(scope="module")
def several(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("runs")
    assert main(["train", "several-labels", "--set", *SMALL, FEW, "--runs", str(folder), "--name", "run"]) == 0
    return folder / "run"


def test_a_run_is_measured_on_its_own_rows_and_on_a_file(several: Path, shell: Shell, tmp_path: Path) -> None:
    code, (found,) = shell("evaluate", str(several))
    assert code == 0 and found["confusion"] == [] and len(found["labels"]) == 6
    assert {"accuracy", "precision", "recall", "f1", "f1_micro", "loss"} == found["metrics"].keys()
    file = tmp_path / "more.csv"
    file.write_text("text,label\nthe soup was cold,food|new\nnothing,\na bed and a bill,price|room\n", encoding="utf-8")
    code, (found,) = shell("evaluate", str(several), "--data", str(file))
    assert code == 0 and found["num_rows"] == 3, "what stands between labels is found by those that are known"


def test_a_text_is_answered(several: Path, shell: Shell) -> None:
    code, (found,) = shell("predict", str(several), "--text", "the soup was cold")
    assert code == 0 and len(found["probabilities"]) == 6


def test_heads_are_measured_on_sets_and_attacks_are_refused(several: Path, shell: Shell) -> None:
    code, (found,) = shell("heads", str(several), "--rows", "20")
    assert code == 0 and {"precision", "recall"} <= found["metrics"].keys()
    code, (refused,) = shell("attack", str(several), "--rows", "5")
    assert code == 2 and "several labels" in json.dumps(refused["error"])


def test_a_recipe_of_one_label_takes_several_by_one_word(shell: Shell, tmp_path: Path) -> None:
    wish = ["task.multi_label=true", "data.builtin.topic=aspects", FEW, "training.baseline=false"]
    code, told = shell("train", "quick-look", "--set", *SMALL, *wish, "--runs", str(tmp_path))
    assert code == 0 and told[-1]["state"] == "finished"
    code, (told,) = shell("train", "quick-look", "--set", "task.multi_label=true", "task.loss.name=focal")
    assert code == 2 and "binary cross-entropy" in json.dumps(told)


def test_numbers_are_measured_by_their_errors(shell: Shell, tmp_path: Path) -> None:
    assert main(["train", "stars", "--set", *SMALL, FEW, "--runs", str(tmp_path), "--name", "run"]) == 0
    code, (found,) = shell("evaluate", str(tmp_path / "run"))
    assert code == 0 and {"loss", "mse", "mae", "r2"} == found["metrics"].keys()
    assert found["intervals"].keys() == {"mse", "mae"}


@pytest.fixture
def entities(tmp_path: Path, shared_data: Path) -> Path:
    """Texts with the kinds of what is personal in them, as JSON lists."""
    source = shared_data / "pii" / "synth_dataset_v2.json"
    rows = json.loads(source.read_text(encoding="utf-8"))
    made = [{"text": one["full_text"], "kinds": sorted({span["entity_type"] for span in one["spans"]})} for one in rows]
    path = tmp_path / "entities.json"
    path.write_text(json.dumps(made), encoding="utf-8")
    return path


@pytest.mark.slow
def test_real_texts_with_lists(shell: Shell, entities: Path, tmp_path: Path) -> None:
    wish = ["task.multi_label=true", "data.label=kinds"]
    code, (report,) = shell("doctor", str(entities), "--set", *wish)
    kinds = {one["kind"]: one for one in report["findings"]}
    assert code == 0 and {"PERSON", "STREET_ADDRESS"} <= report["balance"].keys()
    assert kinds["no_labels"]["count"] > 50 and "brackets" in kinds["label_lists"]["detail"]
    code, told = shell(
        *("train", "quick-look", "--runs", str(tmp_path), "--name", "run"),
        *("--set", *SMALL, *wish, f"data.train={entities}", "data.max_rows=200"),
    )
    assert code == 0 and told[-1]["best"]["metric"] == "f1"
    code, (found,) = shell("evaluate", str(tmp_path / "run"), "--data", str(entities))
    assert code == 0 and found["num_rows"] > 1000


def test_real_ratings_are_numbers(shell: Shell, tmp_path: Path, shared_data: Path) -> None:
    source = shared_data / "imdb" / "train.csv"
    with source.open(encoding="utf-8", newline="") as file:
        rows = list(itertools.islice(csv.DictReader(file), 0, 25_000, 200))
    path = tmp_path / "ratings.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["text", "rating"], *([row["text"], row["rating"]] for row in rows)])
    wish = ["task.loss.name=mse", f"data.train={path}"]
    code, told = shell("train", "quick-look", "--set", *SMALL, *wish, "--runs", str(tmp_path), "--name", "run")
    assert code == 0 and told[-1]["best"]["metric"] == "loss"
    code, (report,) = shell("doctor", str(path), "--set", *wish)
    assert code == 0 and report["balance"] == {}
