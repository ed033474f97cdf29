"""cut_texts: which words of a page cannot be read whole: cut at their own edge, by a parent, or shortened where nothing
tells the rest."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QApplication,
    QComboBox,
    QLabel,
    QStyle,
    QStyleOptionComboBox,
    QWidget,
)

from studio import theme
from studio.widgets import painting
from studio.widgets.labels import ElidingLabel, TitleLabel

_SHORT = 11
"""Painted words of so few signs are figures and single words: with "…" nothing of them is left."""


@contextmanager
def texts_of(stretch: int = 100, size: float = 1.0) -> Iterator[None]:
    """All words `stretch` percent wide, letters `size` times as large."""
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    theme.set_text(size=size, stretch=stretch)
    application.setFont(theme.font())
    try:
        yield
    finally:
        theme.set_text()
        application.setFont(theme.font())


def cut_texts(page: QWidget, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """One line for each; empty where all can be read."""
    shortened = _painted_short(page, monkeypatch)
    found = [told for widget in _seen(page) for told in _faults(widget, page)]
    return list(dict.fromkeys([*found, *shortened]))


def _seen(page: QWidget) -> Iterator[QWidget]:
    for widget in page.findChildren(QWidget):
        if widget.isVisible() and widget.width() > 0 and widget.height() > 0:
            yield widget


def _faults(widget: QWidget, page: QWidget) -> Iterator[str]:
    words = _words(widget)
    if not words.strip():
        return
    name = f"{type(widget).__name__} {widget.objectName()} “{words[:60]}”".replace("  ", " ")
    if not isinstance(widget, ElidingLabel | TitleLabel):
        wide, high = _needed(widget, words)
        if wide > widget.width() + 1:
            yield f"{name}: {wide} pixels wide, has {widget.width()}"
        elif high > widget.height() + 1:
            yield f"{name}: {high} pixels high, has {widget.height()}"
    outside = _outside(widget, page)
    if outside:
        yield f"{name}: {outside} pixels lie outside {_room(widget, page).objectName() or 'its room'}"


def _words(widget: QWidget) -> str:
    if isinstance(widget, QLabel):
        return widget.text() if widget.textFormat() != Qt.TextFormat.RichText else ""
    if isinstance(widget, QComboBox):
        return widget.currentText()
    return widget.text() if isinstance(widget, QAbstractButton) else ""


def _needed(widget: QWidget, words: str) -> tuple[int, int]:
    metrics = QFontMetrics(widget.font())
    if isinstance(widget, QLabel):
        if widget.wordWrap():
            widest = max(metrics.horizontalAdvance(word) for word in words.split())
            return widest, widget.heightForWidth(widget.width())
        size = widget.sizeHint()
        return size.width(), min(size.height(), metrics.height() * (1 + words.count("\n")))
    if isinstance(widget, QComboBox):
        option = QStyleOptionComboBox()
        widget.initStyleOption(option)
        part = QStyle.SubControl.SC_ComboBoxEditField
        room = widget.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, part, widget)
        return metrics.horizontalAdvance(words) + widget.width() - room.width(), metrics.height()
    hint = widget.minimumSizeHint()
    return hint.width(), metrics.height()


def _room(widget: QWidget, page: QWidget) -> QWidget:
    """What a widget is seen through: a scroll area's viewport, else the page."""
    parent = widget.parentWidget()
    while parent is not None and parent is not page:
        above = parent.parentWidget()
        if isinstance(above, QAbstractScrollArea) and parent is above.viewport():
            return parent
        parent = above
    return page


def _outside(widget: QWidget, page: QWidget) -> int:
    """Pixels to the left or right that cannot be seen; up and down one scrolls."""
    room = _room(widget, page)
    area = room.parentWidget()
    can_scroll = isinstance(area, QAbstractScrollArea) and area.horizontalScrollBar().maximum() > 0
    if can_scroll and area.horizontalScrollBarPolicy() != Qt.ScrollBarPolicy.ScrollBarAlwaysOff:
        return 0
    hidden = 0
    parent: QWidget | None = widget
    while parent is not None and parent is not room:
        parent = parent.parentWidget()
        if parent is None:
            break
        left = widget.mapTo(parent, QPoint(0, 0)).x()
        hidden = max(hidden, -left, left + widget.width() - parent.width())
    return max(0, hidden - 1)


def _painted_short(page: QWidget, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Short words that painters end with "…"."""
    found: list[str] = []
    plain = painting.text

    def text(painter: QPainter, rect: QRect, words: str, font: QFont, *more: Any) -> int:
        metrics, device = QFontMetrics(font), type(painter.device()).__name__
        widget = painter.device()
        if isinstance(widget, QWidget) and words in widget.toolTip():
            pass  # it may be shortened: the rest is told
        elif len(words) <= _SHORT and metrics.horizontalAdvance(words) > rect.width():
            found.append(f"painted “{words}”: {metrics.horizontalAdvance(words)} wide, has {rect.width()} ({device})")
        elif words.strip() and metrics.ascent() > rect.height() + 1:
            found.append(f"painted “{words}”: {metrics.height()} high, has {rect.height()} ({device})")
        return plain(painter, rect, words, font, *more)

    with monkeypatch.context() as patch:
        patch.setattr(painting, "text", text)
        page.grab()
    return found
