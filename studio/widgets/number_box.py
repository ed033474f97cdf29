"""NumberBox, DecimalBox: fields for a number with steps. The one place where spin boxes are made."""

from __future__ import annotations

from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QAbstractSpinBox, QDoubleSpinBox, QSpinBox

_MARGIN = 8
"""Pixels between border and figures: a style sheet's padding does not reach the field inside a spin box."""


class NumberBox(QSpinBox):
    """A whole number from `least` to `most`."""

    def __init__(self, name: str, title: str, least: int, most: int, value: int | None = None) -> None:
        super().__init__()
        _dress(self, name, title)
        self.setRange(least, most)
        if value is not None:
            self.setValue(value)


class DecimalBox(QDoubleSpinBox):
    """A number with `decimals` places from `least` to `most`, written with a point."""

    def __init__(
        self,
        name: str,
        title: str,
        least: float,
        most: float,
        value: float | None = None,
        *,
        step: float,
        decimals: int,
    ) -> None:
        super().__init__()
        _dress(self, name, title)
        self.setLocale(QLocale.c())
        self.setDecimals(decimals)
        self.setRange(least, most)
        self.setSingleStep(step)
        if value is not None:
            self.setValue(value)


def _dress(box: QAbstractSpinBox, name: str, title: str) -> None:
    box.setObjectName(name)
    box.setAccessibleName(title)
    box.lineEdit().setTextMargins(_MARGIN, 0, 0, 0)
