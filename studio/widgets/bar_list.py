"""BarList: rows of label, bar and number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio import theme
from studio.theme import tokens
from studio.widgets import painting

_ROW, _BAR, _GAP, _LEAST_BAR = 25, 8, 12, 16


@dataclass(frozen=True)
class Bar:
    """`share` from 0 to 1 is the bar's length; `number` and the paler `note` stand at the row's end."""

    label: str
    share: float
    number: str
    note: str = ""
    color: str = ""
    strong: bool = False


class BarList(QWidget):
    """Labels and numbers get the room they need, the bars the rest."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bars: list[Bar] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_bars(self, bars: Sequence[Bar]) -> None:
        self._bars = list(bars)
        self.setAccessibleDescription("; ".join(f"{bar.label}: {bar.number} {bar.note}".strip() for bar in bars))
        self.updateGeometry()
        self.update()

    def bars(self) -> list[Bar]:
        return list(self._bars)

    def sizeHint(self) -> QSize:
        return QSize(200, _ROW * len(self._bars))

    def minimumSizeHint(self) -> QSize:
        return QSize(120, _ROW * len(self._bars))

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._bars:
            return
        painter = QPainter(self)
        plain, strong = theme.font(), theme.font(weight=600)
        widest = max(QFontMetrics(strong).horizontalAdvance(bar.label) for bar in self._bars)
        numbers = max(QFontMetrics(strong).horizontalAdvance(bar.number) for bar in self._bars) + 2
        notes = max(QFontMetrics(plain).horizontalAdvance(bar.note) for bar in self._bars)
        notes += _GAP if notes else 0
        beside = numbers + notes + 2 * _GAP
        labels = min(widest + 2, max(round(self.width() * 0.4), self.width() - beside - _LEAST_BAR))
        length = self.width() - labels - numbers - notes - 2 * _GAP
        for index, bar in enumerate(self._bars):
            top, colours = index * _ROW, tokens()
            font, ink = (strong, colours.text) if bar.strong else (plain, colours.text2)
            painting.text(painter, QRect(0, top, labels, _ROW), bar.label, font, ink)
            place = QRect(labels + _GAP, top + (_ROW - _BAR) // 2, max(8, length), _BAR)
            painting.bar(painter, place, bar.share, bar.color or colours.s1)
            right = self.width() - notes
            painting.text(
                painter,
                QRect(right - numbers, top, numbers, _ROW),
                bar.number,
                theme.font(weight=500),
                colours.text,
                painting.RIGHT,
            )
            painting.text(painter, QRect(right, top, notes, _ROW), bar.note, plain, colours.text3, painting.RIGHT)
