"""MarkedText: a text whose words are coloured by how much they count; a long line shows the part that counts most."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QHelpEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from studio.plots.attention.map_words import exact_signed
from studio.plots.attention.weights import shades
from studio.theme import font, mixed, tokens
from studio.translation import tr


def best_window(lefts: np.ndarray, rights: np.ndarray, weights: np.ndarray, room: float) -> tuple[int, int]:
    """(first, last) of the neighbouring words whose weights sum to most and that fit into `room`.

    `lefts` and `rights` are the words' edges in reading order, in pixels. The earliest of several equals; one word at
    least, even where it does not fit.
    """
    lasts = np.searchsorted(rights, lefts + room, side="right") - 1
    lasts = np.maximum(lasts, np.arange(len(lefts)))
    sums = np.concatenate([[0.0], np.cumsum(weights)])
    found = sums[lasts + 1] - sums[: len(lefts)]
    first = int(np.flatnonzero(found >= found.max() - 1e-9)[0])
    return first, int(lasts[first])


_STRONGEST = 0.66
_PAD = 3.0
_DOTS = 20.0


@dataclass(frozen=True)
class Marks:
    """A text, the character ranges of its words, and a weight for each; the strongest is shaded most.

    `signed` weights are scores for (orange) or against (blue) something.
    """

    text: str
    spans: tuple[tuple[int, int], ...]
    weights: np.ndarray
    signed: bool = False

    def color(self, index: int) -> str:
        """The colour that a word is shaded with."""
        return tokens().s1 if self.signed and self.weights[index] < 0 else tokens().s2


class MarkedText(QWidget):
    """Wraps over as many lines as it needs, or shows in one line the words that are looked at most. Weights are read in
    tooltips, a line's whole text too."""

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
        painter.setFont(self._font)
        painter.save()
        first, last = self.window
        left, right = 0.0, float(self.width())
        if last - first + 1 < len(self._marks.spans):
            left, right = self._clip(painter, first, last)
        if len(self._marks.weights):
            self._paint_shades(painter, left, right)
        painter.setPen(QColor(tokens().text))
        self._layout.draw(painter, QPointF(0, 0))
        painter.restore()

    @property
    def window(self) -> tuple[int, int]:
        """(first, last) word that is shown: in one line that is too short for all, those that are looked at most."""
        last = len(self._marks.spans) - 1
        if not self._is_single_line or last < 0 or self._line_width <= self.width():
            return 0, last
        lefts, rights = self._word_edges()
        first, last = best_window(lefts, rights, np.abs(self._marks.weights), self.width() - 2 * _DOTS)
        while first < last and not self._is_word(first):
            first += 1
        if lefts[first] > _DOTS:
            return first, last
        return 0, max(0, int(np.searchsorted(rights, self.width() - _DOTS, side="right")) - 1)

    def _is_word(self, index: int) -> bool:
        """No line begins with a sign that belongs to the word before it."""
        start, end = self._marks.spans[index]
        return any(sign.isalnum() for sign in self._marks.text[start:end])

    @property
    def _line_width(self) -> float:
        return self._layout.lineAt(0).naturalTextWidth() + 2 * _PAD + 1

    def _word_edges(self) -> tuple[np.ndarray, np.ndarray]:
        """Left and right pixels of the words in one line."""
        boxes = [self._box_of_word(start, end) for start, end in self._marks.spans]
        edges = [(box[0].left(), box[-1].right()) if box else (0.0, 0.0) for box in boxes]
        table = np.maximum.accumulate(np.array(edges), axis=0)
        return table[:, 0], table[:, 1]

    def _clip(self, painter: QPainter, first: int, last: int) -> tuple[float, float]:
        """Show only these words, with an ellipsis for what is left out on either side."""
        lefts, rights = self._word_edges()
        left, right = (float(lefts[first]) if first else 0.0), float(rights[last])
        start = _DOTS if first else 0.0
        painter.setPen(QColor(tokens().text3))
        middle = Qt.AlignmentFlag.AlignVCenter
        if first:
            painter.drawText(QRectF(0, 0, _DOTS - 4, self.height()), middle | Qt.AlignmentFlag.AlignRight, "…")
        if last < len(lefts) - 1:
            painter.drawText(QRectF(start + right - left + 3, 0, _DOTS, self.height()), middle, "…")
        painter.setClipRect(QRectF(start, 0, right - left, self.height()))
        painter.translate(start - left, 0)
        return left, right

    def _paint_shades(self, painter: QPainter, left: float, right: float) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        for index, ((start, end), strength) in enumerate(zip(self._marks.spans, self._strengths(), strict=True)):
            shade = QColor(self._marks.color(index))
            shade.setAlphaF(strength)
            painter.setBrush(shade)
            for box in self._box_of_word(start, end):
                if box.right() > left and box.left() < right:
                    painter.drawRoundedRect(box, 5, 5)

    def _strengths(self) -> list[float]:
        """How much of its colour each word has."""
        sizes = np.abs(self._marks.weights) if self._marks.signed else self._marks.weights
        places = shades(sizes, max(float(np.max(sizes)), 1e-12))
        return [float(strength) for strength in _STRONGEST * places**1.5]

    # -- looking closer ------------------------------------------------------------------------------------------------

    def word_at(self, spot: QPointF) -> int | None:
        """Index of the word under a point."""
        for index, (start, end) in enumerate(self._marks.spans):
            if any(box.contains(spot) for box in self._box_of_word(start, end)):
                return index
        return None

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self._told_at(QPointF(event.pos())), self)
            return True
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click tells at once what resting on a word tells."""
        QToolTip.showText(event.globalPosition().toPoint(), self._told_at(event.position()), self)
        super().mousePressEvent(event)

    def _told_at(self, spot: QPointF) -> str:
        """Of a text of several lines the word under the pointer and its weight; of one line the whole text, marked."""
        if self._is_single_line:
            return self.html()
        index = self.word_at(spot)
        if index is None:
            return ""
        start, end = self._marks.spans[index]
        word = self._marks.text[start:end].strip()
        weight = float(self._marks.weights[index])
        if self._marks.signed:
            return tr("“{word}”: {score}", word=word, score=exact_signed(weight))
        return tr("“{word}”: weight {weight}", word=word, weight=f"{weight:.3f}")

    def html(self) -> str:
        """The whole marked text for a tooltip, whose ground is the colour of text."""
        if not len(self._marks.weights):
            return escape(self._marks.text)
        parts, at, text = [], 0, self._marks.text
        for index, ((start, end), strength) in enumerate(zip(self._marks.spans, self._strengths(), strict=True)):
            shade = mixed(self._marks.color(index), tokens().text, strength)
            parts += [
                escape(text[at:start]),
                f'<span style="background-color:{shade}">{escape(text[start:end])}</span>',
            ]
            at = end
        return f"<qt>{''.join(parts)}{escape(text[at:])}</qt>"
