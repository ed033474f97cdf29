"""What a killed program left behind is cleaned; what a living one writes is left alone."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from engine.runs.aside import aside, sweep


@pytest.mark.parametrize("name", ["answers.csv", "a[b]*?.csv", "电" * 80, "model"])
def test_only_what_the_dead_left(name: str, tmp_path: Path) -> None:
    out = tmp_path / name
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    mine = aside(out)
    dead = mine.with_name(mine.name.replace(f"-{os.getpid()}-", f"-{gone.pid}-"))
    elsewhere = aside(tmp_path / "other")
    for path in (mine, dead, elsewhere):
        path.mkdir()
        (path / "weights").write_text("half")
    (tmp_path / f"{dead.name[:-10]}1.part").write_text("a file")
    sweep(out)
    assert sorted(tmp_path.iterdir()) == sorted([mine, elsewhere])
