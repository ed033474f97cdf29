"""The Evaluation page on the screen: what is measured, the target, what is saved, what goes wrong."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QDoubleSpinBox,
    QFileDialog,
    QMenu,
    QTableView,
    QTableWidget,
)
from pytestqt.qtbot import QtBot

from engine.config.run import RunConfig
from engine.metrics.decision_rules import ABSTAINED, decided
from engine.records import UNDECIDED, Answers, Decision
from engine.runs.decision import read_decision, save_decision
from engine.targets import Decided
from engine.targets.one_label import OneLabel
from studio.pages.evaluation import EvaluationPage
from studio.pages.evaluation.details_place import TextsPlace
from studio.pages.evaluation.draft import Draft, Subject
from studio.pages.evaluation.figures_row import FiguresRow
from studio.pages.evaluation.labels_card import LabelsCard
from studio.pages.evaluation.matrix_card import MatrixCard
from studio.plots.charts.precision_recall import PrecisionPlot
from studio.plots.confusion.confusion_matrix import ConfusionMatrix
from studio.tables.column_model import ROW
from studio.translation import set_language
from studio.widgets.drop_area import DropCover
from studio.workers.run_book import RunBook
from tests.studio.desk import SMALL, Desk, drag_over, drop
from tests.studio.pages.evaluation.desk import (
    THREE,
    EvaluationDesk,
    StandInTexts,
    made_answers,
    made_calibration,
    made_counted,
    made_measures,
    made_promise,
    made_run,
    refused_promise,
)

pytestmark = pytest.mark.usefixtures("look")


@pytest.fixture
def answers() -> Answers:
    return made_answers()


@pytest.fixture
def desk(qtbot: QtBot, tmp_path: Path, answers: Answers) -> EvaluationDesk:
    """It shows 600 kept test answers; figures, word counting and calibration have been asked for."""
    desk = EvaluationDesk(qtbot, tmp_path, answers)
    desk.wait_asked("measure")
    return desk


def saved(desk: EvaluationDesk) -> Decision:
    assert desk.run is not None
    return read_decision(desk.run.path / "checkpoints" / "step-40")


# -- what is measured --------------------------------------------------------------------------------------------------


def test_kept_answers_are_shown_at_once(qtbot: QtBot, tmp_path: Path, answers: Answers) -> None:
    desk = EvaluationDesk(qtbot, tmp_path, answers)
    assert desk.num_asked("examine") == 0, "nothing is asked that is kept"
    assert desk.said.startswith("Precision ") and "on 600 texts it never saw" in desk.said
    assert "is its weak spot" in desk.said
    assert list(desk.decided.answers.texts) == answers.texts and desk.tried == UNDECIDED
    for question in ("measure", "counted", "calibrate"):
        desk.wait_asked(question)
    assert desk.worker("measure").asked[0].options == {"source": None, "split": "test", "checkpoint": "step-40"}
    desk.page.grab()


def test_others_are_asked_for_with_progress_and_stop(qtbot: QtBot, tmp_path: Path, answers: Answers) -> None:
    desk = EvaluationDesk(qtbot, tmp_path, None)
    asked = desk.worker("examine").asked[-1]
    assert asked.options == {"source": None, "split": "test", "checkpoint": "step-40"}
    assert desk.is_shown("measuredTrack") and desk.is_shown("stopMeasuring") and desk.is_shown("notMeasured")
    desk.worker("examine").tell(150, 600)
    assert desk.says("measuredLeft").startswith("25 %, ")
    desk.press("stopMeasuring")
    assert desk.worker("examine").num_stops == 1 and not desk.is_shown("measuredTrack")
    desk.press("measureNow")
    desk.worker("examine").answer(answers)
    assert desk.said.startswith("Precision ") and not desk.is_shown("notMeasured")


def test_another_split_that_fails_leaves_what_was_shown(desk: EvaluationDesk) -> None:
    before = desk.said
    desk.press("segment_validation")
    assert desk.worker("examine").asked[-1].options["split"] == "validation"
    desk.worker("examine").fail("The file is gone.")
    assert "The file is gone." in desk.banner.lines() and desk.said == before
    assert desk.find("segment_test", QAbstractButton).isChecked(), "the bar says what is shown"


def test_a_file_is_dropped_anywhere(desk: EvaluationDesk, tmp_path: Path) -> None:
    file = tmp_path / "mails.csv"
    file.write_text("text,label\na,spam\n", encoding="utf-8")
    assert drag_over(desk.page, file) and desk.part(DropCover).isVisible()
    drop(desk.page, file)
    assert not desk.part(DropCover).isVisible()
    assert desk.worker("examine").asked[-1].options == {"source": str(file), "checkpoint": "step-40"}
    desk.worker("examine").answer(made_answers(num=80, split="data", source=str(file)))
    assert "on 80 texts of mails.csv" in desk.said
    assert desk.find("segment_data", QAbstractButton).isChecked()
    desk.press("segment_test")
    assert "600 texts it never saw" in desk.said, "back at once, as it is kept"
    desk.press("segment_data")
    assert desk.worker("examine").asked[-1].options["source"] == str(file)


@pytest.mark.parametrize("name", ["folder", "settings.yaml"])
def test_runs_and_settings_are_left_to_the_window(desk: EvaluationDesk, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    if "." in name:
        path.write_text("a: 1", encoding="utf-8")
    else:
        path.mkdir()
    assert not drag_over(desk.page, path)


def test_a_file_without_labels_shows_answers_alone(desk: EvaluationDesk) -> None:
    desk.page.measure_file(Path("/data/mails.csv"))
    bare = made_answers(THREE, num=50, labelled=False, split="data", source="/data/mails.csv")
    desk.worker("examine").answer(bare)
    assert "has no labels" in desk.said and "50 texts of mails.csv" in desk.said
    for name in ("precisionCard", "calibrationCard", "matrixCard", "saveDecision", "report", "allFigures"):
        assert not desk.is_shown(name), name
    assert desk.page.findChild(LabelsCard).isVisible()
    desk.page.grab()


def test_a_run_without_a_checkpoint_offers_the_training(qtbot: QtBot, tmp_path: Path) -> None:
    run = made_run(tmp_path, None)
    shutil.rmtree(run.path / "checkpoints" / "step-40")
    (run.path / "checkpoints.json").unlink()
    desk = EvaluationDesk(qtbot, tmp_path, run=run)
    assert desk.is_shown("noCheckpoint") and not desk.is_shown("anotherFile")
    with qtbot.waitSignal(desk.page.training_requested) as signal:
        desk.press("empty_action")
    assert signal.args == [run.path]


def test_an_opened_model_needs_a_file(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = tmp_path / "tiny"
    model.mkdir()
    (model / "config.json").write_text('{"model_type": "bert"}', encoding="utf-8")
    desk = EvaluationDesk(qtbot, tmp_path, path=model, state="model")
    assert desk.is_shown("dropLabelled") and not desk.is_shown("anotherFile")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: ("/data/mails.csv", ""))
    desk.press("browse")
    assert desk.worker("examine").asked[-1].options == {"source": "/data/mails.csv", "checkpoint": "best"}
    desk.worker("examine").answer(made_answers(split="data", source="/data/mails.csv", checkpoint=""))
    desk.wait_asked("measure")
    assert desk.num_asked("counted") == desk.num_asked("calibrate") == 0, "only a run has training texts"
    assert not desk.is_shown("findThreshold") and not desk.is_shown("saveDecision")
    assert desk.is_shown("precisionPlot")


def test_while_the_window_trains_nothing_is_asked_by_itself(qtbot: QtBot, tmp_path: Path) -> None:
    desk = EvaluationDesk(qtbot, tmp_path, None, state="running")
    assert desk.num_asked("examine") == 0 and desk.is_shown("measureNow")
    desk.press("measureNow")
    assert desk.num_asked("examine") == 1


def test_a_newer_checkpoint_is_offered(desk: EvaluationDesk, answers: Answers) -> None:
    assert desk.run is not None and not desk.is_shown("measureNow")
    newer = desk.run.path / "checkpoints" / "step-80"
    (desk.run.path / "checkpoints" / "step-40").rename(newer)
    (desk.run.path / "checkpoints.json").write_text('{"best": "step-80"}', encoding="utf-8")
    desk.book.advanced.emit(desk.path)
    assert desk.is_shown("measureNow") and "600 texts" in desk.said
    desk.press("measureNow")
    assert desk.worker("examine").asked[-1].options["checkpoint"] == "step-80"


# -- how good ----------------------------------------------------------------------------------------------------------


def test_tiles_with_intervals_and_what_to_compare_with(desk: EvaluationDesk, answers: Answers) -> None:
    tile = desk.part(FiguresRow).tile("accuracy")
    assert "Wilson" in tile.toolTip() and "word counting" not in tile.accessibleDescription()
    measures = made_measures(answers)
    desk.worker("measure").answer(measures)
    assert "word counting 88.0 · majority 50.0" in tile.accessibleDescription()
    f1 = desk.part(FiguresRow).tile("f1")
    assert f"{100 * measures.figures['f1'].low:.1f} to" in f1.accessibleName() and "bootstrap" in f1.toolTip()
    desk.drag(0.97)
    assert " to " not in f1.accessibleName(), "the interval was of another threshold"


def test_all_figures_unfold(desk: EvaluationDesk, answers: Answers) -> None:
    assert not desk.is_shown("allFiguresCard")
    desk.worker("measure").answer(made_measures(answers))
    desk.press("allFigures")
    table = desk.find("figuresTable", QTableWidget)
    titles = [table.item(row, 0).text() for row in range(table.rowCount())]
    assert titles == ["Accuracy", "Precision", "Recall", "F1", "AUC", "Log loss", "Brier score", "Calibration error"]
    labels = desk.find("labelFiguresTable", QTableWidget)
    assert labels.rowCount() == 2 and labels.horizontalHeaderItem(6).text() == "Average precision"
    desk.press("copyFigures")
    assert "spam,recall," in QApplication.clipboard().text()
    desk.press("allFigures")
    assert not desk.is_shown("allFiguresCard")


def test_a_cell_opens_its_texts(desk: EvaluationDesk) -> None:
    desk.drag(0.97)
    matrix = desk.part(ConfusionMatrix)
    for truth, column in ((1, 0), (1, None), (0, 2)):
        matrix.clicked.emit(matrix.index_of(truth, column))
    assert desk.texts.chosen[-3:] == [(1, 0), (1, None), (0, ABSTAINED)]


def test_many_labels_begin_with_their_pairs(qtbot: QtBot, tmp_path: Path) -> None:
    labels = tuple(f"label {number}" for number in range(30))
    desk = EvaluationDesk(qtbot, tmp_path, made_answers(labels, num=3000, skill=3.0))
    card = desk.part(MatrixCard)
    assert card.pairs.isVisible() and not card.matrix.isVisible()
    first = card.pairs.model().index(0, 0)
    pair = first.data(ROW)
    card.pairs.setCurrentIndex(first)
    QTest.keyClick(card.pairs, Qt.Key.Key_Return)
    assert desk.texts.chosen[-1] == (pair.truth, pair.said)
    card.view.segment("picture").click()
    assert card.picture.isVisible()
    card.picture.grab()


def test_several_labels_have_a_table(qtbot: QtBot, tmp_path: Path) -> None:
    desk = EvaluationDesk(qtbot, tmp_path, made_answers(THREE, kind="several"))
    card = desk.page.findChild(LabelsCard)
    assert card.isVisible() and not desk.is_shown("matrixCard") and desk.is_shown("precisionCard")
    table = card.table
    missed = int(table.model().index(1, 4).data().replace(",", ""))
    counts = desk.decided.by_label
    assert missed == counts.true[1] - counts.hits[1]
    table.clicked.emit(table.model().index(1, 4))
    table.clicked.emit(table.model().index(2, 0))
    assert desk.texts.chosen[-2:] == [(1, ABSTAINED), (None, 2)]
    assert "it says the label from 50 % on" in desk.says("targetSays")
    desk.page.grab()


def test_numbers_have_a_scatter(qtbot: QtBot, tmp_path: Path) -> None:
    desk = EvaluationDesk(qtbot, tmp_path, made_answers(kind="number"))
    desk.wait_asked("measure")
    assert desk.is_shown("numberCard") and not desk.is_shown("precisionCard") and not desk.is_shown("calibrationCard")
    assert desk.num_asked("calibrate") == 0 and "It is off by" in desk.said
    desk.page.grab()


# -- the target --------------------------------------------------------------------------------------------------------


def test_a_target_is_promised_and_saved(qtbot: QtBot, desk: EvaluationDesk, answers: Answers) -> None:
    assert not desk.find("saveDecision", QAbstractButton).isEnabled()
    precision = desk.find("targetPrecision", QDoubleSpinBox)
    precision.setValue(90.0)
    asked = desk.wait_asked("promise").asked[-1]
    assert asked.arguments[1:] == (0.9,) and asked.options["confidence"] == 0.95 and asked.options["label"] == "spam"
    assert asked.options["checkpoint"] == "step-40" and asked.options["split"] == "test"
    desk.worker("promise").tell(1, 4)
    assert "25 %" in desk.says("targetSays")
    checked = made_promise(answers, "spam")
    desk.worker("promise").answer(checked)
    says = desk.says("targetSays")
    assert says.startswith("90.0 % are promised, with 95 % confidence on 400 validation texts.")
    assert "Checked on 600 test texts: right in " in says
    point = desk.find("precisionPlot", PrecisionPlot).point
    assert point is not None and point.threshold == checked.promise.threshold
    found = desk.find("fact_found").accessibleName()
    assert found == (
        f"then it finds, of them {100 * point.recall:.1f} % "
        f"{100 * point.recall_low:.1f} to {100 * point.recall_high:.1f}"
    )
    coverage = Decided(answers, desk.tried).coverage
    assert f"{100 * coverage:.1f} %" in desk.find("fact_answered").accessibleName()
    assert "to a person." in desk.said
    assert desk.tried.thresholds == {"spam": checked.promise.threshold}
    desk.press("saveDecision")
    assert saved(desk).thresholds == {"spam": checked.promise.threshold} and saved(desk).promises == (checked.promise,)
    assert not desk.find("saveDecision", QAbstractButton).isEnabled()
    assert "“spam” from" in desk.says("noticeWords")
    desk.press("noticeAction")
    assert saved(desk) == UNDECIDED
    assert desk.find("saveDecision", QAbstractButton).isEnabled(), "it is still tried, and can be saved again"


def test_a_threshold_dragged_by_hand_is_not_promised(desk: EvaluationDesk, answers: Answers) -> None:
    desk.press("findThreshold")
    desk.worker("promise").answer(made_promise(answers, "spam"))
    plot = desk.find("precisionPlot", PrecisionPlot)
    QTest.keyClick(plot, Qt.Key.Key_Left)
    assert "by hand" in desk.says("targetSays")
    desk.press("saveDecision")
    assert saved(desk).promises == () and set(saved(desk).thresholds) == {"spam"}
    desk.press("clearThreshold")
    assert plot.point is not None and plot.point.threshold == 0.5
    desk.press("saveDecision")
    assert saved(desk) == UNDECIDED


def test_what_follows_from_a_drag_is_decided_once(
    qtbot: QtBot, desk: EvaluationDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Figures, matrix, handle and the rows below read the same."""
    desk.put(EvaluationPage(desk.book, desk.make_worker)).show_run(desk.path)  # type: ignore[arg-type]
    qtbot.waitUntil(lambda: desk.is_shown("answerTable"))
    rows = desk.find("answerTable", QTableView).model()
    num_errors, decisions = rows.rowCount(), []

    def decide(*asked: Any) -> np.ndarray:
        decisions.append(asked[-1])
        return decided(*asked)

    monkeypatch.setattr(OneLabel, "decide", staticmethod(decide))
    desk.drag(0.97)
    assert "to a person" in desk.said and desk.part(ConfusionMatrix).isVisible()
    qtbot.waitUntil(lambda: rows.rowCount() != num_errors)
    assert [one.thresholds for one in decisions] == [{"spam": 0.97}]


