"""RowCard: one row closely: all that was read, the right answers and what is said, word by word, and its scores."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from engine.config.roles import ROLES
from engine.metrics.registry import METRICS
from engine.records import ScoredRow, ScoredRows
from studio.pages.scores.figure_words import ordered, title_of, written
from studio.pages.scores.rows_model import has_right_answers
from studio.plots.attention.difference_text import DifferenceText, difference, nearest, show_difference
from studio.theme import font, tall
from studio.translation import capitalized, tr
from studio.widgets.button import IconButton
from studio.widgets.card import Card
from studio.widgets.labels import Caption
from studio.widgets.layouts import fill, scrolling, vbox

_MOST_SIGNS = 20_000
_LEAST_HEIGHT, _MOST_HEIGHT = 60, 280


class RowCard(Card):
    """Hidden until a row is shown: then `opened`. `closed`; `stepped(by)` to the row above or below."""

    closed = Signal()
    opened = Signal()
    stepped = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(" ", " ", parent)
        self.setObjectName("rowCard")
        self.caption.setObjectName("rowScores")
        self.setProperty("surface", "soft")
        for name, words, by in (("ph.caret-up", tr("Row above"), -1), ("ph.caret-down", tr("Row below"), 1)):
            button = IconButton(name, words)
            button.clicked.connect(lambda _=False, by=by: self.stepped.emit(by))
            self.header.addWidget(button)
        close = IconButton("ph.x", tr("Close"))
        close.setObjectName("closeRow")
        close.clicked.connect(self.closed)
        self.header.addWidget(close)
        self._read = fill(QVBoxLayout(), gap=4)
        self._right_title, self._right = Caption(tr("Right answer")), DifferenceText("wanted", size=14)
        self._right.setObjectName("rowRight")
        self._others = _plain()
        self._others.setObjectName("rowOthers")
        self._said_title, self._said = Caption(tr("It says")), DifferenceText("said", size=14)
        self._said.setObjectName("rowSaid")
        answers = (self._right_title, self._right, self._others, self._said_title, self._said)
        self._scroll = scrolling(vbox(self._read, *answers, None, gap=4, margins=(0, 0, 6, 0)), tr("The whole row"))
        self.body.addWidget(self._scroll)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.hide()

    def show_row(self, row: ScoredRow, scored: ScoredRows) -> None:
        """`row` is one of `scored`: where those have right answers and this one has none, all that is said is wrong."""
        roles, leading = scored.roles, scored.leading
        self.title.setText(tr("Row {row}", row=f"{row.row:,}"))
        self.title.updateGeometry()
        known = [key for key in row.scores if key in METRICS]
        told = (f"{title_of(key)} {written(key, row.scores[key])}" for key in ordered(known, leading))
        self.caption.setText(" · ".join(told))
        self._show_read(row, roles)
        right = nearest(row.wanted, row.said)
        show_difference(self._right, self._said, right[:_MOST_SIGNS], row.said[:_MOST_SIGNS])
        is_judged = has_right_answers(scored)
        if is_judged and not right:
            self._said.show_words(row.said, spans := difference("", row.said).said, range(len(spans)))
        if not row.said:
            self._said.show_words(tr("(nothing)"), (), ())
        if not right:
            self._right.show_words(tr("(no answer is right)"), (), ())
        for part in (self._right_title, self._right):
            part.setVisible(is_judged)
        for part in (self._said_title, self._said):
            part.setVisible(is_judged or bool(row.said))
        others = [one for one in dict.fromkeys(row.wanted) if one != right]
        self._others.setVisible(bool(others))
        self._others.setText(tr("also right: {others}", others=others))
        self._scroll.verticalScrollBar().setValue(0)
        was_hidden = self.isHidden()
        self.show()
        self._fit()
        if was_hidden:
            self.opened.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """As high as its words, up to a limit; beyond that they scroll."""
        inner = self._scroll.widget()
        margins = self.layout().contentsMargins()
        needed = inner.layout().heightForWidth(self.width() - margins.left() - margins.right())
        self._scroll.setFixedHeight(max(_LEAST_HEIGHT, min(tall(_MOST_HEIGHT), needed)))

    def _show_read(self, row: ScoredRow, roles: Sequence[str]) -> None:
        while (item := self._read.takeAt(0)) is not None:
            widget = item.widget()
            widget.setParent(None)
            widget.deleteLater()
        for role, text in zip(roles, row.read, strict=True):
            self._read.addWidget(Caption(capitalized(ROLES[role].title) if role in ROLES else role))
            label = _plain()
            label.setObjectName("rowRead")
            shown = text if len(text) <= _MOST_SIGNS else f"{text[:_MOST_SIGNS]}…"
            label.setText(shown or tr("(an empty text)"))
            self._read.addWidget(label)


def _plain() -> QLabel:
    label = QLabel()
    label.setFont(font(14))
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
