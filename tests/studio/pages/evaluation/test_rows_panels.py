"""The lower part of the Evaluation page: texts, doubtful labels, slices, speed, as a person uses them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from engine.errors import InputError
from engine.messages import message
from engine.metrics.decision_rules import ABSTAINED
from engine.records import Decision, Progress
from engine.runs.corrections import corrections_of
from studio.pages.evaluation.draft import Subject
from studio.pages.evaluation.texts.answer_model import LABELS, SURE
from studio.theme import apply_theme
from studio.translation import set_language
from tests.studio.desk import figures_in
from tests.studio.pages.evaluation.rows_desk import (
    SIMILAR,
    SPEED,
    TEXTS,
    Rows,
    attribution,
    made_answers,
    slices,
    suspects,
)

pytestmark = pytest.mark.usefixtures("look")
Key = Qt.Key


@pytest.fixture
def rows(qtbot: QtBot, look: QApplication, tmp_path: Path) -> Rows:
    return Rows(qtbot, tmp_path)


def open_panel(rows: Rows, key: str) -> None:
    rows.details.panels.segment(key).click()


# -- texts -------------------------------------------------------------------------------------------------------------


def test_errors_come_worst_first_and_cells_open_their_texts(rows: Rows) -> None:
    rows.show()
    assert rows.shown_rows() == [14, 13, 16, 15]
    assert rows.details.texts.head.count.text() == "4 texts"
    rows.details.choose(1, 0)
    assert rows.shown_rows() == [13, 16]
    assert rows.details.texts.table.isColumnHidden(LABELS)  # the title says them
    rows.details.choose(None, 1)
    assert rows.shown_rows() == [14, 15, 11] and not rows.details.texts.table.isColumnHidden(LABELS)
    rows.details.choose(None, ABSTAINED)
    assert rows.shown_rows() == []
    rows.details.choose(None, None)
    assert rows.shown_rows() == [14, 13, 16, 15]


def test_row_under_the_edge_is_brought_into_sight(rows: Rows, qtbot: QtBot) -> None:
    rows.page.resize(700, 360)
    rows.show()
    rows.details.texts.table.selectRow(0)
    card = rows.details.texts.look.card
    qtbot.waitUntil(lambda: rows.page.verticalScrollBar().value() > 0 and not card.visibleRegion().isEmpty())


def test_dropping_a_cell_is_told(rows: Rows, qtbot: QtBot) -> None:
    rows.show()
    rows.details.choose(0, 1)
    with qtbot.waitSignal(rows.details.choice_dropped):
        rows.press("dropChoice")
    assert rows.shown_rows() == [14, 13, 16, 15]


def test_dragged_threshold_moves_rows_and_keeps_the_one_looked_at(rows: Rows, qtbot: QtBot) -> None:
    answers = rows.show()
    texts = rows.details.texts
    texts.table.selectRow(2)
    assert texts.look.card.title.text() == "Row 16"
    for threshold in (0.5, 0.4, 0.29):  # below .3 row 16 is said to be spam, which it is
        rows.show(answers, Decision(thresholds={"spam": threshold}))
    qtbot.waitUntil(lambda: rows.shown_rows() == [14, 13, 15])
    assert texts.look.card.isHidden()
    texts.table.selectRow(0)
    rows.show(answers, Decision(thresholds={"spam": 0.35}))
    qtbot.waitUntil(lambda: rows.shown_rows() == [14, 13, 16, 15])
    assert texts.table.currentIndex().row() == 0 and texts.look.card.title.text() == "Row 14"


def test_hidden_rows_are_judged_when_they_are_seen(rows: Rows) -> None:
    rows.details.hide()
    rows.show()
    assert rows.shown_rows() == []
    rows.details.show()
    assert rows.shown_rows() == [14, 13, 16, 15]


def test_words_are_marked_for_rows_in_sight_one_after_the_other(rows: Rows, qtbot: QtBot) -> None:
    rows.show()
    worker = rows.wait_asked("attribute")
    _, arguments, options = worker.asked[0]
    assert arguments == (rows.run, "are you home", "leave-one-out", "step-20") and options == {"label": "spam"}
    worker.answer(attribution("are you home", {"home": 0.4}))
    assert [asked[1][1] for asked in worker.asked] == ["are you home", "free entry, call now"]
    model = rows.details.texts.model
    assert [model.spans(model.row(number)) for number in range(2)] == [((8, 12),), ()]
    assert worker.asked[1][2] == {"label": "ham"}  # what it said of that row


def test_marking_stops_when_nobody_looks(rows: Rows, qtbot: QtBot) -> None:
    rows.show()
    rows.wait_asked("attribute")
    rows.details.hide()
    worker = rows.worker("attribute")
    assert worker.num_stops == 1
    worker.answer(attribution("are you home", {"home": 0.4}))
    assert len(worker.asked) == 1


def test_attention_marks_too_and_a_model_without_says_so_once(rows: Rows, qtbot: QtBot) -> None:
    rows.show()
    head, texts = rows.details.texts.head, rows.details.texts
    head.method.setCurrentIndex(1)
    head.method.activated.emit(1)
    worker = rows.wait_asked("attribute")
    assert worker.asked[-1][1][2] == "attention"
    error = InputError(message("This model has no attention."), mend=message("Choose another way of marking."))
    worker.failed.emit(worker.asked[-1][0], error)
    assert texts.banner.isVisible() and texts.banner.lines()[0] == "This model has no attention."
    num_asked = len(worker.asked)
    rows.details.choose(0, 1)
    qtbot.wait(150)
    assert len(worker.asked) == num_asked


def test_row_is_looked_at_closely(rows: Rows, qtbot: QtBot) -> None:
    rows.show()
    texts = rows.details.texts
    texts.table.selectRow(0)
    card = texts.look.card
    assert card.verdict.text() == "You said “ham”, it said “spam”"
    assert [(bar.label, bar.number) for bar in card.bars.bars()] == [("spam", "91.0 %"), ("ham", "9.0 %")]
    assert rows.worker("similar").asked[-1][1] == (rows.run, "are you home", 3)
    rows.worker("similar").answer(SIMILAR)
    (line,) = card.similar.lines()
    assert figures_in(line) == ["75 %", "70"] and "“ham”" in line and line.endswith(SIMILAR[0].text)
    with qtbot.waitSignal(rows.details.text_wanted) as wanted:
        rows.press("seeAttention")
    assert wanted.args == ["are you home"]
    qtbot.keyClick(texts.table, Key.Key_Escape)
    assert card.isHidden()


def test_answer_about_another_row_is_remembered(rows: Rows) -> None:
    rows.show()
    table = rows.details.texts.table
    table.selectRow(0)
    rows.worker("similar").answer(())
    table.selectRow(1)
    table.selectRow(0)
    assert len(rows.worker("similar").asked) == 2
    (line,) = rows.details.texts.look.card.similar.lines()
    assert line.startswith("No training row")


def test_label_is_changed_and_taken_back(rows: Rows, qtbot: QtBot) -> None:
    rows.show()
    texts = rows.details.texts
    texts.table.selectRow(0)
    card = texts.look.card
    assert [action.data() for action in card.menu.actions()] == ["spam", "ham"]
    card.menu.actions()[0].trigger()
    assert texts.model.index(0, LABELS).data(Qt.ItemDataRole.AccessibleTextRole).endswith("now “spam”")
    found = corrections_of(rows.run).find(14, "are you home")
    assert found is not None and found.after == "spam"
    with qtbot.waitSignal(rows.details.rerun_wanted) as wanted:
        rows.press("trainAgain")
    assert wanted.args == [rows.run.path / "corrections.jsonl"]
    rows.press("takeBack")
    assert len(corrections_of(rows.run)) == 0
    assert rows.details.corrections.rerun.isHidden()
    texts.table.setFocus()
    qtbot.keyClick(texts.table, Key.Key_Delete)
    found = corrections_of(rows.run).find(14, "are you home")
    assert found is not None and found.after is None
    qtbot.keyClick(texts.table, Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert len(corrections_of(rows.run)) == 0


def test_several_labels_are_put_in_and_taken_out(rows: Rows) -> None:
    rows.show(made_answers("several"))
    rows.details.texts.table.selectRow(1)
    menu = rows.details.texts.look.card.menu
    assert {action.data() for action in menu.actions() if action.isChecked()} == {"urgent", "offer"}
    next(action for action in menu.actions() if action.data() == "offer").trigger()
    found = corrections_of(rows.run).find(13, TEXTS[2])
    assert found is not None and (found.before, found.after) == (("urgent", "offer"), ("urgent",))


def test_a_text_without_labels_is_given_its_first(rows: Rows) -> None:
    rows.show(made_answers("several"))
    rows.details.choose(None, ABSTAINED)
    assert rows.shown_rows()[0] == 16
    rows.details.texts.head.scope_chosen.emit("all")
    rows.details.texts.table.selectRow(rows.shown_rows().index(14))
    menu = rows.details.texts.look.card.menu
    next(action for action in menu.actions() if action.data() == "chat").trigger()
    found = corrections_of(rows.run).find(14, TEXTS[3])
    assert found is not None and (found.before, found.after) == ((), ("chat",))


def test_search_finds_words_and_says_where_none_are(rows: Rows) -> None:
    rows.show()
    texts = rows.details.texts
    texts.head.search.setText("CALL")
    assert rows.shown_rows() == [13, 15] and texts.head.count.text() == "2 of 4"
    texts.head.search.setText("nowhere")
    assert rows.shown_rows() == []
    rows.press("empty_action")
    assert rows.shown_rows() == [14, 13, 16, 15]


def test_texts_without_labels(rows: Rows) -> None:
    rows.show(made_answers(has_truths=False))
    texts = rows.details.texts
    assert rows.shown_rows() == [15, 16, 13, 14, 11, 12]
    assert texts.head.title.text() == "What it answered"
    texts.table.selectRow(0)
    assert texts.look.card.change.isHidden() and texts.look.card.leave.isHidden()
    open_panel(rows, "slices")
    assert rows.details.slices.unlabelled.isVisible() and rows.num_asked("slices") == 0


def test_numbers_show_how_far_off(rows: Rows) -> None:
    rows.show(made_answers("number"))
    model = rows.details.texts.model
    assert rows.shown_rows()[0] == 13 and model.index(0, LABELS).data() == "4 → 1"
    assert model.headerData(SURE, Qt.Orientation.Horizontal) == "Off by"
    assert rows.details.texts.head.scope.isHidden()
    rows.details.texts.table.selectRow(0)
    assert rows.details.texts.look.card.change.isHidden()


def test_foreign_model_is_looked_over_without_the_engine(rows: Rows, qtbot: QtBot) -> None:
    rows.draft.open(Subject(None, made_answers()))
    rows.details.texts.table.selectRow(0)
    qtbot.wait(150)
    assert not rows.workers
    assert not rows.details.panels.segment("doubtful").isEnabled()
    assert rows.details.texts.look.card.change.isHidden()


def test_rows_tell_a_screen_reader_what_they_are(rows: Rows) -> None:
    rows.show()
    model = rows.details.texts.model
    told = [model.index(0, column).data(Qt.ItemDataRole.AccessibleTextRole) for column in range(4)]
    assert told == ["are you home", "Your label: ham; its answer: spam", "How sure: 91 %", "Row 14"]


# -- doubtful labels ---------------------------------------------------------------------------------------------------


def found_suspects(rows: Rows) -> Any:
    rows.show()
    open_panel(rows, "doubtful")
    rows.details.doubtful.unasked.acted.emit()
    rows.worker("suspects").answer(suspects())
    return rows.details.doubtful


def test_suspects_are_asked_for_with_progress_and_a_stop(rows: Rows) -> None:
    rows.show()
    open_panel(rows, "doubtful")
    panel = rows.details.doubtful
    assert panel.unasked.isVisible() and rows.num_asked("suspects") == 0
    panel.unasked.acted.emit()
    worker = rows.worker("suspects")
    key, arguments, options = worker.asked[0]
    assert arguments == (rows.run,) and options == {"split": "train", "checkpoint": "step-20", "num": 200}
    worker.progressed.emit(key, Progress(1, 4))
    assert panel.head.track.isVisible() and panel.head.track.share() == pytest.approx(0.25)
    rows.press("stopSuspects")
    assert worker.num_stops == 1 and panel.head.track.isHidden()
    worker.answer(suspects())
    assert panel.unasked.isVisible()


def test_suspects_are_reviewed_by_keyboard_alone(rows: Rows, qtbot: QtBot) -> None:
    panel = found_suspects(rows)
    table, kept = panel.table, corrections_of(rows.run)
    qtbot.keyClick(table, Key.Key_Return)  # change
    qtbot.keyClick(table, Key.Key_Space)  # keep
    qtbot.keyClick(table, Key.Key_J)  # pass one over
    qtbot.keyClick(table, Key.Key_Delete)  # leave out
    assert [(one.row, one.before, one.after) for one in kept] == [
        (11, "spam", "ham"), (12, "ham", "ham"), (14, "ham", None)
    ]  # fmt: skip
    assert panel.head.counts.text() == "4 doubtful labels: 3 reviewed, 2 changed"
    assert table.currentIndex().row() == 2  # the only one that is open
    qtbot.keyClick(table, Key.Key_U)
    assert table.currentIndex().row() == 3 and kept.find(14, TEXTS[3]) is None
    qtbot.keyClick(table, Key.Key_K)
    assert table.currentIndex().row() == 2
    qtbot.keyClick(table, Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert table.currentIndex().row() == 1 and kept.find(12, TEXTS[1]) is None


def test_suspects_are_reviewed_by_mouse(rows: Rows) -> None:
    panel = found_suspects(rows)
    assert panel.card.change.text() == "Change to “ham”" and panel.card.keep.text() == "Keep “spam”"
    rows.press("changeToProposed")
    assert panel.card.change.text() == "Change to “spam”"
    rows.press("keepLabel")
    rows.press("leaveSuspectOut")
    rows.press("undoCorrection")
    assert panel.model.counts() == (2, 1)


def test_what_was_reviewed_is_known_later(rows: Rows) -> None:
    panel = found_suspects(rows)
    panel.say("ham")
    panel.show_subject(None)
    rows.draft.open(None)
    panel = found_suspects(rows)
    assert panel.head.counts.text() == "4 doubtful labels: 1 reviewed, 1 changed"
    assert panel.table.currentIndex().row() == 1


def test_no_suspect_and_no_answer(rows: Rows) -> None:
    rows.show()
    open_panel(rows, "doubtful")
    panel = rows.details.doubtful
    panel.unasked.acted.emit()
    worker = rows.worker("suspects")
    worker.failed.emit(worker.asked[-1][0], InputError(message("Too few rows."), mend=message("Take more.")))
    assert panel.banner.isVisible() and panel.unasked.isVisible()
    panel.unasked.acted.emit()
    worker.answer(())
    assert panel.clean.isVisible() and panel.banner.isHidden()


def test_suspects_of_the_file_that_was_evaluated(rows: Rows) -> None:
    rows.show(made_answers(split="data"))
    open_panel(rows, "doubtful")
    panel = rows.details.doubtful
    panel.head.choose("data")
    panel.unasked.acted.emit()
    assert rows.worker("suspects").asked[-1][2]["source"] == "/data/new.csv"


# -- slices and speed --------------------------------------------------------------------------------------------------


def test_slices_say_where_it_is_worse_and_open_their_texts(rows: Rows, qtbot: QtBot) -> None:
    rows.show()
    assert rows.num_asked("slices") == 0
    open_panel(rows, "slices")
    panel, worker = rows.details.slices, rows.worker("slices")
    assert worker.asked[-1][2] == {"split": "test", "checkpoint": "step-20", "word": ""}
    worker.answer(slices())
    assert [panel.model.index(row, 4).data() for row in range(3)] == [
        "worse here",
        "no difference shown",
        "better here",
    ]
    assert panel.told.text() == "1 group is worse than the rest"
    place = panel.table.visualRect(panel.model.index(0, 0)).center()
    qtbot.mouseClick(panel.table.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(place))
    assert rows.details.panels.current() == "texts"
    assert rows.details.texts.head.title.text() == "short" and rows.shown_rows() == [14, 15, 11]


def test_slice_of_a_word_is_asked_for_on_enter(rows: Rows, qtbot: QtBot) -> None:
    rows.show(made_answers(split="data"))
    open_panel(rows, "slices")
    panel = rows.details.slices
    qtbot.keyClicks(panel.word, "free")
    qtbot.keyClick(panel.word, Key.Key_Return)
    worker = rows.worker("slices")
    assert worker.asked[-1][2] == {"source": "/data/new.csv", "checkpoint": "step-20", "word": "free"}
    qtbot.keyClick(panel.word, Key.Key_Escape)
    assert worker.asked[-1][2]["word"] == ""


def test_speed_says_what_ten_thousand_texts_take(rows: Rows) -> None:
    rows.show()
    open_panel(rows, "speed")
    rows.worker("speed").answer(SPEED)
    panel = rows.details.speed
    assert figures_in(panel.told.text()) == ["10,000", "4"]
    assert figures_in(panel.rate.accessibleName()) == ["2,500"]
    assert panel.one.accessibleName() == "One text alone: 4 ms"
    assert panel.one.accessibleDescription() == "the slowest of 20: 12 ms"
    open_panel(rows, "texts")
    open_panel(rows, "speed")
    assert len(rows.worker("speed").asked) == 1
    rows.press("speedAgain")
    assert len(rows.worker("speed").asked) == 2


# -- the whole ---------------------------------------------------------------------------------------------------------


def test_state_outlives_the_page(rows: Rows, qtbot: QtBot, tmp_path: Path) -> None:
    answers = rows.show()
    panel = found_suspects(rows)
    rows.details.choose(1, 0)
    rows.details.texts.table.selectRow(1)
    rows.details.texts.head.search.setText("prize")
    open_panel(rows, "doubtful")
    state = rows.details.state()
    anew = Rows(qtbot, tmp_path / "anew")
    anew.details.hide()
    anew.show(answers)
    anew.details.restore(state)
    anew.details.show()
    assert anew.details.panels.current() == "doubtful"
    assert anew.details.doubtful.model.rows == panel.model.rows
    open_panel(anew, "texts")
    assert anew.shown_rows() == [16] and anew.details.texts.look.card.title.text() == "Row 16"


def test_nothing_is_shown_or_asked_without_answers(rows: Rows) -> None:
    assert rows.details.nothing.isVisible()
    rows.details.choose(0, 1)
    assert rows.details.state() == {}
    rows.show()
    assert rows.details.nothing.isHidden()
    rows.draft.open(None)
    assert rows.details.nothing.isVisible() and rows.details.texts.isHidden()


@pytest.mark.slow
@pytest.mark.parametrize(("theme", "language"), [("light", "en"), ("dark", "zh")])
@pytest.mark.parametrize("width", [660, 1100])
def test_every_panel_fits(
    qtbot: QtBot, look: QApplication, tmp_path: Path, theme: str, language: str, width: int
) -> None:
    """No button is cut and nothing asks for more than the width, in both languages."""
    set_language(language)
    apply_theme(look, theme)
    rows = Rows(qtbot, tmp_path)
    rows.page.resize(width, 900)
    found_suspects(rows).say("ham")
    rows.details.texts.table.selectRow(0)
    for key in ("texts", "doubtful", "slices", "speed"):
        open_panel(rows, key)
        assert rows.details.minimumSizeHint().width() <= width
        for button in rows.details.findChildren(QPushButton):
            if button.isVisible():
                inside = button.mapTo(rows.details, QPoint(0, 0))
                assert inside.x() + button.width() <= width and button.width() >= button.minimumSizeHint().width()
        assert not rows.details.grab().isNull()
