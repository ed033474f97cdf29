"""Frame: where the values of a plot lie on the screen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF

_FAR = 50.0
"""Widths or heights of the plot that a pixel may lie outside it."""


@dataclass(frozen=True)
class Frame:
    """The rectangle of a plot and the values at its edges; x begins at 0. Where there is no range (all values are
    equal) everything lies in the middle. Pixels of values far outside stay near, as a painter fails at huge ones."""

    rect: QRectF
    right: float = 1.0
    low: float = 0.0
    high: float = 1.0

    def x(self, value: float) -> float:
        share = value / self.right if self.right > 0 else 0.0
        return _near(self.rect.left() + share * self.rect.width(), self.rect.left(), self.rect.right())

    def y(self, value: float) -> float:
        span = self.high - self.low
        share = (value - self.low) / span if span > 0 else 0.5
        return _near(self.rect.bottom() - share * self.rect.height(), self.rect.top(), self.rect.bottom())

    def value_at(self, x: float) -> float:
        """The x value under a pixel."""
        return (x - self.rect.left()) / max(self.rect.width(), 1.0) * self.right

    def holds(self, value: float) -> bool:
        """Whether a value lies between the lowest and the highest that are shown."""
        return self.low <= value <= self.high

    def points(self, xs: np.ndarray, ys: np.ndarray) -> list[QPointF]:
        """Finite points as pixels."""
        keep = np.isfinite(ys) & np.isfinite(xs)
        span = self.high - self.low
        shares = (ys[keep] - self.low) / span if span > 0 else np.full(int(keep.sum()), 0.5)
        right = self.right if self.right > 0 else 1.0
        across = np.clip(xs[keep] / right, -_FAR, _FAR) * self.rect.width() + self.rect.left()
        down = self.rect.bottom() - np.clip(shares, -_FAR, _FAR) * self.rect.height()
        return [QPointF(x, y) for x, y in zip(across.tolist(), down.tolist(), strict=True)]


def _near(pixel: float, low: float, high: float) -> float:
    """Not farther off than a painter can bear; what is no number lies at the low end."""
    room = _FAR * max(high - low, 1.0)
    return min(max(pixel, low - room), high + room) if pixel == pixel else low  # noqa: PLR0124 - nan
