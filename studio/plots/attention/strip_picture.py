"""StripPicture: a pooling's map as lines of cells, each under its word, that wrap like the text itself."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from studio.plots.attention.map_data import MapData
from studio.theme import font, tokens

_WORD, _WEIGHT, _BETWEEN = 24.0, 20.0, 14.0
_AROUND = _WORD + _WEIGHT + _BETWEEN
_LEAST_WIDTH, _MOST_WIDTH, _PADDING = 44.0, 160.0, 16.0
_LOWEST, _HIGHEST, _ROOMY = 26.0, 112.0, 56.0
_GAP = 2.0
_SCALES = (1.6, 1.4, 1.2)
_MOST_STRETCH = 1.5


@dataclass(frozen=True)
class StripPicture:
    """Where each word's cell lies for one size, and how to paint it.

    A cell is as wide as its word needs and as high as `size` has room for; the lines are of like widths. A short text
    is written larger, and `height` may be more than that of `size` where the text is long.
    """

    data: MapData
    size: QSizeF

    @cached_property
    def scale(self) -> float:
        """How much larger than in a long text everything is: as much as still leaves cells of a good height."""
        for scale in _SCALES:
            num_lines = len(wrapped(self._widths_at(scale), self.size.width()))
            if num_lines * scale * (_AROUND + _ROOMY) <= self.size.height():
                return scale
        return 1.0

    @cached_property
    def _lines(self) -> list[tuple[int, int]]:
        """(first, one after the last) key of each line; as many as needed, none much shorter than the others."""
        return balanced(self._widths, self.size.width())

    @cached_property
    def _widths(self) -> list[float]:
        return self._widths_at(self.scale)

    def _widths_at(self, scale: float) -> list[float]:
        metrics = QFontMetricsF(font(round(14 * scale), 600))
        wanted = [metrics.horizontalAdvance(word) + scale * _PADDING for word in self.data.keys]
        return [min(max(width, scale * _LEAST_WIDTH), scale * _MOST_WIDTH) for width in wanted]

    @cached_property
    def _cell_height(self) -> float:
        left = self.size.height() / len(self._lines) - self.scale * _AROUND
        return float(min(max(left, _LOWEST), self.scale * _HIGHEST))

    @cached_property
    def _cells(self) -> list[QRectF]:
        found = []
        for line, (start, end) in enumerate(self._lines):
            top = self.scale * _WORD + line * (self._cell_height + self.scale * _AROUND)
            widths = self._widths[start:end]
            stretch = min(_MOST_STRETCH, self.size.width() / sum(widths))
            edges = np.concatenate([[0.0], np.cumsum(widths) * stretch]).round()
            for left, right in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True):
                found.append(QRectF(left, top, right - left - _GAP, self._cell_height))
        return found

    @property
    def height(self) -> float:
        """How much height is used."""
        return self._cells[-1].bottom() + self.scale * _WEIGHT

    def cell(self, _query: int, key: int) -> QRectF:
        return self._cells[key]

    def at(self, spot: QPointF) -> tuple[int, int] | None:
        """(0, key) under a point; the word over a cell and the weight under it belong to it."""
        for key, cell in enumerate(self._cells):
            if cell.adjusted(0, -self.scale * _WORD, _GAP, self.scale * _WEIGHT).contains(spot):
                return 0, key
        return None

    def neighbour(self, place: tuple[int, int], step: tuple[int, int]) -> tuple[int, int]:
        """The next key to the left or right, or the nearest one in the line above or below."""
        down, right = step
        _, key = place
        if down == 0:
            return 0, min(max(key + right, 0), len(self._cells) - 1)
        line = next(index for index, (start, end) in enumerate(self._lines) if start <= key < end)
        start, end = self._lines[min(max(line + down, 0), len(self._lines) - 1)]
        middle = self._cells[key].center().x()
        return 0, min(range(start, end), key=lambda other: abs(self._cells[other].center().x() - middle))

    # -- painting ------------------------------------------------------------------------------------------------------

    def paint(self, painter: QPainter) -> None:
        """Cells with their words and weights; no crosshair."""
        shades = self.data.colors(self.data.weights[0])
        for key, (blue, green, red, _) in enumerate(shades.tolist()):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(red, green, blue))
            painter.drawRoundedRect(self._cells[key], 3, 3)
            is_special = bool(self.data.special[key])
            self._paint_words(painter, key, tokens().text3 if is_special else tokens().text, 500)

    def paint_crosshair(self, painter: QPainter, _query: int, key: int) -> None:
        """The cell in a frame, its word and weight strong."""
        cell = self._cells[key]
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(tokens().crosshair), 2))
        painter.drawRoundedRect(cell.adjusted(-1, -1, 1, 1), 4, 4)
        for place in (self._word_place(cell), self._weight_place(cell)):
            painter.fillRect(place, QColor(tokens().card))
        self._paint_words(painter, key, tokens().s2, 600)

    def paint_mark(self, painter: QPainter, key: int) -> None:
        """The same as the crosshair: there is one query only."""
        self.paint_crosshair(painter, 0, key)

    def paint_focus(self, painter: QPainter) -> None:
        """A frame in the accent colour around all."""
        painter.drawRoundedRect(QRectF(0.75, 0.75, self.size.width() - 1.5, self.height - 1.5), 4, 4)

    def _paint_words(self, painter: QPainter, key: int, color: str, weight: int) -> None:
        cell = self._cells[key]
        digits = 2 if self.data.end >= 0.1 else 3
        middle = Qt.AlignmentFlag.AlignCenter
        letters = font(round(14 * self.scale), weight)
        room = cell.width() - 2
        word = QFontMetricsF(letters).elidedText(self.data.keys[key], Qt.TextElideMode.ElideRight, room)
        painter.setFont(letters)
        painter.setPen(QColor(color))
        painter.drawText(self._word_place(cell), middle, word)
        painter.setFont(font(round(12 * self.scale**0.5)))
        painter.setPen(QColor(color if weight == 600 else tokens().text3))
        painter.drawText(self._weight_place(cell), middle, self._figure(key, digits))

    def _figure(self, key: int, digits: int) -> str:
        weight = float(self.data.weights[0, key])
        words = f"{abs(weight):.{digits}f}"
        is_nothing = not float(words)
        return words if is_nothing or not self.data.signed else f"{'+' if weight > 0 else '−'}{words}"

    def _word_place(self, cell: QRectF) -> QRectF:
        height = self.scale * _WORD
        return QRectF(cell.left(), cell.top() - height, cell.width(), height - 2)

    def _weight_place(self, cell: QRectF) -> QRectF:
        return QRectF(cell.left(), cell.bottom() + 2, cell.width(), self.scale * _WEIGHT - 2)


def wrapped(widths: list[float], room: float) -> list[tuple[int, int]]:
    """(first, one after the last) of each line, filled one after the other; a line has at least one."""
    lines, start, used = [], 0, 0.0
    for index, width in enumerate(widths):
        if index > start and used + width > room:
            lines.append((start, index))
            start, used = index, 0.0
        used += width
    return [*lines, (start, len(widths))]


def balanced(widths: list[float], room: float) -> list[tuple[int, int]]:
    """As few lines as `wrapped` needs, of as equal a width as that allows: found by halving the room."""
    fewest = len(wrapped(widths, room))
    low, high = sum(widths) / fewest, room
    while high - low > 1.0:
        middle = (low + high) / 2
        low, high = (low, middle) if len(wrapped(widths, middle)) <= fewest else (middle, high)
    return wrapped(widths, high)
