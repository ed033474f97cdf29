"""Head: the page's title, what there is to say in one sentence, and what can be done with the texts."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from studio.pages.page_header import PageHeader
from studio.pages.samples.variety import VarietyState
from studio.translation import tr
from studio.widgets.button import Button

_SIGNS: dict[VarietyState, tuple[str, str]] = {
    "waiting": ("ph.hourglass", "text3"),
    "rehearsing": ("ph.books", "text3"),
    "varied": ("ph.check-circle", "ok"),
    "growing": ("ph.trend-up", "ok"),
    "less": ("ph.info", "text3"),
    "falling": ("ph.trend-down", "warn"),
    "repeating": ("ph.warning", "warn"),
}


class Head(PageHeader):
    """`export_wished` takes texts away, or stops inventing them; `critic_wished` looks into the critic."""

    export_wished = Signal()
    critic_wished = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        critic = Button(tr("Writer and critic"), "quiet", "ph.eye")
        export = Button(tr("Export texts"), "plain", "ph.export")
        super().__init__(tr("Samples"), "samplesSentence", critic, export, parent=parent)
        self.critic, self.export = critic, export
        self.critic.setObjectName("writerAndCritic")
        self.critic.setToolTip(tr("See where the critic looks when it judges a text"))
        self.critic.clicked.connect(self.critic_wished)
        self.export.setObjectName("exportTexts")
        self.export.clicked.connect(self.export_wished)

    def judge(self, kind: VarietyState, sentence: str) -> None:
        """The verdict; its sign says the same as its words."""
        self.say(sentence, _SIGNS[kind])

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
