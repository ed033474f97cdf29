"""Swatch: the short line in which a group is drawn, to stand before its name."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.pages.compare.chosen_groups import Ink

_WIDTH, _HEIGHT = 16, 4


class Swatch(QWidget):
    """Dashed groups are two pieces."""

    def __init__(self, ink: Ink, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ink = ink
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def sizeHint(self) -> QSize:
        return QSize(_WIDTH, _HEIGHT + 8)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        paint_swatch(QPainter(self), QRectF(self.rect()), self._ink)


def paint_swatch(painter: QPainter, rect: QRectF, ink: Ink) -> None:
    """In the middle of a rectangle's height, from its left."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(ink.color))
    top = rect.center().y() - _HEIGHT / 2
    pieces = [(0.0, 6.5), (9.5, 6.5)] if ink.is_dashed else [(0.0, float(_WIDTH))]
    for left, width in pieces:
        painter.drawRoundedRect(QRectF(rect.left() + left, top, width, _HEIGHT), 2, 2)
