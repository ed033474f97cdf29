"""Fold: bars under a map, for how much each word is looked at in all."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from studio.plots.attention.map_data import MapData
from studio.plots.attention.weights import scale_end
from studio.theme import tokens

_NARROW = 3.0
_PALE = 150


def fold_shares(data: MapData) -> np.ndarray:
    """[key] -1 to 1: each bar's length; below 0 where a difference says less."""
    end = scale_end(data.received[None, :], data.special, signed=data.signed)
    return np.clip(data.received / end, -1.0, 1.0)


def bar_color(data: MapData, key: int, share: float) -> QColor:
    if data.special[key]:
        return QColor(tokens().line2)
    color = QColor(tokens().accent if not data.signed else tokens().s2 if share > 0 else tokens().s1)
    color.setAlpha(_PALE)
    return color


def paint_bar(painter: QPainter, place: QRectF, color: QColor) -> None:
    inset = min(3.0, place.width() * 0.15)
    bar = place.adjusted(inset, 0, -inset, 0)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    painter.drawRoundedRect(bar, min(2.0, bar.width() / 3), min(2.0, bar.width() / 3))


def paint_fold(painter: QPainter, data: MapData, shares: np.ndarray, keys: tuple[int, int], place: QRectF) -> None:
    """The bars of the keys from the first to before the last, hanging in `place`, which they fill from side to side."""
    first, last = keys
    width = place.width() / (last - first)
    if width < _NARROW:
        _paint_outline(painter, data, shares[first:last], place)
        return
    for key in range(first, last):
        height = max(2.0, abs(float(shares[key])) * place.height())
        bar = QRectF(place.left() + (key - first) * width, place.top(), width, height)
        paint_bar(painter, bar, bar_color(data, key, float(shares[key])))


def _paint_outline(painter: QPainter, data: MapData, shares: np.ndarray, place: QRectF) -> None:
    """One stroke a pixel: the longest of the bars that would stand in it."""
    num_strokes = min(len(shares), max(1, int(place.width())))
    starts = np.linspace(0, len(shares), num_strokes, endpoint=False).astype(np.int64)
    lengths = np.maximum.reduceat(np.abs(shares), starts)
    width = place.width() / num_strokes
    for index, (start, length) in enumerate(zip(starts.tolist(), lengths.tolist(), strict=True)):
        color = bar_color(data, start, float(shares[start])) if data.signed else _pale()
        stroke = QRectF(place.left() + index * width, place.top(), max(0.8, width), max(1.0, length * place.height()))
        painter.fillRect(stroke, color)


def _pale() -> QColor:
    color = QColor(tokens().accent)
    color.setAlpha(_PALE)
    return color
