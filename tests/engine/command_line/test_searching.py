"""`search` on the command line: what it prints, wrong calls in words, and that a killed search goes on."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from engine.__main__ import main
from engine.config.run import from_tree, from_yaml
from engine.runs.run import Run
from tests.engine.command_line.test_contract import SMALL, Shell, shell

__all__ = ["shell"]
TINY = [*SMALL, "data.builtin.num_rows=120", "training.baseline=false", "data.tokenizer.vocabulary_size=300"]
SPACE = """
training.optimizer.learning_rate: {low: 0.0005, high: 0.05, log: true}
model.dropout: {low: 0, high: 0.5}
model.cell: [lstm, gru]
"""


@pytest.fixture
def space(tmp_path: Path) -> Path:
    file = tmp_path / "space.yaml"
    file.write_text(SPACE)
    return file


@pytest.mark.slow
def test_json_ends_with_the_best_config(shell: Shell, tmp_path: Path, space: Path) -> None:
    """Real trials on real rows, by precision at a least recall, against the start on the same test rows."""
    words = ["search", "attention", "--trials", "3", "--goal", "precision@0.8", "--space", str(space)]
    code, lines, _ = shell(*words, "--set", *TINY, "--runs", str(tmp_path / "runs"), "--name", "found")
    last: dict[str, Any] = lines[-1]
    folder = tmp_path / "runs" / "found"
    assert code == 0 and last["study"] == str(folder) and last["state"] == "finished"
    assert [one["number"] for one in last["trials"]] == [0, 1, 2] and last["trials"][0]["state"] == "done"
    for trial in last["trials"]:
        assert set(trial["parameters"]) == {"training.optimizer.learning_rate", "model.dropout", "model.cell"}
        assert 0.0005 <= trial["parameters"]["training.optimizer.learning_rate"] <= 0.05 or trial["number"] == 0
        assert Run.open(folder / trial["run"]).state in ("finished", "stopped") and len(trial["curve"]) in (1, 2)
    best = last["best"]
    config = from_tree(best["config"])
    assert config.training.best.metric == "precision_at_recall" and config.training.best.recall_floor == 0.8
    assert best["seeds"] == [0, 1, 2] and config == from_yaml(folder / "best.yaml")
    repeats = {one["trial"]: one for one in last["repeats"]}
    assert best["value"] == repeats[best["trial"]]["mean"] and len(repeats[0]["values"]) == 3
    against = last["against_start"]
    if best["trial"] != 0:
        assert against["metric"] == "precision_at_recall" and against["split"] == "test"
        assert against["change"]["low"] <= against["winner"] - against["start"] <= against["change"]["high"]
        assert 0 <= against["recall_winner"] <= 1
    code, lines, _ = shell("search", str(folder))
    assert code == 0 and len(lines) >= 1 and lines[-1]["best"] == best, "a finished one is told again"
    assert main(["compare", str(folder)]) == 0, "its runs compare like any"


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="kill -9")
def test_kill_9_costs_nothing_that_was_done(shell: Shell, tmp_path: Path, space: Path) -> None:
    words = ["search", "attention", "--trials", "3", "--space", str(space), "--set", *TINY, "training.max_steps=40"]
    killed = subprocess.Popen(
        [sys.executable, "-m", "engine", *words, "--runs", str(tmp_path), "--name", "killed", "--json"],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).resolve().parents[3],
    )
    assert killed.stdout is not None
    try:
        for line in killed.stdout:
            if '"number": 1, "state": "running"' in line:
                break
        time.sleep(0.2)
    finally:
        killed.send_signal(signal.SIGKILL)
        killed.wait()
    journal = (tmp_path / "killed" / "trial-0-seed0" / "journal.jsonl").read_bytes()
    code, lines, _ = shell("search", str(tmp_path / "killed"))
    assert code == 0 and [one["number"] for one in lines[-1]["trials"]] == [0, 1, 2]
    assert all(one["state"] in ("done", "pruned") for one in lines[-1]["trials"])
    assert (tmp_path / "killed" / "trial-0-seed0" / "journal.jsonl").read_bytes() == journal


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--minutes", "0"], "0 minutes"),
        (["--trials", "0"], "0 trials"),
        (["--goal", "blue"], "no metric"),
        (["--goal", "bleu"], "not measured"),
        (["--goal", "precision@1.5"], "least recall"),
        (["--goal", "f1", "--goal", "recall", "--pruning"], "two goals"),
        (["--goal", "f1", "--goal", "recall", "--goal", "loss"], "one goal"),
    ],
)
def test_wrong_calls_are_said_in_words(shell: Shell, tmp_path: Path, words: list[str], said: str) -> None:
    code, lines, _ = shell("search", "attention", *words, "--runs", str(tmp_path))
    assert code == 2 and said in lines[-1]["error"]["what"] and not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("space", "said"),
    [
        ("model.dropuot: {low: 0, high: 0.5}", "no setting"),
        ("data.train: [a, b]", "neither numbers nor values"),
        ("model.dropout: 0.5", "no range"),
        ("model.dropout: {low: 0, high: 1.5}", "passes what the setting can be"),
        ("model.dropout: {low: 0.5, high: 0.1}", "smaller to a larger"),
        ("model.hidden_size: {low: 8.5, high: 16}", "whole numbers"),
        ("model.dropout: {low: 0, high: 0.5, log: true}", "log scale"),
        ("model.cell: [lstm, mamba]", "cannot be mamba"),
        ("model.cell: [lstm]", "nothing to try"),
        ("model.cell: [lstm, gru, lstm]", "at least two different"),
        ("model.num_heads: {low: 1, high: 4}", "no setting of what is chosen"),
        ("", "no settings to try"),
    ],
)
def test_a_wrong_space_is_said_in_words(shell: Shell, tmp_path: Path, space: str, said: str) -> None:
    file = tmp_path / "space.yaml"
    file.write_text(space)
    code, lines, _ = shell("search", "attention", "--space", str(file), "--runs", str(tmp_path / "runs"))
    assert code == 2 and said in lines[-1]["error"]["what"] and not (tmp_path / "runs").exists()


def test_a_space_without_a_valid_point(shell: Shell, tmp_path: Path) -> None:
    file = tmp_path / "space.yaml"
    file.write_text("model.num_heads: [3, 5, 7]")
    code, lines, _ = shell("search", "transformer", "--space", str(file), "--runs", str(tmp_path / "runs"))
    assert code == 2 and "go together" in lines[-1]["error"]["what"] and not (tmp_path / "runs").exists()


def test_five_rows_of_data(shell: Shell, tmp_path: Path) -> None:
    file = tmp_path / "five.csv"
    file.write_text("text,label\n" + "".join(f"words {one},{'ab'[one % 2]}\n" for one in range(5)))
    code, lines, _ = shell("search", "attention", "--set", f"data.train={file}", "--runs", str(tmp_path / "runs"))
    error = lines[-1]["error"]
    assert code == 2 and "2 validation rows cannot tell" in error["what"] and "at least 10" in error["mend"]
    assert not list((tmp_path / "runs").iterdir())