@pytest.mark.parametrize(
    ("rows", "said"), [(2400, "About 2,400 like these would do."), (None, "a better model would.")]
)
def test_what_cannot_be_promised_says_so(desk: EvaluationDesk, rows: int | None, said: str) -> None:
    desk.press("findThreshold")
    desk.worker("promise").answer(refused_promise("spam", rows))
    says = desk.says("targetSays")
    assert "99.0 % cannot be promised for “spam”" in says and says.endswith(said)
    assert desk.tried == UNDECIDED


def test_a_promise_that_fails_is_told(desk: EvaluationDesk) -> None:
    desk.press("findThreshold")
    desk.worker("promise").fail("There are no validation texts.")
    assert "There are no validation texts." in desk.banner.lines()
    assert "No threshold yet" in desk.says("targetSays")


def test_labels_keep_their_thresholds_side_by_side(qtbot: QtBot, tmp_path: Path) -> None:
    answers = made_answers(THREE)
    desk = EvaluationDesk(qtbot, tmp_path, answers)
    choose = desk.find("precisionLabel", QComboBox)
    for label in ("billing", "praise"):
        choose.setCurrentText(label)
        desk.press("findThreshold")
        assert desk.worker("promise").asked[-1].options["label"] == label
        desk.worker("promise").answer(made_promise(answers, label))
    assert set(desk.tried.thresholds) == {"billing", "praise"}
    choose.setCurrentText("delivery")
    assert "No threshold yet" in desk.says("targetSays")
    choose.setCurrentText("billing")
    assert "are promised" in desk.says("targetSays")


