"""The window and models that were not trained here: opened by dropping or choosing, shown, taken out of the list."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QFileDialog, QMenu, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from studio.main_window import MainWindow
from studio.main_window.makers import MAKERS
from studio.main_window.run_list import RunList
from studio.main_window.top_bar import TopBar
from studio.preferences import Preferences
from studio.widgets import ErrorBanner
from studio.workers.run_book import OPENED, RunBook
from tests.studio.desk import drop
from tests.studio.made_runs import make_run

pytestmark = pytest.mark.usefixtures("look")


class ShownPath(QWidget):
    """Stands for the Attention page: remembers what it was told to show."""

    def __init__(self) -> None:
        super().__init__()
        self.path: Path | None = None
        QVBoxLayout(self)

    def show_run(self, path: Path) -> None:
        self.path = path


@pytest.fixture
def model(tmp_path: Path) -> Path:
    folder = tmp_path / "tiny-bert"
    folder.mkdir()
    (folder / "config.json").write_text('{"model_type": "bert", "architectures": ["BertModel"]}', encoding="utf-8")
    return folder


@pytest.fixture
def window(qtbot: QtBot, preferences: Preferences) -> Iterator[MainWindow]:
    makers = {**MAKERS, "attention": lambda _: ShownPath(), "training": lambda _: ShownPath()}
    made = MainWindow(RunBook(preferences.runs_folder), preferences, makers)
    qtbot.addWidget(made)
    made.resize(1440, 900)
    made.show()
    yield made
    made.close()


def training_stage(window: MainWindow) -> QWidget:
    stage = window.findChild(QWidget, "stage_training")
    assert stage is not None
    return stage


def test_a_dropped_model_is_looked_into(window: MainWindow, model: Path, preferences: Preferences) -> None:
    drop(window.page("home"), model)
    assert (window.place, window.run) == ("attention", model)
    assert window.page("attention").path == model  # type: ignore[attr-defined]
    assert window.book.entry(model).state == OPENED
    assert preferences.opened_models == [model]
    assert not training_stage(window).isVisible(), "nothing was trained here"
    top = window.findChild(TopBar)
    assert top is not None and top.name() == "tiny-bert"


def test_a_run_has_its_training_stage_again(window: MainWindow, model: Path) -> None:
    run = make_run(window.book.folder, "one")
    window.opening.open_path(model)
    window.opening.open_path(run.path)
    assert window.place == "training" and training_stage(window).isVisible()


def test_the_card_on_home_asks_for_a_folder(
    qtbot: QtBot, window: MainWindow, model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = [""]
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: chosen[0])
    card = window.page("home").findChild(QWidget, "model_card")
    assert card is not None
    qtbot.mouseClick(card, Qt.MouseButton.LeftButton)
    assert window.place == "home", "nothing was chosen"
    chosen[0] = str(model)
    qtbot.mouseClick(card, Qt.MouseButton.LeftButton)
    assert (window.place, window.run) == ("attention", model)


def test_a_folder_that_is_no_model_says_so(window: MainWindow, tmp_path: Path) -> None:
    empty = tmp_path / "holiday pictures"
    empty.mkdir()
    window.opening.open_model(empty)
    banner = window.findChild(ErrorBanner)
    assert banner is not None and banner.isVisible()
    what, where, mend = banner.lines()
    assert what and mend and str(empty) in where
    assert window.place == "home" and window.book.models == []


def test_a_model_is_taken_out_of_the_list(
    window: MainWindow, model: Path, preferences: Preferences, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QMenu, "popup", lambda *_: None)  # the test's platform cannot grab the keyboard
    make_run(window.book.folder, "one")
    window.book.refresh()
    window.opening.open_model(model)
    rows = window.findChild(RunList)
    assert rows is not None and rows.num_found() == 2
    places = [rows.model().index(row, 0) for row in range(2)]
    names = [place.data() for place in places]
    for place, name in zip(places, names, strict=True):
        spot = rows.visualRect(place).center()
        event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, spot, rows.viewport().mapToGlobal(spot))
        rows.contextMenuEvent(event)
        menu = rows.findChild(QMenu, "model_menu")
        assert (menu is not None) == (name == "tiny-bert"), "only an opened model can be taken out"
    menu = rows.findChild(QMenu, "model_menu")
    assert menu is not None
    menu.actions()[0].trigger()
    assert rows.num_found() == 1
    assert window.place == "home" and window.run is None
    assert [one.state for one in window.book.entries()] == ["finished"]
    assert preferences.opened_models == []
    assert (model / "config.json").is_file()
