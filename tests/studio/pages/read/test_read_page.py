"""The Read page: a question is asked, its answer marked where it stands, words are masked, silence is said."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from engine.inspection.reading.words import is_word, placed, words_of
from engine.records import (
    BatchPredicted,
    MeetingMap,
    ReadAnswer,
    ReadingTrust,
    ScoredRow,
    ScoredRows,
    Silence,
    WordLosses,
)
from studio.pages.read import ReadPage
from studio.pages.read.answer_card import BestList
from studio.pages.read.map_card import MapCard, MeetingView
from studio.pages.read.passage_view import PassageView, apart
from studio.pages.read.question_chips import QuestionChips
from tests.studio.desk import Desk
from tests.studio.synthetic_history import SyntheticBook, SyntheticEntry, synthetic_history

PATH = Path("/runs/manuals")
QUESTION = "How often must I wash the filter?"
PASSAGE = (
    "Empty the tank. Wash the air filter every two weeks, and once a week if you keep pets. Oil the hinge once a year."
)


def answer(question: str = QUESTION, context: str = PASSAGE, **changes: object) -> ReadAnswer:
    shares = {"once a week": 0.71, "every two weeks": 0.12, "and once a week": 0.06, "once a year": 0.03}
    best = tuple(
        placed(context, context.index(text), context.index(text) + len(text), share) for text, share in shares.items()
    )
    asked = tuple(one for one in words_of(question) if is_word(one))
    passage = words_of(context)
    weights = np.random.default_rng(0).random((len(asked), len(passage))).astype(np.float32)
    found = ReadAnswer(
        question, context, best, 0.04, Silence(0.38, 0.1, 0.95, 600, 46, 1400, 0.05), asked, passage,
        (MeetingMap("passage to question", weights, weights.max(axis=0)),),
    )  # fmt: skip
    return replace(found, **changes)  # type: ignore[arg-type]


class ReadDesk(Desk[ReadPage]):
    def __init__(self, qtbot: QtBot) -> None:
        super().__init__(qtbot)
        self.book = SyntheticBook(SyntheticEntry(PATH, synthetic_history()))
        self.put(ReadPage(self.book, self.make_worker)).show_run(PATH)  # type: ignore[arg-type]

    def ask(self, question: str = QUESTION) -> None:
        line = self.find("question", QLineEdit)
        line.setText(question)
        self.qtbot.keyClick(line, Qt.Key.Key_Return)
        assert self.worker("answer").asked[-1].arguments[1] == question

    def answered(self, **changes: object) -> ReadAnswer:
        self.ask()
        found = answer(**changes)
        self.worker("answer").answer(found)
        return found


@pytest.fixture
def desk(qtbot: QtBot, look: QApplication) -> ReadDesk:
    made = ReadDesk(qtbot)
    card = made.page.findChild(PassageView)
    assert card is not None
    examples = [ScoredRow(n, (f"What is {n}?", PASSAGE), ("x",), "x", {}) for n in range(12)]
    ones = np.ones((12, 2))
    made.worker("examples").answer(
        ScoredRows("test", ("question", "context"), examples, {"f1": ones}, "f1", ceiling={"em": 0.995})
    )
    made.page.restore({"question": QUESTION, "context": PASSAGE, "path": str(PATH)})
    return made


def test_an_answer_is_marked_where_it_stands(desk: ReadDesk) -> None:
    found = desk.answered()
    assert desk.says("readAnswer") == "once a week" and desk.says("readSure") == "71 %"
    assert desk.says("readSentence") == "It answers “once a week”, 71 % sure."
    view = desk.part(PassageView)
    assert [one.rank for one in view.candidates] == [0, 1, 3], "one that overlaps stands in the list alone"
    assert apart(found.best) == view.candidates
    assert "46 of 600" in desk.says("silenceSentence") and "38 %" in desk.says("silenceSentence")


def test_the_word_that_made_it_is_named(desk: ReadDesk) -> None:
    found = desk.answered()
    losses = np.array([0.19, 0.41, 0.01, 0.0, 0.24, 0.0, 0.12])
    desk.worker("losses").answer(WordLosses(found.best[0], losses, 0.71 - losses))
    assert desk.says("readSentence") == (
        "It answers “once a week”, 71 % sure, because of “often” and “wash”; without “often” it is only 30 % sure."
    )


def test_a_click_masks_a_word_and_escape_shows_it_again(desk: ReadDesk) -> None:
    desk.answered()
    chips = desk.find("questionChips", QuestionChips)
    assert chips.words == tuple(QUESTION.rstrip("?").split())
    spot = chips.rect_of(1).center()
    desk.qtbot.mouseClick(chips.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    assert desk.worker("answer").asked[-1].arguments[-1] == (1,)
    desk.worker("answer").answer(answer(masked=(1,)))
    assert desk.says("readSentence") == "Without “often” it answers “once a week”, 71 % sure."
    desk.qtbot.keyClick(chips, Qt.Key.Key_Escape)
    assert desk.worker("answer").asked[-1].arguments[-1] == ()


def test_silence_says_what_it_would_have_said(desk: ReadDesk) -> None:
    desk.answered(no_answer=0.62)
    assert desk.says("readAnswer") == "no answer" and desk.says("readSure") == "62 %"
    assert "it would have said “once a week”" in desk.says("readSentence")


def test_list_and_passage_light_each_other(desk: ReadDesk) -> None:
    desk.answered()
    listed, view = desk.find("bestList", BestList), desk.part(PassageView)
    told: list[int] = []
    listed.hovered.connect(told.append)
    desk.qtbot.keyClick(listed, Qt.Key.Key_Down)
    desk.qtbot.keyClick(listed, Qt.Key.Key_Down)
    assert told == [0, 1]
    assert view.candidate_at(QPointF(-5, -5)) == -1


def test_the_map_says_whose_look_it_is(desk: ReadDesk) -> None:
    found = desk.answered()
    card = desk.page.findChild(MapCard)
    view = desk.find("meetingMap", MeetingView)
    assert card is not None and view.data is not None
    assert view.data.queries == tuple(word.text for word in found.question_words)
    query, key = np.unravel_index(int(found.maps[0].weights.argmax()), found.maps[0].weights.shape)
    asked, word = found.question_words[int(query)].text, found.passage_words[int(key)].text
    assert desk.says("mapTold").startswith(f"“{word}” looks at “{asked}” with ")


def test_without_attention_there_is_no_map_and_no_trust(desk: ReadDesk) -> None:
    desk.answered(maps=())
    assert "no attention" in desk.says("noMap")
    assert not desk.find("meetingMap", MeetingView).isVisible()


def test_trust_stands_beside_its_controls(desk: ReadDesk) -> None:
    desk.answered()
    desk.worker("trust").answer(ReadingTrust(5, 0.24, 0.09, 0.07, "fair"))
    assert desk.says("readTrust") == "The map agrees partly with what changes the answer."


def test_figures_stand_beside_what_can_be_reached(desk: ReadDesk) -> None:
    desk.answered()
    assert "EM at best 99.5 %" in desk.says("readFigures") or desk.says("readFigures") == ""


def test_a_file_is_answered_and_told(desk: ReadDesk, tmp_path: Path) -> None:
    desk.answered()
    desk.page.answer_file("/in/asked.csv", tmp_path / "said.csv")
    button = desk.find("askFile", QPushButton)
    desk.worker("predict_file").tell(5, 10)
    assert button.text() == "Stop (50 %)"
    desk.worker("predict_file").answer(BatchPredicted(tmp_path / "said.csv", 10, 3))
    assert button.text() == "Ask a whole file…" and desk.says("readSentence").startswith("10 questions answered, 3")


def test_an_error_keeps_the_last_answer(desk: ReadDesk) -> None:
    desk.answered()
    desk.ask("Who?")
    desk.worker("answer").fail("It went wrong.")
    assert desk.banner.isVisible() and desk.says("readAnswer") == "once a week"
