"""MapPicture: one attention map as a picture that a widget, an image or an SVG file can be painted with."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter, QPen

from studio.plots.attention.map_data import MapData
from studio.plots.attention.map_fold import fold_shares, paint_bar, paint_fold
from studio.plots.attention.map_window import WHOLE, Window
from studio.theme import font, tokens
from studio.translation import tr

GAP_UP_TO = 64
"""Maps of more tokens than this are painted as one image, without gaps between cells."""
EXACT_UP_TO = 256
"""Maps of more tokens than this are looked at through a window that can be moved and zoomed."""
_LARGEST_CELL, _LABEL_WIDTH = 44.0, 104.0
_WIDEST = 1.75
"""Times as wide as high, at most: where there is little height, words over the columns need the width."""
_KEY_PITCH, _QUERY_PITCH = 16.0, 13.0
_SLOPE = math.radians(60)
_FOLD, _LOW_FOLD, _LOW = 54.0, 34.0, 420.0
_CORNER = 64.0


@dataclass(frozen=True)
class MapPicture:
    """Where everything lies for one size, and how to paint it. Cells are square, or wider in a low place.

    `has_queries` is False for a map whose rows are named by another one on its left.
    """

    data: MapData
    size: QSizeF
    window: Window = WHOLE
    has_queries: bool = True

    @property
    def is_zoomable(self) -> bool:
        return is_zoomable(self.data)

    @cached_property
    def cells(self) -> QRectF:
        """The rectangle of all cells."""
        left = max(_widest(self.data.queries) + 12, _width(self._fold_words, 400) + 14) if self.has_queries else 8.0
        top = math.ceil(_widest(self.data.keys) * math.sin(_SLOPE) + 18)
        if self.is_zoomable:  # the overview stands in the corner
            left, top = max(left, _CORNER), max(top, int(_CORNER))
        overhang = 14 + _widest(self.data.keys[-3:]) * math.cos(_SLOPE)
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

    @property
    def queries_seen(self) -> tuple[int, int]:
        """(first, one after the last) query in the window."""
        return self.window.seen(self.window.top, len(self.data.queries))

    @property
    def keys_seen(self) -> tuple[int, int]:
        return self.window.seen(self.window.left, len(self.data.keys))

    def cell(self, query: int, key: int) -> QRectF:
        """Where a cell lies; outside of `cells` when the window shows another part."""
        cells, width, height = self.cells, *self._cell_size
        left = cells.left() + (key - self.window.left * len(self.data.keys)) * width
        top = cells.top() + (query - self.window.top * len(self.data.queries)) * height
        return QRectF(left, top, width, height)

    @property
    def _cell_size(self) -> tuple[float, float]:
        share = self.window.share
        return (
            self.cells.width() / (share * len(self.data.keys)),
            self.cells.height() / (share * len(self.data.queries)),
        )

    def at(self, spot: QPointF) -> tuple[int, int] | None:
        """(query, key) under a point."""
        cells = self.cells
        if not cells.contains(spot):
            return None
        across = self.window.left + (spot.x() - cells.left()) / cells.width() * self.window.share
        down = self.window.top + (spot.y() - cells.top()) / cells.height() * self.window.share
        num_queries, num_keys = len(self.data.queries), len(self.data.keys)
        return min(int(down * num_queries), num_queries - 1), min(int(across * num_keys), num_keys - 1)

    def neighbour(self, place: tuple[int, int], step: tuple[int, int]) -> tuple[int, int]:
        """The cell one step down or right (or up, left), as far as there is one."""
        query, key = place[0] + step[0], place[1] + step[1]
        return min(max(query, 0), len(self.data.queries) - 1), min(max(key, 0), len(self.data.keys) - 1)

    # -- painting ------------------------------------------------------------------------------------------------------

    def paint(self, painter: QPainter) -> None:
        """Cells, words and the fold; no crosshair."""
        self.paint_weights(painter)
        self.paint_words(painter)

    def paint_weights(self, painter: QPainter) -> None:
        """What another head paints anew."""
        self._paint_cells(painter)
        self._paint_fold(painter)
        if not self.window.is_whole:
            self._paint_overview(painter)

    def paint_words(self, painter: QPainter) -> None:
        """What stays the same from head to head; turned letters take longer than everything else."""
        width, height = self._cell_size
        for key in _spread(self.keys_seen, _every(width, _KEY_PITCH)):
            if self._is_seen(self.cell(0, key).center().x(), across=True):
                self._paint_key(painter, key, tokens().text3 if self.data.special[key] else tokens().text, 400)
        for query in _spread(self.queries_seen, _every(height, _QUERY_PITCH)) if self.has_queries else ():
            if self._is_seen(self.cell(query, 0).center().y(), across=False):
                self._paint_query(painter, query, tokens().text, 400)
        if self.has_queries:
            spot = QPointF(self.cells.left() - 8 - _width(self._fold_words, 400), self.cells.bottom() + 21)
            self._paint_word(painter, self._fold_words, spot, tokens().text3, 400)

    def _is_seen(self, place: float, across: bool) -> bool:
        cells = self.cells
        return cells.left() <= place <= cells.right() if across else cells.top() <= place <= cells.bottom()

    def paint_crosshair(self, painter: QPainter, query: int, key: int) -> None:
        """Row and column in frames, the cell in white, and the two words strong."""
        cells, cell = self.cells, self.cell(query, key)
        painter.save()
        painter.setClipRect(cells.adjusted(-2, -2, 2, 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(tokens().crosshair), 1.5))
        painter.drawRect(QRectF(cells.left(), cell.top(), cells.width(), cell.height()).adjusted(-1, -1, 0, 0))
        painter.drawRect(QRectF(cell.left(), cells.top(), cell.width(), cells.height()).adjusted(-1, -1, 0, 0))
        painter.setPen(QPen(QColor(tokens().text if self.data.signed else "#FFFFFF"), 2))
        if cell.width() >= 6:
            painter.drawRect(cell.adjusted(0, 0, -1, -1))
        painter.restore()
        self._paint_named(painter, query, key)

    def paint_mark(self, painter: QPainter, key: int) -> None:
        """A column in a frame and its word strong."""
        cells, cell = self.cells, self.cell(0, key)
        if not self._is_seen(cell.center().x(), across=True):
            return
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(tokens().crosshair), 1.5))
        painter.drawRect(QRectF(cell.left(), cells.top(), cell.width(), cells.height()).adjusted(-1, -1, 0, 0))
        self._paint_named_key(painter, key)

    def paint_focus(self, painter: QPainter) -> None:
        """A frame in the painter's pen around all cells."""
        painter.drawRoundedRect(self.cells.adjusted(-2.5, -2.5, 1.5, 1.5), 3, 3)

    def _paint_named(self, painter: QPainter, query: int, key: int) -> None:
        """The two words again, strong and on the card's colour, as their own label may have been left out."""
        color, card = tokens().s2, QColor(tokens().card)
        cell = self.cell(query, key)
        if self.has_queries:
            painter.fillRect(QRectF(0, cell.center().y() - 9, self.cells.left() - 2, 18), card)
            self._paint_query(painter, query, color, 600)
        self._paint_named_key(painter, key)

    def _paint_named_key(self, painter: QPainter, key: int) -> None:
        color, card, cell = tokens().s2, QColor(tokens().card), self.cell(0, key)
        painter.save()
        painter.translate(cell.center().x() + 3, self.cells.top() - 7)
        painter.rotate(-math.degrees(_SLOPE))
        width = _width(_elided(self._word(self.data.keys[key]), 600), 600)
        painter.fillRect(QRectF(-2, -7, width + 6, 15), card)
        painter.restore()
        self._paint_key(painter, key, color, 600)
        height = max(2.0, abs(float(self._fold_shares[key])) * (self._fold - 18))
        paint_bar(painter, QRectF(cell.left(), self.cells.bottom() + 9, cell.width(), height), QColor(color))

    def _paint_key(self, painter: QPainter, key: int, color: str, weight: int) -> None:
        """A word above its column, turned by 60 degrees."""
        painter.save()
        painter.translate(self.cell(0, key).center().x() + 3, self.cells.top() - 7)
        painter.rotate(-math.degrees(_SLOPE))
        self._paint_word(painter, self._word(self.data.keys[key]), QPointF(0, 4), color, weight)
        painter.restore()

    def _paint_query(self, painter: QPainter, query: int, color: str, weight: int) -> None:
        """A word to the left of its row."""
        words = _elided(self._word(self.data.queries[query]), weight)
        spot = QPointF(self.cells.left() - 8 - _width(words, weight), self.cell(query, 0).center().y() + 4)
        self._paint_word(painter, words, spot, color, weight)

    def _word(self, word: str) -> str:
        """A bin is named by its first word."""
        return f"{word} …" if self.data.is_binned and word else word

    def _paint_word(self, painter: QPainter, word: str, at: QPointF, color: str, weight: int) -> None:
        painter.setFont(font(12, weight))
        painter.setPen(QColor(color))
        painter.drawText(at, _elided(word, weight))

    def _paint_cells(self, painter: QPainter) -> None:
        """What the window shows, at no more than the screen's resolution."""
        ratio = painter.device().devicePixelRatioF()
        most = (self.cells.height() * ratio, self.cells.width() * ratio)
        weights, rows, columns = self.data.pyramid.piece(self.queries_seen, self.keys_seen, most)
        place = QRectF(self.cell(rows[0], columns[0]).topLeft(), self.cell(rows[1], columns[1]).topLeft())
        painter.save()
        painter.setClipRect(self.cells)
        _paint_pixels(painter, place, self.data.colors(weights))
        (first, last), (left, right) = self.queries_seen, self.keys_seen
        if max(last - first, right - left) <= GAP_UP_TO:
            self._paint_gaps(painter, range(first, last), range(left, right))
        painter.restore()

    def _paint_gaps(self, painter: QPainter, queries: range, keys: range) -> None:
        """One pixel of the card between cells: lines over one image are far cheaper than thousands of rectangles."""
        cells, gap = self.cells, QColor(tokens().line if self.data.signed else tokens().card)
        for query in queries:
            painter.fillRect(QRectF(cells.left(), self.cell(query + 1, 0).top() - 1, cells.width(), 1), gap)
        for key in keys:
            painter.fillRect(QRectF(self.cell(0, key + 1).left() - 1, cells.top(), 1, cells.height()), gap)

    def _paint_fold(self, painter: QPainter) -> None:
        first, last = self.keys_seen
        left, right = self.cell(0, first).left(), self.cell(0, last).left()
        painter.save()
        painter.setClipRect(QRectF(self.cells.left(), self.cells.bottom(), self.cells.width(), self._fold))
        place = QRectF(left, self.cells.bottom() + 9, right - left, self._fold - 18)
        paint_fold(painter, self.data, self._fold_shares, (first, last), place)
        painter.restore()

    def _paint_overview(self, painter: QPainter) -> None:
        """The whole map in the corner, small, with a frame around the part that is seen."""
        side = min(self.cells.left(), self.cells.top()) - 16
        place = QRectF(self.cells.left() - 12 - side, self.cells.top() - 12 - side, side, side)
        painter.fillRect(place.adjusted(-3, -3, 3, 3), QColor(tokens().card))
        whole = (0, len(self.data.queries)), (0, len(self.data.keys))
        weights, _, _ = self.data.pyramid.piece(*whole, (side, side))
        _paint_pixels(painter, place, self.data.colors(weights))
        window = self.window
        frame = QRectF(window.left * side, window.top * side, max(3, window.share * side), max(3, window.share * side))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(tokens().crosshair), 1.5))
        painter.drawRect(frame.translated(place.topLeft()))

    @property
    def _fold_words(self) -> str:
        return tr("in all")

    @cached_property
    def _fold_shares(self) -> np.ndarray:
        return fold_shares(self.data)


