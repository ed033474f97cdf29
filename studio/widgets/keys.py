"""Keys that mean the same everywhere: Return and Enter press what has the keyboard, as Space does."""

from __future__ import annotations

import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QWidget

ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_KEYPAD = Qt.KeyboardModifier.KeypadModifier


def is_enter(event: QKeyEvent) -> bool:
    """Return or Enter alone: with Ctrl, Alt or Shift it is somebody's shortcut."""
    return event.key() in ENTER and not event.modifiers() & ~_KEYPAD


def pressed_by_enter(button: QAbstractButton, event: QKeyEvent) -> bool:
    """Press the button if that is what the key says; False for every other key. Held down, it presses once."""
    if event.key() not in ENTER:
        return False
    if not is_enter(event):
        event.ignore()  # Qt would press a dialog's primary button with any of them
    elif not event.isAutoRepeat():
        button.click()
    return True


class Pressable(QAbstractButton):
    """A painted button that Return presses too."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not pressed_by_enter(self, event):
            super().keyPressEvent(event)


class EnterPresses(QObject):
    """Lets Return do what Space does on Qt's own buttons, switches and boxes, in every window of the application.

    Only the widget that has the keyboard is watched: a filter on the whole application would see every paint and move.
    """

    def __init__(self, application: QApplication, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._watched: QWidget | None = None
        application.focusChanged.connect(self._follow)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() not in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            return False
        assert isinstance(event, QKeyEvent)
        if not is_enter(event):
            return False
        if not event.isAutoRepeat():
            QCoreApplication.sendEvent(watched, QKeyEvent(event.type(), Qt.Key.Key_Space, event.modifiers(), " "))
        return True

    def _follow(self, _old: QWidget | None, new: QWidget | None) -> None:
        if self._watched is not None and shiboken6.isValid(self._watched):
            self._watched.removeEventFilter(self)
        self._watched = new if _takes_space(new) else None
        if self._watched is not None:
            self._watched.installEventFilter(self)


def _takes_space(widget: QWidget | None) -> bool:
    """Buttons of every kind, and boxes whose list Space opens; whoever types into a box wants its own Return."""
    return isinstance(widget, QAbstractButton) or (isinstance(widget, QComboBox) and not widget.isEditable())
