"""NumberCard: the numbers said against the true ones."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from engine.records import Answers
from studio.numbers import number
from studio.pages.evaluation.decision_metrics import Judged
from studio.plots.charts.predicted_against_true import NumberPlot
from studio.translation import tr
from studio.widgets.card import Card
from studio.widgets.labels import Caption


class NumberCard(Card):
    """Hidden for models that say labels, and for a file without numbers."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("What it says against what is true"), "", parent)
        self.setObjectName("numberCard")
        self.plot = NumberPlot()
        self._foot = Caption(wrap=True)
        self.body.addWidget(self.plot, 1)
        self.body.addWidget(self._foot)

    def show_judged(self, answers: Answers, judged: Judged) -> None:
        is_shown = answers.kind == "number" and answers.truths is not None
        self.setVisible(is_shown)
        if not is_shown or answers.truths is None:
            return
        self.plot.show_numbers(judged.said, answers.truths)
        bias = judged.figures["bias"].value
        off = number(round(abs(bias), 4))
        self._foot.setText(
            tr("On average it says {off} too much.", off=off)
            if bias > 0
            else tr("On average it says {off} too little.", off=off)
        )
