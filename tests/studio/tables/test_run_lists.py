"""What lists say of runs: state in words, best precision and recall, curve; read one at a time, live rows refreshed."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from engine import events
from engine.runs.run import Run
from studio.tables.run_delegates import LEARNING, NAME, PRECISION, RECALL, STATE
from studio.tables.run_model import SUMMARY, RunModel
from studio.widgets.run_summary import RunSummary, bare, pill_of, summarize
from studio.workers.run_book import RunBook
from tests.studio.made_runs import make_run

pytestmark = pytest.mark.usefixtures("look")


def entry_of(run: Run, folder: Path) -> RunSummary:
    return summarize(RunBook(folder).entry(run.path))


@pytest.mark.parametrize(
    ("end", "words", "kind"),
    [
        ("finished", "done · precision 90.5 %", "ok"),
        ("stopped", "stopped · precision 90.5 %", "ok"),
        ("failed", "failed · The disk is full", "bad"),
        ("interrupted", "interrupted at step 200", "warn"),
        ("new", "not started", "plain"),
    ],
)
def test_state_in_words(tmp_path: Path, end: str, words: str, kind: str) -> None:
    summary = entry_of(make_run(tmp_path, "Tickets", end), tmp_path)
    assert summary.words == words
    assert summary.kind == kind


def test_running_words(tmp_path: Path) -> None:
    run = make_run(tmp_path, "Tickets", "interrupted")
    entry = RunBook(tmp_path).entry(run.path)
    entry.state = "running"
    assert summarize(entry).words == "epoch 3 of 5 · 36 s left"


def test_precision_is_that_of_the_best_checkpoint(tmp_path: Path) -> None:
    run = make_run(tmp_path, "Tickets")
    entry = RunBook(tmp_path).entry(run.path)
    late = {"precision": 0.5, "recall": 0.4, "f1": 0.45, "loss": 0.9}
    entry.history.append(events.Evaluated(step=220, split="validation", metrics=late, num_rows=400))
    summary = summarize(entry)
    assert summary.precision == pytest.approx(0.905, abs=0.001)
    assert summary.recall == pytest.approx(0.885, abs=0.001)
    assert summary.values[-1] == 0.5


def test_a_run_that_has_no_events(tmp_path: Path) -> None:
    summary = entry_of(make_run(tmp_path, "Tickets", "new"), tmp_path)
    assert math.isnan(summary.precision)
    assert len(summary.steps) == 0


def test_bare_reads_no_journal(tmp_path: Path) -> None:
    run = make_run(tmp_path, "Tickets")
    entry = RunBook(tmp_path).entry(run.path)
    assert bare(entry).words == "done"
    assert "history" not in vars(entry)


def test_unknown_state_has_no_colour() -> None:
    assert pill_of("something new") == "plain"


def test_model_fills_itself_when_nothing_else_waits(qtbot: QtBot, tmp_path: Path) -> None:
    for number in range(3):
        make_run(tmp_path, f"Run {number}")
    model = RunModel(RunBook(tmp_path))
    assert model.data(model.index(0, PRECISION)) == "–"
    qtbot.waitUntil(lambda: all(model.data(model.index(row, PRECISION)) == "90.5 %" for row in range(3)))
    assert model.data(model.index(0, NAME)) == "Run 2"
    assert model.data(model.index(0, RECALL)) == "88.5 %"
    assert model.data(model.index(0, STATE)) == "done · precision 90.5 %"
    assert model.data(model.index(0, LEARNING)) == "40 %"
    assert model.data(model.index(0, NAME), Qt.ItemDataRole.AccessibleTextRole) == "Run 2, done · precision 90.5 %"
    assert model.headerData(NAME, Qt.Orientation.Horizontal) == "Run"


def test_model_keeps_to_its_limit(tmp_path: Path) -> None:
    for number in range(4):
        make_run(tmp_path, f"Run {number}", "new")
    assert RunModel(RunBook(tmp_path), limit=2).rowCount() == 2


def test_live_rows_follow_the_run(qtbot: QtBot, tmp_path: Path) -> None:
    run = make_run(tmp_path, "Tickets", "interrupted")
    book = RunBook(tmp_path)
    model = RunModel(book)
    qtbot.waitUntil(lambda: len(model.index(0, 0).data(SUMMARY).steps) == 10)
    metrics = {"precision": 0.99, "recall": 0.98, "f1": 0.985, "loss": 0.1}
    book.entry(run.path).history.append(events.Evaluated(step=220, split="validation", metrics=metrics, num_rows=400))
    with qtbot.waitSignal(model.dataChanged):
        book.advanced.emit(run.path)
    assert len(model.index(0, 0).data(SUMMARY).steps) == 11


def test_new_runs_come_first(qtbot: QtBot, tmp_path: Path) -> None:
    make_run(tmp_path, "old", "new")
    book = RunBook(tmp_path)
    model = RunModel(book)
    make_run(tmp_path, "young", "new")
    with qtbot.waitSignal(model.modelReset):
        book.refresh()
    assert [model.data(model.index(row, NAME)) for row in range(2)] == ["young", "old"]


def test_a_damaged_run_does_not_spoil_the_list(qtbot: QtBot, tmp_path: Path) -> None:
    run = make_run(tmp_path, "broken")
    make_run(tmp_path, "sound")
    (run.path / "config.yaml").write_text("model: [", encoding="utf-8")
    model = RunModel(RunBook(tmp_path))
    qtbot.waitUntil(lambda: model.data(model.index(0, PRECISION)) == "90.5 %")
    qtbot.wait(20)
    assert model.data(model.index(1, NAME)) == "broken"
