"""Meters: all of them through the training; which of them, the person chooses."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from engine.runs.history import History
from studio.pages.samples.meter_row import MeterRow
from studio.pages.samples.meters import FIRST_SHOWN, METERS, SPLIT
from studio.translation import tr
from studio.widgets.button import IconButton
from studio.widgets.card import Hairline
from studio.widgets.labels import Caption


class Meters(QWidget):
    """A column that scrolls, and `choose`, the button of its menu. What was not measured is not shown."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.chosen = set(FIRST_SHOWN)
        self.rows = [MeterRow(meter) for meter in METERS]
        self._lines = [Hairline() for _ in METERS]
        self._measured: set[str] = set()
        self.choose = IconButton("ph.sliders-horizontal", tr("Choose the meters"))
        self.choose.setObjectName("chooseMeters")
        self.choose.clicked.connect(self._open)
        self._menu = QMenu(self.choose)
        self._actions = [self._action(row) for row in self.rows]
        self._nothing = Caption(tr("The first measurement comes with the first texts."), wrap=True)
        self._lay_out()

    def _lay_out(self) -> None:
        content = QWidget()
        content.setObjectName("scrolled")
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(0)
        column.addWidget(self._nothing)
        for row, line in zip(self.rows, self._lines, strict=True):
            column.addWidget(row)
            column.addWidget(line)
        column.addStretch(1)
        scroll = _Scroll()
        scroll.setWidgetResizable(True)
        scroll.setAccessibleName(tr("Meters"))
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)  # the page must not grow with it
        scroll.setWidget(content)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(4)
        outer.addWidget(Caption(tr("dashed: real text · dotted: maximum likelihood"), wrap=True))
        outer.addWidget(scroll, 1)

    def _action(self, row: MeterRow) -> QAction:
        action = self._menu.addAction(row.meter.title())
        action.setCheckable(True)
        action.setChecked(row.meter.key in self.chosen)
        action.toggled.connect(lambda is_on: self._toggle(row.meter.key, is_on))
        return action

    def show_history(self, history: History, end: float) -> None:
        self._measured = {meter.key for meter in METERS if len(history.metric(meter.key, SPLIT)[0])}
        for row in self.rows:
            row.show_history(history, end)
        self._show_rows()

    def show_step(self, history: History, step: int) -> None:
        for row in self.rows:
            row.show_step(history, step)

    def choose_keys(self, keys: Sequence[str]) -> None:
        """As the person does in the menu."""
        for action, row in zip(self._actions, self.rows, strict=True):
            action.setChecked(row.meter.key in keys)

    def _toggle(self, key: str, is_on: bool) -> None:
        (self.chosen.add if is_on else self.chosen.discard)(key)
        self._show_rows()

    def _show_rows(self) -> None:
        shown = [row for row in self.rows if row.meter.key in self.chosen & self._measured]
        for row, line in zip(self.rows, self._lines, strict=True):
            row.setVisible(row in shown)
            line.setVisible(row in shown and row is not shown[-1])
        self._nothing.setVisible(not self._measured)

    def _open(self) -> None:
        self._menu.popup(self.choose.mapToGlobal(self.choose.rect().bottomLeft()))


class _Scroll(QScrollArea):
    """Only up and down: it is as wide as the figures in it need."""

    def minimumSizeHint(self) -> QSize:
        needed = self.widget().minimumSizeHint().width() if self.widget() else 0
        return QSize(needed + self.verticalScrollBar().sizeHint().width(), super().minimumSizeHint().height())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.widget() and event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)
