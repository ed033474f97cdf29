"""ExportDialog: which texts to take away, and as what."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QFormLayout, QHBoxLayout, QVBoxLayout, QWidget

from studio.pages.samples.library import SUFFIXES
from studio.translation import tr
from studio.widgets.button import Button
from studio.widgets.labels import Caption, Heading
from studio.widgets.number_box import DecimalBox, NumberBox
from studio.widgets.segmented_control import SegmentedControl


@dataclass(frozen=True)
class Wish:
    """`num_new` texts are to be invented first; None: those that are shown."""

    suffix: str
    num_new: int | None = None
    temperature: float = 1.0


class ExportDialog(QDialog):
    """`wished(wish)` once the person is sure; where to, is asked next."""

    wished = Signal(object)

    def __init__(self, num_shown: int, temperature: float, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("exportDialog")
        self.setWindowTitle(tr("Export texts"))
        self.which = SegmentedControl(
            [
                ("shown", tr("The {count:plural:text:texts} shown", count=num_shown), None),
                ("new", tr("New texts"), "ph.shuffle"),
            ]
        )
        self.which.changed.connect(lambda _key: self._show_fields())
        self.count = NumberBox("exportCount", tr("How many"), 1, 100_000, 1000)
        self.count.setGroupSeparatorShown(True)
        title = tr("Temperature")
        self.temperature = DecimalBox("exportTemperature", title, 0.1, 5.0, temperature, step=0.1, decimals=1)
        self.kind = SegmentedControl([(suffix, suffix[1:].upper(), None) for suffix in SUFFIXES])
        self.kind.changed.connect(lambda _key: self._show_fields())
        self._about = Caption(wrap=True)
        self.go = Button(tr("Export"), "primary", "ph.export")
        self.go.setObjectName("doExport")
        self.go.clicked.connect(self._wish)
        self._lay_out()
        self._show_fields()

    def _lay_out(self) -> None:
        column, foot = QVBoxLayout(self), QHBoxLayout()
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(12)
        column.addWidget(Heading(tr("Export texts"), "card"))
        form = QFormLayout()
        form.setSpacing(10)
        form.addRow(tr("Texts"), self.which)
        form.addRow(tr("How many"), self.count)
        form.addRow(tr("Temperature"), self.temperature)
        form.addRow(tr("As"), self.kind)
        column.addLayout(form)
        column.addWidget(self._about)
        cancel = Button(tr("Cancel"), "plain")
        cancel.clicked.connect(self.reject)
        foot.addStretch(1)
        foot.addWidget(cancel)
        foot.addWidget(self.go)
        column.addLayout(foot)

    def wish(self) -> Wish:
        if self.which.current() == "shown":
            return Wish(self.kind.current())
        return Wish(self.kind.current(), self.count.value(), self.temperature.value())

    def _show_fields(self) -> None:
        is_new = self.which.current() == "new"
        self.count.setEnabled(is_new)
        self.temperature.setEnabled(is_new)
        self._about.setText(
            {
                ".txt": tr("One text a line."),
                ".csv": tr("A table with the critic's score and the nearest training text."),
                ".jsonl": tr("One record a line, with all that is known, the critic's attention too."),
            }[self.kind.current()]
        )

    def _wish(self) -> None:
        self.accept()
        self.wished.emit(self.wish())
