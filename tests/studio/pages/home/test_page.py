"""Home: each card says what the person wants; runs can be opened, an interrupted one goes on."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTableView, QWidget
from pytestqt.qtbot import QtBot

from studio.pages.home import HomePage
from studio.pages.home.banners import ResumeBanner
from studio.pages.home.picture import Picture
from studio.pages.home.sample import example, from_history
from studio.recipes import recipes
from studio.tasks.registry import VIEWS
from studio.translation import set_language
from studio.widgets import ActionCard, EmptyState
from studio.widgets.segmented_control import SegmentedControl
from studio.workers.run_book import RunBook
from tests.studio.desk import drop
from tests.studio.made_runs import make_run

pytestmark = pytest.mark.usefixtures("look")


@pytest.fixture
def book(tmp_path: Path) -> RunBook:
    return RunBook(tmp_path / "runs")


def opened(qtbot: QtBot, book: RunBook, size: tuple[int, int] = (1192, 900)) -> HomePage:
    page = HomePage(book)
    qtbot.addWidget(page)
    page.resize(*size)
    with qtbot.waitExposed(page):
        page.show()
    return page


def press(qtbot: QtBot, page: QWidget, name: str) -> None:
    qtbot.mouseClick(page.findChild(QWidget, name), Qt.MouseButton.LeftButton)


@pytest.mark.slow
def test_one_click_asks_for_the_quick_look(qtbot: QtBot, book: RunBook) -> None:
    page = opened(qtbot, book)
    with qtbot.waitSignal(page.quick_look_requested):
        press(qtbot, page, "quick_look")


@pytest.mark.parametrize("goal", ["classification", "text-gan"])
def test_goal_begins_a_run(qtbot: QtBot, book: RunBook, goal: str) -> None:
    page = opened(qtbot, book)
    with qtbot.waitSignal(page.new_run_requested) as told:
        press(qtbot, page, f"goal_{goal}")
    assert told.args == [goal]


def test_every_recipe_is_a_card(qtbot: QtBot, book: RunBook) -> None:
    page = opened(qtbot, book)
    offered = [one.key for one in recipes() if one.key != "quick-look" and one.config.task.name in VIEWS]
    for key in offered:
        with qtbot.waitSignal(page.recipe_chosen) as told:
            press(qtbot, page, f"recipe_{key}")
        assert told.args == [key]


def test_recipes_of_one_goal_can_be_chosen(qtbot: QtBot, book: RunBook) -> None:
    page = opened(qtbot, book)
    goals = page.findChild(SegmentedControl, "recipeGoals")
    goals.segment("text-gan").click()
    seen = {one.objectName() for one in page.findChildren(ActionCard) if one.isVisible()}
    assert "recipe_text-gan" in seen and "recipe_attention" not in seen and "goal_classification" in seen
    goals.segment("all").click()
    assert page.findChild(ActionCard, "recipe_attention").isVisible()


@pytest.mark.parametrize("name", ["open_file", "file_card"])
def test_a_file_can_be_looked_for(qtbot: QtBot, book: RunBook, name: str) -> None:
    page = opened(qtbot, book)
    with qtbot.waitSignal(page.browse_requested):
        press(qtbot, page, name)


def test_a_file_can_be_dropped(qtbot: QtBot, book: RunBook, tmp_path: Path) -> None:
    page = opened(qtbot, book)
    with qtbot.waitSignal(page.files_chosen) as told:
        drop(page, tmp_path / "reviews.csv")
    assert told.args == [(tmp_path / "reviews.csv",)]


def test_empty_home_explains_itself(qtbot: QtBot, book: RunBook) -> None:
    page = opened(qtbot, book)
    assert page.findChild(EmptyState).isVisible()
    assert not page.findChild(QTableView, "recent_runs").isVisible()
    picture = page.findChild(Picture)
    assert picture.sample.is_example


def test_runs_are_opened_by_mouse_and_by_enter(qtbot: QtBot, book: RunBook) -> None:
    run = make_run(book.folder, "Tickets")
    book.refresh()
    page = opened(qtbot, book)
    table = page.findChild(QTableView, "recent_runs")
    index = table.model().index(0, 0)
    with qtbot.waitSignal(page.run_opened) as told:
        qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=table.visualRect(index).center())
    assert told.args == [run.path]
    table.setCurrentIndex(index)
    with qtbot.waitSignal(page.run_opened):
        qtbot.keyClick(table, Qt.Key.Key_Return)


def test_interrupted_run_goes_on(qtbot: QtBot, book: RunBook) -> None:
    run = make_run(book.folder, "Tickets", "interrupted")
    book.refresh()
    page = opened(qtbot, book)
    banner = page.findChild(ResumeBanner)
    assert banner.isVisible()
    assert banner.what() == "“Tickets” was interrupted"
    with qtbot.waitSignal(page.resume_requested) as told:
        press(qtbot, page, "resume")
    assert told.args == [run.path]


def test_banner_goes_when_the_run_goes_on(qtbot: QtBot, book: RunBook) -> None:
    run = make_run(book.folder, "Tickets", "interrupted")
    book.refresh()
    page = opened(qtbot, book)
    book.entry(run.path).state = "running"
    book.changed.emit()
    qtbot.waitUntil(lambda: not page.findChild(ResumeBanner).isVisible())


def test_hero_draws_the_latest_quick_look(qtbot: QtBot, book: RunBook) -> None:
    make_run(book.folder, "Quick look")
    book.refresh()
    page = opened(qtbot, book)
    picture = page.findChild(Picture)
    qtbot.waitUntil(lambda: not picture.sample.is_example)
    assert picture.sample.label == "negative"
    assert "not" in picture.sample.words
    assert "[CLS]" not in picture.sample.words
    assert picture.sample.baseline == pytest.approx(0.81)


def test_sample_needs_a_curve_and_a_probe(book: RunBook) -> None:
    run = make_run(book.folder, "Quick look", "new")
    assert from_history(book.entry(run.path).history) is None


def test_example_shows_no_numbers() -> None:
    sample = example()
    assert sample.is_example
    assert len(sample.words) == len(sample.weights)
    set_language("zh")
    assert len(example().words) == len(example().weights)


def test_newcomers_see_recipes_first_and_others_their_runs(qtbot: QtBot, book: RunBook) -> None:
    page = opened(qtbot, book)

    def heights() -> tuple[int, int]:
        card, table = page.findChild(QWidget, "recipe_attention"), page.findChild(QTableView, "recent_runs")
        return card.mapTo(page, card.pos() * 0).y(), table.parentWidget().mapTo(page, table.pos() * 0).y()

    assert heights()[0] < heights()[1]
    make_run(book.folder, "Tickets")
    book.refresh()
    qtbot.waitUntil(lambda: heights()[0] > heights()[1])


@pytest.mark.parametrize("size", [(1192, 900), (968, 700), (632, 560)])
def test_nothing_is_wider_than_the_page(qtbot: QtBot, book: RunBook, size: tuple[int, int]) -> None:
    make_run(book.folder, "A very long name for a run that nobody would ever type by hand")
    book.refresh()
    page = opened(qtbot, book, size)
    content = page.findChild(QWidget, "scrolled")
    assert content.width() <= page.width()
    assert content.minimumSizeHint().width() <= page.width()


def test_place_in_the_page_is_kept(qtbot: QtBot, book: RunBook) -> None:
    page = opened(qtbot, book, (968, 500))
    page.restore({"scroll": 120})
    assert page.state() == {"scroll": 120}
