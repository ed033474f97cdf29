"""Typing as a person does it: key by key what the keys have, composed by an input method what they have not."""

from __future__ import annotations

from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget


def type_text(field: QWidget, text: str) -> None:
    """Qt's own `keyClicks` ends the process at a letter that stands on no Latin keyboard."""
    if text.isascii():
        QTest.keyClicks(field, text)
        return
    composed = QInputMethodEvent()
    composed.setCommitString(text)
    QApplication.sendEvent(field, composed)
