"""Pill: a state in a word, with its dot."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QPointF, QRect, QSize
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio import theme
from studio.theme import tokens
from studio.widgets import painting

PillKind = Literal["accent", "ok", "warn", "bad", "plain"]


class Pill(QWidget):
    """Colour and word say the same; neither is alone."""

    def __init__(self, text: str = "", kind: PillKind = "plain", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._font = theme.font(theme.CAPTION, 500)
        self.set_pill(text, kind)

    def set_pill(self, text: str, kind: PillKind) -> None:
        self._text, self._kind = text, kind
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    def text(self) -> str:
        return self._text

    def kind(self) -> str:
        return self._kind

    def sizeHint(self) -> QSize:
        return QSize(QFontMetrics(self._font).horizontalAdvance(self._text) + 32, 22)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        ink, fill = colours_of(self._kind)
        painting.box(painter, self.rect(), self.height() / 2, fill)
        painting.dot(painter, QPointF(13, self.height() / 2), 3, ink)
        painting.text(painter, QRect(22, 0, self.width() - 28, self.height()), self._text, self._font, ink)


def colours_of(kind: str) -> tuple[str, str]:
    """(ink, soft fill) of a state's kind."""
    colours = tokens()
    return {
        "accent": (colours.accent_text, colours.soft),
        "ok": (colours.ok, colours.ok_soft),
        "warn": (colours.warn, colours.warn_soft),
        "bad": (colours.bad, colours.bad_soft),
    }.get(kind, (colours.text2, colours.track))
