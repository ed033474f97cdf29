"""TypedDialog: one value that no list holds, checked as it is typed."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from engine.config.reading import AUTO, Reading
from studio.translation import tr
from studio.widgets import Button, Heading
from studio.widgets.labels import change, label


class TypedDialog(QDialog):
    """`typed(value)` once; a value that the setting refuses says why, and the dialog stays."""

    typed = Signal(str)

    def __init__(self, field: str, title: str, value: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._field = field
        self.setObjectName("typed_dialog")
        self.setWindowTitle("Attune")
        self.setModal(True)
        self._line = QLineEdit(value)
        self._line.setObjectName("typed")
        self._line.setAccessibleName(title)
        self._line.setMinimumWidth(320)
        self._line.textChanged.connect(self._check)
        self._told = label("", 12, "second")
        self._told.setObjectName("typed_told")
        self._take = Button(tr("Read it so"), "primary")
        self._take.setObjectName("typed_take")
        self._take.clicked.connect(self._confirm)
        cancel = Button(tr("Cancel"))
        cancel.clicked.connect(self.reject)
        column, row = QVBoxLayout(self), QHBoxLayout()
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(8)
        for part in (Heading(title, "card"), self._line, self._told):
            column.addWidget(part)
        row.addStretch(1)
        row.addWidget(cancel)
        row.addWidget(self._take)
        column.addSpacing(6)
        column.addLayout(row)
        self._line.selectAll()
        self._line.setFocus()
        self._check()

    def _fits(self) -> bool:
        try:
            return bool(self._line.text()) and getattr(Reading(**{self._field: self._line.text()}), self._field) != AUTO
        except ValueError:
            return False

    def _asked(self) -> str:
        return {
            "delimiter": tr("Type the one sign that stands between cells, such as ~ or ^."),
            "encoding": tr("Type the name of an encoding, such as iso8859-9 or mac_roman."),
            "header": tr("Type the number of the line that holds the names of the columns."),
        }.get(self._field, "")

    def _check(self) -> None:
        fits = self._fits()
        self._take.setEnabled(fits)
        change(self._told, self._asked(), "second" if fits or not self._line.text() else "bad")

    def _confirm(self) -> None:
        if self._take.isEnabled():
            self.typed.emit(self._line.text())
            self.accept()
