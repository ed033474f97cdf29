"""How thumbnails of heads are made and painted: weights as colours, a cross for what is off, a letter for a pattern."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet

import numpy as np
from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from engine.records import HeadFacts
from studio.plots.attention.head_tiles import HeadTiles
from studio.plots.attention.head_words import Place, head_words, pattern_letter
from studio.plots.attention.weights import colors, shrunk, shrunk_rows
from studio.theme import font, tokens

_PIXELS, _FEW_PIXELS, _MANY = 32, 16, 400
_MARKED_FROM, _MARK = 20, 10


def thumbnails(weights: np.ndarray, special: np.ndarray) -> list[list[QImage]]:
    """[layer][head] images of `weights[layer, head, query, key]`, all in one go; each head has its own bright end."""
    most = _PIXELS if weights.shape[0] * weights.shape[1] <= _MANY else _FEW_PIXELS
    rows = shrunk_rows(weights, most).astype(np.float32)
    ordinary = rows if special.all() or not special.any() else rows[..., ~special]
    ends = np.maximum(ordinary.max(axis=(-2, -1), keepdims=True), 1e-12)
    pixels = colors(shrunk(rows, most), ends)
    height, width = pixels.shape[2:4]
    form = QImage.Format.Format_RGB32
    return [[QImage(head.tobytes(), width, height, 4 * width, form).copy() for head in layer] for layer in pixels]


def paint_tiles(
    painter: QPainter,
    tiles: HeadTiles,
    images: Sequence[Sequence[QImage]],
    facts: HeadFacts | None,
    off: AbstractSet[Place],
) -> None:
    """Every thumbnail in its place; a sorted one with its name under it."""
    for place in tiles.order:
        layer, head = place
        rect = tiles.rect(place)
        if place in off:
            _paint_off(painter, rect)
        else:
            painter.drawImage(rect, images[layer][head])
        if facts is not None and facts.pattern[layer][head] and tiles.side >= _MARKED_FROM and place not in off:
            _paint_mark(painter, rect, pattern_letter(facts.pattern[layer][head]))
        if tiles.has_labels:
            _paint_name(painter, rect.adjusted(-tiles.gap, 0, tiles.gap, 0), head_words(place))


def _paint_off(painter: QPainter, rect: QRect) -> None:
    """A pale tile with a cross."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(tokens().line2), 1))
    painter.setBrush(QColor(tokens().track))
    painter.drawRoundedRect(QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
    arm, middle = max(2.0, rect.width() * 0.16), QRectF(rect).center()
    painter.setPen(QPen(QColor(tokens().text2), 1.5))
    painter.drawLine(middle - QPointF(arm, arm), middle + QPointF(arm, arm))
    painter.drawLine(middle - QPointF(arm, -arm), middle + QPointF(arm, -arm))
    painter.restore()


def _paint_mark(painter: QPainter, rect: QRect, letter: str) -> None:
    """A letter in the lower right corner, dark under white so that it is read on any map."""
    place = QRect(rect.right() - _MARK + 1, rect.bottom() - _MARK + 1, _MARK, _MARK)
    painter.fillRect(place, QColor(18, 19, 24, 190))
    painter.setFont(font(8, 600))
    painter.setPen(QColor("#FFFFFF"))
    painter.drawText(place, Qt.AlignmentFlag.AlignCenter, letter)


def _paint_name(painter: QPainter, rect: QRect, words: str) -> None:
    painter.setFont(font(9 if rect.width() < 46 else 10))
    painter.setPen(QColor(tokens().text3))
    painter.drawText(QRect(rect.left(), rect.bottom() + 2, rect.width(), 12), Qt.AlignmentFlag.AlignCenter, words)
