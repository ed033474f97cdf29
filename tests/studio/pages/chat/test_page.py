"""The chat page: turns as bubbles, streaming that stops and goes on, branches, and what an answer leaned on."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QPushButton
from pytestqt.qtbot import QtBot

from engine import events
from engine.config.run import from_tree
from engine.errors import RunFailure
from engine.messages import message
from engine.records import ChatAnswer, ChatRoom, Leaned, LeanedTurn, LeanedWord, Turn
from engine.runs.history import History
from studio.pages.chat import ChatPage
from studio.pages.chat.conversation_view import ConversationView
from studio.pages.chat.leaned_card import LeanedCard, TurnShares
from studio.pages.chat.side_cards import ChoosingCard, EmptyChat, PerplexityCard
from studio.widgets.bar_list import BarList
from studio.widgets.empty_state import EmptyState
from tests.studio.desk import Desk
from tests.studio.synthetic_history import SyntheticBook, SyntheticEntry

PATH, OTHER = Path("/runs/desk"), Path("/runs/lstm")
FIRST, SECOND = "My bike will not lock.", "It is yellow."
ROOM = ChatRoom(
    num_learned=2400,
    num_unseen=600,
    starters=tuple((Turn("system", "Be brief."), Turn("user", f"How much is {number}?")) for number in range(6)),
    instructions="You help riders.\nAnswer in two sentences.",
)


def _config(name: str) -> object:
    return from_tree(
        {
            "title": name,
            "task": {"name": "chat", "max_new_tokens": 60},
            "model": {"name": "transformer-lm"},
            "data": {"train": "builtin", "builtin": {"topic": "dialogues"}},
        }
    )


def _history(perplexity: float = 12.6) -> History:
    history = History()
    metrics, width = {"loss": 2.5, "perplexity": perplexity}, {"perplexity": 0.5}
    history.append(events.Evaluated(step=40, split="validation", metrics=metrics, num_rows=300, intervals=width))
    history.append(
        events.CheckpointSaved(step=40, path="checkpoints/step-40", is_best=True, metric="perplexity", value=perplexity)
    )
    history.append(events.Evaluated(step=40, split="test", metrics=metrics, num_rows=620, intervals=width))
    return history


class ChatDesk(Desk[ChatPage]):
    def __init__(self, qtbot: QtBot, history: History | None = None) -> None:
        super().__init__(qtbot)
        self.book = SyntheticBook(
            SyntheticEntry(PATH, history or _history(), "finished", _config("Desk"), "Desk"),  # type: ignore[arg-type]
            SyntheticEntry(OTHER, _history(19.7), "finished", _config("LSTM"), "LSTM"),  # type: ignore[arg-type]
        )
        self.put(ChatPage(self.book, self.make_worker)).show_run(PATH)  # type: ignore[arg-type]
        if self.num_asked("room"):
            self.worker("room").answer(ROOM)

    def write(self, text: str) -> None:
        field = self.find("message", QPlainTextEdit)
        field.setPlainText(text)
        self.qtbot.keyClick(field, Qt.Key.Key_Return)

    def answer(self, text: str, **more: object) -> None:
        told = {"ids": tuple(range(len(text.split()))), "seconds": 0.5, "bits": 1.7, "has_ended": True, **more}
        self.worker("chat").answer(ChatAnswer(text, **told))  # type: ignore[arg-type]
        QApplication.processEvents()

    def say(self, question: str, answer: str) -> None:
        self.write(question)
        self.answer(answer)

    def talk(self) -> None:
        """Two questions, two answers, what the second leaned on."""
        self.say(FIRST, "One.")
        self.press("again")
        self.answer("Please push the bike firmly into the stand.")
        self.say(SECOND, "Two words.")
        self.worker("leaning").answer(_leaned())

    @property
    def bubbles(self) -> list[str]:
        return [view.bubble.text for view in self.part(ConversationView).views]

    @property
    def titles(self) -> list[str]:
        return [view.title.text() for view in self.part(ConversationView).views]

    @property
    def asked_turns(self) -> list[tuple[str, str]]:
        return [(turn.role, turn.content) for turn in self.worker("chat").asked[-1].arguments[1]]


@pytest.fixture
def desk(qtbot: QtBot, look: QApplication) -> ChatDesk:
    return ChatDesk(qtbot)


def test_it_begins_with_questions_that_it_never_saw(desk: ChatDesk) -> None:
    assert "2,400 dialogues" in desk.says("honest") and "cannot look anything up" in desk.says("honest")
    assert desk.says("instructionsLine") == "You help riders."
    assert all(desk.part(EmptyChat).findChild(QPushButton, f"starter{number}") for number in range(6))
    desk.press("starter2")
    assert desk.asked_turns == [("system", "Be brief."), ("user", "How much is 2?")]
    assert desk.says("instructionsLine") == "Be brief."


def test_an_answer_comes_token_by_token(desk: ChatDesk) -> None:
    desk.write(FIRST)
    assert desk.bubbles == [FIRST, ""] and not desk.find("send").isEnabled()
    desk.find("message", QPlainTextEdit).setPlainText("typed ahead")
    desk.worker("chat").tell(3, 60, ChatAnswer("Please push it", (1, 2, 3), seconds=0.05))
    assert desk.bubbles == [FIRST, "Please push it"]
    assert desk.see("stop").isVisible()
    notes = [view.note.text() for view in desk.part(ConversationView).views if view.note.isVisible()]
    assert notes == ["writing · 3 of at most 60 tokens · 60 a second"]
    desk.answer("Please push it firmly.")
    assert desk.bubbles == [FIRST, "Please push it firmly."] and desk.find("send").isEnabled()
    assert desk.titles == ["You · turn 1", "Model · turn 2 · explained at the right"]
    assert desk.find("message", QPlainTextEdit).toPlainText() == "typed ahead"


def test_escape_keeps_what_is_written_and_it_goes_on(desk: ChatDesk) -> None:
    desk.write(FIRST)
    desk.worker("chat").tell(3, 60, ChatAnswer("Please push it", (1, 2, 3), seconds=0.05))
    desk.qtbot.keyClick(desk.page, Qt.Key.Key_Escape)
    assert desk.worker("chat").num_stops == 1 and desk.bubbles == [FIRST, "Please push it"]
    desk.press("goOn")
    assert desk.worker("chat").asked[-1].arguments[4] == (1, 2, 3)
    desk.answer("Please push it firmly.", ids=(1, 2, 3, 4))
    assert desk.bubbles == [FIRST, "Please push it firmly."]


def test_what_is_stopped_before_its_first_word_can_be_asked_again(desk: ChatDesk) -> None:
    desk.write(FIRST)
    desk.qtbot.keyClick(desk.page, Qt.Key.Key_Escape)
    assert desk.bubbles == [FIRST]
    desk.press("answerNow")
    desk.answer("Yes.")
    assert desk.bubbles == [FIRST, "Yes."]


def test_answers_are_branches_and_none_is_overwritten(desk: ChatDesk) -> None:
    desk.say(FIRST, "One.")
    for text in ("Two.", "Three."):
        desk.press("again")
        desk.answer(text)
    shown = desk.part(ConversationView).views[1]
    assert shown.below.which.text() == "3 of 3" and desk.bubbles == [FIRST, "Three."]
    desk.qtbot.keyClick(desk.page, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert desk.bubbles == [FIRST, "Two."]
    desk.press("branchBefore")
    assert desk.bubbles == [FIRST, "One."]
    desk.qtbot.keyClick(desk.page, Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    assert desk.bubbles == [FIRST, "Two."]


def test_a_question_in_other_words_is_answered_beside_it(desk: ChatDesk) -> None:
    desk.say(FIRST, "One.")
    desk.say(SECOND, "Two.")
    view = desk.part(ConversationView).views[0]
    view.begin_edit()
    desk.see("turnEditor", QPlainTextEdit).setPlainText("My bike is locked.")
    desk.press("takeEdit")
    assert desk.asked_turns[-1] == ("user", "My bike is locked.")
    desk.answer("Good.")
    assert desk.bubbles == ["My bike is locked.", "Good."]
    desk.part(ConversationView).stepped.emit(desk.part(ConversationView).views[0].shown.id, -1)  # type: ignore[union-attr]
    assert desk.bubbles == [FIRST, "One.", SECOND, "Two."]


def test_other_instructions_offer_to_answer_again(desk: ChatDesk) -> None:
    desk.say(FIRST, "One.")
    desk.say(SECOND, "Two.")
    desk.press("instructionsEdit")
    assert not desk.is_shown("answerAgain")
    desk.find("instructionsText", QPlainTextEdit).setPlainText("Be brief.")
    desk.press("answerAgain")
    assert desk.asked_turns == [("system", "Be brief."), ("user", FIRST)]
    desk.answer("Short.")
    assert desk.bubbles == [FIRST, "Short."]


def _leaned() -> Leaned:
    turns = tuple(LeanedTurn(place, share, 0.25) for place, share in ((0, 0.1), (1, 0.2), (2, 0.2), (3, 0.4), (4, 0.1)))
    words = (LeanedWord(3, 6, 12, "yellow", 0.92), LeanedWord(1, 3, 7, "bike", 0.47), LeanedWord(3, 0, 2, "It", 0.01))
    return Leaned(9, turns, words, random_bits=0.03, num_words=9)


def test_what_the_answer_leaned_on(desk: ChatDesk) -> None:
    desk.say(FIRST, "One.")
    desk.say(SECOND, "Two words.")
    question = desk.worker("leaning").asked[-1]
    assert question.options == {"has_ended": True, "with_words": True}
    desk.worker("leaning").answer(_leaned())
    shares = desk.part(TurnShares)
    assert [(who, round(share, 2)) for who, _, share, _ in shares.rows] == [
        ("3 · You", 0.4), ("1 · You", 0.2), ("2 · Model", 0.2), ("Instructions", 0.1), ("4 · itself", 0.1)
    ]  # fmt: skip
    bars = desk.find("leanedWords", BarList).bars()
    assert [(bar.label, bar.number) for bar in bars] == [
        ("yellow", "+0.92"), ("bike", "+0.47"), ("It", "+0.01"), ("random word", "+0.03")
    ]  # fmt: skip
    marked = [view.bubble.marks for view in desk.part(ConversationView).views]
    assert [[SECOND[one.start : one.end] for one in marked[2]], len(marked[0])] == [["yellow"], 1]
    said = desk.says("chatSentence")
    assert "your last message, 40 %" in said and "“yellow”" in said and said.endswith("among 12.6.")


def test_a_row_at_the_right_tints_its_turn(desk: ChatDesk) -> None:
    desk.say(FIRST, "One.")
    desk.say(SECOND, "Two.")
    desk.worker("leaning").answer(_leaned())
    tinted: list[int] = []
    desk.part(LeanedCard).hovered.connect(tinted.append)
    shares = desk.part(TurnShares)
    shares.setFocus()
    desk.qtbot.keyClick(shares, Qt.Key.Key_Down)
    desk.qtbot.keyClick(shares, Qt.Key.Key_Down)
    assert tinted == [3, 1]


def test_no_word_that_matters_is_said(desk: ChatDesk) -> None:
    desk.say(FIRST, "One.")
    desk.worker("leaning").answer(Leaned(2, (), (LeanedWord(1, 0, 2, "My", 0.001),), 0.0, 5))
    assert desk.says("leanedNote").startswith("This model has no attention")
    assert "No single word matters" in desk.says("leanedNote") and not desk.is_shown("leanedWords")


def test_turns_that_no_longer_fit_are_pale_and_said(desk: ChatDesk) -> None:
    desk.say(FIRST, "One.")
    desk.say(SECOND, "Two.")
    desk.write("And now?")
    desk.answer("Three.", dropped=(1, 2))
    assert [view.bubble.is_pale for view in desk.part(ConversationView).views] == [
        True,
        True,
        False,
        False,
        False,
        False,
    ]
    assert desk.titles[0] == "You · turn 1 · no longer fits, not read"


def test_perplexity_stands_beside_that_of_other_runs(desk: ChatDesk) -> None:
    card = desk.part(PerplexityCard)
    assert card.value.text() == "12.6"
    assert [(bar.label, bar.number) for bar in card.findChildren(BarList)[0].bars()] == [
        ("this model", "12.6"), ("LSTM", "19.7")
    ]  # fmt: skip


def test_settings_hold_for_the_next_answer(desk: ChatDesk) -> None:
    assert desk.says("choosing") == "T 0.7 · top-p 0.90"
    desk.part(ChoosingCard).temperature.setValue(0.2)
    desk.write(FIRST)
    settings = desk.worker("chat").asked[-1].arguments[2]
    assert (settings.temperature, settings.max_tokens) == (0.2, 60) and desk.says("choosing").startswith("T 0.2")


def test_out_of_memory_offers_half_the_length(desk: ChatDesk) -> None:
    desk.write(FIRST)
    error = RunFailure(message("{reason}", reason="No memory."), "chat", message("Try again."))
    desk.worker("chat").failed.emit(desk.worker("chat").asked[-1].key, error)
    assert desk.banner.isVisible() and desk.bubbles == [FIRST]
    desk.press("error_action")
    assert desk.worker("chat").asked[-1].arguments[2].max_tokens == 30


def test_a_new_chat_is_empty_and_the_page_keeps_the_old_one_over_a_rebuild(desk: ChatDesk) -> None:
    desk.say(FIRST, "One.")
    kept = desk.page.state()
    again = desk.put(ChatPage(desk.book, desk.make_worker))  # type: ignore[arg-type]
    again.restore(kept)
    assert desk.bubbles == [FIRST, "One."]
    desk.press("newChat")
    assert desk.bubbles == [] and desk.part(EmptyChat).isVisible()


def test_without_a_checkpoint_it_leads_to_the_training(qtbot: QtBot, look: QApplication) -> None:
    desk = ChatDesk(qtbot, History())
    assert desk.part(EmptyState).isVisible()
    with qtbot.waitSignal(desk.page.training_requested):
        desk.press("empty_action")


def test_no_part_is_a_window_of_its_own(desk: ChatDesk) -> None:
    desk.say(FIRST, "One.")
    desk.press("again")
    desk.answer("Two.")
    assert [one for one in QApplication.topLevelWidgets() if one.isVisible()] == [desk.page]
