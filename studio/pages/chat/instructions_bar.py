"""InstructionsBar: the system prompt, folded to its first line; changed, it offers to answer again."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QVBoxLayout, QWidget

from studio.theme import font, tall
from studio.translation import tr
from studio.widgets.button import Button, IconButton
from studio.widgets.labels import Caption, ElidingCaption, Heading
from studio.widgets.layouts import fill, hbox, panel, vbox


class InstructionsBar(QFrame):
    """`changed(text)` as they are typed; `again_wished`: answer the first question again, under them."""

    changed = Signal(str)
    again_wished = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._fold = IconButton("ph.caret-right", tr("Show the instructions"), 24)
        self._fold.setObjectName("instructionsFold")
        heading = Heading(tr("Instructions"), "card")
        heading.setFont(font(13, 600))
        self._first = ElidingCaption()
        self._first.setObjectName("instructionsLine")
        self._edit = Button(tr("Edit"), "quiet", "ph.pencil-simple", size="small")
        self._edit.setObjectName("instructionsEdit")
        self.editor = QPlainTextEdit()
        self.editor.setObjectName("instructionsText")
        self.editor.setAccessibleName(tr("Instructions (system prompt)"))
        self.editor.setPlaceholderText(tr("None: it answers as its dialogues do"))
        self.editor.setTabChangesFocus(True)
        self.editor.setFont(font(13))
        self.editor.setFixedHeight(tall(84))
        self._again = Button(tr("Answer again from turn 2"), "plain", "ph.arrows-clockwise", size="small")
        self._again.setObjectName("answerAgain")
        self._note = Caption(tr("They hold from the next answer on."), wrap=True)
        line = hbox(self._fold, heading, Caption(tr("system prompt")), (self._first, 1), self._edit, gap=8)
        self._inside = panel(vbox(self.editor, hbox(self._again, (self._note, 1), gap=10), gap=8))
        fill(QVBoxLayout(self), line, self._inside, gap=6, margins=(10, 6, 12, 6))
        self._inside.hide()
        self._told = ""
        self._has_answer = False
        self._fold.clicked.connect(self._toggle)
        self._edit.clicked.connect(self._begin)
        self._again.clicked.connect(self._take)
        self.editor.textChanged.connect(self._on_typed)

    def show_instructions(self, text: str, told: str, *, has_answer: bool, may_act: bool) -> None:
        """`told` are those that the first answer was written under; `has_answer`: there is one."""
        self._told, self._has_answer = told, has_answer
        if self.editor.toPlainText() != text:
            self.editor.blockSignals(True)
            self.editor.setPlainText(text)
            self.editor.blockSignals(False)
        self._again.setEnabled(may_act)
        self._show()

    def _show(self) -> None:
        text = self.editor.toPlainText().strip()
        self._first.setText(text.splitlines()[0] if text else tr("none"))
        is_other = self._has_answer and text != self._told.strip()
        self._again.setVisible(is_other)
        self._note.setVisible(is_other)

    def _on_typed(self) -> None:
        self.changed.emit(self.editor.toPlainText())
        self._show()

    def _toggle(self) -> None:
        self._open(self._inside.isHidden())

    def _open(self, is_open: bool) -> None:
        self._inside.setVisible(is_open)
        self._first.setVisible(not is_open)
        self._fold.set_icon("ph.caret-down" if is_open else "ph.caret-right")
        name = tr("Fold the instructions") if is_open else tr("Show the instructions")
        self._fold.setToolTip(name)
        self._fold.setAccessibleName(name)

    def _begin(self) -> None:
        self._open(True)
        self.editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def _take(self) -> None:
        self._open(False)
        self.again_wished.emit()
