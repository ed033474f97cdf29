"""Frame: where the values of a plot lie on the screen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF


@dataclass(frozen=True)
class Frame:
    """The rectangle of a plot and the values at its edges; x begins at 0."""

    rect: QRectF
    right: float = 1.0
    low: float = 0.0
    high: float = 1.0

    def x(self, value: float) -> float:
        return self.rect.left() + value / self.right * self.rect.width()

    def y(self, value: float) -> float:
        return self.rect.bottom() - (value - self.low) / (self.high - self.low) * self.rect.height()

    def value_at(self, x: float) -> float:
        """The x value under a pixel."""
        return (x - self.rect.left()) / self.rect.width() * self.right

    def points(self, xs: np.ndarray, ys: np.ndarray) -> list[QPointF]:
        """Finite points as pixels."""
        keep = np.isfinite(ys)
        across = self.rect.left() + xs[keep] * (self.rect.width() / self.right)
        down = self.rect.bottom() - (ys[keep] - self.low) * (self.rect.height() / (self.high - self.low))
        return [QPointF(x, y) for x, y in zip(across.tolist(), down.tolist(), strict=True)]
