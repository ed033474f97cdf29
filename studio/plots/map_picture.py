"""MapPicture: one attention map as a picture that a widget, an image or an SVG file can be painted with."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter, QPen

from studio.plots.map_data import MapData
from studio.plots.weights import colors, looked_at, scale_end
from studio.theme import font, tokens
from studio.translation import tr

GAP_UP_TO = 64
"""Maps of more tokens than this are painted as one image, without gaps between cells."""
_LARGEST_CELL, _LABEL_WIDTH = 44.0, 104.0
_WIDEST = 1.75
"""Times as wide as high, at most: where there is little height, words over the columns need the width."""
_KEY_PITCH, _QUERY_PITCH = 16.0, 13.0
_SLOPE = math.radians(60)
_FOLD, _LOW_FOLD, _LOW = 54.0, 34.0, 420.0


@dataclass(frozen=True)
class MapPicture:
    """Where everything lies for one size, and how to paint it. Cells are square, or wider in a low place."""

    data: MapData
    size: QSizeF

    @cached_property
    def cells(self) -> QRectF:
        """The rectangle of all cells."""
        left = max(
            self._widest(self.data.queries) + 12, QFontMetricsF(font(12)).horizontalAdvance(self._fold_words) + 14
        )
        top = math.ceil(self._widest(self.data.keys) * math.sin(_SLOPE) + 18)
        overhang = 14 + self._widest(self.data.keys[-3:]) * math.cos(_SLOPE)
        across = (self.size.width() - left - overhang) / len(self.data.keys)
        down = (self.size.height() - top - self._fold) / len(self.data.queries)
        height = _whole(min(across, down, _LARGEST_CELL))
        width = _whole(min(across, _WIDEST * height, _LARGEST_CELL))
        return QRectF(math.ceil(left), top, width * len(self.data.keys), height * len(self.data.queries))

    @property
    def _fold(self) -> float:
        """The height of the bars under the cells; in a low widget the cells need it more."""
        return _LOW_FOLD if self.size.height() < _LOW else _FOLD

    @property
    def height(self) -> float:
        """How much of the height is used."""
        return self.cells.bottom() + self._fold

    def cell(self, query: int, key: int) -> QRectF:
        cells = self.cells
        width, height = cells.width() / len(self.data.keys), cells.height() / len(self.data.queries)
        return QRectF(cells.left() + key * width, cells.top() + query * height, width, height)

    def at(self, spot: QPointF) -> tuple[int, int] | None:
        """(query, key) under a point; the label to the left and the fold below count as their row and column."""
        cells = self.cells
        if not cells.contains(spot):
            return None
        key = int((spot.x() - cells.left()) / cells.width() * len(self.data.keys))
        query = int((spot.y() - cells.top()) / cells.height() * len(self.data.queries))
        return min(query, len(self.data.queries) - 1), min(key, len(self.data.keys) - 1)

    def neighbour(self, place: tuple[int, int], step: tuple[int, int]) -> tuple[int, int]:
        """The cell one step down or right (or up, left), as far as there is one."""
        query, key = place[0] + step[0], place[1] + step[1]
        return min(max(query, 0), len(self.data.queries) - 1), min(max(key, 0), len(self.data.keys) - 1)

    # -- painting ------------------------------------------------------------------------------------------------------

    def paint(self, painter: QPainter) -> None:
        """Cells, words and the fold; no crosshair."""
        self._paint_cells(painter)
        cell = self.cell(0, 0)
        for key in range(0, len(self.data.keys), _every(cell.width(), _KEY_PITCH)):
            self._paint_key(painter, key, tokens().text3 if self.data.special[key] else tokens().text, 400)
        for query in range(0, len(self.data.queries), _every(cell.height(), _QUERY_PITCH)):
            self._paint_query(painter, query, tokens().text, 400)
        self._paint_fold(painter)

    def paint_crosshair(self, painter: QPainter, query: int, key: int) -> None:
        """Row and column in frames, the cell in white, and the two words strong."""
        cells, cell = self.cells, self.cell(query, key)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(tokens().crosshair), 1.5))
        painter.drawRect(QRectF(cells.left(), cell.top(), cells.width(), cell.height()).adjusted(-1, -1, 0, 0))
        painter.drawRect(QRectF(cell.left(), cells.top(), cell.width(), cells.height()).adjusted(-1, -1, 0, 0))
        painter.setPen(QPen(QColor("#FFFFFF"), 2))
        if cell.width() >= 6:
            painter.drawRect(cell.adjusted(0, 0, -1, -1))
        self._paint_named(painter, query, key)

    def paint_focus(self, painter: QPainter) -> None:
        """A frame in the painter's pen around all cells."""
        painter.drawRoundedRect(self.cells.adjusted(-2.5, -2.5, 1.5, 1.5), 3, 3)

    def _paint_named(self, painter: QPainter, query: int, key: int) -> None:
        """The two words again, strong and on the card's colour, as their own label may have been left out."""
        color, card = tokens().s2, QColor(tokens().card)
        cell = self.cell(query, key)
        painter.fillRect(QRectF(0, cell.center().y() - 9, self.cells.left() - 2, 18), card)
        self._paint_query(painter, query, color, 600)
        painter.save()
        painter.translate(cell.center().x() + 3, self.cells.top() - 7)
        painter.rotate(-math.degrees(_SLOPE))
        painter.fillRect(QRectF(-2, -7, 118, 15), card)
        painter.restore()
        self._paint_key(painter, key, color, 600)
        self._paint_fold_bar(painter, key, color)

    def _paint_key(self, painter: QPainter, key: int, color: str, weight: int) -> None:
        """A word above its column, turned by 60 degrees."""
        cell = self.cell(0, key)
        painter.save()
        painter.translate(cell.center().x() + 3, cell.top() - 7)
        painter.rotate(-math.degrees(_SLOPE))
        self._paint_word(painter, self.data.keys[key], QPointF(0, 4), color, weight)
        painter.restore()

    def _paint_query(self, painter: QPainter, query: int, color: str, weight: int) -> None:
        """A word to the left of its row."""
        cell = self.cell(query, 0)
        words = self._elided(self.data.queries[query], weight)
        width = QFontMetricsF(font(12, weight)).horizontalAdvance(words)
        self._paint_word(painter, words, QPointF(cell.left() - 8 - width, cell.center().y() + 4), color, weight)

    def _paint_fold_bar(self, painter: QPainter, key: int, color: str) -> None:
        """How much one word is looked at in all, hanging under its column."""
        height = max(2.0, self._fold_shares[key] * (self._fold - 18))
        cell = self.cell(len(self.data.queries) - 1, key)
        inset = min(3.0, cell.width() * 0.15)
        bar = QRectF(cell.left() + inset, self.cells.bottom() + 9, max(0.8, cell.width() - 2 * inset), height)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(color))
        painter.drawRoundedRect(bar, min(2.0, bar.width() / 3), min(2.0, bar.width() / 3))

    def _paint_word(self, painter: QPainter, word: str, at: QPointF, color: str, weight: int) -> None:
        painter.setFont(font(12, weight))
        painter.setPen(QColor(color))
        painter.drawText(at, self._elided(word, weight))

    def _paint_cells(self, painter: QPainter) -> None:
        pixels = colors(self.data.weights, self.data.end)
        rows, columns = pixels.shape[:2]
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
        painter.drawImage(self.cells, QImage(pixels.data, columns, rows, 4 * columns, QImage.Format.Format_RGB32))
        if max(rows, columns) <= GAP_UP_TO:
            self._paint_gaps(painter, rows, columns)

    def _paint_gaps(self, painter: QPainter, rows: int, columns: int) -> None:
        """One pixel of the card between cells: lines over one image are far cheaper than thousands of rectangles."""
        cells, card = self.cells, QColor(tokens().card)
        for row in range(1, rows + 1):
            painter.fillRect(
                QRectF(cells.left(), cells.top() + row * cells.height() / rows - 1, cells.width(), 1), card
            )
        for column in range(1, columns + 1):
            x = cells.left() + column * cells.width() / columns - 1
            painter.fillRect(QRectF(x, cells.top(), 1, cells.height()), card)

    def _paint_fold(self, painter: QPainter) -> None:
        for key in range(len(self.data.keys)):
            self._paint_fold_bar(painter, key, tokens().line2 if self.data.special[key] else self._bar_color)
        words = self._fold_words
        width = QFontMetricsF(font(12)).horizontalAdvance(words)
        spot = QPointF(self.cells.left() - 8 - width, self.cells.bottom() + 21)
        self._paint_word(painter, words, spot, tokens().text3, 400)

    @property
    def _fold_words(self) -> str:
        return tr("in all")

    @property
    def _bar_color(self) -> str:
        pale = QColor(tokens().accent)
        pale.setAlpha(150)
        return pale.name(QColor.NameFormat.HexArgb)

    @cached_property
    def _fold_shares(self) -> np.ndarray:
        means = looked_at(self.data.weights)
        end = scale_end(means[None, :], self.data.special)
        return np.clip(means / end, 0.0, 1.0)

    # -- words ---------------------------------------------------------------------------------------------------------

    def _elided(self, word: str, weight: int = 400) -> str:
        return QFontMetricsF(font(12, weight)).elidedText(word, Qt.TextElideMode.ElideRight, _LABEL_WIDTH)

    def _widest(self, words: tuple[str, ...]) -> float:
        metrics = QFontMetricsF(font(12, 600))
        return min(_LABEL_WIDTH, max((metrics.horizontalAdvance(word) for word in words), default=0.0))


def _whole(cell: float) -> float:
    """Whole pixels, unless a cell has only few."""
    return float(math.floor(cell)) if cell >= 6 else max(cell, 0.25)


def _every(cell: float, pitch: float) -> int:
    """Words stand at every n-th token, so that none covers another."""
    return max(1, math.ceil(pitch / cell))
