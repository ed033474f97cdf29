"""PairPicture: two maps beside each other and, where their words are the same, their difference."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter

from studio.plots.attention.map_data import MapData
from studio.plots.attention.map_picture import MapPicture
from studio.plots.attention.strip_picture import StripPicture
from studio.plots.attention.weights import scale_end
from studio.theme import font, tokens

_TITLE, _GAP, _LEAST, _MARGIN = 26.0, 18.0, 260.0, 6.0
_SMALL_CELL, _ENDLESS = 5.0, 4000.0
Place = tuple[int, int]
Picture = MapPicture | StripPicture


@dataclass(frozen=True)
class PairPicture:
    """A and B share one scale, the difference A - B has its own, the same to both sides.

    Side by side where there is the width, else the difference under the two; pooled maps one under another. What
    `may_grow` is higher than `size` where cells would be too small to see.
    """

    left: MapData
    right: MapData
    titles: tuple[str, str, str]
    size: QSizeF
    may_grow: bool = False

    @property
    def has_difference(self) -> bool:
        """Only weights of the same words can be taken from each other."""
        return (self.left.queries, self.left.keys) == (self.right.queries, self.right.keys)

    @cached_property
    def maps(self) -> tuple[MapData, ...]:
        """A, B and, where there is one, the difference."""
        end = max(scale_end(one.weights, one.special) for one in (self.left, self.right))
        both = (replace(self.left, scale=end), replace(self.right, scale=end))
        if not self.has_difference:
            return both
        weights = np.asarray(self.left.weights, np.float32) - np.asarray(self.right.weights, np.float32)
        return (*both, replace(self.left, weights=weights, signed=True, scale=None))

    @property
    def end(self) -> float:
        return self.maps[0].end

    @property
    def difference_end(self) -> float | None:
        return self.maps[2].end if self.has_difference else None

    @cached_property
    def parts(self) -> tuple[tuple[QPointF, Picture], ...]:
        """Where each map begins (under its title), and its picture."""
        if self.left.is_pooled or self.right.is_pooled:
            return self._stacked()
        found = [self._in_rows(rows, self._share_of(rows)) for rows in self._arrangements()]
        if self.may_grow and max(map(_cell_side, found)) < _SMALL_CELL:
            found.append(self._in_rows(self._arrangements()[-1], _ENDLESS))
        return max(found, key=_cell_side)

    def _share_of(self, rows: list[list[int]]) -> float:
        """Of the height, for one row."""
        return (self.size.height() - 2 * _MARGIN - _GAP * (len(rows) - 1)) / len(rows)

    def _in_rows(self, rows: list[list[int]], height: float) -> tuple[tuple[QPointF, Picture], ...]:
        """Rows of at most `height`; where that is endless they are as high as their width makes them, and scroll."""
        made: list[tuple[QPointF, Picture]] = []
        top = _TITLE + _MARGIN
        for row in rows:
            left = _MARGIN
            for width, index in zip(self._widths(row), row, strict=True):
                has_queries = index == row[0] or not self.has_difference
                picture = MapPicture(self.maps[index], QSizeF(width, height - _TITLE), has_queries=has_queries)
                made.append((QPointF(left, top), picture))
                left += width + _GAP
            top += max(picture.height for _, picture in made[-len(row) :]) + _GAP + _TITLE
        return tuple(made)

    def _arrangements(self) -> list[list[list[int]]]:
        """All in a row, two above and the rest below, or one below the other: whichever has the largest cells."""
        indices = list(range(len(self.maps)))
        two_above = [indices[:2], indices[2:]] if len(indices) == 3 else [[index] for index in indices]
        return [[indices], two_above]

    def _widths(self, row: list[int]) -> list[float]:
        """All cells of a row get the same room: the first map's words come on top of it."""
        room = self.size.width() - 2 * _MARGIN - _GAP * (len(row) - 1)
        if not self.has_difference:
            return [room / len(row)] * len(row)
        words = MapPicture(self.left, QSizeF(2000, 2000)).cells.left() - 8
        share = (room - words) / len(row)
        return [share + words, *[share] * (len(row) - 1)]

    def _stacked(self) -> tuple[tuple[QPointF, Picture], ...]:
        made, top = [], _MARGIN
        share = (self.size.height() - _MARGIN) / len(self.maps)
        for data in self.maps:
            size = QSizeF(self.size.width() - 2 * _MARGIN, share - _TITLE - _GAP)
            picture = StripPicture(data, size) if data.is_pooled else MapPicture(data, size)
            made.append((QPointF(_MARGIN, top + _TITLE), picture))
            top += _TITLE + picture.height + _GAP
        return tuple(made)

    @property
    def height(self) -> float:
        """How much of the height is used; more than `size` has where pooled texts are long."""
        return max(corner.y() + picture.height for corner, picture in self.parts)

    def at(self, spot: QPointF) -> tuple[int, Place] | None:
        """(which map, its cell) under a point."""
        for index, (corner, picture) in enumerate(self.parts):
            place = picture.at(spot - corner)
            if place is not None:
                return index, place
        return None

    def cell(self, index: int, place: Place) -> QRectF:
        corner, picture = self.parts[index]
        return picture.cell(*place).translated(corner)

    def has(self, index: int, place: Place) -> bool:
        data = self.maps[index]
        return place[0] < len(data.queries) and place[1] < len(data.keys)

    # -- painting ------------------------------------------------------------------------------------------------------

    def paint(self, painter: QPainter) -> None:
        """Titles and maps; no crosshair."""
        for (corner, picture), title in zip(self.parts, self.titles, strict=False):
            self._paint_title(painter, corner, picture, title)
            painter.save()
            painter.translate(corner)
            picture.paint(painter)
            painter.restore()

    def _paint_title(self, painter: QPainter, corner: QPointF, picture: Picture, title: str) -> None:
        letters = font(13, 600)
        left = corner.x() + (picture.cells.left() if isinstance(picture, MapPicture) else 0)
        is_last = corner.x() + picture.size.width() + _LEAST / 2 > self.size.width() or picture is self.parts[-1][1]
        room = (self.size.width() if is_last else corner.x() + picture.size.width()) - left
        shown = QFontMetricsF(letters).elidedText(title, Qt.TextElideMode.ElideMiddle, room)
        painter.setFont(letters)
        painter.setPen(QColor(tokens().text))
        place = QRectF(left, corner.y() - _TITLE, room, 18)
        painter.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)

    def paint_crosshair(self, painter: QPainter, index: int, place: Place) -> None:
        """In all maps where the words are the same; else in its own."""
        for other, (corner, picture) in enumerate(self.parts):
            if other == index or self.has_difference:
                painter.save()
                painter.translate(corner)
                picture.paint_crosshair(painter, *place)
                painter.restore()

    def neighbour(self, index: int, place: Place, step: Place) -> Place:
        return self.parts[index][1].neighbour(place, step)

    @property
    def needed(self) -> int:
        return math.ceil(self.height + _MARGIN)


def _cell_side(parts: tuple[tuple[QPointF, Picture], ...]) -> float:
    """The shorter side of the smallest cell, in pixels."""
    cells = [picture.cell(0, 0) for _, picture in parts]
    return min(min(cell.width(), cell.height()) for cell in cells)
