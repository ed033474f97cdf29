"""Bad runs among good ones: the window opens, says what is wrong with them, and offers a way on."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QItemSelectionModel
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QListView, QPushButton
from pytestqt.qtbot import QtBot

from engine.runs.history import History
from studio.main_window import MainWindow
from studio.main_window.run_list import RunList
from studio.pages.compare.run_picker import RunPicker
from studio.preferences import Preferences
from studio.tables.run_delegates import NAME
from studio.tables.run_model import SUMMARY, RunModel
from studio.widgets.run_summary import RunSummary
from studio.workers.run_book import DAMAGED, RunBook
from tests.spoiled_runs import ODD_ABOUTS, SPOILERS, cut, flipped, folder, nested, set_about
from tests.studio.desk import menu_of
from tests.studio.made_runs import make_run

pytestmark = pytest.mark.usefixtures("look")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Every odd run.json, every spoilt one, a journal that is a folder, and one good run."""
    for name, changes in ODD_ABOUTS.items():
        if "title" not in changes:
            set_about(make_run(tmp_path, name, steps=20).path, **changes)
    for how, spoil in SPOILERS.items():
        spoil(make_run(tmp_path, f"run.json {how}", steps=20).path / "run.json")
    folder(make_run(tmp_path, "journal", steps=20).journal)
    set_about(make_run(tmp_path, "newer", steps=20).path, format=2)
    nested(make_run(tmp_path, "settings", steps=20).path / "config.yaml")
    make_run(tmp_path, "Good")
    return tmp_path


def shown(model: RunModel) -> dict[str, RunSummary]:
    rows = (model.index(row, NAME).data(SUMMARY) for row in range(model.rowCount()))
    return {summary.path.name: summary for summary in rows}


def test_the_window_opens_and_lists_them_all(qtbot: QtBot, home: Path, preferences: Preferences) -> None:
    window = MainWindow(RunBook(home), preferences)
    qtbot.addWidget(window)
    window.resize(1200, 800)
    window.show()
    window.grab()
    runs = window.findChild(RunList)
    model = runs.model().sourceModel()
    qtbot.waitUntil(lambda: shown(model)["settings"].state == DAMAGED, timeout=20_000)
    found = shown(model)
    assert found["Good"].state == "finished" and set(found) == {one.name for one in home.iterdir() if one.is_dir()}
    assert found["created NaN"].words == "damaged · run.json is damaged: “created” is no time"
    assert found["journal"].words == "damaged · journal.jsonl is damaged: it is no file"
    assert found["run.json missing"].words == "damaged · run.json is missing"
    assert "another version" in found["newer"].words and found["newer"].kind == "bad"
    assert found["run.json flipped"].state in (DAMAGED, "finished")
    for place in ("compare", "home"):
        window.go(place)
        window.grab()


# --- one damaged run ------------------------------------------------------------------------------------------------


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path, preferences: Preferences) -> MainWindow:
    make_run(tmp_path, "Good")
    set_about(make_run(tmp_path, "Bad", steps=20).path, created="noon")
    made = MainWindow(RunBook(tmp_path), preferences)
    qtbot.addWidget(made)
    made.show()
    return made


def chosen(window: MainWindow, name: str) -> RunList:
    runs = window.findChild(RunList)
    for row in range(runs.model().rowCount()):
        index = runs.model().index(row, NAME)
        if index.data(SUMMARY).name == name:
            runs.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
    return runs


def test_it_says_what_is_wrong_and_is_made_whole(window: MainWindow, tmp_path: Path) -> None:
    window.opening.open_run(tmp_path / "Bad")
    assert window.run is None and window.troubles.banner.lines()[0] == "run.json is damaged: “created” is no time."
    window.troubles.banner.findChild(QPushButton, "error_action").click()
    assert window.run == tmp_path / "Bad" and window.book.entry(window.run).state == "finished"
    assert window.troubles.banner.isHidden()


def test_its_menu_offers_what_can_be_done(
    window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()))
    offered = menu_of(chosen(window, "Bad"))
    assert list(offered) == ["What is wrong?", "Make it whole again", "Open its folder", "Delete"]
    offered["What is wrong?"].trigger()
    assert "created" in window.troubles.banner.lines()[0]
    offered["Open its folder"].trigger()
    assert opened == [str(tmp_path / "Bad")]
    offered["Delete"].trigger()
    assert not (tmp_path / "Bad").exists() and (tmp_path / "Good").exists()
    assert next(iter(menu_of(chosen(window, "Good")))) == "Open"


def test_the_list_makes_it_whole(window: MainWindow, tmp_path: Path) -> None:
    menu_of(chosen(window, "Bad"))["Make it whole again"].trigger()
    assert window.book.entry(tmp_path / "Bad").damage is None


def test_what_cannot_be_mended_says_so(window: MainWindow, tmp_path: Path) -> None:
    set_about(tmp_path / "Bad", format=2)
    window.book.refresh()
    entry = window.book.known(tmp_path / "Bad")
    assert entry is not None and not entry.is_mendable
    menu_of(chosen(window, "Bad"))["Make it whole again"].trigger()
    assert "another version" in window.troubles.banner.lines()[0]


def test_it_cannot_be_starred_or_renamed(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    before = (tmp_path / "Bad" / "run.json").read_bytes()
    runs = chosen(window, "Bad")
    runs.rename()
    qtbot.keyClicks(runs, "s")
    assert (tmp_path / "Bad" / "run.json").read_bytes() == before


def test_it_is_not_offered_for_comparing(window: MainWindow, qtbot: QtBot) -> None:
    picker = RunPicker(window.book, window)
    model = picker.findChild(QListView).model()
    assert [model.index(row, NAME).data(SUMMARY).name for row in range(model.rowCount())] == ["Good"]


def test_what_was_mended_elsewhere_is_seen(window: MainWindow, tmp_path: Path) -> None:
    from engine.runs.repair import mend

    mend(tmp_path / "Bad")
    window.book.refresh()
    assert {entry.state for entry in window.book.entries()} == {"finished"}
    cut(tmp_path / "Good" / "run.json")
    window.book.refresh()
    assert {entry.state for entry in window.book.entries()} == {"finished", DAMAGED}


# --- settings that were changed by hand -----------------------------------------------------------------------------


def test_changed_settings_are_said_and_can_be_taken(
    window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[Path] = []
    monkeypatch.setattr(RunBook, "_begin", lambda book, subject, action: begun.append(subject.path))
    run = make_run(tmp_path, "Interrupted", "interrupted")
    file = run.path / "config.yaml"
    file.write_text(file.read_text(encoding="utf-8") + "# a word\n", encoding="utf-8")
    window.book.refresh()
    window.opening.open_run(run.path)
    assert window.run == run.path and "config.yaml is not as it was written" in window.troubles.banner.lines()[0]
    window.beginning.resume(run.path)
    assert begun == []
    action = window.troubles.banner.findChild(QPushButton, "error_action")
    assert action.text() == "Go on as it is now"
    action.click()
    assert begun == [run.path] and window.book.faults(run.path) == []


def test_damaged_lines_are_in_the_log(window: MainWindow, tmp_path: Path) -> None:
    run = make_run(tmp_path, "Lines")
    flipped(run.journal, 0.3)
    window.book.refresh()
    history: History = window.book.entry(run.path).history
    assert "cannot be read and were passed over" in history.log[-1].message.english()
    window.opening.open_run(run.path)
    window.grab()
