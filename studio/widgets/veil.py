"""Veil: dims what is no longer the answer to what was asked, until the new one stands there."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from studio.theme import tokens
from studio.widgets import painting

_STRENGTH = 150
PATIENCE_MS = 150
"""An answer that comes at once shall not flicker."""


class Veil(QWidget):
    """Lies over a widget and all in it, in the page's colour; mouse and keyboard reach through it."""

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self.setObjectName("veil")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._over = over
        self._soon = QTimer(self, interval=PATIENCE_MS, singleShot=True)
        self._soon.timeout.connect(self._fall)
        over.installEventFilter(self)
        self.hide()

    @property
    def is_drawn(self) -> bool:
        """Whether what lies under it is dimmed, or about to be."""
        return not self.isHidden() or self._soon.isActive()

    def draw(self, is_old: bool, *, at_once: bool = False) -> None:
        """Dim what lies under it, after a moment unless at once; or show it again."""
        if not is_old:
            self._soon.stop()
            self.hide()
        elif at_once:
            self._fall()
        elif not self.is_drawn:
            self._soon.start()

    def _fall(self) -> None:
        self._soon.stop()
        self.setGeometry(self._over.rect())
        self.show()
        self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.ChildAdded) and not self.isHidden():
            self.setGeometry(self._over.rect())
            self.raise_()
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(event.rect(), painting.tinted(tokens().bg, _STRENGTH))
