"""Labels of one kind and weight, as the wizard's cards use them."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from studio.theme import font


def label(text: str, size: int = 13, kind: str = "", weight: int = 400, wraps: bool = True) -> QLabel:
    """A label that lets clicks through to the card beneath it; `kind` is its colour: caption, second, ok, warn, bad."""
    made = QLabel(text)
    made.setFont(font(size, weight))
    made.setProperty("kind", kind)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    made.setWordWrap(wraps)
    if wraps:
        made.setMinimumWidth(1)
    return made


def change(made: QLabel, text: str, kind: str) -> None:
    """Other words in another colour."""
    made.setText(text)
    made.setProperty("kind", kind)
    made.style().unpolish(made)
    made.style().polish(made)
