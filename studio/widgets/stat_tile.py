"""StatTile: one figure with its unit, its interval or baseline under it, and a spark line."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from studio import theme
from studio.widgets.labels import ElidingCaption, ElidingLabel, Heading
from studio.widgets.sparkline import Sparkline

_LEFT, _RIGHT, _GAP = 15, 14, 6
_LEAST_FIGURE = 12


class StatTile(QFrame):
    """92 pixels high, 76 where a page `is_full`; the caption says what the figure must be compared with."""

    def __init__(self, title: str, parent: QWidget | None = None, *, is_full: bool = False) -> None:
        super().__init__(parent)
        self.setProperty("surface", "card")
        self.setFixedHeight(theme.tall(76 if is_full else 92))
        self._edge, self._between = (6, 0) if is_full else (11, 2)
        self.setMinimumWidth(120)
        self._title = ElidingCaption(title)
        self._title.setProperty("kind", "second")
        self._figure = Heading("–", "figure")
        self._figure.setMinimumWidth(1)
        self._unit = QLabel()
        self._unit.setProperty("kind", "second")
        self._unit.setFont(theme.font(theme.CAPTION))
        self._caption = ElidingLabel()
        self._caption.setProperty("kind", "second")
        self._caption.setFont(theme.font(theme.CAPTION))
        self._spark = Sparkline()
        self._spark.hide()
        self._has_spark, self._told = False, ("–", "", "")
        self._lay_out()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(_LEFT, self._edge, _RIGHT, self._edge)
        column.setSpacing(self._between)
        row = QHBoxLayout()
        row.setSpacing(_GAP)
        row.addWidget(self._figure, 0, Qt.AlignmentFlag.AlignBaseline)
        row.addWidget(self._unit, 0, Qt.AlignmentFlag.AlignBaseline)
        row.addStretch(1)
        row.addWidget(self._spark, 0, Qt.AlignmentFlag.AlignBottom)
        column.addWidget(self._title)
        column.addLayout(row, 1)
        column.addWidget(self._caption)

    def set_value(self, figure: str, unit: str = "", caption: str = "") -> None:
        self._told = (figure, unit, caption)
        self._figure.setText(figure)
        self.setAccessibleName(f"{self._title.text()}: {figure} {unit}".strip())
        self.setAccessibleDescription(caption)
        self._fit()

    def _fit(self) -> None:
        """The figure is always whole: where there is no room the spark line goes first, then the unit moves into the
        caption, then the figure is written smaller."""
        figure, unit, caption = self._told
        room = self.width() - _LEFT - _RIGHT
        size = theme.FIGURE
        whole = self._wide(figure, size) + (
            QFontMetrics(self._unit.font()).horizontalAdvance(unit) + _GAP if unit else 0
        )
        has_unit = whole <= room
        while size > _LEAST_FIGURE and self._wide(figure, size) > room:
            size -= 1
        self._figure.setFont(theme.font(size, 600))
        self._figure.setMinimumWidth(min(max(1, room), self._wide(figure, size)))
        self._unit.setText(unit if has_unit else "")
        self._caption.setText(caption if has_unit or not unit else " · ".join(part for part in (unit, caption) if part))
        self._spark.setVisible(self._has_spark and has_unit and whole + _GAP + self._spark.width() <= room)

    @staticmethod
    def _wide(figure: str, size: int) -> int:
        return QFontMetrics(theme.font(size, 600)).horizontalAdvance(figure) + 2

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def set_spark(self, xs: np.ndarray, ys: np.ndarray, color: str = "") -> None:
        self._spark.set_curve(xs, ys, color)
        self._has_spark = len(xs) > 1
        self._fit()

    def set_alarming(self, *, is_alarming: bool) -> None:
        """The figure in amber; the caption must say the same in words."""
        self._figure.setStyleSheet(f"color: {theme.tokens().warn};" if is_alarming else "")

    @property
    def figure(self) -> str:
        return self._figure.text()
