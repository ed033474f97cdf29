"""StatTile: one figure with its unit, its interval or baseline under it, and a spark line."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from studio import theme
from studio.widgets.labels import Caption, ElidingLabel, Heading
from studio.widgets.sparkline import Sparkline


class StatTile(QFrame):
    """92 pixels high; the caption says what the figure must be compared with."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("surface", "card")
        self.setFixedHeight(92)
        self.setMinimumWidth(120)
        self._title = Caption(title)
        self._title.setProperty("kind", "second")
        self._figure = Heading("–", "figure")
        self._unit = QLabel()
        self._unit.setProperty("kind", "second")
        self._unit.setFont(theme.font(theme.CAPTION))
        self._caption = ElidingLabel()
        self._caption.setProperty("kind", "second")
        self._caption.setFont(theme.font(theme.CAPTION))
        self._spark = Sparkline()
        self._spark.hide()
        self._lay_out()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(15, 11, 14, 11)
        column.setSpacing(2)
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addWidget(self._figure, 0, Qt.AlignmentFlag.AlignBaseline)
        row.addWidget(self._unit, 0, Qt.AlignmentFlag.AlignBaseline)
        row.addStretch(1)
        row.addWidget(self._spark, 0, Qt.AlignmentFlag.AlignBottom)
        column.addWidget(self._title)
        column.addLayout(row, 1)
        column.addWidget(self._caption)

    def set_value(self, figure: str, unit: str = "", caption: str = "") -> None:
        self._figure.setText(figure)
        self._unit.setText(unit)
        self._caption.setText(caption)
        self.setAccessibleName(f"{self._title.text()}: {figure} {unit}".strip())
        self.setAccessibleDescription(caption)

    def set_spark(self, xs: np.ndarray, ys: np.ndarray, color: str = "") -> None:
        self._spark.set_curve(xs, ys, color)
        self._spark.setVisible(len(xs) > 1)

    @property
    def figure(self) -> str:
        return self._figure.text()
