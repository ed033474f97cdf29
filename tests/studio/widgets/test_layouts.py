"""Layouts: where parts stand, who gets the room that is left, and what gives way in a narrow window."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout, QLabel, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from studio.widgets.layouts import fill, hbox, panel, scrolling, set_wide, vbox


def shown(qtbot: QtBot, whole: QWidget, width: int = 400, height: int = 300) -> QWidget:
    qtbot.addWidget(whole)
    whole.resize(width, height)
    whole.show()
    return whole


def sized(width: int, height: int) -> QWidget:
    part = QWidget()
    part.setMinimumSize(width, height)
    return part


def test_parts_stand_under_each_other(qtbot: QtBot) -> None:
    first, second, third = sized(50, 20), sized(50, 20), sized(50, 20)
    whole = QWidget()
    fill(QVBoxLayout(whole), first, 30, (second, 1), hbox(third), gap=10, margins=(1, 2, 3, 4))
    shown(qtbot, whole)
    assert first.pos().toTuple() == (1, 2) and first.width() == 396
    assert second.y() - first.geometry().bottom() - 1 == 40, "a gap, and the pixels that stay free"
    assert second.height() > first.height() >= 20
    assert third.geometry().bottom() + 1 == 296


def test_what_is_left_stays_free(qtbot: QtBot) -> None:
    left, right = sized(40, 20), sized(40, 20)
    whole = shown(qtbot, panel(hbox(left, None, (right, 0, Qt.AlignmentFlag.AlignTop), gap=0)))
    assert left.x() == 0 and right.geometry().right() + 1 == whole.width()
    assert right.y() == 0 and right.height() == 20


def test_only_up_and_down_it_scrolls(qtbot: QtBot) -> None:
    tall = QLabel("word " * 400)
    tall.setWordWrap(True)
    area = scrolling(vbox(tall), "Much to read")
    shown(qtbot, area, 200, 100)
    assert area.verticalScrollBar().maximum() > 0
    assert area.horizontalScrollBarPolicy() == Qt.ScrollBarPolicy.ScrollBarAlwaysOff
    assert area.accessibleName() == "Much to read"


def test_a_narrow_window_has_one_column(qtbot: QtBot) -> None:
    main, side, whole = sized(50, 20), sized(50, 20), QWidget()
    box = fill(QBoxLayout(QBoxLayout.Direction.LeftToRight, whole), (main, 1), side)
    shown(qtbot, whole)
    set_wide(box, True, side, 120, 150)
    qtbot.waitUntil(lambda: side.x() > main.x() and 120 <= side.width() <= 150)
    set_wide(box, False, side, 120, 150)
    qtbot.waitUntil(lambda: side.y() > main.y() and side.width() == whole.width())
