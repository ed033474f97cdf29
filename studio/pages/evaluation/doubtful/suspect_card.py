"""SuspectCard: one doubtful label looked at closely, and what can be said of it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from engine.records import Suspect
from engine.runs.corrections import Correction
from studio.numbers import percent
from studio.pages.evaluation.texts.label_buttons import ButtonRows, LabelMenu
from studio.pages.evaluation.texts.label_edits import correction_words
from studio.tables.line_painting import breakable
from studio.translation import tr
from studio.widgets.button import Button
from studio.widgets.labels import Caption
from studio.widgets.layouts import fill

_TEXT_HEIGHT = 112


class SuspectCard(QFrame):
    """`said(label)`: the label that the row should have, None for “leave out”; `undone` takes the last word back."""

    said = Signal(object)
    undone = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("suspectCard")
        self.setProperty("surface", "soft")
        self._suspect: Suspect | None = None
        self.text = _TextBox()
        self.told = Caption(wrap=True)
        self.told.setProperty("kind", "second")
        self.keep = self._button("keepLabel", "ph.check")
        self.keep.clicked.connect(lambda: self._say(self._suspect.label if self._suspect else None))
        self.change = self._button("changeToProposed", "ph.tag")
        self.change.clicked.connect(lambda: self._say(self._suspect.proposed if self._suspect else None))
        self.other = self._button("otherLabel", "ph.dots-three", tr("Other label …"))
        self.menu = LabelMenu(self)
        self.menu.chosen.connect(self.said)
        self.other.clicked.connect(self.open_menu)
        self.leave = self._button("leaveSuspectOut", "ph.trash", tr("Leave out"))
        self.leave.clicked.connect(lambda: self._say(None))
        self.undo = Button(tr("Undo"), "quiet", "ph.arrow-counter-clockwise", size="small")
        self.undo.setObjectName("undoCorrection")
        self.undo.clicked.connect(self.undone)
        self._lay_out()

    def _button(self, name: str, icon: str, words: str = "") -> Button:
        made = Button(words, "plain", icon, size="small")
        made.setObjectName(name)
        return made

    def _lay_out(self) -> None:
        self._buttons = ButtonRows(self.keep, self.change, self.other, self.leave, self.undo)
        keys = Caption(tr("Enter: change · Space: keep · Delete: leave out · L: other label · U: undo"), wrap=True)
        fill(QVBoxLayout(self), self.text, self.told, self._buttons, keys, gap=8, margins=(14, 10, 10, 10))

    def show_suspect(
        self, suspect: Suspect | None, found: Correction | None, labels: Sequence[str], *, can_undo: bool
    ) -> None:
        """None hides it."""
        self._suspect = suspect
        self.setVisible(suspect is not None)
        if suspect is None:
            return
        self.text.show_text(suspect.text)
        self.told.setText(breakable(_sentence(suspect, found)))
        for button, words in (
            (self.keep, tr("Keep “{label}”", label=suspect.label)),
            (self.change, tr("Change to “{label}”", label=suspect.proposed)),
        ):
            button.setText(words)
        self.undo.setEnabled(can_undo)
        others = [label for label in labels if label not in (suspect.label, suspect.proposed)]
        self.other.setVisible(bool(others))
        self._buttons.fit()
        now = suspect.label if found is None else str(found.after or "")
        self.menu.show_labels(labels, [suspect.proposed, suspect.label, *others], now)

    def open_menu(self) -> None:
        if self.other.isVisible():
            self.menu.popup(self.other.mapToGlobal(self.other.rect().bottomLeft()))

    def _say(self, label: str | None) -> None:
        if self._suspect is not None:
            self.said.emit(label)


class _TextBox(QScrollArea):
    """A whole text: as high as it needs, up to a few lines, then it scrolls."""

    def __init__(self) -> None:
        super().__init__()
        self._words = QLabel()
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._words.setWordWrap(True)
        self._words.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._words.setMinimumWidth(1)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidget(self._words)

    def show_text(self, text: str) -> None:
        self._words.setText(text)
        self.setAccessibleName(text)
        self.verticalScrollBar().setValue(0)
        self._fit()

    def _fit(self) -> None:
        self.setFixedHeight(min(_TEXT_HEIGHT, self._words.heightForWidth(max(100, self.width() - 12)) + 2))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()


def _sentence(suspect: Suspect, found: Correction | None) -> str:
    told = tr(
        "Row {row}: your label “{label}” gets {share}, “{proposed}” gets {proposed_share}.",
        row=f"{suspect.row:,}",
        label=suspect.label,
        share=percent(suspect.probability),
        proposed=suspect.proposed,
        proposed_share=percent(suspect.probability_proposed),
    )
    return told if found is None else f"{told} {tr('You decided: {words}.', words=correction_words(found))}"
