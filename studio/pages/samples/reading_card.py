"""ReadingCard: one sample closely: how real each token is held, and which words its nearest training text has too."""

from __future__ import annotations

from html import escape

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from engine.records import Sample
from studio import theme
from studio.numbers import percent
from studio.pages.samples.sample_columns import probability_words
from studio.plots.attention.marked_text import MarkedText, Marks
from studio.translation import tr
from studio.widgets.button import Button, IconButton
from studio.widgets.labels import ElidingLabel

_PREFIXES = ("##", "▁", "Ġ")


def marks_of(sample: Sample) -> Marks:
    """The text with the critic's weight on each token that stands in it; special tokens are left out."""
    spans, weights, at = [], [], 0
    lowered = sample.text.lower()
    for token, weight in zip(sample.tokens, sample.weights, strict=False):
        piece = _plain(token)
        start = lowered.find(piece, at) if piece else -1
        if start >= 0:
            at = start + len(piece)
            spans.append((start, at))
            weights.append(weight)
    if len(lowered) != len(sample.text):  # a letter whose small form is longer: places would not fit
        return Marks(sample.text, (), np.empty(0))
    return Marks(sample.text, tuple(spans), np.array(weights))


def compared(sample: Sample) -> str:
    """The nearest training text as HTML; the words that the sample has not are strong."""
    own = {word.casefold() for word in sample.text.split()}
    parts = [escape(word) if word.casefold() in own else f"<b>{escape(word)}</b>" for word in sample.nearest.split()]
    return " ".join(parts)


def _plain(token: str) -> str:
    for prefix in _PREFIXES:
        token = token.removeprefix(prefix)
    return token.strip().lower()


class ReadingCard(QFrame):
    """Hidden until a sample is chosen. `inside_wished(text)` looks into the critic with it."""

    inside_wished = Signal(str)
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("reading")
        self.setProperty("surface", "soft")
        self.text = MarkedText(size=15)
        self._about, self._nearest = ElidingLabel(), QLabel()
        self._about.setFont(theme.font(theme.CAPTION))
        self._about.setProperty("kind", "second")
        self._nearest.setFont(theme.font(theme.CAPTION))
        self._nearest.setProperty("kind", "second")
        self._nearest.setTextFormat(Qt.TextFormat.RichText)
        self._nearest.setWordWrap(True)
        self.inside = Button(tr("Look inside"), "plain", "ph.eye", size="small")
        self.inside.setObjectName("lookInside")
        self.inside.clicked.connect(self._look_inside)
        self._copy = IconButton("ph.copy", tr("Copy the text"))
        self._copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.sample.text if self.sample else ""))
        self._close = IconButton("ph.x", tr("Close"))
        self._close.clicked.connect(self.closed)
        self.sample: Sample | None = None
        self._lay_out()
        self.hide()

    def _lay_out(self) -> None:
        column, head = QVBoxLayout(self), QHBoxLayout()
        column.setContentsMargins(12, 6, 8, 10)
        column.setSpacing(4)
        head.setSpacing(4)
        head.addWidget(self._about, 1)
        for button in (self.inside, self._copy, self._close):
            head.addWidget(button)
        column.addLayout(head)
        column.addWidget(self.text)
        column.addWidget(self._nearest)

    def show_sample(self, sample: Sample | None) -> None:
        """None closes it."""
        self.sample = sample
        self.setVisible(sample is not None)
        if sample is None:
            return
        marks = marks_of(sample)
        self.text.set_marks(marks)
        judged = tr("The critic takes it for real: {share}", share=probability_words(sample))
        looks = tr("shaded: where the critic looks") if len(marks.weights) else ""
        self._about.setText(" · ".join(part for part in (judged, looks) if part))
        self._nearest.setVisible(bool(sample.nearest))
        self._nearest.setText(
            tr(
                "Nearest training text, {share} of the word pairs stand there too: {text}",
                share=percent(sample.overlap, 0),
                text=compared(sample),
            )
        )

    def _look_inside(self) -> None:
        if self.sample is not None:
            self.inside_wished.emit(self.sample.text)
