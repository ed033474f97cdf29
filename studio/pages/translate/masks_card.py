"""MasksCard: what is written when a word of the text is missing, the most telling first."""

from __future__ import annotations

import html
from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QEnterEvent, QMouseEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from engine.records import LeftOutWord, Translation
from studio.numbers import likelihood
from studio.theme import tokens
from studio.translation import tr
from studio.widgets.button import Button
from studio.widgets.card import Card, Hairline
from studio.widgets.labels import Caption, ElidingLabel, label
from studio.widgets.layouts import fill

_SHOWN = 6


class _Row(QWidget):
    pointed = Signal(int)
    pressed = Signal(int)

    def __init__(self, word: str, left_out: LeftOutWord) -> None:
        super().__init__()
        self._word = left_out.word
        self.setObjectName("maskedWord")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        name = label(f"<s>{html.escape(word)}</s>", 13, "second", wraps=False)
        name.setTextFormat(Qt.TextFormat.RichText)
        name.setFixedWidth(84)
        said = label(_marked(left_out), 13, "" if left_out.changed else "caption")
        said.setTextFormat(Qt.TextFormat.RichText)
        sure = ElidingLabel(likelihood(left_out.sureness))
        sure.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        sure.setFixedWidth(52)
        fill(QHBoxLayout(self), name, (said, 1), sure, gap=8, margins=(0, 3, 0, 3))
        self.setAccessibleName(tr("Without {word}: {text}", word=word, text=left_out.text))

    def enterEvent(self, event: QEnterEvent) -> None:
        self.pointed.emit(self._word)
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self.pointed.emit(-1)
        super().leaveEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.pressed.emit(self._word)
        super().mousePressEvent(event)


def _marked(found: LeftOutWord) -> str:
    if not found.changed:
        return html.escape(tr("no change"))
    text = found.text
    if "".join(found.words) == "".join(text.split()):
        pieces, at = [], 0
        for place, word in enumerate(found.words):
            start = text.find(word, at)
            pieces.append(html.escape(text[at:start]))
            shown = html.escape(word)
            pieces.append(f"<b style='color:{tokens().s2}'>{shown}</b>" if place in found.changed else shown)
            at = start + len(word)
        return "".join(pieces) + html.escape(text[at:])
    return html.escape(text)


class MasksCard(Card):
    """`pointed(source word or -1)`, `pressed(source word)`."""

    pointed = Signal(int)
    pressed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("Mask a word: what changes"), "", parent)
        self._was = Caption("")
        self.header.addWidget(self._was)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(0)
        self._note = Caption("", wrap=True)
        self._all = Button("", "quiet", "ph.caret-down", size="small")
        self._all.setObjectName("allMasks")
        self._is_open = False
        self._shown: tuple[Translation, Sequence[LeftOutWord], bool] | None = None
        self.body.addLayout(self._rows)
        self.body.addWidget(self._note)
        self.body.addWidget(self._all, 0, Qt.AlignmentFlag.AlignLeft)
        self._all.clicked.connect(self._unfold)

    def show_left_out(self, found: Translation, left_out: Sequence[LeftOutWord], is_busy: bool) -> None:
        before = self._shown
        if before is not None and before[0] is found and before[1] is left_out and before[2] == is_busy:
            return
        self._shown = (found, left_out, is_busy)
        self._was.setText(tr("was {sure} sure", sure=likelihood(found.sureness)))
        while self._rows.count():
            item = self._rows.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.deleteLater()
        ordered = sorted(left_out, key=lambda one: (not one.changed, one.sureness))
        for place, one in enumerate(ordered if self._is_open else ordered[:_SHOWN]):
            if place:
                self._rows.addWidget(Hairline())
            row = _Row(found.source_words[one.word].text, one)
            row.pointed.connect(self.pointed)
            row.pressed.connect(self.pressed)
            self._rows.addWidget(row)
        hidden = len(ordered) - _SHOWN
        self._all.setVisible(hidden > 0)
        self._all.setText(
            tr("Fold") if self._is_open else tr("{count:plural:more word:more words}", count=max(0, hidden))
        )
        total = len(found.source_words)
        self._note.setVisible(is_busy)
        self._note.setText(tr("Leaving out word {number} of {count} …", number=len(left_out) + 1, count=total))

    def _unfold(self) -> None:
        self._is_open = not self._is_open
        shown, self._shown = self._shown, None
        if shown is not None:
            self.show_left_out(*shown)
