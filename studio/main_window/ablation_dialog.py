"""AblationDialog: how many seeds an ablation shall have, and how long it will take about."""

from __future__ import annotations

import math

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QLabel, QVBoxLayout, QWidget

from studio.numbers import duration
from studio.translation import tr
from studio.widgets import Button, Heading, SegmentedControl
from studio.widgets.layouts import fill, hbox

_MOST, _USUAL = 5, 3


class AblationDialog(QDialog):
    """`confirmed(seeds)` when the study shall begin. `seconds` is what one run takes, nan where nobody knows."""

    confirmed = Signal(int)

    def __init__(self, name: str, num_variants: int, seconds: float = math.nan, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("ablation_dialog")
        self.setWindowTitle("Attune")
        self.setModal(True)
        self._num_variants, self._seconds = num_variants, seconds
        what = QLabel(
            tr(
                "“{name}” is taken apart: the plain network alone; with attention, with accumulation and with an "
                "adversary, each on its own; and with all three. All of them read as many texts.",
                name=name,
            )
        )
        self._cost = QLabel()
        self._cost.setObjectName("ablation_cost")
        for label in (what, self._cost):
            label.setProperty("kind", "second")
            label.setWordWrap(True)
            label.setMinimumWidth(440)
        self.seeds = SegmentedControl([(str(count), str(count), None) for count in range(1, _MOST + 1)])
        self.seeds.setObjectName("ablation_seeds")
        self.seeds.setAccessibleName(tr("Seeds"))
        self.seeds.set_current(str(_USUAL))
        self.seeds.changed.connect(self._show_cost)
        self.start = Button(tr("Start"), "primary", "ph.play-fill")
        self.start.setObjectName("start_ablation")
        self.start.clicked.connect(self._confirm)
        cancel = Button(tr("Cancel"), "plain")
        cancel.clicked.connect(self.reject)
        self._lay_out(what, cancel)
        self._show_cost()

    def _lay_out(self, what: QLabel, cancel: Button) -> None:
        column = fill(
            QVBoxLayout(self), Heading(tr("Ablation: what helped?"), "card"), what, gap=10, margins=(24, 20, 24, 20)
        )
        choice = hbox(QLabel(tr("Seeds")), 8, self.seeds, None)
        column.addLayout(choice)
        column.addWidget(self._cost)
        row = hbox(None, cancel, self.start)
        column.addSpacing(6)
        column.addLayout(row)
        self.start.setFocus(Qt.FocusReason.TabFocusReason)

    def _show_cost(self) -> None:
        seeds = int(self.seeds.current())
        count = seeds * self._num_variants
        told = [tr("{count:plural:run:runs}, one after the other.", count=count)]
        if math.isfinite(self._seconds):
            told.append(
                tr("Together {time}, an adversary's extra work not counted.", time=duration(count * self._seconds))
            )
        if seeds < _USUAL:
            told.append(tr("Fewer than three seeds cannot tell skill from luck."))
        self._cost.setText("\n".join(told))

    def _confirm(self) -> None:
        self.confirmed.emit(int(self.seeds.current()))
        self.accept()
