"""UndoToast: a note at the window's lower edge that something was done, with a way back for a while."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from studio.translation import tr
from studio.widgets.button import Button, IconButton
from studio.widgets.labels import ElidingLabel
from studio.widgets.layouts import fill

_SHOWN_MS, _MARGIN, _MOST = 12_000, 20, 520


class UndoToast(QFrame):
    """Lies over its parent, wherever that is resized to. While the mouse or the keyboard is on it, it stays."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("surface", "card")
        self.setObjectName("undo_toast")
        self._undo: Callable[[], None] | None = None
        self._words = ElidingLabel()
        self._button = Button(tr("Undo"), "plain", "ph.arrow-counter-clockwise", "small")
        self._button.setObjectName("undo")
        self._button.clicked.connect(self.undo)
        close = IconButton("ph.x", tr("Close"))
        close.clicked.connect(self.put_away)
        fill(QHBoxLayout(self), (self._words, 1), self._button, close, gap=12, margins=(14, 8, 8, 8))
        self._timer = QTimer(self, interval=_SHOWN_MS, singleShot=True)
        self._timer.timeout.connect(self._leave)
        parent.installEventFilter(self)
        self.hide()

    def offer(self, words: str, undo: Callable[[], None]) -> None:
        """Say what was done; `undo` takes it back."""
        self._undo = undo
        self._words.setText(words)
        self.setAccessibleName(words)
        self._place()
        self.show()
        self.raise_()
        self._timer.start()

    def undo(self) -> None:
        """Take it back, if that is still offered."""
        undo, self._undo = self._undo, None
        self.put_away()
        if undo is not None:
            undo()

    def put_away(self) -> None:
        self._undo = None
        self._timer.stop()
        self.hide()

    def text(self) -> str:
        return self._words.text()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        host = self.parentWidget()
        self.resize(min(_MOST, host.width() - 2 * _MARGIN), self.sizeHint().height())
        self.move(QPoint((host.width() - self.width()) // 2, host.height() - self.height() - _MARGIN))

    def _leave(self) -> None:
        if self.testAttribute(Qt.WidgetAttribute.WA_UnderMouse) or self._button.hasFocus():
            self._timer.start()
        else:
            self.put_away()