def test_a_saved_decision_is_where_it_begins(qtbot: QtBot, tmp_path: Path) -> None:
    answers = made_answers(THREE)
    run = made_run(tmp_path, answers)
    promise = made_promise(answers, "praise", 0.92, 0.99).promise
    assert promise.threshold is not None
    save_decision(run.path / "checkpoints" / "step-40", Decision(1.0, {"praise": promise.threshold}, (promise,)))
    desk = EvaluationDesk(qtbot, tmp_path, run=run)
    assert desk.find("precisionLabel", QComboBox).currentText() == "praise"
    assert desk.says("targetSays").startswith("92.0 % are promised, with 99 % confidence")
    assert desk.find("targetPrecision", QDoubleSpinBox).value() == 92.0
    assert desk.tried.thresholds == {"praise": promise.threshold}


# -- calibration -------------------------------------------------------------------------------------------------------


def test_a_correction_is_saved_and_taken_back(desk: EvaluationDesk, answers: Answers) -> None:
    desk.worker("calibrate").answer(made_calibration())
    desk.worker("counted").answer(made_counted(answers))
    assert "5.0 points off on average; 0.4 when corrected (temperature 1.40)" in desk.says("calibrationSays")
    desk.drag(0.8)
    before = Decided(answers, desk.tried)
    desk.press("correctCalibration")
    assert saved(desk) == Decision(temperature=1.4), "a threshold that was only tried is not saved with it"
    assert desk.tried.temperature == 1.4
    np.testing.assert_array_equal(before.said, Decided(answers, desk.tried).said)
    assert desk.says("calibrationSays").startswith("Corrected by temperature 1.40: 0.4 points off")
    asked = desk.wait_asked("measure", 2).asked
    assert asked[0].key != asked[1].key and desk.num_asked("counted") == 1
    desk.press("noticeAction")
    assert saved(desk) == UNDECIDED and desk.tried.thresholds["spam"] == pytest.approx(0.8, abs=0.01)
    assert "5.0 points off" in desk.says("calibrationSays")


