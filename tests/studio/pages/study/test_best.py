"""The best model in the window: its dialog, the study's page with the advice, and the way to the model."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from engine import verbs
from engine.messages import message
from engine.runs.study import Study, Variant
from engine.studies.ablation import run_ablation
from engine.studies.best import create_best
from engine.studies.best_words import keep_plan
from engine.studies.candidates import CANDIDATES, COUNTING
from engine.studies.table import study_report
from studio.main_window.best_dialog import BestDialog
from studio.pages.study import StudyPage
from studio.pages.study.findings_card import FindingsCard
from studio.pages.study.settings_card import SettingsCard
from studio.pages.study.table_card import TableCard
from studio.pages.wizard.review import ReviewStep
from studio.recipes import recipe
from studio.widgets.run_summary import summarize
from studio.workers.run_book import RunBook
from tests.engine.studies.pretended import pretend
from tests.engine.studies.test_ablation import follow
from tests.engine.studies.test_best import verdict
from tests.engine.training.conftest import TINY
from tests.studio.desk import Desk

pytestmark = pytest.mark.usefixtures("look")


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    """Word counting, and a network that is ahead by more than chance; an encoder was left out."""
    base = verbs.load_config("attention", dict(TINY))
    made = create_best(base, verbs.recipes(), 5, tmp_path_factory.mktemp("runs"), name="Tickets")
    made.add(Variant(COUNTING, message("Word counting"), base))
    made.add(Variant("network", message("Your network"), base))
    study = Study.open(made.path)
    follow(run_ablation(study, pretend(study)))
    title, why = message("Pretrained encoder"), message("“{path}” has no range.", path="x")
    left = {"name": "encoder", "title": title.to_json(), "why": why.to_json()}
    keep_plan(study, {"verdict": verdict("network", 0.03, 0.01), "left_out": [left]})
    study.keep(study_report(study))
    return study


@pytest.fixture
def desk(qtbot: QtBot, study: Study) -> Desk[StudyPage]:
    desk: Desk[StudyPage] = Desk(qtbot, lambda _verb, one: study_report(one))
    desk.put(StudyPage(RunBook(study.path.parent), desk.make_worker), (1100, 900))
    desk.page.show_run(study.path)
    return desk


def test_it_says_which_model_to_take_and_what_was_left_out(desk: Desk[StudyPage]) -> None:
    said = desk.part(FindingsCard).text().splitlines()
    assert "Your network" in said[0] and "+3.0 points" in said[0] and "Pretrained encoder" in said[1]
    assert not desk.page.findChildren(SettingsCard), "different models have settings of their own"


def test_the_table_has_a_row_a_candidate(desk: Desk[StudyPage]) -> None:
    shown = [label.text() for label in desk.part(TableCard).findChildren(QLabel)]
    assert {"Candidates", "Candidate", "Word counting", "Your network"} <= set(shown)


def test_the_advised_model_opens(desk: Desk[StudyPage], qtbot: QtBot, study: Study) -> None:
    use = desk.find("use_best", QAbstractButton)
    assert use.isVisible()
    with qtbot.waitSignal(desk.page.run_chosen) as opened:
        use.click()
    assert opened.args == [study.path / "network-seed0"]


def test_it_stands_in_the_list_of_runs(study: Study) -> None:
    assert "2 runs" in summarize(RunBook(study.path.parent).entry(study.path)).words


def test_the_dialog_gives_minutes_and_an_encoder(qtbot: QtBot) -> None:
    dialog = BestDialog(lambda: None)
    qtbot.addWidget(dialog)
    told = dialog.findChild(QLabel, "best_candidates")
    before = told.text()
    dialog.findChild(QLineEdit, "best_encoder").setText(" some/encoder ")
    assert told.text() != before
    dialog.minutes.set_current("20")
    with qtbot.waitSignal(dialog.confirmed) as begun:
        dialog.findChild(QAbstractButton, "start_best").click()
    assert begun.args == [20.0, "some/encoder"]


def test_the_book_begins_it(qtbot: QtBot, tmp_path: Path) -> None:
    book = RunBook(tmp_path)
    offered = {key: recipe(key).config for key in CANDIDATES}
    path = book.start_best(offered["attention"].with_values(dict(TINY)), offered, 1, name="Letters")
    try:
        entry = book.entry(path)
        assert entry.name == "Letters"
        assert entry.study is not None and entry.study.kind == "best" and book.active == path
    finally:
        book.stop_and_wait()


def test_the_wizard_offers_it_where_labels_are_given(qtbot: QtBot) -> None:
    step = ReviewStep()
    qtbot.addWidget(step)
    with qtbot.waitSignal(step.best_wished):
        step.findChild(QAbstractButton, "find_best").click()
