"""The verb that looks a run's files over, and what other verbs say of damaged ones."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from engine.__main__ import main
from tests.engine.answered_runs import answered_run
from tests.spoiled_runs import cut, flipped, set_about


@pytest.fixture
def run(tmp_path: Path) -> Path:
    return answered_run(tmp_path, "one", [0, 1, 0, 1], [0, 1, 1, 1]).path


def checked(capsys: pytest.CaptureFixture[str], run: Path, *words: str) -> tuple[int, dict[str, Any]]:
    code = main(["check", str(run), "--json", *words])
    return code, json.loads(capsys.readouterr().out)


def test_a_run_of_which_all_is_sound(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (run / "checkpoints" / "step-1").rmdir()
    code, found = checked(capsys, run)
    assert code == 0 and found == {"run": str(run), "mended": [], "damaged": [], "damaged_lines": 0}


def test_what_is_damaged_is_listed_and_mended(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (run / "checkpoints" / "step-1").rmdir()
    set_about(run, created=None)
    code, found = checked(capsys, run)
    assert code == 2 and "--mend" in found["error"]["mend"]
    flipped(run / "journal.jsonl", 0.1)
    code, found = checked(capsys, run, "--mend")
    assert code == 1 and found["mended"] == ["run.json was made anew."] and found["damaged_lines"] == 1
    assert "1 line of the journal" in found["damaged"][0]["what"]


def test_other_verbs_say_it_and_go_on(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = run / "config.yaml"
    settings.write_text(settings.read_text() + "# by hand\n")
    cut(run / "checkpoints.json")
    flipped(run / "journal.jsonl", 0.1)
    assert main(["evaluate", str(run), "--json"]) == 2, "there are no weights in it"
    told = capsys.readouterr().err
    assert "config.yaml is not as it was written" in told and "passed over" in told
