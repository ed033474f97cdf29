"""Where a resume goes on from when the pointer to the checkpoints is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.breath import drain
from engine.config.run import RunConfig
from engine.errors import InputError
from engine.runs.pointer import FILE
from engine.runs.run import Run
from engine.training.sound_checkpoints import sound_checkpoint


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return Run.create(RunConfig(), tmp_path, "one")


def test_a_run_without_any_begins(run: Run) -> None:
    assert drain(sound_checkpoint(run)) is None


def test_a_damaged_one_alone_is_told_itself(run: Run) -> None:
    folder = run.path / "checkpoints" / "step-2"
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text("{", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        drain(sound_checkpoint(run))
    assert "gone" not in caught.value.what.english() and "step-2" in str(caught.value.where)


def test_a_run_that_had_come_to_one_does_not_begin_anew(run: Run) -> None:
    (run.path / FILE).write_text("{", encoding="utf-8")
    with pytest.raises(InputError, match="gone"):
        drain(sound_checkpoint(run))
