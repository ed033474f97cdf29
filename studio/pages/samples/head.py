"""Head: the page's title, what there is to say in one sentence, and what can be done with the texts."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from studio.pages.samples.variety import Kind
from studio.theme import icon, tokens
from studio.translation import tr
from studio.widgets.button import Button
from studio.widgets.labels import Heading

_SIGNS: dict[Kind, tuple[str, str]] = {
    "waiting": ("ph.hourglass", "text3"),
    "rehearsing": ("ph.books", "text3"),
    "varied": ("ph.check-circle", "ok"),
    "growing": ("ph.trend-up", "ok"),
    "less": ("ph.info", "text3"),
    "falling": ("ph.trend-down", "warn"),
    "repeating": ("ph.warning", "warn"),
}


class Head(QWidget):
    """`export_wished` takes texts away, or stops inventing them; `critic_wished` looks into the critic."""

    export_wished = Signal()
    critic_wished = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sign, self.sentence = QLabel(), QLabel()
        self._sign.setFixedSize(18, 18)
        self.sentence.setObjectName("samplesSentence")
        self.sentence.setProperty("kind", "second")
        self.sentence.setTextFormat(Qt.TextFormat.PlainText)
        self.sentence.setWordWrap(True)
        self.critic = Button(tr("Writer and critic"), "quiet", "ph.eye")
        self.critic.setObjectName("writerAndCritic")
        self.critic.setToolTip(tr("See where the critic looks when it judges a text"))
        self.critic.clicked.connect(self.critic_wished)
        self.export = Button(tr("Export texts"), "plain", "ph.export")
        self.export.setObjectName("exportTexts")
        self.export.clicked.connect(self.export_wished)
        row, words, said = QHBoxLayout(self), QVBoxLayout(), QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        words.setSpacing(3)
        said.setSpacing(7)
        words.addWidget(Heading(tr("Samples"), "page"))
        said.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        said.addWidget(self.sentence, 1)
        words.addLayout(said)
        row.addLayout(words, 1)
        for button in (self.critic, self.export):
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)

    def say(self, kind: Kind, sentence: str) -> None:
        """The verdict; its sign says the same as its words."""
        name, color = _SIGNS[kind]
        self._sign.setPixmap(icon(name, getattr(tokens(), color)).pixmap(18, 18))
        self.sentence.setText(sentence)
        self.sentence.setAccessibleName(sentence)

    def show_actions(self, *, has_texts: bool) -> None:
        self.critic.setVisible(has_texts)
        self.export.setVisible(has_texts)

    def show_export(self, share: float | None) -> None:
        """How far the texts to export are invented; None while none are."""
        self.export.setText(
            tr("Export texts") if share is None else tr("Stop, {share} are written", share=f"{100 * share:.0f} %")
        )
        self.export.set_icon("ph.export" if share is None else "ph.x")
        self.export.updateGeometry()
