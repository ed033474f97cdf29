"""A run on disk: folder, state, lock, journal, inbox, full disk."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine import commands, events
from engine.config.run import RunConfig
from engine.errors import InputError, RunFailure
from engine.messages import message
from engine.runs.damaged_run import DamagedRun
from engine.runs.files import write_atomic
from engine.runs.inbox import Inbox
from engine.runs.journal import JournalReader, JournalWriter
from engine.runs.run import Run, runs_in


def started() -> events.RunStarted:
    return events.RunStarted(
        total_steps=10,
        steps_per_epoch=5.0,
        num_parameters=7,
        rows={"train": 100},
        labels=["a", "b"],
        positive_label="b",
        device="CPU",
        precision="fp32",
        process=1,
    )


def test_create_and_open(tmp_path: Path) -> None:
    run = Run.create(RunConfig(seed=5), tmp_path, "my run")
    assert run.path == tmp_path / "my run" and run.path.is_absolute()
    again = Run.open(run.path)
    assert again.config == RunConfig(seed=5) and again.name == "my run" and again.state == "new"


def test_a_name_is_found_when_none_is_given(tmp_path: Path) -> None:
    first = Run.create(RunConfig(title="Reviews"), tmp_path)
    second = Run.create(RunConfig(title="Reviews"), tmp_path)
    assert (first.path.name, second.path.name) == ("Reviews", "Reviews 2")


def test_a_name_cannot_leave_the_folder(tmp_path: Path) -> None:
    run = Run.create(RunConfig(), tmp_path, "../../outside")
    assert run.path.parent == tmp_path


def test_a_taken_name_is_refused(tmp_path: Path) -> None:
    Run.create(RunConfig(), tmp_path, "one")
    with pytest.raises(InputError, match="already"):
        Run.create(RunConfig(), tmp_path, "one")


def test_a_folder_without_a_run_and_another_version(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no run"):
        Run.open(tmp_path)
    run = Run.create(RunConfig(), tmp_path, "old")
    about = json.loads((run.path / "run.json").read_text())
    (run.path / "run.json").write_text(json.dumps({**about, "format": 99}))
    with pytest.raises(InputError, match="another version"):
        Run.open(run.path)
    [listed] = runs_in(tmp_path)
    assert isinstance(listed, DamagedRun) and listed.is_other_version and not listed.is_mendable


def test_state_follows_the_journal(tmp_path: Path) -> None:
    run = Run.create(RunConfig(), tmp_path, "r")
    with JournalWriter(run.journal) as journal:
        journal.append(started())
        assert run.state == "interrupted"
        with run.locked():
            assert run.state == "running"
            journal.append(events.RunPaused(step=1))
            assert run.state == "paused"
        journal.append(events.RunFinished(step=10, state="finished", best=None, reason=message("done")))
    assert run.state == "finished"


def test_one_process_trains_a_run(tmp_path: Path) -> None:
    run = Run.create(RunConfig(), tmp_path, "r")
    with run.locked(), pytest.raises(InputError, match="already"), Run.open(run.path).locked():
        pass


def test_partial_last_line_is_cut_before_going_on(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    with JournalWriter(path) as journal:
        journal.append(events.RunPaused(step=1))
    with path.open("ab") as file:
        file.write(b'{"event":"RunPaused","ti')
    reader = JournalReader(path)
    assert len(reader.read()) == 1
    with JournalWriter(path) as journal:
        journal.append(events.RunPaused(step=2))
    assert [event.step for event in JournalReader(path).read()] == [1, 2]  # type: ignore[attr-defined]
    assert [event.step for event in reader.read()] == [2]  # type: ignore[attr-defined]


def test_a_damaged_line_does_not_hide_the_next(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    path.write_bytes(b'not json\n{"event":"RunPaused","time":1,"step":4}\n[1]\n')
    assert [event.step for event in JournalReader(path).read()] == [4]  # type: ignore[attr-defined]


def test_inbox_takes_new_commands_once(tmp_path: Path) -> None:
    run = Run.create(RunConfig(), tmp_path, "r")
    run.send(commands.Stop())  # from an earlier session
    inbox = Inbox(run)
    assert inbox.next() is None
    run.send(commands.Pause())
    run.send(commands.SetLearningRate(0.1))
    assert inbox.next() == commands.Pause()
    assert inbox.next() == commands.SetLearningRate(0.1)
    assert inbox.next() is None


def test_full_disk_is_said_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "file"
    write_atomic(path, "old")

    def refuse(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(RunFailure, match="disk is full"):
        write_atomic(path, "new")
    assert path.read_text() == "old"
    assert [one.name for one in tmp_path.iterdir()] == ["file"]


def steps_taken(first: int, losses: Any) -> events.StepsTaken:
    losses = np.asarray(losses, dtype=np.float64)
    return events.StepsTaken(
        steps=np.arange(first, first + len(losses)),
        losses={"model": losses},
        learning_rates={"model": np.full(len(losses), 0.1)},
        gradient_norms={"model": np.ones(len(losses))},
        accumulation=np.ones(len(losses), dtype=np.int64),
    )
