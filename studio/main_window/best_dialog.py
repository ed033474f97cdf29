"""BestDialog: how many minutes the search for the best model may take, and which encoder is tried too."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QFileDialog, QLabel, QLineEdit, QVBoxLayout, QWidget

from studio.translation import tr
from studio.widgets import Button, Heading, SegmentedControl
from studio.widgets.layouts import fill, hbox

_MINUTES, _USUAL = (2, 5, 10, 20, 60), 10
_WIDTH = 480


class BestDialog(QDialog):
    """`confirmed(minutes, encoder)` when it shall begin; `encoder` is "" where none was named. `packaged` tells whether
    one is installed as a package, and is tried unasked."""

    confirmed = Signal(float, str)

    def __init__(self, packaged: Callable[[], str | None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("best_dialog")
        self.setWindowTitle("Attune")
        self.setModal(True)
        self._has_packaged = packaged() is not None
        self.minutes = SegmentedControl([(str(count), str(count), None) for count in _MINUTES])
        self.minutes.setObjectName("best_minutes")
        self.minutes.setAccessibleName(tr("Minutes"))
        self.minutes.set_current(str(_USUAL))
        self.minutes.changed.connect(self._say)
        self.encoder = QLineEdit()
        self.encoder.setObjectName("best_encoder")
        self.encoder.setAccessibleName(tr("Pretrained encoder"))
        self.encoder.setPlaceholderText(tr("a folder, or a name on the Hugging Face hub; it can stay empty"))
        self.encoder.textChanged.connect(self._say)
        self.start = Button(tr("Start"), "primary", "ph.play-fill")
        self.start.setObjectName("start_best")
        self.start.clicked.connect(self._confirm)
        self._what = self._told(
            tr(
                "Word counting, your network, wide and deep and a pretrained encoder are trained on the same texts, "
                "each within its part of the minutes, and measured on the same ones. In the end you are told which one "
                "to take, with intervals, also where counting words is enough."
            )
        )
        self._who = self._told("")
        self._who.setObjectName("best_candidates")
        self._lay_out()
        self._say()

    def _lay_out(self) -> None:
        choose = Button(tr("Choose a folder…"), "plain", "ph.folder-open")
        choose.clicked.connect(self._browse)
        cancel = Button(tr("Cancel"), "plain")
        cancel.clicked.connect(self.reject)
        column = fill(
            QVBoxLayout(self),
            Heading(tr("Find the best model"), "card"),
            self._what,
            gap=10,
            margins=(24, 20, 24, 20),
        )
        column.addLayout(hbox(QLabel(tr("Minutes")), 8, self.minutes, None))
        column.addWidget(QLabel(tr("Pretrained encoder")))
        column.addLayout(hbox(self.encoder, 8, choose))
        column.addWidget(self._who)
        column.addSpacing(6)
        column.addLayout(hbox(None, cancel, self.start))
        self.start.setFocus(Qt.FocusReason.OtherFocusReason)

    def _told(self, text: str) -> QLabel:
        label = QLabel(text)
        label.setProperty("kind", "second")
        label.setWordWrap(True)
        label.setMinimumWidth(_WIDTH)
        return label

    def _say(self) -> None:
        if self.encoder.text().strip():
            told = tr("This encoder is tried if its training fits into the minutes.")
        elif self._has_packaged:
            told = tr("The small encoder that is installed here (MiniLM) is tried if its training fits in.")
        else:
            told = tr("No encoder is installed here: without one, networks begin with nothing learned.")
        self._who.setText(told)

    def _browse(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, tr("Pretrained encoder"))
        if folder:
            self.encoder.setText(folder)

    def _confirm(self) -> None:
        self.confirmed.emit(float(self.minutes.current()), self.encoder.text().strip())
        self.accept()
