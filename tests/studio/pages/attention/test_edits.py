"""Attention page: what each word changes, tokens edited where they stand, and sentences before and after."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from engine.records import Prediction
from studio.pages.attention.ranking_card import RankingCard
from studio.pages.attention.trust_card import TrustCard
from studio.widgets.text_bar import TextBar
from tests.studio.pages.attention.desk import MOMENT, TEXT, AttentionDesk
from tests.studio.synthetic_attention import synthetic_attribution, synthetic_record, synthetic_trust

pytestmark = pytest.mark.slow

NOT, CLEAN = 4, 5
"""Places of two tokens of the text, [CLS] counted."""


def change_under(desk: AttentionDesk, place: int) -> str:
    """What stands under a chip, as a screen reader says it."""
    before = desk.chips.current
    desk.chips.set_current(place)
    told = desk.chips.accessibleDescription()
    desk.chips.set_current(before)
    return told


def test_reasons_come_once_the_person_rests(desk: AttentionDesk) -> None:
    desk.read()
    assert desk.num_asked("one-out") == 0, "the map comes first"
    worker = desk.wait_asked("one-out")
    asked = worker.asked[-1]
    assert asked.arguments[1:] == (TEXT, "leave-one-out", "best")
    assert desk.num_asked("importance") == desk.num_asked("trust") == 0, "one after the other"
    height = desk.chips.height()
    top = desk.heat_map.mapTo(desk.page, desk.heat_map.rect().topLeft()).y()
    desk.answer_reasons(strongest=NOT)
    assert change_under(desk, NOT) == "not −40"
    assert desk.num_asked("importance") == 1
    assert "mainly because of “not”" in desk.said
    desk.qtbot.wait(MOMENT)
    assert desk.chips.height() == height
    assert desk.heat_map.mapTo(desk.page, desk.heat_map.rect().topLeft()).y() == top, "nothing moves"
    desk.wait_asked("trust").answer(synthetic_trust())
    assert "agrees partly" in desk.says("trustSentence")


def test_no_single_word_decides(answered: AttentionDesk) -> None:
    answered.answer_reasons(strongest=NOT, score=0.02)
    assert answered.said.endswith("no single word decides it.")


def test_typing_stops_slow_questions(answered: AttentionDesk) -> None:
    one_out = answered.wait_asked("one-out")
    QTest.keyClick(answered.editor, Qt.Key.Key_X)
    assert one_out.num_stops == 1
    answered.wait_asked("answer", 3)
    assert answered.num_asked("one-out") == 1, "nothing is measured before the answer"


def test_typing_stops_what_follows_leave_one_out(answered: AttentionDesk) -> None:
    answered.answer_reasons()
    trust, importance = answered.wait_asked("trust"), answered.wait_asked("importance")
    QTest.keyClick(answered.editor, Qt.Key.Key_X)
    assert (trust.num_stops, importance.num_stops) == (1, 1)


def test_a_letter_typed_and_taken_back_goes_on(answered: AttentionDesk) -> None:
    answered.wait_asked("one-out")
    QTest.keyClick(answered.editor, Qt.Key.Key_X)
    QTest.keyClick(answered.editor, Qt.Key.Key_Backspace)
    answered.wait_asked("one-out", 2)
    answered.answer_reasons(strongest=NOT)
    assert "“not”" in answered.said


def test_a_text_that_comes_back_is_explained_again(answered: AttentionDesk) -> None:
    answered.answer_reasons()
    answered.read("another text")
    record = answered.read(TEXT)
    answered.wait_asked("one-out", 2).answer(synthetic_attribution(record, strongest=CLEAN))
    assert "“clean”" in answered.said


@pytest.mark.parametrize(
    ("key", "words"),
    [
        (Qt.Key.Key_Delete, "the room was clean at all"),
        (Qt.Key.Key_M, "the room was [MASK] clean at all"),
    ],
)
def test_a_token_is_edited_by_key(answered: AttentionDesk, key: Qt.Key, words: str) -> None:
    answered.chips.setFocus()
    for _ in range(NOT + 1):
        QTest.keyClick(answered.chips, Qt.Key.Key_Right)
    assert answered.chips.current == NOT
    QTest.keyClick(answered.chips, key)
    assert answered.editor.toPlainText() == words
    QTest.keyClick(answered.editor, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert answered.editor.toPlainText() == TEXT


def test_a_token_is_replaced_in_its_place(answered: AttentionDesk) -> None:
    answered.chips.edit(NOT)
    field = answered.find("chipEditor", QLineEdit)
    assert field.text() == "not"
    QTest.keyClicks(field, "ve")
    answered.answer_reasons()
    assert field.isVisible(), "figures that arrive do not take the pen away"
    QTest.keyClicks(field, "ry")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert answered.editor.toPlainText() == "the room was very clean at all"


@pytest.mark.parametrize(
    ("index", "words"), [(0, "[MASK] room was not clean at all"), (1, "room was not clean at all")]
)
def test_a_token_is_edited_by_menu(answered: AttentionDesk, index: int, words: str) -> None:
    menu = answered.chips.menu_for(1)
    menu.actions()[index].trigger()
    assert answered.editor.toPlainText() == words
    answered.editor.undo()
    assert answered.editor.toPlainText() == TEXT


def test_the_sentence_tells_what_the_edit_did(answered: AttentionDesk) -> None:
    answered.chips.delete_requested.emit(NOT)
    answered.wait_asked("answer", 3)
    record = synthetic_record(answered.editor.toPlainText(), labels=("positive", "negative"))
    answered.answer(record)
    assert answered.said.startswith("After your edit: the answer turns from “negative”")
    assert answered.says("answerBefore").startswith("before: “negative”")
    assert answered.is_shown("answerBefore")
    answered.editor.undo()
    answered.wait_asked("answer", 4)
    answered.answer(synthetic_record(TEXT, layers=2, heads=4))
    assert answered.said.startswith("It says “negative”")
    assert not answered.is_shown("answerBefore")


def test_an_edit_that_changes_the_figure_only(answered: AttentionDesk) -> None:
    answered.chips.replace_requested.emit(CLEAN, "tidy and neat")
    answered.wait_asked("answer", 3)
    answered.answer(synthetic_record(answered.editor.toPlainText(), layers=2, heads=4))
    assert answered.said.startswith("After your edit: “negative” goes from")


@pytest.mark.parametrize("before", ["😀😀 ", "𝔸 👩‍👩‍👧 "])
def test_signs_of_two_places_stand_before_the_token(desk: AttentionDesk, before: str) -> None:
    text = before + "not bad"
    record = desk.read(text)
    place = record.tokens.index("bad")
    desk.chips.replace_requested.emit(place, "good")
    assert desk.editor.toPlainText() == before + "not good"


def test_chips_of_a_text_that_is_gone_change_nothing(answered: AttentionDesk) -> None:
    answered.editor.setPlainText("another text")
    answered.chips.delete_requested.emit(NOT)
    assert answered.editor.toPlainText() == "another text"


def test_a_model_that_knows_no_masked_word(desk: AttentionDesk) -> None:
    desk.read(mask_token=None)
    assert not desk.chips.menu_for(NOT).actions()[0].isEnabled()


def test_text_that_was_put_in_can_be_undone(answered: AttentionDesk) -> None:
    answered.part(TextBar).set_text("another example")
    answered.editor.undo()
    assert answered.editor.toPlainText() == TEXT


def test_empty_and_filled_again_says_the_same(answered: AttentionDesk, qtbot: QtBot) -> None:
    said = answered.said
    answered.part(TextBar).set_text("")
    qtbot.waitUntil(lambda: "empty" in answered.said, timeout=1000)
    answered.editor.undo()
    qtbot.waitUntil(lambda: answered.said == said, timeout=1000)


def test_an_encoder_without_an_answer_only_reads(desk: AttentionDesk) -> None:
    record: Any = synthetic_record(TEXT, abilities=frozenset({"mute", "uniform"}))
    desk.answer(record.__class__(**{**record.__dict__, "prediction": Prediction("", {})}))
    assert desk.said.startswith("This model gives no answer, it only reads; it looks most at “")
    assert not desk.chips.isVisible()
    assert not desk.is_shown("predictedLabel")
    assert not desk.part(TrustCard).isVisible()
    assert not desk.part(RankingCard).isVisible()
    assert desk.is_shown("uniformAttention")
    desk.qtbot.wait(4 * MOMENT)
    assert desk.num_asked("one-out") == 0


@pytest.mark.parametrize("text", ["الغرفة ليست نظيفة على الإطلاق", "החדר לא היה נקי", "房间一点也不干净但是早餐非常好"])
def test_other_scripts(desk: AttentionDesk, text: str) -> None:
    record = desk.read(text)
    place = 2
    start, end = record.spans[place]
    desk.chips.delete_requested.emit(place)
    assert desk.editor.toPlainText() == (text[: start - 1] if text[start - 1] == " " else text[:start]) + text[end:]
    desk.page.grab()


@pytest.mark.parametrize("question", ["one-out", "trust", "importance"])
def test_a_reason_that_cannot_be_had_leaves_the_picture(answered: AttentionDesk, question: str) -> None:
    answered.wait_asked("one-out")
    if question != "one-out":
        answered.answer_reasons()
    answered.wait_asked(question).fail("Nothing can be left out.")
    assert answered.heat_map.isVisible()
    assert not answered.banner.isVisible(), "nobody asked for it"
    if question != "importance":
        assert answered.says("trustSentence") == "Nothing can be left out."
    answered.qtbot.wait(4 * MOMENT)
    assert answered.num_asked(question) == 1, "and it is not asked over and over"


def test_hovering_a_chip_marks_its_column(answered: AttentionDesk) -> None:
    def drawn() -> QImage:
        return answered.heat_map.grab().toImage()

    answered.chips.setFocus()
    plain = drawn()
    QTest.keyClick(answered.chips, Qt.Key.Key_Home)
    QTest.keyClick(answered.chips, Qt.Key.Key_Right)
    marked = drawn()
    QTest.keyClick(answered.chips, Qt.Key.Key_Escape)
    assert drawn() == plain
    answered.heat_map.set_marked(1)
    assert drawn() == marked != plain


def test_the_page_can_be_walked_by_keyboard(answered: AttentionDesk, qtbot: QtBot) -> None:
    answered.answer_reasons()
    answered.page.activateWindow()
    qtbot.waitActive(answered.page)
    answered.editor.setFocus()
    seen: list[QWidget] = []
    while (focus := answered.page.focusWidget()) not in seen and focus is not None:
        seen.append(focus)
        QTest.keyClick(focus, Qt.Key.Key_Tab)
    names = {one.objectName() for one in seen}
    wanted = {
        "attentionText", "tokenChips", "compareWith", "exportMap", "mapChooser", "heatMap", "specialTokens",
        "headOrder", "uniformAttention", "headSwitch", "rankHeads",
    }  # fmt: skip
    assert wanted <= names
    assert answered.grid in seen
    assert [one for one in seen if not (one.accessibleName() or getattr(one, "text", str)())] == []
