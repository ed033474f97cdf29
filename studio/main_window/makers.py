"""How each page is made and wired to the window. A page's room is entered when the page is first shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from studio.main_window.window import MainWindow

Maker = Callable[["MainWindow"], QWidget]


def _home(window: MainWindow) -> QWidget:
    from studio.pages.home import HomePage

    page = HomePage(window.book)
    page.quick_look_requested.connect(window.start_quick_look)
    page.new_run_requested.connect(lambda _goal: window.begin_wizard())
    page.recipe_chosen.connect(window.start_recipe)
    page.file_chosen.connect(window.open_path)
    page.browse_requested.connect(window.browse)
    page.run_opened.connect(window.open_run)
    page.resume_requested.connect(window.resume)
    return page


def _wizard(window: MainWindow) -> QWidget:
    from studio.pages.wizard.page import WizardPage

    page = WizardPage(window.preferences)
    page.confirmed.connect(window.start)
    page.cancelled.connect(lambda: window.go("home"))
    return page


def _training(window: MainWindow) -> QWidget:
    from studio.pages.training import TrainingPage

    page = TrainingPage(window.book)
    page.attention_requested.connect(lambda path: window.open_run(path, "attention"))
    return page


def _attention(window: MainWindow) -> QWidget:
    from studio.pages.attention import AttentionPage

    return AttentionPage(window.book)


def _settings(window: MainWindow) -> QWidget:
    from studio.pages.settings import SettingsPage

    return SettingsPage(window.preferences)


MAKERS: Mapping[str, Maker] = {
    "home": _home,
    "wizard": _wizard,
    "training": _training,
    "attention": _attention,
    "settings": _settings,
}
