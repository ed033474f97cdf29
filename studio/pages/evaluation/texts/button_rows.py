"""ButtonRows: buttons side by side, in as many rows as they need, and as high as these are."""

from __future__ import annotations

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from studio.widgets.button import Button
from studio.widgets.flow_layout import FlowLayout


class ButtonRows(QWidget):
    """A layout around it may not ask for its height by its width: it says its least height by itself."""

    def __init__(self, *buttons: Button, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._flow = FlowLayout(self, spacing=6)
        for button in buttons:
            self._flow.addWidget(button)

    def fit(self) -> None:
        """After a button was shown, hidden, or given other words."""
        self._flow.invalidate()
        self.setMinimumHeight(self._flow.heightForWidth(self.width()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()
