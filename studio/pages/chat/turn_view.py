"""TurnView: one turn of the chat: who and which, its bubble, and what can be done with it."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from engine.records import ChatAnswer
from studio.pages.chat.bubble import Bubble
from studio.pages.chat.sentences import sureness, writing
from studio.theme import font, tall
from studio.translation import tr
from studio.widgets.button import Button, IconButton
from studio.widgets.labels import Caption, ElidingCaption, change
from studio.widgets.layouts import fill, hbox, panel, vbox

_SHARE = 0.76
"""Of the width at most, so that one sees who speaks."""


@dataclass(frozen=True)
class Shown:
    """A turn as it is shown: `place` from 1, its branch (which of how many), and what becomes of it just now."""

    id: int
    place: int
    is_question: bool
    text: str
    answer: ChatAnswer | None
    branch: tuple[int, int] = (1, 1)
    is_writing: bool = False
    is_explained: bool = False
    is_dropped: bool = False
    is_last: bool = False
    may_act: bool = True
    most: int = 80


class TurnActions(QWidget):
    """Regenerate, Edit and the branches of a turn: as icons beside its title, or in words below it."""

    def __init__(self, *, is_small: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.again: QAbstractButton = _action(tr("Regenerate"), "ph.arrows-clockwise", "again", is_small=is_small)
        self.edit: QAbstractButton = _action(tr("Edit"), "ph.pencil-simple", "edit", is_small=is_small)
        self.earlier = IconButton("ph.caret-left", tr("Branch before (Alt+Left)"), 22)
        self.later = IconButton("ph.caret-right", tr("Branch after (Alt+Right)"), 22)
        self.earlier.setObjectName("branchBefore")
        self.later.setObjectName("branchAfter")
        self.which = Caption()
        self.which.setObjectName("branch")
        self._branches = panel(hbox(self.earlier, self.which, self.later, gap=3))
        fill(QHBoxLayout(self), self.again, self.edit, self._branches, gap=2)

    def show_turn(self, shown: Shown, *, is_shown: bool) -> None:
        number, count = shown.branch
        self.which.setText(tr("{number} of {count}", number=number, count=count))
        self._branches.setVisible(count > 1)
        self.earlier.setEnabled(number > 1 and shown.may_act)
        self.later.setEnabled(number < count and shown.may_act)
        self.again.setVisible(not shown.is_question)
        for button in (self.again, self.edit):
            button.setEnabled(shown.may_act)
        self.setVisible(is_shown and not shown.is_writing)


class TurnView(QWidget):
    """Signals carry the turn's id; `edited(id, text)`, `stepped(id, by)`."""

    again_wished = Signal(int)
    edited = Signal(int, str)
    stepped = Signal(int, int)
    stopped = Signal()
    go_on_wished = Signal(int)
    explained = Signal(int)
    answer_wished = Signal()

    def __init__(self, is_question: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_question = is_question
        self.shown: Shown | None = None
        self.title = Caption()
        self.title.setObjectName("turnTitle")
        self.bubble = Bubble(is_question)
        self.note = ElidingCaption()
        self.note.setObjectName("turnNote")
        self._editor = QPlainTextEdit()
        self._editor.setObjectName("turnEditor")
        self._editor.setFont(font(14))
        self._editor.setTabChangesFocus(True)
        self._editor.setFixedHeight(tall(76))
        self._build()
        self._listen()

    def _build(self) -> None:
        self.beside, self.below = TurnActions(is_small=True), TurnActions(is_small=False)
        self.stop = Button(tr("Stop"), "plain", "ph.stop-fill", size="small")
        self.stop.setObjectName("stop")
        self.stop.setToolTip(tr("Keeps what is written (Esc)"))
        self.go_on = _quiet(tr("Go on"), "ph.play", "goOn")
        self.answer = _quiet(tr("Answer"), "ph.chat-circle", "answerNow")
        self.take = Button(tr("Save as a branch"), "plain", size="small")
        self.take.setObjectName("takeEdit")
        self.leave = Button(tr("Cancel"), "quiet", size="small")
        side = Qt.AlignmentFlag.AlignRight if self._is_question else Qt.AlignmentFlag.AlignLeft
        head = hbox(*((None, self.beside, self.title) if self._is_question else (self.title, self.beside, None)), gap=6)
        parts = (self.stop, self.below, self.go_on, self.answer, self.note)
        line = hbox(*((None, *parts) if self._is_question else (*parts[:-1], (self.note, 1))), gap=4)
        editing = hbox(*((None, self.leave, self.take) if self._is_question else (self.take, self.leave, None)), gap=6)
        self._editing = panel(vbox(self._editor, editing, gap=6))
        self._actions = panel(line)
        fill(QVBoxLayout(self), head, (self.bubble, 0, side), self._editing, self._actions, gap=4)
        self._editing.hide()

    def _listen(self) -> None:
        for actions in (self.beside, self.below):
            actions.again.clicked.connect(lambda: self.again_wished.emit(self._id))
            actions.edit.clicked.connect(self.begin_edit)
            actions.earlier.clicked.connect(lambda: self.stepped.emit(self._id, -1))
            actions.later.clicked.connect(lambda: self.stepped.emit(self._id, 1))
        self.stop.clicked.connect(self.stopped)
        self.go_on.clicked.connect(lambda: self.go_on_wished.emit(self._id))
        self.answer.clicked.connect(self.answer_wished)
        self.bubble.clicked.connect(lambda: self.explained.emit(self._id))
        self.take.clicked.connect(self._take_edit)
        self.leave.clicked.connect(self._leave_edit)

    @property
    def _id(self) -> int:
        assert self.shown is not None
        return self.shown.id

    def show_turn(self, shown: Shown) -> None:
        self.shown = shown
        self.title.setText(_title(shown))
        self.bubble.show_text(
            shown.text or ("" if shown.is_writing else tr("(it says nothing)")),
            is_writing=shown.is_writing,
            is_pale=shown.is_dropped,
            is_chosen=shown.is_explained and shown.is_writing,
        )
        is_below = not shown.is_question and (shown.is_last or shown.branch[1] > 1)
        self.beside.show_turn(shown, is_shown=not is_below)
        self.below.show_turn(shown, is_shown=is_below)
        self.stop.setVisible(shown.is_writing)
        is_unfinished = shown.answer is not None and not shown.answer.has_ended and not shown.is_writing
        self.go_on.setVisible(not shown.is_question and is_unfinished and shown.is_last)
        self.answer.setVisible(shown.is_question and shown.is_last)
        for button in (self.go_on, self.answer):
            button.setEnabled(shown.may_act)
        change(self.note, _note(shown), "caption")
        self.note.setVisible(is_below or shown.is_writing)
        self._actions.setVisible(is_below or shown.is_last)

    def fit(self, width: int) -> None:
        self.bubble.fit(round(width * _SHARE))

    def begin_edit(self) -> None:
        assert self.shown is not None
        self._editor.setPlainText(self.shown.text)
        self._editor.setAccessibleName(tr("Turn {place} in other words", place=self.shown.place))
        self._show_editing(True)
        self._editor.setFocus()

    def _take_edit(self) -> None:
        text = self._editor.toPlainText().strip()
        self._show_editing(False)
        if text and self.shown is not None and text != self.shown.text:
            self.edited.emit(self._id, text)

    def _leave_edit(self) -> None:
        self._show_editing(False)

    def _show_editing(self, is_on: bool) -> None:
        self._editing.setVisible(is_on)
        self.bubble.setVisible(not is_on)
        self._actions.setVisible(not is_on)


def _action(text: str, icon: str, name: str, *, is_small: bool) -> QAbstractButton:
    if not is_small:
        return _quiet(text, icon, name)
    made = IconButton(icon, text, 22)
    made.setObjectName(name)
    return made


def _quiet(text: str, icon: str, name: str) -> Button:
    made = Button(text, "quiet", icon, size="small")
    made.setObjectName(name)
    return made


def _title(shown: Shown) -> str:
    who = (
        tr("You · turn {place}", place=shown.place)
        if shown.is_question
        else tr("Model · turn {place}", place=shown.place)
    )
    told = [who]
    if shown.is_dropped:
        told.append(tr("no longer fits, not read"))
    if shown.is_explained:
        told.append(tr("explained at the right"))
    return " · ".join(told)


def _note(shown: Shown) -> str:
    if shown.answer is None:
        return "" if shown.is_question else tr("written by you")
    return writing(shown.answer, shown.most) if shown.is_writing else sureness(shown.answer)
