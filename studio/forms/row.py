"""FormRow: one line of a form: title and help on the left, the editor on the right, what was refused beneath."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from engine.messages import Message
from studio.forms.editors import Editor
from studio.theme import font
from studio.translation import words

INDENT = 20


class FormRow(QWidget):
    """Lays out one editor with its words; `nested` (of a choice within a choice) stands beneath, indented."""

    def __init__(self, editor: Editor, nested: QWidget | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.editor = editor
        self._refusal = _label("", 12, "bad")
        self._refusal.setObjectName(f"{editor.field.name}-refusal")
        self._refusal.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 9, 0, 9)
        column.setSpacing(4)
        column.addLayout(self._line())
        if editor.is_wide:
            column.addWidget(editor)
        column.addWidget(self._refusal)
        if nested is not None:
            column.addWidget(nested)

    def show_refusal(self, reason: Message | None) -> None:
        """Say beneath the editor why its value was refused; None takes it back."""
        self.editor.mark(reason is not None)
        self._refusal.setText("" if reason is None else words(reason))
        self._refusal.setVisible(reason is not None)

    def _line(self) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(16)
        line.addLayout(self._words(), 1)
        if not self.editor.is_wide:
            line.addWidget(self.editor, 0, Qt.AlignmentFlag.AlignVCenter)
        return line

    def _words(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(1)
        title = _label(words(Message(self.editor.field.title)), 13, "", 500)  # words: a field's title
        title.setBuddy(self.editor)
        column.addWidget(title)
        column.addWidget(_label(words(Message(self.editor.field.help)), 12, "caption"))  # words: a field's help
        return column


def _label(text: str, size: int, kind: str, weight: int = 400) -> QLabel:
    label = QLabel(text)
    label.setFont(font(size, weight))
    label.setProperty("kind", kind)
    label.setWordWrap(True)
    label.setMinimumWidth(1)
    return label
