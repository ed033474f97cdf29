"""Sparkline: a small curve without axes."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from studio.theme import tokens
from studio.widgets import painting


class Sparkline(QWidget):
    """The shape of a curve; the number itself stands beside it in words."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._xs, self._ys, self._color = np.empty(0), np.empty(0), ""
        self.setFixedSize(60, 28)

    def set_curve(self, xs: np.ndarray, ys: np.ndarray, color: str = "") -> None:
        """`color` is a hex; by default the first series' blue."""
        self._xs, self._ys, self._color = np.array(xs, dtype=float), np.array(ys, dtype=float), color
        self.update()

    def sizeHint(self) -> QSize:
        return self.minimumSize()

    def paintEvent(self, event: QPaintEvent) -> None:
        colour = self._color or tokens().s1
        painting.spark(QPainter(self), self.rect(), self._xs, self._ys, colour, fill=True, end_dot=True)