def test_a_calibration_that_fails_says_why(desk: EvaluationDesk) -> None:
    desk.worker("calibrate").fail("All validation texts have one label.")
    assert desk.says("calibrationSays") == "All validation texts have one label."
    assert not desk.is_shown("correctCalibration") and not desk.banner.isVisible()


def test_a_checkpoint_that_cannot_be_written(desk: EvaluationDesk) -> None:
    assert desk.run is not None
    desk.drag(0.8)
    (desk.run.path / "checkpoints" / "step-40" / "config.json").unlink()
    desk.press("saveDecision")
    assert "config.json cannot be read" in desk.banner.lines()[0]
    assert desk.find("saveDecision").isEnabled(), "it can be tried once more"


# -- the report, the texts, the window ---------------------------------------------------------------------------------


def test_a_report_is_written_and_opened(desk: EvaluationDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()))
    here, elsewhere = desk.find("report").findChild(QMenu).actions()
    here.trigger()
    assert desk.worker("report").asked[-1].options["folder"] is None
    desk.worker("report").tell(1, 2)
    button = desk.find("report", QAbstractButton)
    assert button.text() == "Stop (50 %)"
    files = (tmp_path / "report.html", tmp_path / "report.csv")
    desk.worker("report").answer(files)
    assert opened == [str(files[0])] and button.text() == "Report…"
    desk.press("noticeAction")
    assert opened[-1] == str(tmp_path)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path))
    elsewhere.trigger()
    assert desk.worker("report").asked[-1].options["folder"] == tmp_path
    button.click()
    assert desk.worker("report").num_stops == 1 and button.text() == "Report…"


