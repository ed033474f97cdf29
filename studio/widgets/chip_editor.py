"""ChipEditor: a line in a chip's place to write another word in."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from studio import theme
from studio.translation import tr

_LEAST, _HEIGHT = 110, 28


class ChipEditor(QLineEdit):
    """`accepted(index, text)` on Enter; `closed` whenever it goes, but for a click elsewhere."""

    accepted = Signal(int, str)
    closed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("chipEditor")
        self.setAccessibleName(tr("Replace with"))
        self.setFont(theme.font())
        self.setStyleSheet("QLineEdit { min-height: 24px; padding: 0 6px; }")
        self._index = -1
        self.hide()

    def open(self, index: int, text: str, place: QRect, room: int) -> None:
        """Over a chip, wide enough to write, and not beyond the right edge."""
        self._index = index
        width = min(max(_LEAST, place.width() + 24), room)
        left = max(0, min(place.left(), room - width))
        self.setGeometry(left, max(0, place.center().y() - _HEIGHT // 2), width, _HEIGHT)
        self.setText(text)
        self.selectAll()
        self.show()
        self.setFocus(Qt.FocusReason.PopupFocusReason)

    def close_quietly(self) -> None:
        self._index = -1
        self.hide()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape):
            super().keyPressEvent(event)
            return
        index, text = self._index, self.text().strip()
        self.close_quietly()
        self.closed.emit()
        if event.key() != Qt.Key.Key_Escape:
            self.accepted.emit(index, text)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.close_quietly()
