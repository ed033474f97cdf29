"""FoldingRow: what stands at the left and at the right of one line; the right part goes into the next one where there
is no room for both."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from studio.widgets.flow_layout import FlowLayout
from studio.widgets.layouts import fill


class FoldingRow(QWidget):
    """`line` is the first line and begins with `first`, which is never shortened for the sake of the `add_end`ed."""

    def __init__(self, first: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._first, self._ends = first, list[QWidget]()
        self._is_folded = False
        self.line, self._next = QHBoxLayout(), QWidget()
        self.line.setSpacing(8)
        self.line.addWidget(first, 0, Qt.AlignmentFlag.AlignVCenter)
        self._flow = FlowLayout(self._next)
        self._next.hide()
        fill(QVBoxLayout(self), self.line, self._next, gap=4)

    def add_end(self, *widgets: QWidget) -> None:
        """To the right end of the line, or into the next one."""
        for widget in widgets:
            self._ends.append(widget)
            (self._flow if self._is_folded else self.line).addWidget(widget)

    @property
    def is_folded(self) -> bool:
        return self._is_folded

    def minimumSizeHint(self) -> QSize:
        """As narrow as the widest part allows: all of them can stand under each other."""
        least = super().minimumSizeHint()
        if not self._ends:
            return least
        return QSize(max(one.minimumSizeHint().width() for one in self._seen()), least.height())

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self._fit()
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _seen(self) -> list[QWidget]:
        return [self._first, *(one for one in self._ends if not one.isHidden())]

    def _fit(self) -> None:
        seen = self._seen()
        needed = sum(one.sizeHint().width() for one in seen) + self.line.spacing() * (len(seen) + 1)
        is_folded = len(seen) > 1 and needed > self.width()
        if is_folded == self._is_folded:
            return
        self._is_folded = is_folded
        for widget in self._ends:
            (self.line if is_folded else self._flow).removeWidget(widget)
            (self._flow if is_folded else self.line).addWidget(widget)
        self._next.setVisible(is_folded)
        self.updateGeometry()
