"""Person: somebody at the real window, who presses what can be seen and pressed, types, reads and waits."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QFileDialog,
    QLabel,
    QLineEdit,
    QListView,
    QPlainTextEdit,
    QScrollArea,
    QWidget,
)
from pytestqt.qtbot import QtBot

from engine.runs.history import History
from studio.main_window import MainWindow
from studio.pages.wizard.row_links import RowLinks
from studio.plots.attention.heat_map import HeatMap
from studio.plots.attention.map_data import MapData
from studio.preferences import Preferences
from studio.widgets import ErrorBanner
from studio.workers.run_book import RunBook
from tests.keyboard import type_text

WAIT_MS = 60_000
LEFT = Qt.MouseButton.LeftButton
Found = TypeVar("Found", bound=QWidget)


class Person:
    """Opens windows on one folder of runs. Nothing is reached but through what the window shows."""

    window: MainWindow
    book: RunBook

    def __init__(self, qtbot: QtBot, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self.qtbot, self.folder, self._patch = qtbot, folder, patch
        kept = Preferences(folder / "studio.ini")
        kept.language, kept.theme, kept.device, kept.runs_folder = "en", "light", "cpu", folder / "runs"

    def open_window(self, width: int = 1440, height: int = 900) -> None:
        """A fresh window on the folder, as a new session of the program makes it."""
        preferences = Preferences(self.folder / "studio.ini")
        self.book = RunBook(preferences.runs_folder)
        self.window = MainWindow(self.book, preferences)
        self.qtbot.addWidget(self.window, before_close_func=lambda _, book=self.book: book.stop_and_wait())
        self.window.resize(width, height)
        self.window.show()
        self.window.activateWindow()
        self.qtbot.waitActive(self.window)

    def leave(self) -> None:
        """Every window is closed and gone before the next person dresses the application anew, also after a test that
        failed half-way; what trains is stopped."""
        for window in [one for one in QApplication.topLevelWidgets() if isinstance(one, MainWindow)]:
            window.closing.end()
            window.book.stop_and_wait()
            shiboken6.delete(window)

    # looking

    def wait(self, holds: Callable[[], object]) -> None:
        """Until something holds; the threads work meanwhile."""
        self.qtbot.waitUntil(lambda: bool(holds()), timeout=WAIT_MS)

    def visible(self, name: str, kind: type[Found] = QWidget) -> list[Found]:
        """What can be seen under that object name, the dialogs included."""
        roots = [self.window, *(one for one in QApplication.topLevelWidgets() if isinstance(one, QDialog))]
        found = {id(one): one for root in roots for one in root.findChildren(kind, name) if one.isVisible()}
        return list(found.values())

    def see(self, name: str, kind: type[Found] = QWidget) -> Found:
        """The one widget of that name, once it can be seen and used."""
        self.wait(lambda: len(self.visible(name, kind)) == 1 and self.visible(name, kind)[0].isEnabled())
        return self.visible(name, kind)[0]

    def text(self, name: str) -> str:
        """What a label, a pill or a field says."""
        widget: Any = self.see(name)
        return str(widget.text())

    def reads(self, *words: str) -> None:
        """Wait until all these words stand somewhere in what the window shows."""
        self.wait(lambda: all(any(word in text for text in self.words_shown()) for word in words))

    def words_shown(self) -> list[str]:
        """Of labels, and of lines that are put together from words and links, as a screen reader tells them."""
        labels = [one.text() for one in self.window.findChildren(QLabel) if one.isVisible()]
        return labels + [one.accessibleName() for one in self.window.findChildren(RowLinks) if one.isVisible()]

    def error(self) -> tuple[str, str, str]:
        """What happened, where, and how to mend it: from the one banner that is shown."""
        self.wait(self._banners)
        (banner,) = self._banners()
        return banner.lines()

    def _banners(self) -> list[ErrorBanner]:
        return [one for one in self.window.findChildren(ErrorBanner) if one.isVisible()]

    # doing

    def press(self, name: str) -> None:
        """Scroll to it, see that nothing covers it, and click on its middle."""
        self.press_widget(self.see(name))

    def press_widget(self, widget: QWidget) -> None:
        self._scroll_to(widget)
        middle = widget.rect().center()
        under = widget.window().childAt(widget.mapTo(widget.window(), middle))
        assert under is widget or widget.isAncestorOf(under), f"{widget.objectName()} is covered by {under}"
        self.qtbot.mouseClick(widget, LEFT, pos=middle)

    def press_named(self, words: str) -> None:
        """By the name that a screen reader tells."""
        (widget,) = [
            one
            for one in self.window.findChildren(QWidget)
            if one.accessibleName() == words and one.isVisible() and one.isEnabled()
        ]
        self.press_widget(widget)

    def type_into(self, name: str, text: str) -> None:
        """Replace what stands in a field, key by key."""
        field = self.see(name, QWidget)
        assert isinstance(field, QLineEdit | QPlainTextEdit)
        self._scroll_to(field)
        inner = field.viewport() if isinstance(field, QPlainTextEdit) else field
        self.qtbot.mouseClick(inner, LEFT)
        self.qtbot.keyClick(field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        self.qtbot.keyClick(field, Qt.Key.Key_Delete)
        type_text(field, text)

    def press_row(self, name: str, row: int) -> None:
        """A row of a list."""
        rows = self.see(name, QListView)
        place = rows.visualRect(rows.model().index(row, 0)).center()
        self.qtbot.mouseClick(rows.viewport(), LEFT, pos=place)

    def will_choose(self, path: Path) -> None:
        """What the system's file dialog, which is not ours, answers next."""
        self._patch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(path), ""))

    def throw_draft_away(self) -> None:
        """What the window asks before another draft takes its place."""
        self.press("begin_anew")

    def _scroll_to(self, widget: QWidget) -> None:
        parent = widget.parentWidget()
        while parent is not None:
            if isinstance(parent, QScrollArea):
                parent.ensureWidgetVisible(widget)
            parent = parent.parentWidget()

    # the wizard

    def go_on(self) -> None:
        """Continue; the wizard goes on once nothing is lacking."""
        before = self._step()

        self._press_on(lambda: self._step() != before)

    def start(self) -> None:
        """The last step's button: the training page comes."""
        self._press_on(lambda: self.window.place == "training")

    def _press_on(self, is_there: Callable[[], bool]) -> None:
        def moved() -> bool:
            if not is_there() and self.visible("continue"):
                self.press("continue")
            return is_there()

        self.wait(moved)

    def _step(self) -> str:
        steps = [one.objectName() for one in self.window.findChildren(QScrollArea) if one.isVisible()]
        return next((name for name in steps if name.startswith("step-")), "")

    # the run

    @property
    def history(self) -> History:
        assert self.window.run is not None
        return self.book.entry(self.window.run).history

    @property
    def state(self) -> str:
        assert self.window.run is not None
        return self.book.entry(self.window.run).state

    def stop(self) -> None:
        """Stop and keep, and wait until the worker has let go of the run."""
        self.press("stop")
        self.wait(lambda: self.text("run_state") == "stopped" and self.book.active is None)

    # the map

    def map(self) -> MapData:
        heat_map = self.window.findChild(HeatMap)
        assert heat_map is not None and heat_map.data is not None
        return heat_map.data

    def ask(self, text: str, words: list[str]) -> MapData:
        """Type a sentence on the Attention page and wait for its map."""
        self.type_into("attentionText", text)
        self.wait(lambda: self._shown_words() == words)
        found = self.map()
        np.testing.assert_allclose(found.weights.sum(axis=-1), 1.0, atol=1e-4)
        return found

    def _shown_words(self) -> list[str]:
        heat_map = self.window.findChild(HeatMap)
        if heat_map is None or not heat_map.isVisible() or heat_map.data is None:
            return []
        data = heat_map.data
        return [key for key, special in zip(data.keys, data.special, strict=True) if not special]
