"""What a row's label is changed with: the menu of labels, and buttons in as many rows as they need."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QMenu, QWidget

from engine.runs.corrections import Label
from studio.widgets.button import Button
from studio.widgets.flow_layout import FlowLayout

_MANY, _NUM_LIKELY = 12, 4


class LabelMenu(QMenu):
    """`chosen(label)`: of a text that may have several, all of them as a tuple, with the one pressed put in or taken
    out. Of many labels the likeliest stand above all others, which follow by the alphabet."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setStyleSheet("QMenu { menu-scrollable: 1; }")
        self._labels: list[str] = []
        self._own: Label = ""
        self.triggered.connect(lambda action: self._choose(action.data()))

    def show_labels(self, labels: Sequence[str], likely: Sequence[str], own: Label) -> None:
        """`likely` are all labels or some, the likeliest first; `own` is the row's label now and is ticked."""
        self.clear()
        self._labels, self._own = list(labels), own
        if len(labels) <= _MANY:
            self._add([*likely, *(label for label in labels if label not in likely)])
            return
        self._add(likely[:_NUM_LIKELY])
        self.addSeparator()
        self._add(sorted(label for label in labels if label not in likely[:_NUM_LIKELY]))

    def _add(self, labels: Sequence[str]) -> None:
        for label in labels:
            action = self.addAction(label.replace("&", "&&"))
            action.setData(label)
            action.setCheckable(True)
            action.setChecked(label in self._own if isinstance(self._own, tuple) else label == self._own)

    def _choose(self, label: str) -> None:
        if not isinstance(self._own, tuple):
            self.chosen.emit(label)
            return
        having = {*self._own} ^ {label}
        self.chosen.emit(tuple(one for one in self._labels if one in having))


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