def test_word_counting_is_measured_once_it_has_come(desk: EvaluationDesk, answers: Answers) -> None:
    measures = made_measures(answers)
    alone = replace(measures, counted={})
    desk.worker("measure").tell(1, 2, alone)
    tile = desk.part(FiguresRow).tile("f1")
    assert "majority 33.0" in tile.accessibleDescription() and "word counting" not in tile.accessibleDescription()
    desk.worker("measure").answer(alone)
    assert desk.num_asked("measure") == 1
    desk.worker("counted").answer(made_counted(answers))
    assert desk.num_asked("measure") == 2
    desk.worker("measure").answer(alone)
    assert desk.num_asked("measure") == 2, "asked once more, not for ever"


def test_letting_go_of_a_cell_below_unmarks_it(desk: EvaluationDesk) -> None:
    matrix = desk.part(ConfusionMatrix)
    matrix.clicked.emit(matrix.index_of(1, 0))
    assert matrix.choice == (1, 0)
    desk.texts.choice_dropped.emit()
    assert matrix.choice is None


def test_a_text_opens_the_attention_page(qtbot: QtBot, desk: EvaluationDesk) -> None:
    with qtbot.waitSignal(desk.page.attention_requested) as signal:
        desk.texts.text_wanted.emit("free prize")
    assert signal.args == [desk.path, "free prize"]


