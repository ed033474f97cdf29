"""QuestionBar: the question, examples of the run's own, and the button that asks; under it the words as chips."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QMenu, QVBoxLayout, QWidget

from studio import theme
from studio.pages.read.question_chips import QuestionChips
from studio.translation import tr
from studio.widgets.button import Button
from studio.widgets.labels import Caption
from studio.widgets.layouts import fill, hbox

_MOST_EXAMPLES = 12


class QuestionBar(QWidget):
    """`asked(question)` by Return or the button; `stopped()` while it reads; `example_chosen(number)`;
    `masked(numbers of words)` when a chip was clicked."""

    asked = Signal(str)
    stopped = Signal()
    example_chosen = Signal(int)
    masked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.line = QLineEdit()
        self.line.setObjectName("question")
        self.line.setAccessibleName(tr("Question"))
        self.line.setPlaceholderText(tr("Ask something that the passage answers"))
        self.line.setFrame(False)
        self.line.setStyleSheet("QLineEdit { border: none; background: transparent; }")
        self.line.setFont(theme.font(theme.CARD_TITLE))
        self.line.addAction(theme.icon("ph.question", theme.tokens().text3), QLineEdit.ActionPosition.LeadingPosition)
        self._examples = Button(tr("Examples"), "quiet", "ph.list-bullets")
        self._examples.setObjectName("questionExamples")
        self._find = Button(tr("Find the answer"), "primary", "ph.magnifying-glass")
        self._find.setObjectName("findAnswer")
        self.chips = QuestionChips()
        self._hint = Caption(
            tr("Click a word to mask it and ask again without it.\nThe number: how many points less sure it is then.")
        )
        self._hint.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
        box = QFrame()
        box.setProperty("surface", "card")
        fill(QHBoxLayout(box), (self.line, 1), self._examples, self._find, gap=8, margins=(10, 7, 8, 7))
        chips = hbox((self.chips, 1), self._hint, gap=14)
        fill(QVBoxLayout(self), box, chips, gap=8)
        self._is_asking = False
        self._texts: tuple[str, ...] = ()
        self.line.returnPressed.connect(self._ask)
        self._find.clicked.connect(self._press)
        self._examples.clicked.connect(self._offer)
        self.chips.toggled.connect(self._toggle)
        self.chips.cleared.connect(lambda: self.masked.emit(()))
        QShortcut(QKeySequence("Ctrl+Return"), self).activated.connect(self._ask)

    @property
    def question(self) -> str:
        return self.line.text()

    def set_examples(self, questions: Sequence[str]) -> None:
        self._texts = tuple(questions[:_MOST_EXAMPLES])
        self._examples.setVisible(bool(self._texts))

    def show_asking(self, is_asking: bool) -> None:
        """While it reads, the button stops it."""
        if is_asking != self._is_asking:
            self._is_asking = is_asking
            self._find.setText(tr("Stop") if is_asking else tr("Find the answer"))
            self._find.set_icon("ph.stop" if is_asking else "ph.magnifying-glass")

    def menu(self) -> QMenu:
        """The examples to choose from."""
        menu = QMenu(self)
        for place, question in enumerate(self._texts):
            menu.addAction(question).triggered.connect(lambda _=False, at=place: self.example_chosen.emit(at))
        return menu

    def _offer(self) -> None:
        self.menu().popup(self._examples.mapToGlobal(self._examples.rect().bottomLeft()))

    def _press(self) -> None:
        if self._is_asking:
            self.stopped.emit()
        else:
            self._ask()

    def _ask(self) -> None:
        self.asked.emit(self.question)

    def _toggle(self, place: int) -> None:
        chosen = set(self.chips.masked) ^ {place}
        self.masked.emit(tuple(sorted(chosen)))
