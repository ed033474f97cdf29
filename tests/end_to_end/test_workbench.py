"""From a trained run to an answer that can be relied on, as a person goes: a precision is asked for on the Evaluation
page, the threshold is saved, tried on a text and on a file, exported, and two runs are compared."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog
from transformers import pipeline

from engine import verbs
from engine.runs.checkpoints import checkpoint_path
from engine.runs.decision import read_decision
from engine.runs.run import Run
from tests.end_to_end.person import Person
from tests.studio.desk import drop

SMALL = {
    "data.max_length": 48,
    "data.validation_share": 0.3,
    "data.test_share": 0.2,
    "model.hidden_size": 32,
    "model.embedding_size": 48,
    "training.max_steps": 160,
    "training.micro_batch_size": 32,
    "training.evaluate_every": 40,
    "training.baseline": False,
    "training.device": "cpu",
}
SPAM = "Free entry in a weekly comp to win a prize. Text WIN to 87121 to claim it now, or call 09061701461"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, shared_data: Path) -> Path:
    """Two runs on real messages that differ in the seed alone."""
    runs = tmp_path_factory.mktemp("workbench") / "runs"
    source = str(shared_data / "sms_spam" / "SMSSpamCollection")
    for seed, name in enumerate(("First", "Second")):
        config = verbs.load_config("attention", {**SMALL, "data.train": source, "seed": seed})
        for _ in verbs.train(verbs.create(config, runs, name)):
            pass
    return runs


@pytest.fixture
def seen(person: Person, folder: Path) -> Person:
    """The window on both runs, the first one's Training page open."""
    (person.folder / "runs").symlink_to(folder, target_is_directory=True)
    person.open_window(1440, 1100)
    person.window.opening.open_run(next(one.path for one in person.book.entries() if one.name == "First"))
    return person


@pytest.mark.slow
def test_a_precision_is_promised_saved_tried_and_taken_along(
    seen: Person, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = Run.open(folder / "First")
    seen.press("stage_evaluation")
    seen.wait(lambda: seen.visible("evaluationSentence") and "texts it never saw" in seen.text("evaluationSentence"))
    seen.press("findThreshold")
    seen.wait(lambda: "romise" in seen.text("targetSays"))
    seen.press("saveDecision")
    seen.wait(lambda: bool(read_decision(checkpoint_path(run))))
    decision = read_decision(checkpoint_path(run))
    (threshold,) = decision.thresholds.values()
    assert set(decision.thresholds) == {"spam"} and decision.promises[0].precision == pytest.approx(0.95)

    seen.press("stage_try")
    seen.type_into("tryText", SPAM)
    seen.wait(lambda: "it is said from" in seen.text("trySentence") or "to a person" in seen.text("trySentence"))
    assert f"{100 * threshold:.0f}" in seen.text("trySentence") or "> 99" in seen.text("trySentence")
    _answer_a_file(seen, tmp_path, monkeypatch)

    seen.press("stage_export")
    out = tmp_path / "exported"
    seen.type_into("exportFolder", str(out))
    seen.press("doExport")
    seen.wait(lambda: (out / "config.json").is_file() and "largest difference" in seen.text("checkSaid"))
    ours = verbs.predict(run, SPAM)
    (theirs,) = pipeline("text-classification", str(out), device="cpu")(SPAM, truncation=True)
    assert theirs["label"] == ours.label
    assert theirs["score"] == pytest.approx(ours.probabilities[ours.label], abs=1e-4)
    kept = json.loads((out / "config.json").read_text(encoding="utf-8"))["decision"]
    assert kept["thresholds"]["spam"] == pytest.approx(threshold)


def _answer_a_file(seen: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source, out = tmp_path / "mine.csv", tmp_path / "answers.csv"
    source.write_text(f'text\n"{SPAM}"\nsee you at lunch\n', encoding="utf-8")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(out), ""))
    drop(seen.see("tryDrop"), source)
    seen.wait(out.is_file)
    with out.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["text"] for row in rows] == [SPAM, "see you at lunch"] and rows[1]["label"] == "ham"


@pytest.mark.slow
def test_an_onnx_file_answers_without_the_studio(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "onnx"
    command = [sys.executable, "-m", "engine", "export", str(folder / "First"), "--format", "onnx", "--out", str(out)]
    told = subprocess.run([*command, "--json"], check=True, capture_output=True, text=True)
    found = json.loads(told.stdout.splitlines()[-1])
    assert found["max_difference"] < 1e-4 and (out / "model.onnx").is_file()
    asked = [sys.executable, "-I", str(out / "predict.py"), SPAM]
    said = subprocess.run(asked, check=True, capture_output=True, text=True, cwd=tmp_path)
    assert "spam" in said.stdout


@pytest.mark.slow
def test_two_runs_are_compared(seen: Person) -> None:
    paths = [one.path for one in seen.book.entries()]
    seen.window.compare(paths)  # as the list's menu does it for the runs that are marked
    seen.wait(lambda: seen.visible("compare_answer") and len(seen.text("compare_answer")) > 20)
    seen.wait(lambda: seen.visible("in_words_1"))
    said = seen.text("in_words_1")
    assert said, "every pair is judged in words"
    assert len(seen.visible("compared_settings")) == 1
    seen.press("base_1")
    seen.wait(lambda: bool(seen.visible("in_words_0")) and bool(seen.text("in_words_0")))
