"""ColorBar: the scale of a heat map, from 0 to its bright end."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.plots.weights import VIRIDIS
from studio.theme import font, tokens
from studio.translation import tr

_BAR_WIDTH, _BAR_HEIGHT = 132, 8


class ColorBar(QWidget):
    """The tooltip tells how weights become shades."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._end = 1.0
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setToolTip(
            tr("Shades follow weight^0.6 up to the largest weight on a word, so that small weights can be told apart.")
        )
        self.set_end(1.0)

    def set_end(self, end: float) -> None:
        """The weight at the bright end."""
        self._end = end
        self.setAccessibleName(tr("Scale from 0 to {end}", end=f"{end:.2f}"))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(_BAR_WIDTH + 68, 20)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(font(12))
        painter.setPen(QColor(tokens().text2))
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(QRect(0, 0, 12, 20), middle, "0")
        painter.drawText(QRect(22 + _BAR_WIDTH, 0, 46, 20), middle, f"{self._end:.2f}")
        place = QRect(14, (20 - _BAR_HEIGHT) // 2, _BAR_WIDTH, _BAR_HEIGHT)
        outline = QPainterPath()
        outline.addRoundedRect(place, _BAR_HEIGHT / 2, _BAR_HEIGHT / 2)
        painter.setClipPath(outline)
        row = VIRIDIS.tobytes()
        painter.drawImage(place, QImage(row, len(VIRIDIS), 1, 3 * len(VIRIDIS), QImage.Format.Format_RGB888))
