"""RowCard: one row looked at closely: its whole text, all probabilities, training rows that are nearly the same
(SimilarList)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from engine.records import Similar
from studio import theme
from studio.numbers import percent
from studio.pages.evaluation.target_view import view_of
from studio.pages.evaluation.texts.label_buttons import ButtonRows, LabelMenu
from studio.pages.evaluation.texts.label_edits import correction_words, labelled_row
from studio.pages.evaluation.texts.rows_model import RowsModel
from studio.pages.evaluation.texts.word_marks import WordMarks
from studio.plots.attention.marked_text import MarkedText, Marks
from studio.tables.line_painting import breakable, one_line
from studio.translation import tr
from studio.widgets.bar_list import BarList
from studio.widgets.button import Button, IconButton
from studio.widgets.labels import Caption, Heading
from studio.widgets.layouts import ANY_WIDTH, fill, hbox, scrolling, set_wide, vbox

_LONGEST = 20_000
_NOTHING = np.empty(0)
_BESIDE, _BELOW = 372, 300
_LONGEST_SIMILAR = 240
_NEARLY = 0.3
"""The least share of word pairs (or character triples) in common that is worth a look."""


class RowCard(QFrame):
    """Hidden until a row is shown. `corrected(label)` with None for “leave out”; `taken_back` wants the file's own
    label again; `attention_wanted(text)`; `closed`."""

    corrected = Signal(object)
    taken_back = Signal()
    attention_wanted = Signal(str)
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("rowCard")
        self.setProperty("surface", "card")
        self.place: int | None = None
        self._text = ""
        self.title = Heading("", "card")
        self.text = MarkedText(size=14)
        self.verdict = QLabel()
        self.verdict.setWordWrap(True)
        self.verdict.setTextFormat(Qt.TextFormat.PlainText)
        self.verdict.setMinimumWidth(1)
        self.how_marked = Caption(wrap=True)
        self.bars = BarList()
        self.bars.setAccessibleName(tr("Probabilities"))
        self.similar = SimilarList()
        self._build_buttons()
        self._lay_out()
        self.hide()

    def _build_buttons(self) -> None:
        self.attention = Button(tr("Open in Attention"), "plain", "ph.eye", size="small")
        self.attention.setObjectName("seeAttention")
        self.attention.clicked.connect(lambda: self.attention_wanted.emit(self._text))
        self.change = Button(tr("Change label"), "plain", "ph.tag", size="small")
        self.change.setObjectName("changeLabel")
        self.menu = LabelMenu(self)
        self.menu.chosen.connect(self.corrected)
        self.change.clicked.connect(self._open_menu)
        self.leave = Button(tr("Leave out"), "plain", "ph.trash", size="small")
        self.leave.setObjectName("leaveOut")
        self.leave.clicked.connect(lambda: self.corrected.emit(None))
        self.back = Button(tr("Take back"), "quiet", "ph.arrow-counter-clockwise", size="small")
        self.back.setObjectName("takeBack")
        self.back.clicked.connect(self.taken_back)

    def _lay_out(self) -> None:
        close = IconButton("ph.x", tr("Close"))
        close.setObjectName("closeRow")
        close.clicked.connect(self.closed)
        text = vbox(self.text, self.how_marked, None, gap=8)
        said = vbox(self.verdict, self.bars, self.similar, None, gap=8)
        self._columns = vbox((text, 3), (said, 2), gap=14, margins=(0, 0, 8, 0))
        self._scroll = scrolling(self._columns)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # the keyboard scrolls it
        self._foot = ButtonRows(self.attention, self.change, self.leave, self.back)
        head = hbox((self.title, 1), close)
        fill(QVBoxLayout(self), head, (self._scroll, 1), self._foot, gap=8, margins=(14, 8, 10, 12))

    def set_beside(self, is_beside: bool) -> None:
        """Beside the table it is one column, below it two."""
        set_wide(self._columns, not is_beside)
        self.setMinimumSize(QSize(_BESIDE if is_beside else 1, 1 if is_beside else _BELOW))
        self.setMaximumSize(QSize(_BESIDE if is_beside else ANY_WIDTH, ANY_WIDTH if is_beside else _BELOW))

    # -- what is shown -------------------------------------------------------------------------------------------------

    def show_row(self, board: RowsModel, place: int | None) -> None:
        """None closes it. The same row again, when the decision is another."""
        if place is not None and board.decided is None:
            return
        is_new = place != self.place
        self.place = place
        self.setVisible(place is not None)
        if place is None or board.decided is None:
            return
        decided, view = board.decided, view_of(board.decided.answers)
        if is_new:
            self._text = board.text(place)
            self.title.setText(tr("Row {row}", row=f"{int(decided.answers.rows[place]):,}"))
            self._scroll.verticalScrollBar().setValue(0)
            self.similar.show_rows(None)
        self.verdict.setText(breakable(view.sentence(decided, place)))
        bars = view.bars(decided, place)
        self.bars.set_bars(bars)
        self.bars.setVisible(bool(bars))
        self.show_marks(board.marks(place))
        self._show_correction(board, place)

    def show_marks(self, marks: WordMarks | None) -> None:
        text = self._text[:_LONGEST]
        self.text.set_marks(Marks(text, (), _NOTHING) if marks is None else marks.marks(text))
        self.how_marked.setText(_how_marked(marks))

    def show_similar(self, rows: Sequence[Similar]) -> None:
        self.similar.show_rows(rows)

    def _show_correction(self, board: RowsModel, place: int) -> None:
        assert board.decided is not None
        decided, found = board.decided, board.correction(place)
        can_correct = board.ledger.can_correct and decided.has_truths
        can_choose = can_correct and decided.target.is_categorical
        self.change.setVisible(can_choose)
        self.leave.setVisible(can_correct)
        self.leave.setEnabled(found is None or found.after is not None)
        self.back.setVisible(found is not None)
        self.change.setText(tr("Change label") if found is None else correction_words(found))
        self._foot.fit()
        if can_choose:
            labels = decided.answers.labels
            own = labelled_row(decided.answers, place).label if found is None else found.after
            likely = [labels[label] for label in np.argsort(-decided.probabilities[place], kind="stable")]
            self.menu.show_labels(labels, likely, own or (() if decided.target.may_have_several else ""))

    def _open_menu(self) -> None:
        self.menu.popup(self.change.mapToGlobal(self.change.rect().bottomLeft()))


def _how_marked(marks: WordMarks | None) -> str:
    if marks is None:
        return ""
    if marks.method == "attention":
        return tr("shaded: where the model looks")
    if not marks.strong:
        return tr("No word alone moves the answer much.")
    return tr("orange: pushed it there; blue: held against it")


class SimilarList(QWidget):
    """None: they are not known yet; without any, it says so."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = Caption(tr("Nearly the same in the training rows"))
        self.title.setFont(theme.font(theme.CAPTION, 600))
        self._column = fill(QVBoxLayout(self), self.title, gap=6)
        self._rows: list[QLabel] = []
        self.hide()

    def show_rows(self, rows: Sequence[Similar] | None) -> None:
        self.setVisible(rows is not None)
        for label in self._rows:
            label.hide()
            label.deleteLater()
        near = [_told(row) for row in rows or () if row.overlap >= _NEARLY]
        told = [] if rows is None else near or [tr("No training row is nearly the same.")]
        self._rows = [_line(words) for words in told]
        for label in self._rows:
            self._column.addWidget(label)

    def lines(self) -> list[str]:
        """As they are shown."""
        return [label.text() for label in self._rows]


def _told(row: Similar) -> str:
    text = one_line(row.text)
    return tr(
        "“{label}”, {share} the same, row {row}: {text}",
        label=breakable(row.label),
        share=percent(row.overlap, 0),
        row=f"{row.row:,}",
        text=text if len(text) <= _LONGEST_SIMILAR else f"{text[:_LONGEST_SIMILAR]}…",
    )


def _line(words: str) -> QLabel:
    label = QLabel(words)
    label.setFont(theme.font(theme.CAPTION))
    label.setProperty("kind", "second")
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setMinimumWidth(1)
    return label
