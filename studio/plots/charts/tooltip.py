"""Bubble: a small dark note beside the pointer that reads a value out exactly."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from studio.theme import font

_BACKGROUND, _TEXT = QColor(18, 19, 24, 240), QColor("#FFFFFF")
_PADDING, _LINE, _GAP = 10, 18, 14

Line = tuple[str, str, str | None]
"""(words, figure, colour of the dot or None)"""


class Tooltip(QWidget):
    """Lines of words with a figure each. Lies over its parent and lets the pointer through."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._host = parent
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setObjectName("bubble")
        self._lines: list[Line] = []
        self.hide()

    def show_lines(self, lines: list[Line], beside: QPoint) -> None:
        """Show the lines near a point of the parent, turned to the side where there is room."""
        self._lines = lines
        plain, bold = QFontMetricsF(font(12)), QFontMetricsF(font(12, 600))
        width = max(
            plain.horizontalAdvance(text) + bold.horizontalAdvance(figure) + (14 if dot else 0)
            for text, figure, dot in lines
        )
        self.resize(int(width) + 2 * _PADDING + _GAP, _LINE * len(lines) + 12)
        room = self._host.rect()
        x = beside.x() + 14 if beside.x() + 14 + self.width() <= room.right() else beside.x() - 14 - self.width()
        y = beside.y() + 14 if beside.y() + 14 + self.height() <= room.bottom() else beside.y() - 14 - self.height()
        self.move(max(0, min(x, room.right() - self.width())), max(0, y))
        self.setAccessibleName("; ".join(f"{text} {figure}".strip() for text, figure, _ in lines))
        self.show()
        self.raise_()
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(_BACKGROUND)
        painter.drawRoundedRect(QRectF(self.rect()), 6, 6)
        for index, (text, figure, dot) in enumerate(self._lines):
            row = QRectF(_PADDING, 6 + _LINE * index, self.width() - 2 * _PADDING, _LINE)
            if dot:
                painter.setBrush(QColor(dot))
                painter.setPen(Qt.PenStyle.NoPen)
                painter.drawEllipse(QRectF(row.left(), row.center().y() - 3, 6, 6))
                row.setLeft(row.left() + 14)
            painter.setFont(font(12))
            painter.setPen(_TEXT)
            painter.drawText(row, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
            painter.setFont(font(12, 600))
            painter.setPen(_TEXT)
            painter.drawText(row, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, figure)
