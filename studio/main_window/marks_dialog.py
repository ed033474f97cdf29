"""MarksDialog: the tags and the note of a run."""

from __future__ import annotations

import re
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from engine.runs.run_maintenance import MOST_NOTE, Marks
from studio import theme
from studio.translation import tr
from studio.widgets import Button, Caption, Heading


class MarksDialog(QDialog):
    """`confirmed(marks)` with what was written; the star stays as it was."""

    confirmed = Signal(object)

    def __init__(self, name: str, marks: Marks, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("marks_dialog")
        self.setWindowTitle(tr("Tags and note"))
        self._marks = marks
        self.tags = QLineEdit(", ".join(marks.tags))
        self.tags.setObjectName("marks_tags")
        self.tags.setFont(theme.font())
        self.tags.setAccessibleName(tr("Tags"))
        self.tags.setPlaceholderText(tr("production, short texts"))
        self.note = QPlainTextEdit(marks.note)
        self.note.setObjectName("marks_note")
        self.note.setFont(theme.font())
        self.note.setAccessibleName(tr("Note"))
        self.note.setTabChangesFocus(True)
        self.note.setMinimumSize(380, 110)
        keep, leave = Button(tr("Keep"), "primary"), Button(tr("Cancel"))
        keep.setObjectName("keep_marks")
        keep.clicked.connect(self._keep)
        leave.clicked.connect(self.reject)
        self.tags.returnPressed.connect(self._keep)
        column, buttons = QVBoxLayout(self), QHBoxLayout()
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(6)
        column.addWidget(Heading(name))
        column.addSpacing(4)
        column.addWidget(Caption(tr("Tags, with commas between them; the search finds them")))
        column.addWidget(self.tags)
        column.addSpacing(4)
        column.addWidget(Caption(tr("Note")))
        column.addWidget(self.note)
        column.addSpacing(8)
        buttons.addStretch(1)
        buttons.addWidget(leave)
        buttons.addWidget(keep)
        column.addLayout(buttons)
        self.tags.setFocus()

    def marks(self) -> Marks:
        """As they are written now."""
        words = re.split(r"[,;，；、\n]", self.tags.text())
        note = self.note.toPlainText().strip()[:MOST_NOTE]
        return replace(self._marks.with_tags(words), note=note)

    def _keep(self) -> None:
        self.confirmed.emit(self.marks())
        self.accept()
