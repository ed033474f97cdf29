"""TrustCard: how often the attention looks where a word really comes from, where that is known."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from engine.records import AlignmentTrust
from studio.numbers import percent
from studio.translation import tr
from studio.widgets.card import Card
from studio.widgets.labels import change, label


class TrustCard(Card):
    """Shown for built-in dates alone: their alignment is known."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("Can the alignment be trusted?"), "", parent)
        self._said = label("", 13)
        self._said.setObjectName("alignmentTrust")
        self._controls = label("", 12, "caption")
        self.body.addWidget(self._said)
        self.body.addWidget(self._controls)
        self.hide()

    def show_trust(self, trust: AlignmentTrust | None) -> None:
        self.setVisible(trust is not None)
        if trust is None:
            return
        figure = trust.agreement
        is_good = figure.low > max(trust.by_chance, trust.untrained)
        told = tr(
            "Of {count} parts of dates whose words are known it looks at one of those in {share} ({low} to {high}).",
            count=trust.num_words,
            share=percent(figure.value),
            low=percent(figure.low),
            high=percent(figure.high),
        )
        change(self._said, told, "ok" if is_good else "warn")
        self._controls.setText(
            tr(
                "By chance it would be {chance}; with untrained weights it is {untrained}.",
                chance=percent(trust.by_chance),
                untrained=percent(trust.untrained),
            )
        )