def test_texts_are_made_once_the_figures_are_painted(qtbot: QtBot, answers: Answers) -> None:
    made: list[StandInTexts] = []

    def make() -> StandInTexts:
        made.append(StandInTexts(None, draft))
        return made[-1]

    draft = Draft()
    place = TextsPlace(draft, make)
    qtbot.addWidget(place)
    QApplication.processEvents()
    assert not made, "without answers there are no texts"
    draft.open(Subject(None, answers))
    place.choose(1, 0)
    place.restore({"chosen": [(0, 1)]})
    assert not made and place.state() == {"chosen": [(0, 1)]}
    qtbot.waitUntil(lambda: bool(made), timeout=1000)
    assert made[0].chosen == [(1, 0), (0, 1)]
    with qtbot.waitSignal(place.text_wanted):
        made[0].text_wanted.emit("a text")
    place.choose(None, 1)
    draft.open(None)
    draft.open(Subject(None, answers))
    assert made[0].chosen[-1] == (None, 1) and made[0].num_clears == 1 and len(made) == 1


def test_the_page_is_built_anew_in_another_language(desk: EvaluationDesk, answers: Answers) -> None:
    desk.worker("measure").answer(made_measures(answers))
    desk.worker("calibrate").answer(made_calibration())
    desk.worker("counted").answer(made_counted(answers))
    desk.drag(0.8)
    desk.press("saveDecision")
    desk.drag(0.9)
    desk.press("segment_percent")
    desk.press("allFigures")
    state = desk.page.state()
    desk.page.close_workers()
    assert desk.worker("measure").is_closed
    set_language("zh")
    num_workers = len(desk.workers)
    page = desk.new_page()
    page.restore(state)
    page.show_run(desk.path)
    assert desk.tried.thresholds == {"spam": 0.9}
    assert desk.part(MatrixCard).in_percent and desk.is_shown("allFiguresCard")
    assert "精确率" in desk.said
    QApplication.processEvents()
    assert len(desk.workers) == num_workers, "what was measured is not measured again"
    assert desk.texts.chosen[-1:] == state["texts"]["chosen"]
    page.grab()
    desk.press("saveDecision")
    assert saved(desk).thresholds == {"spam": 0.9}
    desk.press("noticeAction")
    assert saved(desk).thresholds == {"spam": 0.8}, "what was saved before it was built anew"


