"""Settings: every choice is stored at once and shown as it is stored."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from studio.pages.settings import SettingsPage
from studio.preferences import Preferences, default_runs_folder
from studio.widgets import ElidingLabel, SegmentedControl

pytestmark = pytest.mark.usefixtures("look")


@pytest.fixture
def page(qtbot: QtBot, preferences: Preferences) -> SettingsPage:
    made = SettingsPage(preferences)
    qtbot.addWidget(made)
    made.resize(1000, 700)
    made.show()
    return made


@pytest.mark.parametrize(
    ("name", "key"), [("language", "zh"), ("language", "system"), ("theme", "dark"), ("text_size", "125")]
)
def test_segments_store_the_choice(
    qtbot: QtBot, page: SettingsPage, preferences: Preferences, name: str, key: str
) -> None:
    control = page.findChild(SegmentedControl, name)
    with qtbot.waitSignal(preferences.changed) as told:
        qtbot.mouseClick(control.segment(key), Qt.MouseButton.LeftButton)
    assert told.args == [name]
    assert getattr(preferences, name) == key


def test_what_is_stored_is_shown(qtbot: QtBot, preferences: Preferences) -> None:
    preferences.theme, preferences.language, preferences.device = "dark", "zh", "cpu"
    preferences.text_size = "150"
    page = SettingsPage(preferences)
    qtbot.addWidget(page)
    assert page.findChild(SegmentedControl, "theme").current() == "dark"
    assert page.findChild(SegmentedControl, "language").current() == "zh"
    assert page.findChild(SegmentedControl, "text_size").current() == "150"
    assert page.findChild(QComboBox, "device").currentData() == "cpu"


def test_device(qtbot: QtBot, page: SettingsPage, preferences: Preferences) -> None:
    box = page.findChild(QComboBox, "device")
    box.setFocus()
    with qtbot.waitSignal(preferences.changed):
        qtbot.keyClick(box, Qt.Key.Key_Down)
    assert preferences.device == "cpu"


def test_runs_folder(
    qtbot: QtBot, page: SettingsPage, preferences: Preferences, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path))
    qtbot.mouseClick(page.findChild(QWidget, "choose_folder"), Qt.MouseButton.LeftButton)
    assert preferences.runs_folder == tmp_path
    assert page.findChild(ElidingLabel, "runs_folder").text() == str(tmp_path)
    qtbot.mouseClick(page.findChild(QWidget, "default_folder"), Qt.MouseButton.LeftButton)
    assert preferences.runs_folder == default_runs_folder()


def test_giving_up_the_choice_changes_nothing(
    qtbot: QtBot, page: SettingsPage, preferences: Preferences, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = preferences.runs_folder
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: "")
    qtbot.mouseClick(page.findChild(QWidget, "choose_folder"), Qt.MouseButton.LeftButton)
    assert preferences.runs_folder == before


@pytest.mark.parametrize("name", ["language", "theme", "text_size", "device"])
def test_editors_have_names(page: SettingsPage, name: str) -> None:
    assert page.findChild(QWidget, name).accessibleName()
