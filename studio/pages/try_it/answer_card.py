"""AnswerCard: what the model says of the text, and the words that decided it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from studio.pages.try_it.asking import Tried
from studio.pages.try_it.reading import bars, marks_of, short_answer
from studio.plots.attention.marked_text import MarkedText
from studio.theme import font, tokens
from studio.translation import tr
from studio.widgets.bar_list import BarList
from studio.widgets.button import Button
from studio.widgets.card import Card, Hairline
from studio.widgets.labels import Caption, ElidingLabel


class AnswerCard(Card):
    """`attention_wanted`: the person wants to see where the model looks."""

    attention_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("What it says"), "", parent)
        self.look = Button(tr("See attention"), "plain", "ph.eye", size="small")
        self.look.setObjectName("seeAttention")
        self.look.clicked.connect(self.attention_wanted)
        self.header.addWidget(self.look)
        self._label, self._share = ElidingLabel(), QLabel()
        self._label.setObjectName("tryLabel")
        self._share.setObjectName("tryShare")
        for widget in (self._label, self._share):
            widget.setFont(font(20, 600))
        answer = QHBoxLayout()
        answer.addWidget(self._label, 1)
        answer.addWidget(self._share)
        self._bars, self._text = BarList(), MarkedText(size=14)
        self._bars.setAccessibleName(tr("Probabilities"))
        self._text.setObjectName("tryMarks")
        self._about = Caption(wrap=True)
        self._about.setObjectName("tryAbout")
        self._line = Hairline()
        self.body.addLayout(answer)
        for part in (self._bars, self._line, self._about, self._text):
            self.body.addWidget(part)

    def show_answer(self, tried: Tried, *, is_measuring: bool) -> None:
        prediction = tried.prediction
        label, share = short_answer(prediction)
        self._label.setText(label)
        self._share.setText(share)
        for widget in (self._label, self._share):
            widget.setStyleSheet(f"color: {tokens().warn if prediction.abstains else tokens().text};")
        self._bars.set_bars(bars(prediction))
        self._bars.setVisible(bool(prediction.probabilities))
        self._text.set_marks(marks_of(tried))
        self._about.setText(_about(tried, is_measuring))
        self.look.setVisible(bool(tried.record.maps))
        self._about.setAlignment(Qt.AlignmentFlag.AlignLeft)


def _about(tried: Tried, is_measuring: bool) -> str:
    """What the marks are."""
    if tried.marks is not None:
        return tr("Orange speaks for the answer, blue against it: what happens when the word is left out.")
    if is_measuring:
        return tr("Measuring which words decide …")
    if tried.record.maps:
        return tr("Shaded by how much it looks at each word.")
    return ""
