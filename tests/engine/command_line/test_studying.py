"""`ablate` on the command line: what it prints, its exit codes, and that a stopped study goes on."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path
from typing import Any

import pytest

from engine.__main__ import main
from engine.command_line import studying
from tests.engine.command_line.test_contract import SMALL, Shell, shell

__all__ = ["shell"]
TINY = [
    *SMALL,
    "data.builtin.num_rows=60",
    "training.max_steps=2",
    "training.baseline=false",
    "training.evaluate_every=2",
]


@pytest.mark.slow
def test_json_ends_with_the_table(shell: Shell, tmp_path: Path) -> None:
    words = ["ablate", "attention", "--seeds", "1", "--set", *TINY, "--runs", str(tmp_path), "--name", "one"]
    code, lines, _ = shell(*words)
    last: dict[str, Any] = lines[-1]
    assert code == 0 and last["study"] == str(tmp_path / "one") and last["state"] == "finished"
    assert last["seeds"] == [0] and last["split"] == "test" and "One seed" in last["findings"][0]
    assert [row["name"] for row in last["table"]] == ["lstm", "attention", "accumulation", "adversary", "all"]
    for row in last["table"]:
        assert set(row["figures"]["precision"]) == {"mean", "deviation", "values", "half_width"}
        assert row["runs"] == [f"{row['name']}-seed0"] and (tmp_path / "one" / row["runs"][0] / "run.json").exists()
    assert {line["event"] for line in lines[:-1]} >= {"RunStarted", "Evaluated", "RunFinished"}
    code, lines, _ = shell("ablate", str(tmp_path / "one"))
    assert code == 0 and len(lines) == 1 and lines[0]["table"] == last["table"]
    assert main(["ablate", str(tmp_path / "one")]) == 0


@pytest.mark.slow
def test_ctrl_c_stops_and_keeps(
    shell: Shell,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    show = studying._show

    def press(*told: Any) -> None:
        show(*told)
        monkeypatch.setattr(studying, "_show", show)
        os.kill(os.getpid(), signal.SIGINT)

    monkeypatch.setattr(studying, "_show", press)
    code, lines, told = shell("ablate", "attention", "--seeds", "1", "--set", *TINY, "--runs", str(tmp_path))
    assert code == 0 and lines[-1]["state"] == "stopped" and "kept" in told
    main(["ablate", lines[-1]["study"]])
    printed = capsys.readouterr().out
    assert "+ attention" in printed and "1 of 1" in printed and "memory" in printed
    assert json.loads((Path(lines[-1]["study"]) / "study.json").read_text())["state"] == "finished"


def test_wrong_calls_leave_nothing_behind(shell: Shell, tmp_path: Path) -> None:
    code, lines, _ = shell("ablate", "transformer", "--runs", str(tmp_path))
    assert code == 2 and "attention" in lines[-1]["error"]["what"]
    code, lines, _ = shell("ablate", "attention", "--runs", str(tmp_path), "--set", "data.train=/nowhere.csv")
    assert code == 2 and not list(tmp_path.iterdir())
    code, _, _ = shell("ablate", "attention", "--seeds", "0", "--runs", str(tmp_path))
    assert code == 2
