"""NumberCard: the numbers said against the true ones."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from studio.numbers import number
from studio.pages.evaluation.draft import Draft
from studio.pages.evaluation.target_view import view_of
from studio.plots.charts.predicted_against_true import NumberPlot
from studio.translation import tr
from studio.widgets.card import Card
from studio.widgets.labels import Caption


class NumberCard(Card):
    """Hidden for models that say labels, and for a file without numbers."""

    def __init__(self, draft: Draft, parent: QWidget | None = None) -> None:
        super().__init__(tr("What it says against what is true"), "", parent)
        self._draft = draft
        draft.changed.connect(self._follow)
        self.setObjectName("numberCard")
        self.plot = NumberPlot()
        self._foot = Caption(wrap=True)
        self.body.addWidget(self.plot, 1)
        self.body.addWidget(self._foot)

    def _follow(self) -> None:
        decided = self._draft.decided
        if decided is None:
            return
        truths = decided.answers.truths
        is_shown = view_of(decided.answers).has_scatter and truths is not None
        self.setVisible(is_shown)
        if not is_shown or truths is None:
            return
        self.plot.show_numbers(decided.said, truths)
        bias = decided.figures["bias"].value
        off = number(round(abs(bias), 4))
        self._foot.setText(
            tr("On average it says {off} too much.", off=off)
            if bias > 0
            else tr("On average it says {off} too little.", off=off)
        )
