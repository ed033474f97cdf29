"""evaluate promises a precision and keeps it; predict obeys it and answers whole files."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import numpy as np
import pytest

from engine.__main__ import main
from engine.records import Decision
from engine.runs.checkpoints import checkpoint_path, verify
from engine.runs.decision import read_decision, save_decision
from engine.runs.run import Run
from tests.engine.command_line.test_contract import SMALL, Shell


@pytest.fixture
def shell(capsys: pytest.CaptureFixture[str]) -> Shell:
    return Shell(capsys)


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Knows two plain words by heart, so that something can be promised; a few of its labels are wrong."""
    folder = tmp_path_factory.mktemp("runs")
    chance = np.random.default_rng(0)
    for split, count in (("train", 300), ("validation", 400), ("test", 400)):
        good = chance.random(count) < 0.5
        wrong = chance.random(count) < 0.03
        rows = [
            f"number {index} was {'fine' if is_good else 'awful'};{'good' if is_good != is_wrong else 'bad'}"
            for index, (is_good, is_wrong) in enumerate(zip(good, wrong, strict=True))
        ]
        (folder / f"{split}.csv").write_text("\n".join(["text;label", *rows]))
    files = [f"data.{split}={folder / f'{split}.csv'}" for split in ("train", "validation", "test")]
    settings = [*files, *SMALL[1:5], "training.max_steps=60", "training.optimizer.learning_rate=0.02", *SMALL[6:]]
    assert main(["train", "quick-look", "--set", *settings, "--runs", str(folder), "--name", "one"]) == 0
    return folder / "one"


@pytest.fixture
def run(trained: Path, tmp_path: Path) -> Path:
    """One that may be saved into."""
    return Path(shutil.copytree(trained, tmp_path / "run"))


def test_a_promise_is_told(shell: Shell, run: Path) -> None:
    _, (before,), _ = shell("evaluate", str(run))
    code, (answer,), _ = shell("evaluate", str(run), "--target-precision", ".85", "--confidence", ".9")
    assert code == 0 and set(answer) == {*before, "target"}
    assert {name: answer[name] for name in before} == before
    target = answer["target"]
    assert {"threshold", "promised", "confidence", "measured", "recall", "coverage"} <= set(target)
    assert (target["promised"], target["confidence"], target["split"]) == (0.85, 0.9, "test")
    assert 0 < target["threshold"] < 1 and target["independent"]
    assert not read_decision(checkpoint_path(Run.open(run)))


def test_one_that_cannot_be_made(shell: Shell, run: Path) -> None:
    code, (answer,), _ = shell("evaluate", str(run), "--target-precision", ".999", "--save")
    assert code == 0 and answer["saved"] is False
    assert answer["target"]["threshold"] is None and "rows_needed" in answer["target"]
    code, (answer,), _ = shell("evaluate", str(run), "--target-precision", ".85", "--confidence", ".9999999999")
    assert answer["target"]["threshold"] is None and answer["target"]["rows_needed"] > 400


def test_saved_and_obeyed(shell: Shell, run: Path) -> None:
    text = ("--text", "number 3 was fine")
    _, (before,), _ = shell("predict", str(run), *text)
    assert before["abstains"] is False and before["threshold"] is None
    code, (answer,), _ = shell("evaluate", str(run), "--target-precision", ".85", "--label", "good", "--save")
    assert code == 0 and answer["saved"] is True and answer["target"]["label"] == "good"
    folder = checkpoint_path(Run.open(run))
    verify(folder)
    (kept,) = read_decision(folder).promises
    assert kept.threshold == answer["target"]["threshold"]
    _, (after,), _ = shell("predict", str(run), *text)
    assert after["probabilities"] == before["probabilities"] and after["threshold"] == kept.threshold
    assert after["abstains"] == (after["probabilities"]["good"] < kept.threshold)


def test_abstention_in_words(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    save_decision(checkpoint_path(Run.open(run)), Decision(thresholds={"good": 0.999999}))
    assert main(["predict", str(run), "--text", "number 3 was fine"]) == 0
    assert "left to a person" in capsys.readouterr().out
    assert main(["evaluate", str(run), "--target-precision", ".85"]) == 0
    printed = capsys.readouterr().out
    assert "confidence" in printed and "rows of test" in printed
    assert main(["evaluate", str(run), "--target-precision", ".999"]) == 0
    assert "cannot be promised" in capsys.readouterr().out


@pytest.mark.parametrize(
    "words",
    [
        ("--target-precision", "95"),
        ("--target-precision", "0"),
        ("--target-precision", "1.2"),
        ("--target-precision", "much"),
        ("--target-precision", ".9", "--confidence", "1"),
        ("--target-precision", ".9", "--confidence", ".05"),
        ("--target-precision", ".9", "--label", "nobody"),
        ("--save",),
        ("--label", "good"),
    ],
)
def test_wrong_targets(shell: Shell, trained: Path, words: tuple[str, ...]) -> None:
    code, lines, err = shell("evaluate", str(trained), *words)
    assert code == 2 and len(err.strip().splitlines()) == 1
    assert lines[-1]["error"]["what"] and lines[-1]["error"]["mend"]


def test_validation_is_never_called_a_check(shell: Shell, run: Path) -> None:
    _, (answer,), _ = shell("evaluate", str(run), "--target-precision", ".85", "--split", "validation")
    target = answer["target"]
    assert target["split"] == "validation" and target["independent"] is False
    assert "no independent check" in target["notes"][0]


def test_a_file_is_answered(shell: Shell, run: Path, tmp_path: Path) -> None:
    data, out = run.parent / "texts.csv", tmp_path / "answers.csv"
    data.write_text('text,mark\n"number 1 was fine",x\n"  ",y\n"it ""was"" awful,\nreally",z\n')
    code, (answer,), _ = shell("predict", str(run), "--data", str(data), "--out", str(out))
    assert code == 0 and (answer["num_rows"], answer["num_blank"], answer["num_abstained"]) == (3, 1, 0)
    assert answer["path"] == str(out) and answer["rows_per_second"] > 0
    with out.open(encoding="utf-8", newline="") as file:
        first, blank, last = csv.DictReader(file)
    assert list(first) == ["row", "text", "mark", "label", "abstains", "p(bad)", "p(good)", "note"]
    assert [one["mark"] for one in (first, blank, last)] == ["x", "y", "z"] and blank["note"] and not last["note"]
    assert (blank["row"], blank["label"], blank["p(good)"]) == ("2", "", "")
    assert last["text"] == 'it "was" awful,\nreally'
    _, (alone,), _ = shell("predict", str(run), "--text", first["text"])
    assert first["label"] == alone["label"] and float(first["p(good)"]) == pytest.approx(
        alone["probabilities"]["good"], abs=2e-6
    )
    assert sum(answer["counts"].values()) == 2


def test_one_text_or_a_file(shell: Shell, trained: Path, tmp_path: Path) -> None:
    data = tmp_path / "texts.csv"
    data.write_text("text\nfine\nawful\n")
    for words in ((), ("--data", str(data)), ("--text", "x", "--data", str(data), "--out", str(tmp_path / "o.csv"))):
        code, lines, _ = shell("predict", str(trained), *words)
        assert code == 2 and lines[-1]["error"]["mend"]
    code, lines, _ = shell("predict", str(trained), "--data", str(data), "--out", str(data))
    assert code == 2 and data.read_text() == "text\nfine\nawful\n"
