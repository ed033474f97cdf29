"""Bubble: one turn as a painted box as wide as its words need, with shaded words and, while it is written, a caret."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAction,
    QColor,
    QFontMetricsF,
    QGuiApplication,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.theme import font, tokens
from studio.translation import tr
from studio.widgets import painting

_ACROSS, _UP, _RADIUS = 14, 9, 10
_LEADING = 1.35
_BREAK = "\u2028"
"""A new line within one layout."""
_STRONGEST = 0.7


class Mark(NamedTuple):
    """Characters `start` to `end` are shaded by `strength`, from 0 to 1."""

    start: int
    end: int
    strength: float


class Bubble(QWidget):
    """`clicked` with the mouse. `fit(width)` gives it the size that its words need."""

    clicked = Signal()

    def __init__(self, is_mine: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_mine = is_mine
        self._text = ""
        self._marks: tuple[Mark, ...] = ()
        self._is_writing = self._is_chosen = self._is_pale = self._is_tinted = False
        self._layout = QTextLayout()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        copy = QAction(tr("Copy"), self)
        copy.triggered.connect(lambda: QGuiApplication.clipboard().setText(self._text))
        self.addAction(copy)

    @property
    def text(self) -> str:
        return self._text

    @property
    def marks(self) -> tuple[Mark, ...]:
        return self._marks

    @property
    def is_pale(self) -> bool:
        """Whether it is not read any more."""
        return self._is_pale

    def show_text(self, text: str, *, is_writing: bool = False, is_pale: bool = False, is_chosen: bool = False) -> None:
        """Takes its size with the next `fit`."""
        self._text, self._is_writing, self._is_pale, self._is_chosen = text, is_writing, is_pale, is_chosen
        self.setAccessibleName(text)
        self.update()

    def show_marks(self, marks: Sequence[Mark]) -> None:
        self._marks = tuple(marks)
        self.update()

    def tint(self, is_on: bool) -> None:
        """While the pointer is on its row at the right."""
        self._is_tinted = is_on
        self.update()

    def fit(self, width: int) -> None:
        """As wide as its words need, at most `width`."""
        self._layout = QTextLayout(self._text.replace("\n", _BREAK), font(14))
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self._layout.setTextOption(option)
        step = math.ceil(QFontMetricsF(font(14)).height() * _LEADING)
        self._layout.beginLayout()
        y, widest = 0.0, 0.0
        while (line := self._layout.createLine()).isValid():
            line.setLineWidth(max(20, width - 2 * _ACROSS))
            line.setPosition(QPointF(_ACROSS, _UP + y))
            y += step
            widest = max(widest, line.naturalTextWidth())
        self._layout.endLayout()
        least = 48 if self._is_writing else 30
        self.setFixedSize(
            min(width, max(least, math.ceil(widest) + 2 * _ACROSS + 4)), round(max(y, step) + 2 * _UP - 4)
        )
        self.update()

    def sizeHint(self) -> QSize:
        return self.minimumSize()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.clicked.emit()
        super().mouseReleaseEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, colours = QPainter(self), tokens()
        fill = colours.warn_soft if self._is_tinted else colours.soft if self._is_mine else colours.card
        border = colours.accent if self._is_chosen else colours.soft_line if self._is_mine else colours.line
        painting.box(painter, self.rect(), _RADIUS, fill, border)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        for mark in self._marks:
            shade = QColor(colours.s2)
            shade.setAlphaF(max(0.0, min(1.0, mark.strength)) * _STRONGEST)
            painter.setBrush(shade)
            for part in self._boxes(mark.start, mark.end):
                painter.drawRoundedRect(part, 3, 3)
        painter.setPen(QColor(colours.text3 if self._is_pale else colours.text))
        self._layout.draw(painter, QPointF(0, 0))
        if self._is_writing:
            painter.fillRect(self._caret(), QColor(colours.accent))

    def _caret(self) -> QRect:
        """Behind the last sign."""
        height = QFontMetricsF(font(14)).height()
        if not self._layout.lineCount():
            return QRect(_ACROSS, _UP, 2, round(height))
        line = self._layout.lineAt(self._layout.lineCount() - 1)
        return QRect(round(line.x() + line.naturalTextWidth()) + 3, round(line.y()), 2, round(height))

    def _boxes(self, start: int, end: int) -> list[QRectF]:
        found = []
        for index in range(self._layout.lineCount()):
            line = self._layout.lineAt(index)
            first, last = max(start, line.textStart()), min(end, line.textStart() + line.textLength())
            if first < last:
                left, right = line.cursorToX(first)[0], line.cursorToX(last)[0]  # type: ignore[index]
                found.append(QRectF(left - 2, line.y() - 1, right - left + 4, line.height() + 2))
        return found
