"""The dialog before a search, and a real one through the window: begun, watched, stopped, gone on with, used."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from engine.config.run import RunConfig
from engine.config.search import PRECISION_AT_RECALL, Budget, Goal, Range, SearchPlan
from engine.runs.study import Study
from studio.main_window import MainWindow
from studio.main_window.search_dialog import SearchDialog
from studio.pages.search import SearchPage
from studio.pages.search.trials_card import TrialsCard
from studio.pages.wizard.page import WizardPage
from studio.preferences import Preferences
from studio.widgets import SegmentedControl
from studio.workers.run_book import RunBook
from tests.engine.training.conftest import TINY
from tests.studio.made_runs import make_run

pytestmark = pytest.mark.usefixtures("look")


@pytest.fixture
def dialog(qtbot: QtBot) -> SearchDialog:
    made = SearchDialog("Tickets", RunConfig(), 40.0)
    qtbot.addWidget(made)
    made.show()
    return made


def field(dialog: SearchDialog, name: str) -> QLineEdit:
    found = dialog.findChild(QLineEdit, name)
    assert found is not None
    return found


def says(dialog: SearchDialog, name: str) -> str:
    found = dialog.findChild(QLabel, name)
    assert found is not None
    return found.text()


def choose(dialog: SearchDialog, name: str, key: str) -> None:
    box = dialog.findChild(QComboBox, name)
    assert box is not None and box.findData(key) >= 0, key
    box.setCurrentIndex(box.findData(key))


def minutes(dialog: SearchDialog, key: str) -> None:
    control = dialog.findChild(SegmentedControl, "search_minutes")
    assert control is not None
    control.set_current(key)
    control.changed.emit(key)


def press(dialog: SearchDialog, qtbot: QtBot) -> None:
    qtbot.mouseClick(dialog.start, Qt.MouseButton.LeftButton)


def test_it_begins_with_usual_ranges_and_twenty_minutes(dialog: SearchDialog, qtbot: QtBot) -> None:
    assert "about 21 whole trials" in says(dialog, "search_cost")
    with qtbot.waitSignal(dialog.confirmed) as told:
        press(dialog, qtbot)
    plan: SearchPlan = told.args[0]
    assert plan.goals == (Goal(metric="f1"),) and plan.prunes and plan.budget.minutes == 20
    assert {one.path for one in plan.ranges} >= {"training.optimizer.learning_rate", "model.dropout"}


def test_precision_from_a_recall_on_asks_for_it(dialog: SearchDialog, qtbot: QtBot) -> None:
    assert not field(dialog, "first_floor").isVisible()
    choose(dialog, "first_goal", PRECISION_AT_RECALL)
    assert field(dialog, "first_floor").isVisible()
    field(dialog, "first_floor").setText("90")
    with qtbot.waitSignal(dialog.confirmed) as told:
        press(dialog, qtbot)
    assert told.args[0].goals == (Goal(metric="precision", recall_floor=0.9),)


def test_two_goals_stop_no_trial_early(dialog: SearchDialog, qtbot: QtBot) -> None:
    choose(dialog, "first_goal", "precision")
    choose(dialog, "second_goal", "recall")
    assert "no trial is stopped early" in says(dialog, "search_cost")
    with qtbot.waitSignal(dialog.confirmed) as told:
        press(dialog, qtbot)
    assert [one.metric for one in told.args[0].goals] == ["precision", "recall"] and not told.args[0].prunes


@pytest.mark.parametrize(("typed", "said"), [("0", "no number above 0"), ("soon", "no number above 0"), ("", "no end")])
def test_a_budget_that_allows_nothing_is_refused_in_words(
    dialog: SearchDialog, qtbot: QtBot, typed: str, said: str
) -> None:
    minutes(dialog, "own")
    field(dialog, "own_minutes").setText(typed)
    told: list[object] = []
    dialog.confirmed.connect(told.append)
    press(dialog, qtbot)
    assert not told and said in says(dialog, "search_trouble") and dialog.isVisible()
    field(dialog, "search_trials").setText("3")
    field(dialog, "own_minutes").setText("")
    press(dialog, qtbot)
    assert told[0].budget == Budget(minutes=None, trials=3)


def test_the_same_goal_twice_is_refused(dialog: SearchDialog, qtbot: QtBot) -> None:
    choose(dialog, "second_goal", "f1")
    press(dialog, qtbot)
    assert says(dialog, "search_trouble") and dialog.isVisible()


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path, preferences: Preferences) -> Iterator[MainWindow]:
    made = MainWindow(RunBook(tmp_path / "runs"), preferences)
    qtbot.addWidget(made)
    made.resize(1440, 900)
    made.show()
    yield made
    made.book.stop_and_wait()


def test_a_run_and_its_line_in_the_list_lead_to_it(qtbot: QtBot, window: MainWindow) -> None:
    run = make_run(window.book.folder, "Tickets")
    window.book.refresh()
    window.opening.open_run(run.path)
    button = window.findChild(QAbstractButton, "next_settings")
    assert button is not None and button.isVisible()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    dialog = window.findChild(SearchDialog)
    assert dialog is not None and "“Tickets” is trained again" in " ".join(
        one.text() for one in dialog.findChildren(QLabel)
    )
    dialog.reject()


def test_word_counting_is_trained_on_the_same_data(qtbot: QtBot, window: MainWindow) -> None:
    config = RunConfig().with_values({"data.train": "tickets.csv"})
    window.beginning.begin_counting(config)
    assert window.place == "wizard"
    page = window.findChild(WizardPage)
    assert page is not None
    told = str(page.state())
    assert "tickets.csv" in told and "word-counting" in told


@pytest.mark.slow
def test_a_real_search_through_the_window(qtbot: QtBot, window: MainWindow) -> None:
    """Four trials of a tiny model: stopped in the second, gone on with, its best model opened."""
    config = RunConfig().with_values(TINY).with_values({"training.max_steps": 8, "training.evaluate_every": 4})
    ranges = (Range(path="training.optimizer.learning_rate", low=1e-4, high=3e-2, log=True),)
    plan = SearchPlan(ranges=ranges, budget=Budget(trials=4, seeds=2, finalists=2))
    path = window.book.start_search(config, plan, "Tiny")
    window.opening.open_run(path)
    page = window.findChild(SearchPage)
    assert page is not None and window.place == "search"
    card = page.findChild(TrialsCard)
    assert card is not None
    qtbot.waitUntil(lambda: len(card.rows()) >= 2, timeout=120_000)
    qtbot.mouseClick(page.findChild(QAbstractButton, "stop_search"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.book.active is None, timeout=120_000)
    assert Study.open(path).state == "stopped"
    go_on = page.findChild(QAbstractButton, "go_on_search")
    assert go_on is not None
    qtbot.waitUntil(go_on.isVisible, timeout=5000)
    qtbot.mouseClick(go_on, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.book.active is None, timeout=200_000)
    qtbot.waitUntil(lambda: page.findChild(QAbstractButton, "use_model").isVisible(), timeout=5000)
    assert Study.open(path).state == "finished" and len(card.rows()) == 4
    assert all(one.shape in ("done", "best", "pruned") for one in card.rows())
    qtbot.mouseClick(page.findChild(QAbstractButton, "use_model"), Qt.MouseButton.LeftButton)
    assert window.place == "training" and window.run is not None and window.run.parent == path
