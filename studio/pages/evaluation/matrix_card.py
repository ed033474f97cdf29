"""MatrixCard: which labels are taken for which; a cell, a row or a column opens its texts. NumberCard: the numbers said
against the true ones."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QScrollArea, QSizePolicy, QStackedWidget, QWidget

from studio.numbers import number
from studio.pages.evaluation.draft import Draft
from studio.pages.evaluation.pair_list import PairList
from studio.pages.evaluation.target_view import view_of
from studio.plots.charts.predicted_against_true import NumberPlot
from studio.plots.confusion.confusion import Confusion
from studio.plots.confusion.confusion_matrix import MOST_LABELS, Choice, ConfusionMatrix
from studio.plots.confusion.confusion_picture import ConfusionPicture
from studio.translation import tr
from studio.widgets.card import Card
from studio.widgets.labels import Caption
from studio.widgets.segmented_control import SegmentedControl

_PICTURE_HEIGHT = 420


class MatrixCard(Card):
    """Follows a threshold while it is dragged; hidden where there are no labels to mix up. `chosen(truth, said)`: None
    for any, `ABSTAINED` for the texts left to a person."""

    chosen = Signal(object, object)

    def __init__(self, draft: Draft, parent: QWidget | None = None) -> None:
        super().__init__(tr("Where it mixes up"), " ", parent)
        self._draft = draft
        draft.changed.connect(self._follow)
        self.setObjectName("matrixCard")
        self.caption.setMinimumWidth(1)
        self.caption.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.matrix, self.picture, self.pairs = ConfusionMatrix(), ConfusionPicture(), PairList()
        self.numbers = SegmentedControl([("counts", tr("Counts"), None), ("percent", tr("Percent"), None)])
        self.numbers.setObjectName("matrixNumbers")
        self.numbers.setToolTip(tr("What is written large: texts, or their share of the row"))
        self.numbers.changed.connect(lambda _: self._show())
        self.view = SegmentedControl([("pairs", tr("Pairs"), None), ("picture", tr("Picture"), None)])
        self.view.setObjectName("matrixView")
        self.view.changed.connect(lambda _: self._show())
        self._foot = Caption(tr("row: your label, column: its answer"))
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(self.picture)
        for part in (self.picture, scroll.viewport()):
            part.setAutoFillBackground(False)  # the card shows through
        scroll.setFixedHeight(_PICTURE_HEIGHT)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._stack = QStackedWidget()
        self._stack.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        for widget in (self.pairs, scroll):
            self._stack.addWidget(widget)
        self.header.addWidget(self.numbers)
        self.header.addWidget(self.view)
        for widget in (self.matrix, self._stack, self._foot):
            self.body.addWidget(widget)
        self.body.addStretch(1)
        for part in (self.matrix, self.picture):
            part.chosen.connect(self._choose)
        self.pairs.chosen.connect(self._choose)
        self._confusion: Confusion | None = None
        self._choice: Choice | None = None

    @property
    def in_percent(self) -> bool:
        return self.numbers.current() == "percent"

    def _follow(self) -> None:
        decided = self._draft.decided
        if decided is None:
            return
        labels, table = decided.answers.labels, decided.table
        self.setVisible(table is not None)
        if table is None:
            return
        if self._confusion is not None and self._confusion.labels != labels:
            self.set_choice(None)
        self._confusion = Confusion(labels, table, bool(decided.decision.thresholds))
        self._show()

    def set_choice(self, choice: Choice | None) -> None:
        """Mark (truth, column); nothing is told."""
        self._choice = choice
        for part in (self.matrix, self.picture, self.pairs):
            part.set_choice(choice)

    def _show(self) -> None:
        confusion = self._confusion
        if confusion is None:
            return
        is_small = len(confusion.labels) <= MOST_LABELS
        self.matrix.setVisible(is_small)
        self.numbers.setVisible(is_small)
        self._stack.setVisible(not is_small)
        self.view.setVisible(not is_small)
        if is_small:
            self.matrix.show_confusion(confusion, in_percent=self.in_percent)
            return
        shows_pairs = self.view.current() == "pairs"
        self._stack.setCurrentIndex(int(not shows_pairs))
        self._foot.setText(
            tr("the pairs that are mixed up most") if shows_pairs else tr("row: your label, column: its answer")
        )
        if shows_pairs:
            self.pairs.show_pairs(confusion)
        else:
            self.picture.show_confusion(confusion)

    def _choose(self, truth: int | None, column: int | None) -> None:
        confusion = self._confusion
        if confusion is None:
            return
        self.set_choice((truth, column))
        self.chosen.emit(truth, None if column is None else confusion.said_at(column))


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
