"""A draft of the wizard waits when the wizard is left, and goes only when somebody says so."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from engine.config.reading import Reading
from engine.runs.run import Run
from studio.main_window import MainWindow
from studio.main_window.draft import DraftDialog, kept_draft
from studio.main_window.makers import MAKERS
from studio.pages.home.banners import DraftBanner
from studio.pages.wizard.draft import new_draft, with_reading, with_source
from studio.pages.wizard.draft_file import from_text, to_text
from studio.pages.wizard.page import WizardPage
from studio.preferences import Preferences
from studio.recipes import recipe
from tests.studio.main_window.test_main_window import STUBS, StubBook, StubPage, press

pytestmark = [pytest.mark.usefixtures("look"), pytest.mark.slow]


@pytest.fixture
def book(tmp_path: Path) -> StubBook:
    return StubBook(tmp_path / "runs")


class DraftingPage(StubPage):
    """A wizard with a draft, as far as the window knows of it."""

    def __init__(self) -> None:
        super().__init__()
        self.draft: tuple[str, int] | None = None
        self.num_begun = 0

    def begin(self, config: object, file: object, goal: str) -> None:
        super().begin(config, file, goal)
        self.num_begun += 1
        self.draft = None

    def waiting(self) -> tuple[str, int] | None:
        return self.draft

    def kept(self) -> str:
        return json.dumps({"waiting": list(self.draft)}) if self.draft else ""

    def state(self) -> dict[str, Any]:
        return {**super().state(), "waiting": self.draft, "num_begun": self.num_begun, "kept": self.kept()}

    def restore(self, state: dict[str, Any]) -> None:
        self.draft = state["waiting"]
        self.num_begun = state.get("num_begun", 0)


@pytest.fixture
def drafting(qtbot: QtBot, book: StubBook, preferences: Preferences) -> MainWindow:
    """A window whose wizard was left with a draft."""
    window = MainWindow(book, preferences, {**STUBS, "wizard": lambda _: DraftingPage()})
    qtbot.addWidget(window, before_close_func=lambda _: setattr(book, "training", None))
    window.resize(1440, 900)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    window.beginning.begin_wizard()
    drafted(window).draft = ("tickets.csv", 1)
    window.go("home")
    return window


def drafted(window: MainWindow) -> DraftingPage:
    page = window.page("wizard")
    assert isinstance(page, DraftingPage)
    return page


def test_home_offers_the_draft(qtbot: QtBot, drafting: MainWindow) -> None:
    banner = drafting.findChild(DraftBanner)
    assert banner.isVisible() and banner.what() == "A draft waits: “tickets.csv”"
    assert drafting.findChild(QWidget, "go_wizard").accessibleDescription() == "A draft waits"
    qtbot.keyClick(banner.button, Qt.Key.Key_Return)
    assert drafting.place == "wizard" and drafted(drafting).num_begun == 1
    assert drafting.findChild(QWidget, "go_wizard").accessibleDescription() == ""


@pytest.mark.parametrize("way", ["new run", "goal", "recipe", "file", "shortcut"])
def test_nothing_that_begins_another_run_throws_it_away_unasked(qtbot: QtBot, drafting: MainWindow, way: str) -> None:
    match way:
        case "new run":
            press(qtbot, drafting, "go_wizard")
        case "goal":
            press(qtbot, drafting, "goal_text-gan")
        case "recipe":
            drafting.beginning.start_recipe("attention")
        case "file":
            drafting.opening.open_path(Path("/data/other.csv"))
        case "shortcut":
            qtbot.keyClick(drafting, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    dialog = drafting.findChild(DraftDialog)
    assert drafted(drafting).num_begun == 1 and drafted(drafting).draft is not None
    qtbot.keyClick(dialog.anew, Qt.Key.Key_Return)
    assert drafting.place == "wizard" and drafted(drafting).num_begun == 2


def test_going_on_opens_it_and_escape_leaves_all_as_it_is(qtbot: QtBot, drafting: MainWindow) -> None:
    press(qtbot, drafting, "go_wizard")
    qtbot.keyClick(drafting.findChild(DraftDialog), Qt.Key.Key_Escape)
    assert drafting.place == "home" and drafted(drafting).draft is not None
    qtbot.waitUntil(lambda: drafting.findChild(DraftDialog) is None)
    press(qtbot, drafting, "go_wizard")
    qtbot.keyClick(drafting.findChild(DraftDialog).go_on, Qt.Key.Key_Return)
    assert drafting.place == "wizard" and drafted(drafting).num_begun == 1


def test_another_theme_or_session_keeps_it(
    qtbot: QtBot, drafting: MainWindow, book: StubBook, preferences: Preferences
) -> None:
    preferences.theme = "dark"
    qtbot.waitUntil(lambda: drafting.findChild(DraftBanner).isVisible())
    assert drafting.draft.waiting() == ("tickets.csv", 1)
    drafting.close()
    again = MainWindow(book, preferences, {**STUBS, "wizard": lambda _: DraftingPage()})
    qtbot.addWidget(again)
    assert again.draft.waiting() == ("tickets.csv", 1)
    again.go("wizard")
    assert drafted(again).draft == ("tickets.csv", 1)


def test_a_run_that_began_is_no_draft_any_more_but_one_that_could_not_is(
    qtbot: QtBot, book: StubBook, preferences: Preferences
) -> None:
    window = MainWindow(book, preferences, {**STUBS, "wizard": MAKERS["wizard"]})
    qtbot.addWidget(window, before_close_func=lambda _: setattr(book, "training", None))
    window.beginning.begin_wizard()
    page = window.page("wizard")
    assert isinstance(page, WizardPage) and window.draft.waiting() is None, "nothing was chosen yet"
    config = page.draft().config
    page.restore({**page.state(), "draft": replace(page.draft(), name="mine"), "step": 0})
    assert window.draft.waiting() == ("mine", 0)
    book.training = tmp_run(book)
    page.confirmed.emit(config, "mine")
    assert window.draft.waiting() == ("mine", 0), "another run trains"
    book.training = None
    page.confirmed.emit(config, "mine")
    assert window.draft.waiting() is None and preferences.draft == ""


def tmp_run(book: StubBook) -> Path:
    return Run.create(recipe("quick-look").config, book.folder, "first").path


def test_a_draft_comes_back_from_its_text() -> None:
    draft = with_reading(with_source(new_draft(), "file", "/data/a.csv"), Reading(encoding="cp1254"))
    draft = replace(draft, name="mine", open_roles=frozenset({"label"}), is_kind_chosen=True, num_sources=0)
    assert from_text(to_text(draft, 2, "mine")) == (draft, 2)


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", '{"waiting": [1, 2]}', '{"waiting": ["a", 9]}', '{"config": 3}']
)
def test_a_text_that_is_no_draft_is_none(text: str) -> None:
    assert kept_draft(text) == {} and from_text(text) is None
