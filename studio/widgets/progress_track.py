"""ProgressTrack: a bar of how far, with ticks and their words under it and a marker on it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QProgressBar, QSizePolicy, QWidget

from studio import theme
from studio.theme import tokens
from studio.widgets import painting

_PARTS = 10_000
_HEIGHT = 8


class ProgressTrack(QProgressBar):
    """`set_share(0.4)`; ticks are (share, word) where a part begins; the marker is the best checkpoint's place."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ticks: list[tuple[float, str]] = []
        self._marker: float | None = None
        self._color = ""
        self.setRange(0, _PARTS)
        self.setTextVisible(False)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_share(self, share: float) -> None:
        self.setValue(round(_PARTS * min(1.0, max(0.0, share))))

    def share(self) -> float:
        return self.value() / _PARTS

    def set_color(self, color: str) -> None:
        """A hex; empty for the accent."""
        self._color = color
        self.update()

    def set_ticks(self, ticks: Sequence[tuple[float, str]]) -> None:
        self._ticks = list(ticks)
        self.updateGeometry()
        self.update()

    def set_marker(self, share: float | None) -> None:
        self._marker = share
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(120, _HEIGHT + 6 + (theme.tall(18) if any(word for _, word in self._ticks) else 0))

    def minimumSizeHint(self) -> QSize:
        return QSize(40, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, colours = QPainter(self), tokens()
        track = QRect(0, 3, self.width(), _HEIGHT)
        painting.bar(painter, track, self.share(), self._color or colours.accent)
        for share, _ in self._ticks:
            if 0 < share < 1:
                painter.fillRect(round(share * self.width()) - 1, track.top(), 2, _HEIGHT, QColor(colours.card))
        if self._marker is not None:
            centre = QPointF(min(max(self._marker * self.width(), 7.0), self.width() - 7.0), track.center().y() + 0.5)
            painting.dot(painter, centre, 7, colours.card)
            painting.dot(painter, centre, 5, colours.ok)
        self._paint_words(painter)

    def _paint_words(self, painter: QPainter) -> None:
        font = theme.font(theme.TICK)
        metrics, free_from = QFontMetrics(font), -1
        for share, word in self._ticks:
            width = metrics.horizontalAdvance(word)
            left = round(share * self.width()) - (0 if share <= 0 else width // 2)
            left = min(left, self.width() - width)
            if word and left > free_from:
                place = QRect(left, _HEIGHT + 8, width + 2, theme.tall(16))
                painting.text(painter, place, word, font, tokens().text2, Qt.AlignmentFlag.AlignLeft)
                free_from = left + width + 8
