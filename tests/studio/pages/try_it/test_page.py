"""The Try page: a text is answered as it is typed, marked, kept; a file is answered as a whole."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QListView, QPlainTextEdit
from pytestqt.qtbot import QtBot

from engine.records import AttentionRecord, BatchPredicted, Prediction
from engine.runs.history import History
from studio.pages.try_it import TryPage
from studio.pages.try_it.reading import bars, sentence, short_answer
from studio.plots.attention.marked_text import MarkedText
from studio.widgets.drop_area import DropArea
from studio.widgets.empty_state import EmptyState
from tests.studio.desk import Desk, SyntheticWorker, figures_in
from tests.studio.synthetic_attention import synthetic_attribution, synthetic_record
from tests.studio.synthetic_history import SyntheticBook, SyntheticEntry, synthetic_history

PATH = Path("/runs/reviews")
OTHER = Path("/runs/other")
TEXT = "the room was not clean at all"


class TryDesk(Desk[TryPage]):
    """A Try page before workers that answer when they are told to."""

    def __init__(self, qtbot: QtBot, history: History | None = None) -> None:
        super().__init__(qtbot)
        self.book = SyntheticBook(*[SyntheticEntry(path, history or synthetic_history()) for path in (PATH, OTHER)])
        self.new_page().show_run(PATH)

    def new_page(self) -> TryPage:
        return self.put(TryPage(self.book, self.make_worker))  # type: ignore[arg-type]

    @property
    def text(self) -> QPlainTextEdit:
        return self.find("tryText", QPlainTextEdit)

    def type(self, text: str) -> None:
        count = self.num_asked("answer")
        self.text.setPlainText(text)
        self.wait_asked("answer", count + 1)

    def read(self, text: str = TEXT, prediction: Prediction | None = None) -> AttentionRecord:
        self.type(text)
        record = synthetic_record(text, layers=1, heads=2)
        record = replace(record, prediction=prediction or record.prediction)
        self.worker("answer").answer(record)
        return record

    def drop_file(self, name: str) -> SyntheticWorker:
        self.part(DropArea).dropped.emit((Path("/in") / name,))
        return self.worker("predict_file")

    @property
    def tried(self) -> list[str]:
        model = self.find("triedList", QListView).model()
        return [str(model.index(row, 0).data()) for row in range(model.rowCount())]


@pytest.fixture
def desk(qtbot: QtBot, look: QApplication) -> TryDesk:
    return TryDesk(qtbot)


def test_a_typed_text_is_answered_then_marked(desk: TryDesk) -> None:
    record = desk.read()
    assert desk.says("tryLabel") == record.prediction.label
    assert desk.says("trySentence").startswith(f"It says “{record.prediction.label}” with ")
    marked = desk.find("tryMarks", MarkedText)
    assert not marked.marks.signed, "until words were left out, what it looks at is shown"
    assert desk.says("tryAbout") == "Measuring which words decide …"
    desk.worker("marks").answer(synthetic_attribution(record, strongest=4))
    assert marked.marks.signed
    start, end = marked.marks.spans[int(marked.marks.weights.argmax())]
    assert TEXT[start:end] == "not"


def test_an_answer_that_was_overtaken_is_not_shown(desk: TryDesk) -> None:
    label = desk.read().prediction.label
    first = desk.worker("answer").asked[-1].key
    desk.type("another text")
    stale = synthetic_record("stale", layers=1, heads=2, labels=("stale", "older"))
    desk.worker("answer").answered.emit(first, stale)
    assert desk.says("tryLabel") == label and "stale" not in desk.says("trySentence")


def test_abstaining_is_said_with_both_figures(desk: TryDesk) -> None:
    prediction = Prediction("spam", {"ham": 0.13, "spam": 0.87}, abstains=True, threshold=0.93)
    desk.read(prediction=prediction)
    assert figures_in(desk.says("trySentence")) == ["87 %", "93 %"] and "“spam”" in desk.says("trySentence")
    assert desk.says("tryLabel") == "to a person"
    assert not any(bar.strong for bar in bars(prediction))


def test_several_labels_and_numbers_have_words_of_their_own() -> None:
    both = Prediction("food, room", {"food": 0.9, "price": 0.1, "room": 0.7}, labels=("food", "room"))
    assert sentence(both) == "It says “food”, “room”."
    assert [bar.label for bar in bars(both) if bar.strong] == ["food", "room"]
    assert "none of its labels" in sentence(Prediction("", {"food": 0.1}, labels=()))
    assert short_answer(Prediction("3.7", {})) == ("3.7", "")
    assert sentence(Prediction("3.7", {})) == "It says 3.7."


def test_next_text_keeps_the_last_one_and_a_press_brings_it_back(desk: TryDesk) -> None:
    desk.read()
    desk.press("nextText")
    assert desk.text.toPlainText() == ""
    desk.read("the food was good")
    assert len(desk.tried) == 1
    assert desk.tried[0].endswith(TEXT)
    tried = desk.find("triedList", QListView)
    desk.qtbot.mouseClick(
        tried.viewport(), Qt.MouseButton.LeftButton, pos=tried.visualRect(tried.model().index(0, 0)).center()
    )
    assert desk.text.toPlainText() == TEXT
    desk.press("clearTried")
    assert desk.tried == []


def test_what_was_tried_belongs_to_its_run(desk: TryDesk) -> None:
    desk.read()
    desk.press("nextText")
    desk.page.show_run(OTHER)
    assert desk.tried == []
    desk.page.show_run(PATH)
    assert len(desk.tried) == 1


def test_an_error_is_told_and_the_answer_stays(desk: TryDesk) -> None:
    record = desk.read()
    desk.type("x" * 5)
    desk.worker("answer").fail("It cannot be read.")
    banner = desk.banner
    assert banner.isVisible()
    assert banner.lines()[0] == "It cannot be read."
    assert desk.says("tryLabel") == record.prediction.label


def test_without_a_checkpoint_it_says_so(qtbot: QtBot, look: QApplication) -> None:
    desk = TryDesk(qtbot, History())
    nothing = desk.part(EmptyState)
    assert nothing.isVisible()
    with qtbot.waitSignal(desk.page.training_requested) as told:
        desk.press("empty_action")
    assert told.args == [PATH]


def test_a_file_is_answered_with_progress_and_a_result(desk: TryDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    out = Path("/out/answers.csv")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(out), ""))
    worker = desk.drop_file("reviews.csv")
    assert worker.asked[-1].arguments[1:] == ("/in/reviews.csv", out)
    worker.tell(500, 1000)
    assert any("500 of 1,000 texts" in one.text() for one in desk.page.findChildren(QLabel) if one.isVisible())
    worker.answer(BatchPredicted(out, 1000, 30, {"good": 500, "bad": 470}, 2000.0, 0.5))
    assert figures_in(desk.says("fileSaid")) == ["1,000", "1", "2,000", "30", "3.0 %"]


def test_a_file_can_be_stopped_and_errors_are_told(desk: TryDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: ("/out/a.csv", ""))
    worker = desk.drop_file("a.csv")
    desk.press("stopFile")
    assert worker.num_stops == 1
    assert not desk.is_shown("stopFile")
    desk.drop_file("a.csv")
    worker.fail("No column of texts was found.")
    assert desk.banner.lines()[0] == "No column of texts was found."


def test_a_page_built_anew_shows_the_same_text(desk: TryDesk) -> None:
    desk.read()
    state = desk.page.state()
    desk.page.close_workers()
    assert desk.workers and all(worker.is_closed for worker in desk.workers)
    desk.new_page().restore(state)
    assert desk.text.toPlainText() == TEXT
