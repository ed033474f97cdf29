"""MarkedText: a text whose words are shaded by how much they are looked at."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QHelpEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from studio.plots.weights import shades
from studio.theme import font, tokens
from studio.translation import tr

_STRONGEST = 0.66
_PAD = 3.0


@dataclass(frozen=True)
class Marks:
    """A text, the character ranges of its words, and a weight for each; the strongest is shaded most."""

    text: str
    spans: tuple[tuple[int, int], ...]
    weights: np.ndarray


class MarkedText(QWidget):
    """Wraps over as many lines as it needs, or shows one line with an ellipsis. Weights are read in tooltips."""

    def __init__(self, *, size: int = 15, is_single_line: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_single_line = is_single_line
        self._font = QFont(font(size, 500))
        self._font.setWordSpacing(5)
        self._line_height = size + 15.0
        self._marks = Marks("", (), np.empty(0))
        self._layout = QTextLayout()
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(not is_single_line)
        self.setSizePolicy(policy)

    @property
    def marks(self) -> Marks:
        return self._marks

    def set_marks(self, marks: Marks) -> None:
        """Show another text, or the same with other weights."""
        is_new_text = marks.text != self._marks.text
        self._marks = marks
        if is_new_text:
            self._layout = self._laid_out(self._inner_width(self.width()))
            self.updateGeometry()
        self.setAccessibleName(marks.text)
        self.update()

    # -- layout --------------------------------------------------------------------------------------------------------

    def _inner_width(self, width: int) -> float:
        return max(20.0, width - 2 * _PAD - 2)

    def _laid_out(self, width: float) -> QTextLayout:
        layout = QTextLayout(self._marks.text.replace("\n", " "), self._font)
        option = QTextOption()
        option.setWrapMode(
            QTextOption.WrapMode.NoWrap if self._is_single_line else QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere
        )
        layout.setTextOption(option)
        layout.beginLayout()
        y = (self._line_height - QFontMetricsF(self._font).height()) / 2
        while (line := layout.createLine()).isValid():
            line.setLineWidth(1e6 if self._is_single_line else width)
            line.setPosition(QPointF(_PAD + 1, y))
            y += self._line_height
        layout.endLayout()
        return layout

    def hasHeightForWidth(self) -> bool:
        return not self._is_single_line

    def heightForWidth(self, width: int) -> int:
        lines = 1 if self._is_single_line else max(1, self._laid_out(self._inner_width(width)).lineCount())
        return round(lines * self._line_height + 2)

    def sizeHint(self) -> QSize:
        return QSize(240, self.heightForWidth(max(240, self.width())))

    def minimumSizeHint(self) -> QSize:
        return QSize(60, round(self._line_height + 2))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if not self._is_single_line:
            self._layout = self._laid_out(self._inner_width(self.width()))
            self.updateGeometry()

    # -- painting ------------------------------------------------------------------------------------------------------

    def _boxes(self, start: int, end: int) -> list[QRectF]:
        """Where a range of characters stands: one box a line."""
        boxes = []
        for index in range(self._layout.lineCount()):
            line = self._layout.lineAt(index)
            first, last = max(start, line.textStart()), min(end, line.textStart() + line.textLength())
            if first < last:
                left, right = line.cursorToX(first)[0], line.cursorToX(last)[0]  # type: ignore[index]
                top = line.y() - 4
                before, after = self._pad(start - 1), self._pad(end)
                boxes.append(QRectF(left - before, top, right - left + before + after, line.height() + 8))
        return boxes

    def _pad(self, neighbour: int) -> float:
        """A box grows into the white space beside its word, but not over a word that touches it."""
        text = self._marks.text
        return _PAD if not 0 <= neighbour < len(text) or text[neighbour].isspace() else -0.5

    def _box_of_word(self, start: int, end: int) -> list[QRectF]:
        """Spaces at a span's edges are no part of the word; a word at a line's start does not grow over the space."""
        text = self._marks.text
        while start < end and text[start].isspace():
            start += 1
        while end > start and text[end - 1].isspace():
            end -= 1
        return self._boxes(start, end)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        limit = self._clip(painter)
        if len(self._marks.weights):
            self._paint_shades(painter, limit)
        painter.setPen(QColor(tokens().text))
        self._layout.draw(painter, QPointF(0, 0))
        if limit < self.width():
            painter.setClipping(False)
            painter.setFont(self._font)
            painter.setPen(QColor(tokens().text3))
            painter.drawText(QRectF(limit + 2, 0, 20, self.height()), Qt.AlignmentFlag.AlignVCenter, "…")

    def _clip(self, painter: QPainter) -> float:
        """In one line: everything after the last word that fits whole is hidden behind an ellipsis."""
        if not self._is_single_line or not self._layout.lineCount():
            return float(self.width())
        if self._layout.lineAt(0).naturalTextWidth() + 2 * _PAD + 1 <= self.width():
            return float(self.width())
        room = self.width() - 22
        ends = [box.right() for start, end in self._marks.spans for box in self._box_of_word(start, end)]
        limit = max((end for end in ends if end <= room), default=float(room))
        painter.setClipRect(QRectF(0, 0, limit, self.height()))
        return limit

    def _paint_shades(self, painter: QPainter, limit: float) -> None:
        strengths = shades(self._marks.weights, max(float(np.max(self._marks.weights)), 1e-12))
        painter.setPen(Qt.PenStyle.NoPen)
        for (start, end), strength in zip(self._marks.spans, strengths, strict=True):
            shade = QColor(tokens().s2)
            shade.setAlphaF(_STRONGEST * float(strength) ** 1.5)
            painter.setBrush(shade)
            for box in self._box_of_word(start, end):
                if box.left() < limit:
                    painter.drawRoundedRect(box, 5, 5)

    # -- looking closer ------------------------------------------------------------------------------------------------

    def word_at(self, spot: QPointF) -> int | None:
        """Index of the word under a point."""
        for index, (start, end) in enumerate(self._marks.spans):
            if any(box.contains(spot) for box in self._box_of_word(start, end)):
                return index
        return None

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            index = self.word_at(QPointF(event.pos()))
            words = ""
            if index is not None:
                start, end = self._marks.spans[index]
                word = self._marks.text[start:end].strip()
                words = tr("“{word}”: weight {weight}", word=word, weight=f"{self._marks.weights[index]:.3f}")
            QToolTip.showText(event.globalPos(), words, self)
            return True
        return super().event(event)
