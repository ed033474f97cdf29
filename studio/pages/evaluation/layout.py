"""Layout: the parts of the Evaluation page, and where they stand."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from studio.pages.evaluation.all_figures import AllFigures
from studio.pages.evaluation.calibration_card import CalibrationCard
from studio.pages.evaluation.evaluation_results import PageState
from studio.pages.evaluation.figures_row import FiguresRow
from studio.pages.evaluation.head import Head
from studio.pages.evaluation.labels_card import LabelsCard
from studio.pages.evaluation.left_out_card import LeftOutCard
from studio.pages.evaluation.matrix_card import MatrixCard, NumberCard
from studio.pages.evaluation.precision_card import PrecisionCard
from studio.theme import GAP, PAGE_MARGIN
from studio.translation import tr
from studio.widgets.drop_area import DropArea
from studio.widgets.empty_state import EmptyState
from studio.widgets.error_banner import ErrorBanner
from studio.widgets.layouts import fill, panel, scrolling, vbox
from studio.widgets.notice import Notice
from studio.widgets.source_bar import SourceBar

WIDE = 1040
"""Pixels of the page from which there are two columns."""
_LEFT_SHARE, _RIGHT_SHARE = 37, 63


class Parts:
    """Every widget of the page by its name."""

    def __init__(self, known: PageState, texts: QWidget) -> None:
        draft, facts = known.draft, known.facts
        self.head, self.banner, self.notice, self.source = Head(draft, facts), ErrorBanner(), Notice(), SourceBar()
        self.figures, self.all = FiguresRow(draft, facts), AllFigures(draft, facts)
        self.left_out = LeftOutCard()
        self.matrix, self.labels, self.numbers = MatrixCard(draft), LabelsCard(draft), NumberCard(draft)
        self.precision, self.calibration = PrecisionCard(draft, facts), CalibrationCard(draft, facts)
        self.texts = texts
        self.measured = QWidget()
        self.nothing, self.drop, self.waiting = _nothing_yet(), _no_file_yet(), _not_measured()

    def show_place(self, place: QWidget) -> None:
        """One of `measured`, `nothing` (no checkpoint yet), `drop` (a file is needed) and `waiting`."""
        for one in (self.measured, self.nothing, self.drop, self.waiting):
            one.setVisible(one is place)


class Columns(QWidget):
    """Where it mixes up and calibration on the left, the curve and the texts on the right; one column, in the order in
    which they are read, where there is no room for two."""

    def __init__(self, parts: Parts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._left_cards = (parts.matrix, parts.labels, parts.numbers, parts.calibration)
        self._right_cards = (parts.precision, parts.texts)
        self._one = (
            parts.matrix, parts.labels, parts.numbers, parts.precision, parts.texts, parts.calibration
        )  # fmt: skip
        self._left, self._right = panel(vbox(gap=GAP)), panel(vbox(gap=GAP))
        for column in (self._left, self._right):
            column.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        fill(QHBoxLayout(self), (self._left, _LEFT_SHARE), (self._right, _RIGHT_SHARE), gap=GAP)
        self._is_wide: bool | None = None
        self.fit(WIDE)

    def fit(self, width: int) -> None:
        """For a page of so many pixels."""
        is_wide = width >= WIDE
        if is_wide == self._is_wide:
            return
        self._is_wide = is_wide
        if is_wide:
            self._put(self._left, self._left_cards, stretched=self._left_cards[-1])
            self._put(self._right, self._right_cards, stretched=self._right_cards[-1])
        else:
            self._put(self._left, self._one, stretched=None)
        self._right.setVisible(is_wide)

    @staticmethod
    def _put(column: QWidget, cards: tuple[QWidget, ...], stretched: QWidget | None) -> None:
        inner = column.layout()
        assert isinstance(inner, QVBoxLayout)
        for card in cards:
            hidden = card.parentWidget() is not None and card.isHidden()
            inner.addWidget(card, int(card is stretched))
            card.setVisible(not hidden)


def lay_out(page: QWidget, parts: Parts) -> Columns:
    """Title, what is measured, figures and columns, from top to bottom; it scrolls where the window is low."""
    scroll = scrolling(content := QWidget(), tr("Evaluation"))
    scroll.setObjectName("evaluationScroll")
    scroll.setMinimumSize(560, 400)
    fill(QVBoxLayout(page), scroll)  # from outside to inside: what moves with all that is in it is styled anew
    margins = (PAGE_MARGIN, 16, PAGE_MARGIN, PAGE_MARGIN - 4)
    above = (parts.head, parts.banner, parts.notice, parts.source, (parts.measured, 1))
    column = fill(QVBoxLayout(content), *above, gap=GAP, margins=margins)
    columns = Columns(parts)
    fill(QVBoxLayout(parts.measured), parts.left_out, parts.figures, parts.all, (columns, 1), gap=GAP)
    for place in (parts.nothing, parts.drop, parts.waiting):
        column.addWidget(place, 1)
    parts.show_place(parts.waiting)
    return columns


def _nothing_yet() -> EmptyState:
    empty = EmptyState(
        "ph.chart-bar",
        tr("Nothing to measure yet"),
        tr("The run has not saved a checkpoint. The first one comes with the first look at validation."),
        tr("See it train"),
    )
    empty.setObjectName("noCheckpoint")
    return empty


def _no_file_yet() -> DropArea:
    area = DropArea(
        tr("Drop a file with texts and labels"),
        tr("This model was not trained here, so no labelled texts are known for it."),
        tr("Choose a file"),
    )
    area.setObjectName("dropLabelled")
    return area


def _not_measured() -> EmptyState:
    empty = EmptyState(
        "ph.ruler",
        tr("Not measured yet"),
        tr("The model answers every text once; what it said is kept, so that this page opens at once the next time."),
    )
    empty.setObjectName("notMeasured")
    return empty
