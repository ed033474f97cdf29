"""chat, predict and evaluate of a run that chats, as a person or a program calls them."""

from __future__ import annotations

import io
import json

import pytest

from engine.__main__ import main
from engine.runs.run import Run
from tests.engine.chat_runs import trained_chat


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return trained_chat(tmp_path_factory.mktemp("runs"))


def _says(monkeypatch: pytest.MonkeyPatch, lines: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(lines))


def test_a_pipe_gets_one_json_line_an_answer(
    run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _says(monkeypatch, "How much is it?\n\nAnd with a pass?\n/quit\nnever read\n")
    assert main(["chat", str(run.path), "--json", "--max-tokens", "5"]) == 0
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert len(told) == 2 and all(set(one) == {"answer", "tokens", "seconds"} for one in told)
    assert all(1 <= one["tokens"] <= 5 and one["seconds"] > 0 for one in told)


def test_the_same_seed_answers_alike_and_words_are_a_line_each(
    run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    outs = []
    for _ in range(2):
        _says(monkeypatch, "How much is it?\n/new\nHow much is it?\n")
        assert main(["chat", str(run.path), "--system", "", "--max-tokens", "6", "--temperature", "0"]) == 0
        outs.append(capsys.readouterr().out)
    assert outs[0] == outs[1] and len(outs[0].splitlines()) == 2
    assert len(set(outs[0].splitlines())) == 1, "after /new nothing was said before"


def test_predict_gives_one_answer(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["predict", str(run.path), "--text", "How much is it?", "--json"]) == 0
    assert set(json.loads(capsys.readouterr().out)) == {"answer", "tokens", "seconds"}


def test_evaluate_gives_perplexity(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", str(run.path), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["metrics"]["perplexity"] > 1 and told["num_rows"] == 12 and told["split"] == "test"