def test_another_run_leaves_nothing_behind(tmp_path: Path, desk: EvaluationDesk, answers: Answers) -> None:
    desk.worker("measure").answer(made_measures(answers))
    desk.drag(0.8)
    other = made_run(tmp_path, made_answers(THREE, num=90), "other")
    desk.book.add(other.path, desk.book.entry(desk.path).history)
    desk.page.show_run(other.path)
    assert "90 texts" in desk.said and desk.tried == UNDECIDED
    assert "majority" not in desk.part(FiguresRow).tile("accuracy").accessibleDescription()
    assert desk.texts.num_clears == 2
    assert [desk.find("precisionLabel", QComboBox).itemText(place) for place in range(3)] == list(THREE)


def test_one_column_in_a_small_window(qtbot: QtBot, tmp_path: Path, answers: Answers) -> None:
    desk = EvaluationDesk(qtbot, tmp_path, answers, size=SMALL)
    QApplication.processEvents()
    cards = [desk.find(name) for name in ("matrixCard", "precisionCard", "calibrationCard")]
    tops = [card.mapTo(desk.page, QPoint(0, 0)).y() for card in cards]
    lefts = {card.mapTo(desk.page, QPoint(0, 0)).x() for card in cards}
    assert tops == sorted(tops) and len(lefts) == 1
    desk.page.resize(1192, 844)
    QApplication.processEvents()
    assert cards[1].mapTo(desk.page, QPoint(0, 0)).x() > cards[0].mapTo(desk.page, QPoint(0, 0)).x()


# -- the real engine ---------------------------------------------------------------------------------------------------

TINY: dict[str, Any] = {
    "data.builtin.num_rows": 120,
    "data.max_length": 24,
    "model.embedding_size": 8,
    "model.hidden_size": 8,
    "training.max_steps": 4,
    "training.micro_batch_size": 8,
    "training.evaluate_every": 4,
    "training.device": "cpu",
}


@pytest.fixture
def book(tmp_path: Path) -> Iterator[RunBook]:
    book = RunBook(tmp_path)
    yield book
    book.stop_and_wait()


@pytest.mark.slow
def test_a_real_run_is_examined_once(qtbot: QtBot, book: RunBook) -> None:
    path = book.start(RunConfig().with_values(TINY), "tiny")
    qtbot.waitUntil(lambda: book.active is None, timeout=60_000)
    desk: Desk[EvaluationPage] = Desk(qtbot)
    desk.put(EvaluationPage(book, make_texts=StandInTexts)).show_run(path)
    qtbot.waitUntil(lambda: desk.says("evaluationSentence").startswith("Precision "), timeout=60_000)
    desk.part(PrecisionPlot).moved.emit(0.6)
    desk.press("saveDecision")
    desk.page.close_workers()
    desk.put(EvaluationPage(book, make_texts=StandInTexts)).show_run(path)
    assert desk.says("evaluationSentence").startswith("Precision "), "kept: no model is loaded"
    label = desk.find("precisionLabel", QComboBox).currentText()
    assert desk.part(StandInTexts).draft.now.thresholds == {label: 0.6}
    desk.page.close_workers()
