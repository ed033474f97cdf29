"""ArcsPicture: a map as arcs between words in one column: looking back bends left, looking ahead bends right."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QLinearGradient, QPainter, QPainterPath, QPen

from studio.plots.attention.arc_choice import Arc, Arcs, arcs_of, is_self_attention
from studio.plots.attention.map_data import MapData
from studio.plots.attention.map_words import exact, exact_signed
from studio.theme import font, mixed, tokens
from studio.translation import tr

Place = tuple[str, int]
"""("query" or "key", its number): a word that is looked at closely. In a column of its own every word is a query."""

_LEAST_PITCH, _MOST_PITCH, _MARGIN = 26.0, 38.0, 10.0
_LEAST_WORD, _MOST_WORD, _PADDING = 76.0, 170.0, 30.0
_FIGURE, _EDGE = 54.0, 12.0
_LEAST_BEND, _BEND_POWER = 20.0, 0.6
_THINNEST, _THICKEST = 0.9, 4.2
_SHADE = 0.42


@dataclass(frozen=True)
class ArcsPicture:
    """Where words and arcs lie for one width, and how to paint them.

    Where queries are no keys (a pooling, an alignment) the queries stand in a column on the left and arcs lead from it
    to the keys; the one query of a pooling stands at `node_y` as "whole text". `room` is the height to fill.
    """

    data: MapData
    width: float
    room: float = 0.0
    node_y: float | None = None

    @cached_property
    def arcs(self) -> Arcs:
        return arcs_of(self.data)

    @cached_property
    def is_fan(self) -> bool:
        return not is_self_attention(self.data)

    @property
    def height(self) -> float:
        """As high as the words need; `room` where that is more."""
        most = max(len(self.data.keys), len(self.data.queries))
        return max(self.room, 2 * _MARGIN + most * self._pitch)

    @cached_property
    def _pitch(self) -> float:
        most = max(len(self.data.keys), len(self.data.queries))
        return float(min(max((self.room - 2 * _MARGIN) / most, _LEAST_PITCH), _MOST_PITCH))

    @cached_property
    def looks_back(self) -> bool:
        return any(arc.key < arc.query for arc in self.arcs.shown)

    @cached_property
    def looks_ahead(self) -> bool:
        return any(arc.key > arc.query for arc in self.arcs.shown)

    # -- where things lie ----------------------------------------------------------------------------------------------

    @cached_property
    def _column(self) -> tuple[float, float]:
        """(left, width) of the column of keys."""
        width = self._word_width(self.data.keys)
        if self.is_fan:
            return self.width - width - _FIGURE - _EDGE, width
        if self.looks_back != self.looks_ahead:  # all the room for the one side that has arcs
            left = self.width - width - _FIGURE - _EDGE if self.looks_back else _FIGURE + _EDGE
            return left, width
        return round((self.width - width) / 2), width

    def _word_width(self, words: tuple[str, ...]) -> float:
        metrics = QFontMetricsF(font(13, 600))
        widest = max(metrics.horizontalAdvance(word) for word in words) + _PADDING
        return round(min(max(widest, _LEAST_WORD), _MOST_WORD, max(_LEAST_WORD, 0.3 * self.width)))

    def box(self, place: Place) -> QRectF:
        """The cell of a word."""
        side, index = place
        if side == "query" and self.is_fan:
            return self._query_box(index)
        left, width = self._column
        return QRectF(left, _MARGIN + index * self._pitch + 2, width, self._pitch - 4)

    def _query_box(self, index: int) -> QRectF:
        words = (tr("whole text"),) if self.data.is_pooled else self.data.queries
        width, height = self._word_width(words), self._pitch - 4
        if self.data.is_pooled:
            middle = self.node_y if self.node_y is not None else self.height / 2
            return QRectF(_EDGE, middle - height / 2, width, height)
        return QRectF(_EDGE, _MARGIN + index * self._pitch + 2, width, height)

    def at(self, spot: QPointF) -> Place | None:
        """The word whose row a point is in; in a fan the nearer column's."""
        is_query = not self.is_fan or spot.x() < self.width / 2
        num = len(self.data.queries) if is_query else len(self.data.keys)
        index = int((spot.y() - _MARGIN) // self._pitch)
        if is_query and self.is_fan and self.data.is_pooled:
            return ("query", 0) if self.box(("query", 0)).contains(spot) else None
        return ("query" if is_query else "key", index) if 0 <= index < num else None

    def arcs_at(self, place: Place) -> list[Arc]:
        """The arcs that a word sends, or those that a fan's key gets; the strongest first."""
        side, index = place
        found = [arc for arc in self.arcs.shown if (arc.query if side == "query" else arc.key) == index]
        return found[::-1]

    def path(self, arc: Arc) -> QPainterPath:
        """From the query's cell to the key's."""
        start, end = self.box(("query", arc.query)), self.box(("key", arc.key))
        if self.is_fan:
            return _bridge(QPointF(start.right() + 3, start.center().y()), QPointF(end.left() - 3, end.center().y()))
        is_back = arc.key < arc.query
        edge = start.left() - 3 if is_back else start.right() + 3
        room = start.left() - _EDGE if is_back else self.width - start.right() - _EDGE
        distance = abs(arc.key - arc.query) / max(1, self._longest)
        bend = max(_LEAST_BEND, room * distance**_BEND_POWER) * 4 / 3
        middle = edge - bend if is_back else edge + bend
        path = QPainterPath(QPointF(edge, start.center().y()))
        path.cubicTo(QPointF(middle, start.center().y()), QPointF(middle, end.center().y()), _edge_of(end, is_back))
        return path

    @cached_property
    def _longest(self) -> int:
        return max((abs(arc.key - arc.query) for arc in self.arcs.shown), default=1)

    # -- painting ------------------------------------------------------------------------------------------------------

    def paint(self, painter: QPainter, chosen: Place | None = None) -> None:
        """Words and arcs; those of the `chosen` word strong, with their weights, the others pale."""
        whole = QRectF(0, 0, self.width, self.height)
        self.paint_arcs(painter, whole, is_pale=chosen is not None)
        self.paint_words(painter, whole, chosen)

    def paint_arcs(self, painter: QPainter, seen: QRectF, *, is_pale: bool) -> None:
        """The arcs that touch what is seen, whichever word is chosen."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for arc in self.arcs.shown:
            if self._touches(arc, seen.top(), seen.bottom()):
                self._paint_arc(painter, arc, tokens().accent, 0.3 if is_pale else 1.0)

    def paint_words(self, painter: QPainter, seen: QRectF, chosen: Place | None) -> None:
        """The words over the arcs, and the chosen one's arcs with their weights."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        top, bottom = seen.top(), seen.bottom()
        strong = self.arcs_at(chosen) if chosen is not None else []
        for arc in reversed(strong):
            if self._touches(arc, top, bottom):
                self._paint_arc(painter, arc, tokens().s2, 1.0)
        self._paint_column(painter, "key" if self.is_fan else "query", top, bottom, chosen)
        if self.is_fan:
            self._paint_column(painter, "query", top, bottom, chosen)
        self._paint_figures(painter, strong, chosen)

    def _touches(self, arc: Arc, top: float, bottom: float) -> bool:
        ends = (self.box(("query", arc.query)).center().y(), self.box(("key", arc.key)).center().y())
        return max(ends) >= top and min(ends) <= bottom

    def _paint_arc(self, painter: QPainter, arc: Arc, color: str, strength: float) -> None:
        """Pale where it begins and full where it looks, thicker for more."""
        share = min(1.0, abs(arc.weight) / self.arcs.strongest)
        path = self.path(arc)
        start, end = path.pointAtPercent(0), path.currentPosition()
        fade = QLinearGradient(start, end)
        full = strength * (0.2 + 0.72 * share)
        fade.setColorAt(0.0, _faded(color, 0.4 * full))
        fade.setColorAt(1.0, _faded(color, full))
        pen = QPen(fade, _THINNEST + (_THICKEST - _THINNEST) * share)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.strokePath(path, pen)

    def _paint_column(self, painter: QPainter, side: str, top: float, bottom: float, chosen: Place | None) -> None:
        words = self.data.queries if side == "query" else self.data.keys
        is_looked_at = side == "key" or not self.is_fan
        is_node = side == "query" and self.is_fan and self.data.is_pooled
        first, last = (0, 1) if is_node else self._rows(top, bottom, len(words))
        for index in range(first, last):
            word = tr("whole text") if is_node else self._word(words[index])
            shade = self._shades[index] if is_looked_at else 0.0
            is_special = is_looked_at and bool(self.data.special[index])
            self._paint_word(painter, self.box((side, index)), word, shade, is_special, (side, index) == chosen)

    def _rows(self, top: float, bottom: float, num: int) -> tuple[int, int]:
        first, last = int((top - _MARGIN) // self._pitch), int((bottom - _MARGIN) // self._pitch) + 1
        return max(0, first), min(num, last)

    @cached_property
    def _shades(self) -> list[float]:
        """How strongly each word is tinted: by how much it is looked at, special tokens left out."""
        received = abs(self.data.received)
        ordinary = received[~self.data.special] if not self.data.special.all() else received
        end = max(float(ordinary.max(initial=0.0)), 1e-12)
        return [float(share) for share in (received / end).clip(0.0, 1.0)]

    def _paint_word(
        self, painter: QPainter, box: QRectF, word: str, shade: float, is_special: bool, is_chosen: bool
    ) -> None:
        painter.setPen(QPen(QColor(tokens().s2), 1.8) if is_chosen else Qt.PenStyle.NoPen)
        ground = QColor(tokens().sunk if is_special else mixed(tokens().accent, tokens().sunk, _SHADE * shade**1.3))
        painter.setBrush(QColor(tokens().card) if is_special else ground)
        painter.drawRoundedRect(box, 6, 6)
        letters = font(13, 600 if is_chosen or (shade > 0.55 and not is_special) else 400)
        painter.setFont(letters)
        painter.setPen(QColor(tokens().text3 if is_special and not is_chosen else tokens().text))
        shown = QFontMetricsF(letters).elidedText(word, Qt.TextElideMode.ElideRight, box.width() - 10)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, shown)

    def _word(self, word: str) -> str:
        return f"{word} …" if self.data.is_binned else word

    def _paint_figures(self, painter: QPainter, strong: list[Arc], chosen: Place | None) -> None:
        """The exact weights stand where the arcs end, each beside its word; a pooling's always."""
        if self.is_fan and self.data.is_pooled and (chosen is None or chosen[0] == "query"):
            strong = list(self.arcs.shown)
        for arc in strong:
            is_key = not (chosen is not None and chosen[0] == "key") or self.data.is_pooled
            box = self.box(("key", arc.key) if is_key else ("query", arc.query))
            self._paint_figure(painter, box, arc.weight, is_left=not self.is_fan and arc.key < arc.query)
        if chosen is not None and not self.is_fan:
            self._paint_itself(painter, chosen)

    def _paint_itself(self, painter: QPainter, place: Place) -> None:
        """The weight of a word's look at itself, which has no arc, on the side that has more room."""
        own = float(self.data.weights[place[1], place[1]])
        words = tr("itself {weight}", weight=self._figure(own))
        is_left = self.looks_ahead and not self.looks_back
        self._paint_label(painter, self.box(place), words, tokens().text2, 400, is_left)

    def _figure(self, weight: float) -> str:
        return exact_signed(weight) if self.data.signed else exact(weight)

    def _paint_figure(self, painter: QPainter, box: QRectF, weight: float, is_left: bool) -> None:
        self._paint_label(painter, box, self._figure(weight), tokens().s2, 600, is_left)

    def _paint_label(self, painter: QPainter, box: QRectF, words: str, color: str, weight: int, is_left: bool) -> None:
        letters = font(12, weight)
        width = QFontMetricsF(letters).horizontalAdvance(words) + 12
        place = QRectF(box.left() - 2 - width if is_left else box.right() + 2, box.center().y() - 9, width, 18)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tokens().card))
        painter.drawRoundedRect(place, 4, 4)
        painter.setFont(letters)
        painter.setPen(QColor(color))
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, words)


def _bridge(start: QPointF, end: QPointF) -> QPainterPath:
    """An S from column to column."""
    half = (end.x() - start.x()) / 2
    path = QPainterPath(start)
    path.cubicTo(QPointF(start.x() + half, start.y()), QPointF(end.x() - half, end.y()), end)
    return path


def _edge_of(box: QRectF, is_left: bool) -> QPointF:
    return QPointF(box.left() - 3 if is_left else box.right() + 3, box.center().y())


def _faded(color: str, alpha: float) -> QColor:
    made = QColor(color)
    made.setAlphaF(min(1.0, alpha))
    return made
