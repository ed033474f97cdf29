"""The command line writes on: generate with a beginning, evaluate with perplexity."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engine.__main__ import main

SETTINGS = ("data.builtin.num_rows=120", "data.max_length=32", "model.order=3")


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder: Path = tmp_path_factory.mktemp("runs")
    assert main(["train", "ngram", "--set", *SETTINGS, "--runs", str(folder), "--name", "counted"]) == 0
    return str(folder / "counted")


def test_generate_writes_on_behind_a_beginning(run: str, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["generate", run, "--prompt", "The storm", "-n", "2", "--temperature", "0.8", "--top-k", "20", "--top-p",
             "0.9", "--max-tokens", "12", "--seed", "3", "--json"]  # fmt: skip
    answers = []
    for _ in range(2):
        assert main(words) == 0
        answers.append(json.loads(capsys.readouterr().out))
    assert answers[0] == answers[1] and set(answers[0]) == {"texts"}
    assert len(answers[0]["texts"]) == 2 and all(text.startswith("The storm") for text in answers[0]["texts"])


def test_without_a_beginning_it_begins_itself(run: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["generate", run]) == 0
    assert capsys.readouterr().out.strip()


@pytest.mark.parametrize(
    "words",
    [["-n", "0"], ["--temperature", "-1"], ["--top-p", "0"], ["--max-tokens", "0"], ["--max-tokens", "99999999"]],
)
def test_wrong_settings_are_refused(words: list[str], run: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["generate", run, "--prompt", "The storm", *words]) == 2
    assert capsys.readouterr().err.strip()


def test_evaluate_says_perplexity_and_bits_a_character(run: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", run, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert {"perplexity", "bits_per_character"} <= set(found["metrics"]) and found["split"] == "test"
    assert found["metrics"]["perplexity"] > 1 and set(found["intervals"]) >= {"perplexity", "bits_per_character"}
