"""The command line of a run that writes a text for another: predict, attend, evaluate."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engine.__main__ import main
from tests.engine.translated_runs import trained_run

TEXT = "the fourteenth of March, nineteen ninety-eight"


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return trained_run(tmp_path_factory.mktemp("runs")).path


def asked(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, object]:
    capsys.readouterr()
    assert main(list(words)) == 0
    found: dict[str, object] = json.loads(capsys.readouterr().out.splitlines()[-1])
    return found


def test_predict_gives_the_text_and_others(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = asked(capsys, "predict", str(run), "--text", TEXT, "--json")
    assert set(found) == {"text", "alternatives"}
    alternatives = found["alternatives"]
    assert isinstance(alternatives, list) and len(alternatives) == 4
    assert set(alternatives[0]) == {"text", "score"}
    alone = asked(capsys, "predict", str(run), "--text", TEXT, "--beams", "1", "--json")
    assert alone["alternatives"] == []


def test_attend_gives_the_alignment(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = asked(capsys, "attend", str(run), "--text", TEXT, "--json")
    source, target, rows = found["source"], found["target"], found["alignment"]
    assert isinstance(source, list) and isinstance(target, list) and isinstance(rows, list)
    assert source[1] == "fourteenth" and len(rows) == len(target) and len(rows[0]) == len(source)


def test_evaluate_measures_a_pair_of_files(run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for ending, text in (("words", TEXT), ("iso", "1998-03-14")):
        (tmp_path / f"dates.{ending}").write_text(f"{text}\n" * 3, encoding="utf-8")
    pair = f"{tmp_path / 'dates.words'},{tmp_path / 'dates.iso'}"
    found = asked(capsys, "evaluate", str(run), "--data", pair, "--json")
    metrics = found["metrics"]
    assert isinstance(metrics, dict) and found["num_rows"] == 3
    assert {"bleu", "chrf", "rouge_1", "rouge_2", "rouge_l", "perplexity"} <= set(metrics)


def test_numbers_that_choose_nothing_are_refused(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["predict", str(run), "--text", TEXT, "--beams", "0"]) == 2
    assert main(["predict", str(run), "--text", TEXT, "--sample", "--top-p", "2"]) == 2
    assert "--top-p" in capsys.readouterr().err
