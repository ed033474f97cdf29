"""The window: where it goes, what it asks before closing, what stays when language or theme changes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QAbstractButton, QApplication, QFileDialog, QLabel, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from engine.commands import Command, Stop
from engine.config.run import RunConfig
from engine.errors import InputError, RunFailure
from engine.messages import message
from engine.runs.run import Run
from studio import theme
from studio.app import make_app
from studio.main_window import MainWindow
from studio.main_window.closing import CloseDialog
from studio.main_window.device_line import DeviceLine, read_device
from studio.main_window.makers import MAKERS
from studio.main_window.run_list import RunList
from studio.main_window.side_bar import RAIL, WIDE, SideBar
from studio.main_window.top_bar import TopBar
from studio.preferences import Preferences
from studio.theme import is_dark
from studio.translation import language
from studio.widgets import ErrorBanner, SearchField, SegmentedControl
from studio.workers.run_book import RunBook
from tests.studio.made_runs import make_run

pytestmark = pytest.mark.usefixtures("look")


class StubBook(RunBook):
    """The real book of runs on disk; a started run is only made, and trains until the test says that it ended."""

    def __init__(self, folder: Path) -> None:
        self.training: Path | None = None
        self.sent: list[Command] = []
        super().__init__(folder)

    @property
    def active(self) -> Path | None:
        return self.training

    def start(self, config: RunConfig, name: str | None = None) -> Path:
        if self.training is not None:
            raise InputError(message("Another run is training."), "Tickets", message("Wait until it is done."))
        path = Run.create(config, self.folder, name).path
        self.begin(path)
        return path

    def resume(self, path: Path) -> None:
        self.begin(path)

    def begin(self, path: Path) -> None:
        self.training = path
        self.entry(path).state = "running"
        self.changed.emit()

    def end(self, state: str = "stopped") -> None:
        assert self.training is not None
        self.entry(self.training).state = state
        self.training = None
        self.changed.emit()

    def send(self, command: Command) -> None:
        self.sent.append(command)


class StubPage(QWidget):
    """A page that only remembers what it was told."""

    confirmed = Signal(object, str)

    def __init__(self) -> None:
        super().__init__()
        self.shown: Any = None
        self.begun: Any = None
        self.typed = ""
        QVBoxLayout(self)

    def show_run(self, path: Path) -> None:
        self.shown = path

    def begin(self, config: object, file: object, goal: str) -> None:
        self.begun, self.goal = (config, file), goal

    def state(self) -> dict[str, Any]:
        return {"typed": self.typed, "begun": self.begun}

    def restore(self, state: dict[str, Any]) -> None:
        self.typed, self.begun = state["typed"], state["begun"]


def stub_wizard(window: MainWindow) -> QWidget:
    page = StubPage()
    page.confirmed.connect(window.beginning.start)
    return page


STUBS = {**MAKERS, "wizard": stub_wizard, "training": lambda _: StubPage(), "attention": lambda _: StubPage()}
Open = Callable[..., MainWindow]


@pytest.fixture
def book(tmp_path: Path) -> StubBook:
    return StubBook(tmp_path / "runs")


@pytest.fixture
def open_window(qtbot: QtBot, book: StubBook, preferences: Preferences) -> Open:
    def opened(width: int = 1440, height: int = 900) -> MainWindow:
        window = MainWindow(book, preferences, STUBS)
        qtbot.addWidget(window, before_close_func=lambda _: setattr(book, "training", None))
        window.resize(width, height)
        with qtbot.waitActive(window):
            window.show()
            window.activateWindow()
        return window

    return opened


def press(qtbot: QtBot, window: QWidget, name: str) -> None:
    qtbot.mouseClick(window.findChild(QWidget, name), Qt.MouseButton.LeftButton)


def side(window: MainWindow) -> SideBar:
    return window.findChild(SideBar)


def test_opens_at_home(open_window: Open) -> None:
    window = open_window()
    assert window.place == "home"
    assert not window.findChild(TopBar).isVisible()
    assert window.windowTitle() == "Attune"
    assert window.focusWidget() is window.centralWidget(), "no button wears a ring before a key is pressed"


def test_quick_look_is_one_click(qtbot: QtBot, open_window: Open, book: StubBook) -> None:
    window = open_window()
    press(qtbot, window, "quick_look")
    assert book.active is not None
    assert window.place == "training"
    assert window.page("training").shown == book.active
    assert window.findChild(TopBar).name() == "Quick look"
    assert window.findChild(TopBar).pill.text() == "training"
    assert window.windowTitle() == "Quick look · Attune"


def test_no_button_of_a_page_that_opens_takes_the_keyboard(qtbot: QtBot, open_window: Open, book: StubBook) -> None:
    run = make_run(book.folder, "Tickets")
    book.refresh()
    window = open_window()
    window.opening.open_run(run.path, "export")
    for place in ("export", "settings", "compare", "home"):
        window.go(place)
        assert not isinstance(window.focusWidget(), QAbstractButton), place
        qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Tab)
        first = window.focusWidget()
        assert first is not window.centralWidget()
        assert window.page(place).isAncestorOf(first), f"{place}: the first Tab leads into the page"


def test_device_of_the_preferences_trains(open_window: Open, book: StubBook, preferences: Preferences) -> None:
    preferences.device = "cpu"
    window = open_window()
    window.beginning.start_quick_look()
    assert book.entry(book.active).config.training.device == "cpu"


def test_second_start_is_refused_in_words(qtbot: QtBot, open_window: Open, book: StubBook) -> None:
    window = open_window()
    window.beginning.start_quick_look()
    first = book.active
    window.go("home")
    window.beginning.start_quick_look()
    banner = window.findChild(ErrorBanner)
    assert banner.isVisible()
    assert banner.lines()[0] == "Another run is training."
    press(qtbot, window, "error_action")
    assert window.run == first
    assert window.place == "training"
    assert not banner.isVisible()


def test_stages_by_mouse_and_keys(qtbot: QtBot, open_window: Open, book: StubBook) -> None:
    run = make_run(book.folder, "Tickets")
    book.refresh()
    window = open_window()
    window.opening.open_run(run.path)
    press(qtbot, window, "stage_attention")
    assert window.place == "attention"
    assert window.page("attention").shown == run.path
    qtbot.keyClick(window, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    assert window.place == "training"
    qtbot.keyClick(window, Qt.Key.Key_3, Qt.KeyboardModifier.ControlModifier)
    assert window.place == "attention"


def test_keys_lead_everywhere(qtbot: QtBot, open_window: Open) -> None:
    window = open_window()
    control = Qt.KeyboardModifier.ControlModifier
    for key, place in ((Qt.Key.Key_N, "wizard"), (Qt.Key.Key_Comma, "settings"), (Qt.Key.Key_0, "home")):
        qtbot.keyClick(window.centralWidget(), key, control)
        assert window.place == place
    qtbot.keyClick(window, Qt.Key.Key_F, control)
    assert window.findChild(SearchField).isVisible()


def test_stage_keys_without_a_run_do_nothing(qtbot: QtBot, open_window: Open) -> None:
    window = open_window()
    qtbot.keyClick(window, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    assert window.place == "home"


def test_runs_are_found_and_opened(qtbot: QtBot, open_window: Open, book: StubBook) -> None:
    tickets = make_run(book.folder, "Tickets")
    make_run(book.folder, "Reviews")
    book.refresh()
    window = open_window()
    press(qtbot, window, "find_run")
    qtbot.keyClicks(window.findChild(SearchField), "tick")
    runs = window.findChild(RunList)
    assert runs.num_found() == 1
    place = runs.visualRect(runs.model().index(0, 0)).center()
    qtbot.mouseClick(runs.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert window.run == tickets.path
    assert runs.currentIndex().isValid()
    window.go("home")
    assert not runs.currentIndex().isValid()


def test_recipe_and_file_begin_the_wizard(open_window: Open, tmp_path: Path, preferences: Preferences) -> None:
    window = open_window()
    window.beginning.start_recipe("attention")
    config, file = window.page("wizard").begun
    assert (config.title, file) == ("Attention", None)
    table = tmp_path / "reviews.csv"
    table.write_text("text,label\na,b\n", encoding="utf-8")
    window.opening.open_path(table)
    assert window.page("wizard").begun == (None, table)
    window.beginning.begin_wizard(goal="text-gan")
    assert (window.page("wizard").begun, window.page("wizard").goal) == ((None, None), "text-gan")
    assert preferences.last_folder == tmp_path


def test_a_run_folder_opens_the_run(open_window: Open, tmp_path: Path) -> None:
    run = make_run(tmp_path / "elsewhere", "Tickets")
    window = open_window()
    window.opening.open_path(run.path)
    assert (window.run, window.place) == (run.path, "training")


def test_browse_opens_what_was_chosen(open_window: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    window = open_window()
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(tmp_path / "a.csv"), ""))
    window.opening.browse()
    assert window.page("wizard").begun == (None, tmp_path / "a.csv")


def test_wizard_starts_the_run(open_window: Open, book: StubBook) -> None:
    window = open_window()
    window.beginning.begin_wizard()
    window.page("wizard").confirmed.emit(RunConfig(), "Mine")
    assert book.entry(book.active).name == "Mine"
    assert window.place == "training"


def test_interrupted_run_goes_on(qtbot: QtBot, open_window: Open, book: StubBook) -> None:
    run = make_run(book.folder, "Tickets", "interrupted")
    book.refresh()
    window = open_window()
    press(qtbot, window, "resume")
    assert book.active == run.path
    assert window.place == "training"


def test_failures_are_shown_on_every_page(qtbot: QtBot, open_window: Open, book: StubBook) -> None:
    run = make_run(book.folder, "Tickets", "failed")
    book.refresh()
    window = open_window()
    book.failed.emit(run.path, RunFailure(message("The disk is full."), "/runs", message("Free some space.")))
    banner = window.findChild(ErrorBanner)
    assert banner.lines() == ("The disk is full.", "/runs", "Free some space.")
    press(qtbot, window, "error_action")
    assert window.run == run.path


def test_a_folder_without_a_run_says_so(open_window: Open, tmp_path: Path) -> None:
    window = open_window()
    window.opening.open_run(tmp_path)
    assert window.findChild(ErrorBanner).isVisible()
    assert window.place == "home"


# language and theme


def test_language_changes_all_words_and_keeps_the_place(
    qtbot: QtBot, open_window: Open, book: StubBook, preferences: Preferences
) -> None:
    window = open_window()
    window.beginning.start_quick_look()
    training = book.active
    window.beginning.begin_wizard()
    window.page("wizard").typed = "half a sentence"
    press(qtbot, window, "toggle_language")
    qtbot.waitUntil(lambda: language() == "zh")
    assert preferences.language == "zh"
    assert window.place == "wizard"
    assert window.page("wizard").typed == "half a sentence"
    assert book.active == training
    window.go("training")
    assert window.findChild(TopBar).pill.text() == "训练中"
    assert window.page("training").shown == training


def test_theme_changes_and_is_remembered(qtbot: QtBot, open_window: Open, preferences: Preferences) -> None:
    window = open_window()
    before = window.grab().toImage().pixelColor(QPoint(700, 5))
    press(qtbot, window, "toggle_theme")
    qtbot.waitUntil(is_dark)
    assert preferences.theme == "dark"
    assert window.grab().toImage().pixelColor(QPoint(700, 5)) != before


def test_text_size_changes_at_once_and_survives_a_restart(
    qtbot: QtBot, look: QApplication, open_window: Open, book: StubBook, preferences: Preferences, tmp_path: Path
) -> None:
    window = open_window()
    window.go("settings")
    usual = label_sizes(window)
    control = window.findChild(SegmentedControl, "text_size")
    qtbot.mouseClick(control.segment("150"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: label_sizes(window) != usual)
    grown = label_sizes(window)
    assert window.place == "settings"
    assert grown == {words: round(pixels * 1.5) for words, pixels in usual.items()}
    assert look.font().pixelSize() == round(theme.BODY * 1.5), "menus and tooltips too"
    again = Preferences(tmp_path / "studio.ini")
    theme.set_text()
    make_app(again.theme, again.language, again.text_size)
    restarted = MainWindow(book, again, STUBS)
    qtbot.addWidget(restarted)
    restarted.go("settings")
    assert label_sizes(restarted) == grown


def label_sizes(window: MainWindow) -> dict[str, int]:
    """Pixels of every label that the page which is shown has."""
    return {one.text(): one.font().pixelSize() for one in window.page(window.place).findChildren(QLabel)}


@pytest.mark.parametrize("shown", ["light", "dark"])
def test_text_size_leaves_the_theme(
    qtbot: QtBot, look: QApplication, open_window: Open, preferences: Preferences, shown: str
) -> None:
    """Also a theme that was asked for in the command line, for this session."""
    theme.apply_theme(look, shown)
    open_window()
    preferences.text_size = "90"
    qtbot.waitUntil(lambda: look.font().pixelSize() == round(theme.BODY * 0.9))
    assert is_dark() == (shown == "dark")


def test_search_survives_the_change(qtbot: QtBot, open_window: Open, preferences: Preferences) -> None:
    window = open_window()
    press(qtbot, window, "find_run")
    window.findChild(SearchField).setText("tick")
    preferences.theme = "dark"
    qtbot.waitUntil(is_dark)
    assert side(window).search.text() == "tick"
    qtbot.waitUntil(side(window).search.isVisible)


def test_runs_folder_changes_the_list(
    qtbot: QtBot, open_window: Open, preferences: Preferences, tmp_path: Path
) -> None:
    make_run(tmp_path / "others", "Elsewhere", "new")
    window = open_window()
    assert window.findChild(RunList).num_found() == 0
    preferences.runs_folder = tmp_path / "others"
    qtbot.waitUntil(lambda: window.findChild(RunList).num_found() == 1)


# size


@pytest.mark.parametrize(("width", "bar"), [(1440, WIDE), (1024, RAIL)])
def test_side_bar_fits_the_window(open_window: Open, width: int, bar: int) -> None:
    window = open_window(width)
    assert side(window).width() == bar


def test_side_bar_is_wider_with_larger_letters(
    qtbot: QtBot, open_window: Open, book: StubBook, preferences: Preferences
) -> None:
    make_run(book.folder, "Tickets")
    book.refresh()
    window = open_window()
    usual_row = row_height(window)
    preferences.text_size = "150"
    qtbot.waitUntil(lambda: side(window).width() == WIDE * 5 // 4)
    qtbot.waitUntil(lambda: row_height(window) == usual_row * 3 // 2)
    window.resize(1130, 900)
    qtbot.waitUntil(lambda: side(window).width() == RAIL)  # at the usual size there would be room


def row_height(window: MainWindow) -> int:
    runs = window.findChild(RunList)
    return runs.visualRect(runs.model().index(0, 0)).height()


def test_side_bar_folds_by_hand(qtbot: QtBot, open_window: Open) -> None:
    window = open_window()
    press(qtbot, window, "fold")
    assert side(window).width() == RAIL
    press(qtbot, window, "fold")
    assert side(window).width() == WIDE


def test_geometry_is_remembered(qtbot: QtBot, open_window: Open, preferences: Preferences) -> None:
    window = open_window(1100, 720)
    window.close()
    assert not preferences.geometry.isEmpty()
    again = open_window(1100, 720)
    assert again.restoreGeometry(preferences.geometry)


# closing


def test_closes_at_once_when_nothing_trains(open_window: Open) -> None:
    window = open_window()
    assert window.close()


def test_closing_asks_while_a_run_trains(qtbot: QtBot, open_window: Open, book: StubBook) -> None:
    window = open_window()
    window.beginning.start_quick_look()
    assert not window.close()
    dialog = window.findChild(CloseDialog)
    assert dialog.isVisible()
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert window.isVisible()
    assert book.active is not None
    assert book.sent == []


def test_stay_has_the_keyboard(qtbot: QtBot, open_window: Open) -> None:
    window = open_window()
    window.beginning.start_quick_look()
    window.close()
    dialog = window.findChild(CloseDialog)
    assert dialog.focusWidget() is dialog.stay
    qtbot.keyClick(dialog.stay, Qt.Key.Key_Return)
    assert window.isVisible()


def test_stop_and_keep_waits_for_the_checkpoint(qtbot: QtBot, open_window: Open, book: StubBook) -> None:
    window = open_window()
    window.beginning.start_quick_look()
    window.close()
    dialog = window.findChild(CloseDialog)
    qtbot.mouseClick(dialog.stop, Qt.MouseButton.LeftButton)
    assert book.sent == [Stop()]
    assert window.isVisible(), "the window waits until the run has ended"
    book.end()
    qtbot.waitUntil(lambda: not window.isVisible())


def test_run_that_ends_by_itself_takes_the_question_away(open_window: Open, book: StubBook) -> None:
    window = open_window()
    window.beginning.start_quick_look()
    window.close()
    book.end("finished")
    assert window.isVisible()
    assert window.close()


# what computes


def test_device_line_says_name_and_memory(open_window: Open) -> None:
    line = open_window().findChild(DeviceLine)
    assert " of " in line.memory_words()
    assert line.device.name in line.accessibleName()


def test_processor_is_read_when_wanted() -> None:
    device = read_device("cpu")
    assert device.name.startswith("CPU")
    assert 0 < device.used <= device.total
