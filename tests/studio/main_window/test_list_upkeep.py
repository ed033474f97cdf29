"""Keeping the list of runs up: names in place, stars, tags, notes, the trash and the way back; finding, choosing."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit
from pytestqt.qtbot import QtBot

from engine.runs.run_maintenance import Marks, marks_of
from studio.main_window import MainWindow
from studio.main_window.marks_dialog import MarksDialog
from studio.main_window.run_list import RunList
from studio.main_window.side_bar import SideBar
from studio.preferences import Preferences
from studio.tables.run_delegates import NAME
from studio.tables.run_model import SUMMARY
from studio.widgets.undo_toast import UndoToast
from studio.workers.run_book import RunBook
from tests.studio.desk import menu_of
from tests.studio.made_runs import make_run

pytestmark = pytest.mark.usefixtures("look")


@pytest.fixture
def book(tmp_path: Path) -> RunBook:
    for name in ("Old", "Middle", "Young"):
        make_run(tmp_path, name)
    return RunBook(tmp_path)


@pytest.fixture
def side(qtbot: QtBot, book: RunBook, preferences: Preferences) -> SideBar:
    made = SideBar(book, preferences)
    qtbot.addWidget(made)
    made.resize(248, 700)
    made.show()
    return made


def names(side: SideBar) -> list[str]:
    model = side.runs.model()
    return [model.index(row, NAME).data(SUMMARY).name for row in range(model.rowCount())]


def choose(side: SideBar, *wanted: str) -> None:
    runs = side.runs
    runs.clearSelection()
    for name in wanted:
        index = runs.model().index(names(side).index(name), NAME)
        runs.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.Select)


def press(side: SideBar, qtbot: QtBot, key: Qt.Key) -> None:
    qtbot.keyClick(side.runs, key)


def test_f2_renames_in_place(side: SideBar, book: RunBook, qtbot: QtBot, tmp_path: Path) -> None:
    choose(side, "Middle")
    press(side, qtbot, Qt.Key.Key_F2)
    editor = side.runs.findChild(QLineEdit, "run_name_editor")
    assert editor is not None and editor.text() == "Middle" and editor.hasSelectedText()
    qtbot.keyClicks(editor, "Parc")
    with qtbot.waitSignal(side.runs.model().sourceModel().dataChanged):
        book.advanced.emit(tmp_path / "Middle")
    qtbot.keyClicks(editor, "els")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: names(side) == ["Young", "Parcels", "Old"])
    assert '"name": "Parcels"' in (tmp_path / "Middle" / "run.json").read_text(encoding="utf-8")
    press(side, qtbot, Qt.Key.Key_F2)
    editor = side.runs.findChildren(QLineEdit, "run_name_editor")[-1]
    editor.clear()
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: side.runs.state() != RunList.State.EditingState)
    assert names(side) == ["Young", "Parcels", "Old"], "an empty name changes nothing"


def test_starred_runs_come_first(side: SideBar, qtbot: QtBot, tmp_path: Path) -> None:
    choose(side, "Old")
    press(side, qtbot, Qt.Key.Key_S)
    assert names(side) == ["Old", "Young", "Middle"] and marks_of(tmp_path / "Old").star
    assert "starred" in side.runs.model().index(0, NAME).data(Qt.ItemDataRole.AccessibleTextRole)
    choose(side, "Old")
    press(side, qtbot, Qt.Key.Key_S)
    assert names(side) == ["Young", "Middle", "Old"]


def test_deleted_runs_can_be_brought_back(side: SideBar, qtbot: QtBot, tmp_path: Path) -> None:
    choose(side, "Old", "Young")
    press(side, qtbot, Qt.Key.Key_Delete)
    assert names(side) == ["Middle"] and not (tmp_path / "Old").exists()
    toast = side.upkeep.toast()
    assert toast.isVisible() and toast.text().startswith("2 runs ")
    toast.undo()
    assert names(side) == ["Young", "Middle", "Old"] and not toast.isVisible()
    choose(side, "Middle")
    press(side, qtbot, Qt.Key.Key_Delete)
    assert toast.text() == "“Middle” lies in the trash."
    qtbot.keyClick(side.runs, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert names(side) == ["Young", "Middle", "Old"]


def test_a_training_run_is_not_deleted(side: SideBar, book: RunBook, qtbot: QtBot, tmp_path: Path) -> None:
    choose(side, "Young")
    with book.entry(tmp_path / "Young").run.locked(), qtbot.waitSignal(side.refused) as told:
        press(side, qtbot, Qt.Key.Key_Delete)
    assert "being trained" in str(told.args[0]) and names(side)[0] == "Young"
    book.entry(tmp_path / "Young").state = "running"
    book.changed.emit()
    qtbot.waitUntil(lambda: side.runs.currentIndex().data(SUMMARY).state == "running")
    assert not menu_of(side.runs)["Delete"].isEnabled()


def test_tags_and_note_are_written_and_found(side: SideBar, qtbot: QtBot, tmp_path: Path) -> None:
    side.upkeep.ask_marks(tmp_path / "Old")
    dialog = side.findChild(MarksDialog)
    assert dialog is not None
    tags, note = dialog.findChild(QLineEdit, "marks_tags"), dialog.findChild(QPlainTextEdit, "marks_note")
    assert tags is not None and note is not None
    tags.setText("production, 生产；production")
    note.setPlainText("for the office in Kassel")
    with qtbot.waitSignal(dialog.confirmed):
        qtbot.keyClick(tags, Qt.Key.Key_Return)
    assert marks_of(tmp_path / "Old") == Marks(tags=("production", "生产"), note="for the office in Kassel")
    for words, found in (
        ("PRODUCT", ["Old"]),
        ("kassel office", ["Old"]),
        ("生产 young", []),
        ("is:starred", []),
        ("o", ["Young", "Old"]),
        ("", ["Young", "Middle", "Old"]),
    ):
        side.search.setText(words)
        assert names(side) == found, words
    choose(side, "Young")
    press(side, qtbot, Qt.Key.Key_S)
    side.search.setText("is:starred you")
    assert names(side) == ["Young"]


def test_several_are_chosen_and_compared(side: SideBar, qtbot: QtBot, tmp_path: Path) -> None:
    opened: list[Path] = []
    side.run_opened.connect(opened.append)
    runs = side.runs
    for name, modifier in (("Young", Qt.KeyboardModifier.NoModifier), ("Old", Qt.KeyboardModifier.ControlModifier)):
        place = runs.visualRect(runs.model().index(names(side).index(name), NAME)).center()
        qtbot.mouseClick(runs.viewport(), Qt.MouseButton.LeftButton, modifier, place)
    assert opened == [tmp_path / "Young"], "with Ctrl a run is chosen, not opened"
    with qtbot.waitSignal(side.compared) as told:
        menu_of(side.runs)["Compare"].trigger()
    assert told.args[0] == [tmp_path / "Young", tmp_path / "Old"]
    assert "Rename" not in menu_of(side.runs) and "Delete" in menu_of(side.runs)


def test_the_window_leaves_a_deleted_run(qtbot: QtBot, tmp_path: Path, preferences: Preferences) -> None:
    for name in ("One", "Two"):
        make_run(tmp_path, name)
    window = MainWindow(RunBook(tmp_path), preferences)
    qtbot.addWidget(window)
    window.show()
    window.opening.open_run(tmp_path / "One")
    window.book.delete(tmp_path / "One")
    assert window.place == "home" and window.run is None
    window.opening.open_run(tmp_path / "Two")
    assert window.place == "training"
    preferences.language = "zh"
    qtbot.waitUntil(lambda: window.findChild(RunList).accessibleName() != "Runs")
    window.close()


def test_the_toast_goes_by_itself(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, side: SideBar) -> None:
    monkeypatch.setattr("studio.widgets.undo_toast._SHOWN_MS", 5)
    toast = UndoToast(side)
    undone: list[bool] = []
    toast.offer("“Tickets” lies in the trash.", lambda: undone.append(True))
    assert toast.isVisible()
    qtbot.waitUntil(lambda: not toast.isVisible())
    toast.undo()
    assert not undone, "the offer is over"
