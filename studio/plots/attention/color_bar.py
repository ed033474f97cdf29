"""ColorBar: the scale of a heat map, from 0 to its bright end."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.plots.attention.map_words import exact_signed
from studio.plots.attention.weights import VIRIDIS, diverging_row
from studio.theme import font, tokens
from studio.translation import tr

_BAR_WIDTH, _BAR_HEIGHT = 132, 8
_LABEL = 46


class ColorBar(QWidget):
    """The tooltip tells how weights become shades."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._end, self._signed = 1.0, False
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_end(1.0)

    def set_end(self, end: float, signed: bool = False) -> None:
        """The weight at the bright end; a signed scale goes from -end over the card's colour to +end."""
        self._end, self._signed = end, signed
        if signed:
            self.setAccessibleName(tr("Scale from −{end} to +{end}", end=f"{end:.2f}"))
            self.setToolTip(
                tr("Blue: less, orange: more. Shades follow |difference|^0.6, so that small ones are seen.")
            )
        else:
            self.setAccessibleName(tr("Scale from 0 to {end}", end=f"{end:.2f}"))
            self.setToolTip(
                tr(
                    "Shades follow weight^0.6 up to the largest weight on a word, "
                    "so that small weights can be told apart."
                )
            )
        self.updateGeometry()
        self.update()

    @property
    def _left(self) -> int:
        """Where the bar begins: the signed scale has a longer label before it."""
        return _LABEL if self._signed else 14

    def sizeHint(self) -> QSize:
        return QSize(self._left + _BAR_WIDTH + 8 + _LABEL, 20)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(font(12))
        painter.setPen(QColor(tokens().text2))
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        low, high = (_short(-self._end), _short(self._end)) if self._signed else ("0", f"{self._end:.2f}")
        painter.drawText(QRect(0, 0, self._left - 2, 20), middle, low)
        painter.drawText(QRect(self._left + 8 + _BAR_WIDTH, 0, _LABEL, 20), middle, high)
        place = QRect(self._left, (20 - _BAR_HEIGHT) // 2, _BAR_WIDTH, _BAR_HEIGHT)
        outline = QPainterPath()
        outline.addRoundedRect(place, _BAR_HEIGHT / 2, _BAR_HEIGHT / 2)
        painter.setClipPath(outline)
        self._paint_scale(painter, place)

    def _paint_scale(self, painter: QPainter, place: QRect) -> None:
        row = diverging_row().tobytes() if self._signed else VIRIDIS.tobytes()
        form = QImage.Format.Format_RGB32 if self._signed else QImage.Format.Format_RGB888
        painter.drawImage(place, QImage(row, 256, 1, len(row), form))
        if self._signed:
            painter.setClipping(False)
            painter.setPen(QColor(tokens().line2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(place.adjusted(0, 0, -1, -1), _BAR_HEIGHT / 2, _BAR_HEIGHT / 2)


def _short(end: float) -> str:
    """A scale's end in as many digits as it needs."""
    return exact_signed(end) if abs(end) < 0.1 else f"{'+' if end > 0 else '−'}{abs(end):.2f}"