def is_zoomable(data: MapData) -> bool:
    """A long map with a row and a column for each token."""
    return not data.is_binned and min(len(data.queries), len(data.keys)) > EXACT_UP_TO


def _paint_pixels(painter: QPainter, place: QRectF, pixels: np.ndarray) -> None:
    rows, columns = pixels.shape[:2]
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
    painter.drawImage(place, QImage(pixels.data, columns, rows, 4 * columns, QImage.Format.Format_RGB32))


def _elided(word: str, weight: int = 400) -> str:
    return QFontMetricsF(font(12, weight)).elidedText(word, Qt.TextElideMode.ElideRight, _LABEL_WIDTH)


def _width(word: str, weight: int) -> float:
    return QFontMetricsF(font(12, weight)).horizontalAdvance(word)


def _widest(words: tuple[str, ...]) -> float:
    return _widest_in(words, font(12, 600).key())


@lru_cache(maxsize=32)
def _widest_in(words: tuple[str, ...], _letters: str) -> float:
    """Kept, as words and letters stay the same while a person goes from head to head."""
    metrics = QFontMetricsF(font(12, 600))
    return min(_LABEL_WIDTH, max((metrics.horizontalAdvance(word) for word in words), default=0.0))


def _whole(cell: float) -> float:
    """Whole pixels, unless a cell has only few."""
    return float(math.floor(cell)) if cell >= 6 else max(cell, 0.25)


def _every(cell: float, pitch: float) -> int:
    """Words stand at every n-th token, so that none covers another."""
    return max(1, math.ceil(pitch / cell))


def _spread(seen: tuple[int, int], every: int) -> range:
    """Every n-th token of those seen, counted from the text's beginning: words stay while the window moves."""
    return range(-(-seen[0] // every) * every, seen[1], every)
