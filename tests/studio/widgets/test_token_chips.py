"""Token chips: what each word changes, and every edit by mouse and by keyboard."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QMenu
from pytestqt.qtbot import QtBot

from studio.theme import tokens
from studio.widgets.chip_lines import wrapped_chips
from studio.widgets.token_chips import TokenChips, change_words

pytestmark = pytest.mark.usefixtures("look")
WORDS = ("[CLS]", "the", "screen", "crack", "##ed", "after", "two", "days", "[SEP]")
SPECIAL = tuple(word.startswith("[") for word in WORDS)
SCORES = np.array([0.0, 0.01, 0.54, 0.2, 0.0, -0.03, 0.0, -0.2, 0.0])


@pytest.fixture
def chips(qtbot: QtBot) -> TokenChips:
    made = TokenChips()
    qtbot.addWidget(made)
    made.resize(300, 140)
    made.set_mask_token("[MASK]")
    made.set_tokens(WORDS, SPECIAL, SCORES)
    made.show()
    qtbot.waitExposed(made)
    made.setFocus()
    return made


def _editor(chips: TokenChips) -> QLineEdit:
    found = chips.findChild(QLineEdit, "chipEditor")
    assert isinstance(found, QLineEdit)
    return found


def _mouse(chips: TokenChips, index: int) -> QPoint:
    return chips.rect_of(index).center()


@given(st.floats(-1, 1))
def test_changes_are_points_with_their_sign(score: float) -> None:
    words = change_words(score)
    points = -100 * score
    if words == "0":
        assert abs(points) <= 0.05
    else:
        assert words[0] == ("+" if points > 0 else "−")
        assert float(words[1:]) == pytest.approx(abs(points), abs=0.51 if abs(points) >= 0.95 else 0.051)


def test_the_mockups_changes() -> None:
    assert [change_words(score) for score in (0.54, -0.03, 0.004, 0.0)] == ["−54", "+3", "−0.4", "0"]


@given(st.lists(st.integers(20, 120), max_size=80), st.integers(60, 600))
def test_chips_wrap_in_order_and_are_found(widths: list[int], room: int) -> None:
    lines = wrapped_chips(widths, room, 4, 30, 24)
    assert [index for number in range(lines.num_lines) for index in lines.line(number)] == list(range(len(widths)))
    for index in range(len(widths)):
        rect = lines.rect(index)
        assert rect.left() >= 0 and rect.left() + rect.width() <= room
        assert lines.at(rect.center().x(), rect.center().y()) == index
        assert index in lines.line(lines.line_of(index)) and index in lines.seen(rect.top(), rect.bottom())
        assert lines.line_of(lines.moved(index, 1)) == min(lines.line_of(index) + 1, lines.num_lines - 1)


def test_what_counts_for_the_answer_is_orange_and_against_it_blue(chips: TokenChips) -> None:
    drawn = chips.viewport().grab().toImage()

    def colour(index: int) -> QColor:
        return drawn.pixelColor(chips.rect_of(index).left() + 4, chips.rect_of(index).center().y())

    assert colour(2).red() > colour(2).blue() + 30
    assert colour(7).blue() > colour(7).red() + 20
    assert colour(6) == QColor(tokens().sunk)
    assert colour(2).blue() < colour(3).blue(), "the stronger the darker"


def test_arrows_reach_every_chip(chips: TokenChips) -> None:
    told: list[int] = []
    chips.hovered.connect(told.append)
    QTest.keyClick(chips, Qt.Key.Key_Right)
    for _ in range(20):
        QTest.keyClick(chips, Qt.Key.Key_Right)
    assert told == list(range(len(WORDS)))
    QTest.keyClick(chips, Qt.Key.Key_Up)
    assert chips.current is not None and chips.current < len(WORDS) - 1
    QTest.keyClick(chips, Qt.Key.Key_Home)
    assert chips.current == 0
    QTest.keyClick(chips, Qt.Key.Key_Escape)
    assert chips.current is None and told[-1] == -1


def test_delete_and_mask_are_asked_for_by_key(chips: TokenChips, qtbot: QtBot) -> None:
    chips.set_current(2)
    with qtbot.waitSignal(chips.delete_requested) as told:
        QTest.keyClick(chips, Qt.Key.Key_Delete)
    assert told.args == [2]
    with qtbot.waitSignal(chips.mask_requested) as told:
        QTest.keyClick(chips, Qt.Key.Key_M)
    assert told.args == [2]


def test_special_tokens_are_left_alone(chips: TokenChips) -> None:
    told: list[object] = []
    for signal in (chips.delete_requested, chips.mask_requested, chips.replace_requested):
        signal.connect(lambda *values: told.append(values))
    chips.set_current(0)
    for key in (Qt.Key.Key_Delete, Qt.Key.Key_M, Qt.Key.Key_Return, Qt.Key.Key_Space):
        QTest.keyClick(chips, key)
    QTest.mouseClick(chips.viewport(), Qt.MouseButton.LeftButton, pos=_mouse(chips, 0))
    assert not told and chips.findChild(QMenu) is None and not _editor(chips).isVisible()


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_F2])
def test_replacing_is_written_in_place(chips: TokenChips, qtbot: QtBot, key: Qt.Key) -> None:
    chips.set_current(4)
    QTest.keyClick(chips, key)
    editor = _editor(chips)
    assert editor.isVisible() and editor.text() == "ed" and editor.selectedText() == "ed"
    assert editor.geometry().intersects(chips.rect_of(4))
    QTest.keyClicks(editor, "ing")
    with qtbot.waitSignal(chips.replace_requested) as told:
        QTest.keyClick(editor, Qt.Key.Key_Return)
    assert told.args == [4, "ing"]
    assert not editor.isVisible() and chips.hasFocus()


def test_escape_and_the_same_word_replace_nothing(chips: TokenChips) -> None:
    told: list[object] = []
    chips.replace_requested.connect(lambda *values: told.append(values))
    for written, key in (("other", Qt.Key.Key_Escape), ("screen", Qt.Key.Key_Return), ("  ", Qt.Key.Key_Return)):
        chips.edit(2)
        _editor(chips).setText(written)
        QTest.keyClick(_editor(chips), key)
        assert not _editor(chips).isVisible()
    assert not told


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_a_click_opens_what_can_be_done(chips: TokenChips, qtbot: QtBot) -> None:
    QTest.mouseClick(chips.viewport(), Qt.MouseButton.LeftButton, pos=_mouse(chips, 2))
    assert chips.current == 2
    menu = chips.findChild(QMenu)
    assert isinstance(menu, QMenu) and menu.isVisible()
    assert [action.text() for action in menu.actions()] == ["Mask", "Delete", "Replace …"]
    with qtbot.waitSignal(chips.mask_requested) as told:
        menu.actions()[0].trigger()
    assert told.args == [2]
    menu.close()


def test_a_model_without_a_mask_says_so(chips: TokenChips) -> None:
    chips.set_mask_token(None)
    told: list[int] = []
    chips.mask_requested.connect(told.append)
    chips.set_current(2)
    QTest.keyClick(chips, Qt.Key.Key_M)
    mask = chips.menu_for(2).actions()[0]
    assert not mask.isEnabled() and mask.text() == "Mask (this model knows no masked word)"
    assert not told


def test_pointer_and_page_mark_the_same_chip(chips: TokenChips) -> None:
    told: list[int] = []
    chips.hovered.connect(told.append)
    QTest.mouseMove(chips.viewport(), _mouse(chips, 5))
    assert told == [5] and chips.accessibleDescription() == "after +3"
    before = chips.grab().toImage()
    chips.set_current(1)
    assert told == [5] and chips.grab().toImage() != before
    chips.set_current(None)
    assert chips.accessibleDescription() == " ".join(WORDS)


def test_many_lines_scroll_and_only_what_is_seen_is_painted(chips: TokenChips, monkeypatch: pytest.MonkeyPatch) -> None:
    words = tuple(f"word{index}" for index in range(2048))
    chips.set_tokens(words, (False,) * 2048, np.linspace(-1, 1, 2048))
    assert chips.heightForWidth(300) == 3 * 45
    assert chips.verticalScrollBar().maximum() > 1000
    painted: list[int] = []
    paint_chip = chips._paint_chip
    monkeypatch.setattr(
        chips, "_paint_chip", lambda painter, index, end: (painted.append(index), paint_chip(painter, index, end))
    )
    chips.set_current(2000)
    chips.viewport().grab()
    assert 2000 in painted and len(set(painted)) < 60
    assert chips.viewport().rect().contains(chips.rect_of(2000))


def test_scores_come_later_and_go(chips: TokenChips) -> None:
    chips.set_tokens(WORDS, SPECIAL)
    low = chips.heightForWidth(300)
    chips.set_current(3)
    chips.set_scores(SCORES)
    assert chips.heightForWidth(300) > low and chips.current == 3
    chips.set_tokens(("a", "b"), (False, False))
    assert chips.current is None
    chips.set_tokens((), ())
    chips.grab()
