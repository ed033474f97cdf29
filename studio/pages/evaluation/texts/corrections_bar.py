"""CorrectionsBar: how many labels were corrected, and the way to a new run that uses them."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from studio.translation import tr
from studio.widgets.button import Button


class CorrectionsBar(QWidget):
    """`row` takes what stands before it; `rerun_wished` when the person wants to train again."""

    rerun_wished = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rerun = Button("", "plain", "ph.arrow-clockwise", size="small")
        self.rerun.setObjectName("trainAgain")
        self.rerun.setToolTip(tr("A new run with the same settings; this one stays as it is."))
        self.rerun.clicked.connect(self.rerun_wished)
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(0, 0, 0, 0)
        self.row.setSpacing(10)
        self.row.addStretch(1)
        self.row.addWidget(self.rerun)
        self.show_count(0)

    def show_count(self, count: int) -> None:
        """Hidden while nothing is corrected."""
        self.rerun.setText(tr("Train again with {count:plural:correction:corrections}", count=count))
        self.rerun.updateGeometry()
        self.rerun.setVisible(count > 0)
