"""The Try page: a text is answered as it is typed, marked, kept; a file is answered as a whole."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QListView, QPlainTextEdit, QPushButton
from pytestqt.qtbot import QtBot

from engine.records import AttentionRecord, BatchPredicted, Prediction
from engine.runs.history import History
from studio.pages.try_it import TryPage
from studio.pages.try_it.reading import bars, sentence, short_answer
from studio.plots.attention.marked_text import MarkedText
from studio.widgets.empty_state import EmptyState
from studio.widgets.error_banner import ErrorBanner
from tests.studio.synthetic_attention import SyntheticWorker, synthetic_attribution, synthetic_record
from tests.studio.synthetic_history import SyntheticBook, SyntheticEntry, synthetic_history

PATH = Path("/runs/reviews")
OTHER = Path("/runs/other")
TEXT = "the room was not clean at all"


class Desk:
    """A Try page before workers that answer when they are told to."""

    def __init__(self, qtbot: QtBot, history: History | None = None) -> None:
        self.qtbot = qtbot
        self.workers: dict[str, SyntheticWorker] = {}
        entries = [SyntheticEntry(path, history or synthetic_history()) for path in (PATH, OTHER)]
        self.book = SyntheticBook(*entries)
        self.page = TryPage(self.book, self.make)  # type: ignore[arg-type]
        qtbot.addWidget(self.page)
        self.page.resize(1190, 780)
        self.page.show()
        self.page.show_run(PATH)

    def make(self, verb: str) -> SyntheticWorker:
        self.workers[verb] = SyntheticWorker(verb)
        return self.workers[verb]

    def type(self, text: str) -> None:
        asked = len(self.workers["attend"].asked) if "attend" in self.workers else 0
        self.page.findChild(QPlainTextEdit, "tryText").setPlainText(text)
        self.qtbot.waitUntil(lambda: len(self.workers["attend"].asked) > asked, timeout=2000)

    def read(self, text: str = TEXT, prediction: Prediction | None = None) -> AttentionRecord:
        self.type(text)
        record = synthetic_record(text, layers=1, heads=2)
        record = replace(record, prediction=prediction or record.prediction)
        self.workers["attend"].answer(record)
        return record

    def press(self, name: str) -> None:
        self.page.findChild(QPushButton, name).click()

    def says(self, name: str) -> str:
        return str(self.page.findChild(QLabel, name).text())

    @property
    def tried(self) -> list[str]:
        model = self.page.findChild(QListView, "triedList").model()
        return [str(model.index(row, 0).data()) for row in range(model.rowCount())]


@pytest.fixture
def desk(qtbot: QtBot, look: QApplication) -> Desk:
    return Desk(qtbot)


def test_a_typed_text_is_answered_then_marked(desk: Desk) -> None:
    record = desk.read()
    assert desk.says("tryLabel") == record.prediction.label
    assert desk.says("trySentence").startswith(f"It says “{record.prediction.label}” with ")
    marked = desk.page.findChild(MarkedText, "tryMarks")
    assert not marked.marks.signed, "until words were left out, what it looks at is shown"
    assert desk.says("tryAbout") == "Measuring which words decide …"
    desk.workers["attribute"].answer(synthetic_attribution(record, strongest=4))
    assert marked.marks.signed
    start, end = marked.marks.spans[int(marked.marks.weights.argmax())]
    assert TEXT[start:end] == "not"


def test_an_answer_that_was_overtaken_is_not_shown(desk: Desk) -> None:
    desk.read()
    first = desk.workers["attend"].asked[-1].key
    desk.type("another text")
    desk.workers["attend"].answered.emit(first, synthetic_record("stale", layers=1, heads=2))
    assert desk.page._asking.current is not None
    assert desk.page._asking.current.asked.text == TEXT


def test_abstaining_is_said_with_both_figures(desk: Desk) -> None:
    prediction = Prediction("spam", {"ham": 0.13, "spam": 0.87}, abstains=True, threshold=0.93)
    desk.read(prediction=prediction)
    assert desk.says("trySentence") == (
        "It would leave this text to a person: “spam” is the likeliest with 87 %, but it is said from 93 % only."
    )
    assert desk.says("tryLabel") == "to a person"
    assert not any(bar.strong for bar in bars(prediction))


def test_several_labels_and_numbers_have_words_of_their_own() -> None:
    both = Prediction("food, room", {"food": 0.9, "price": 0.1, "room": 0.7}, labels=("food", "room"))
    assert sentence(both) == "It says “food”, “room”."
    assert [bar.label for bar in bars(both) if bar.strong] == ["food", "room"]
    assert sentence(Prediction("", {"food": 0.1}, labels=())) == "It says none of its labels."
    assert short_answer(Prediction("3.7", {})) == ("3.7", "")
    assert sentence(Prediction("3.7", {})) == "It says 3.7."


def test_next_text_keeps_the_last_one_and_a_press_brings_it_back(desk: Desk) -> None:
    desk.read()
    desk.press("nextText")
    assert desk.page.findChild(QPlainTextEdit, "tryText").toPlainText() == ""
    desk.read("the food was good")
    assert len(desk.tried) == 1
    assert desk.tried[0].endswith(TEXT)
    tried = desk.page.findChild(QListView, "triedList")
    desk.qtbot.mouseClick(
        tried.viewport(), Qt.MouseButton.LeftButton, pos=tried.visualRect(tried.model().index(0, 0)).center()
    )
    assert desk.page.findChild(QPlainTextEdit, "tryText").toPlainText() == TEXT
    desk.press("clearTried")
    assert desk.tried == []


def test_what_was_tried_belongs_to_its_run(desk: Desk) -> None:
    desk.read()
    desk.press("nextText")
    desk.page.show_run(OTHER)
    assert desk.tried == []
    desk.page.show_run(PATH)
    assert len(desk.tried) == 1


def test_an_error_is_told_and_the_answer_stays(desk: Desk) -> None:
    record = desk.read()
    desk.type("x" * 5)
    desk.workers["attend"].fail("It cannot be read.")
    banner = desk.page.findChild(ErrorBanner)
    assert banner.isVisible()
    assert banner.lines()[0] == "It cannot be read."
    assert desk.says("tryLabel") == record.prediction.label


def test_without_a_checkpoint_it_says_so(qtbot: QtBot, look: QApplication) -> None:
    desk = Desk(qtbot, History())
    nothing = desk.page.findChild(EmptyState)
    assert nothing.isVisible()
    with qtbot.waitSignal(desk.page.training_requested) as told:
        desk.press("empty_action")
    assert told.args == [PATH]


def test_a_file_is_answered_with_progress_and_a_result(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    out = Path("/out/answers.csv")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(out), ""))
    desk.page._files.take(Path("/in/reviews.csv"))
    worker = desk.workers["predict_file"]
    assert worker.asked[-1].arguments[1:] == ("/in/reviews.csv", out)
    worker.tell(500, 1000)
    assert "500 of 1,000 texts" in desk.page._files._how_far.text()
    worker.answer(BatchPredicted(out, 1000, 30, {"good": 500, "bad": 470}, 2000.0, 0.5))
    assert (
        desk.says("fileSaid") == "1,000 texts answered in 1 s, 2,000 a second. 30 of them (3.0 %) are left to a person."
    )


def test_a_file_can_be_stopped_and_errors_are_told(desk: Desk) -> None:
    desk.page._files.answer(Path("/in/a.csv"), Path("/out/a.csv"))
    worker = desk.workers["predict_file"]
    desk.press("stopFile")
    assert worker.num_stops == 1
    assert not desk.page._files.is_working
    desk.page._files.answer(Path("/in/a.csv"), Path("/out/a.csv"))
    worker.fail("No column of texts was found.")
    assert desk.page.findChild(ErrorBanner).lines()[0] == "No column of texts was found."


def test_a_page_built_anew_shows_the_same_text(desk: Desk) -> None:
    desk.read()
    state = desk.page.state()
    desk.page.close_workers()
    assert all(worker.is_closed for worker in desk.workers.values())
    again = TryPage(desk.book, SyntheticWorker)  # type: ignore[arg-type]
    desk.qtbot.addWidget(again)
    again.restore(state)
    assert again.findChild(QPlainTextEdit, "tryText").toPlainText() == TEXT
