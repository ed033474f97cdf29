"""LabelsCard: each label on its own, where a text may have several, or where nothing but answers is known."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

from PySide6.QtCore import QModelIndex, QRect, QSize, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QHeaderView, QSizePolicy, QStyleOptionViewItem, QWidget

from engine.metrics.decision_rules import ABSTAINED
from engine.metrics.registry import METRICS
from engine.targets import Decided
from studio import theme
from studio.numbers import NOTHING, number, percent
from studio.pages.evaluation.draft import Draft
from studio.plots.confusion.confusion_matrix import Choice
from studio.tables.column_model import Column, ColumnModel
from studio.tables.details_table import paint_ground
from studio.tables.painted_delegate import PaintedDelegate, RowTable
from studio.theme import tokens
from studio.translation import capitalized, tr
from studio.widgets import painting
from studio.widgets.card import Card

_ROW, _MOST_ROWS = 34, 12
_MISSED = 4


class LabelsCard(Card):
    """Follows a threshold while it is dragged, for several labels a text and for a file without labels; hidden for all
    else. `chosen(truth, said)`: a label's row opens the texts that it is said of, the cell under “missed” those of it
    that it is not said of."""

    chosen = Signal(object, object)

    def __init__(self, draft: Draft, parent: QWidget | None = None) -> None:
        super().__init__(tr("Label by label"), " ", parent)
        self._draft = draft
        draft.changed.connect(self._follow)
        self.setObjectName("labelsCard")
        self.table = LabelTable()
        self.table.chosen.connect(self._choose)
        self.body.addWidget(self.table)
        self.body.addStretch(1)

    def _follow(self) -> None:
        decided = self._draft.decided
        if decided is None:
            return
        self.setVisible(decided.target.is_categorical and decided.table is None)
        if self.isHidden():
            return
        self.title.setText(tr("Label by label") if decided.has_truths else tr("What it says"))
        self.caption.setText(tr("of {count:plural:text:texts}", count=decided.num_rows))
        self.table.show_decided(decided)

    def set_choice(self, choice: Choice | None) -> None:
        self.table.mark(None if choice is None else choice[1] if choice[1] is not None else choice[0])

    def _choose(self, label: int, is_missed: bool) -> None:
        if is_missed:
            self.chosen.emit(label, ABSTAINED)
        else:
            self.chosen.emit(None, label)


class LabelTable(RowTable):
    """Rows in the order of the labels. `chosen(label, is_missed)`."""

    chosen = Signal(int, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        self._model = ColumnModel[LabelRow]((), parent)
        super().__init__(self._model, "labelTable", tr("Label by label"), _ROW, parent=parent)
        self.setItemDelegate(PaintedDelegate(self._model, _ROW, paint_ground, self))
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.clicked.connect(self._choose)
        self.activated.connect(self._choose)

    def show_decided(self, decided: Decided) -> None:
        """While a threshold is dragged the same labels only get other figures."""
        rows, columns = _rows(decided), label_columns(has_truths=decided.has_truths)
        is_same = [one.label for one in rows] == [one.label for one in self._model.rows]
        if is_same and len(columns) == self._model.columnCount():
            self._model.renew(rows)
        else:
            self._model.show(rows, columns)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        if self.sizeHint().height() != self.height():
            self.setFixedHeight(self.sizeHint().height())

    def mark(self, label: int | None) -> None:
        if label is not None and 0 <= label < self._model.rowCount():
            self.selectRow(label)
        else:
            self.clearSelection()

    def sizeHint(self) -> QSize:
        return QSize(320, _ROW * min(self._model.rowCount(), _MOST_ROWS) + 32)

    def _choose(self, index: QModelIndex) -> None:
        if index.isValid():
            self.chosen.emit(index.row(), index.column() == _MISSED)


class LabelRow(NamedTuple):
    """`said` of so many texts, a `share` of all; `missed` are those of it that it is not said of. A figure of no text
    is nan."""

    label: str
    said: int
    share: float
    precision: float
    recall: float
    missed: int


def _rows(decided: Decided) -> list[LabelRow]:
    counts, each = decided.by_label, max(1, decided.num_rows)
    return [
        LabelRow(
            label,
            int(counts.said[at]),
            float(counts.said[at] / each),
            float(counts.precision[at]) if counts.said[at] else math.nan,
            float(counts.recall[at]) if counts.true[at] else math.nan,
            int(counts.true[at] - counts.hits[at]),
        )
        for at, label in enumerate(decided.answers.labels)
    ]


def label_columns(*, has_truths: bool) -> tuple[Column[LabelRow], ...]:
    label = Column[LabelRow](tr("Label"), lambda one: one.label, paint=_paint_label)
    said = _figure(tr("said of"), lambda one: one.said)
    if not has_truths:
        return label, said, _figure(tr("share"), lambda one: one.share, is_share=True)
    return (
        label,
        said,
        _figure(capitalized(METRICS["precision"].title), lambda one: one.precision, is_share=True),
        _figure(capitalized(METRICS["recall"].title), lambda one: one.recall, is_share=True),
        _figure(tr("missed"), lambda one: one.missed, warns=True),
    )


def _figure(
    title: str, value: Callable[[LabelRow], float], *, is_share: bool = False, warns: bool = False
) -> Column[LabelRow]:
    """A share has a bar under it; what `warns` stands out unless it is 0."""

    def text(one: LabelRow) -> str:
        found = value(one)
        return NOTHING if not math.isfinite(found) else percent(found) if is_share else number(found)

    def told(one: LabelRow) -> str:
        return f"{one.label}, {title}: {text(one)}" if math.isfinite(value(one)) else NOTHING

    def paint(painter: QPainter, option: QStyleOptionViewItem, one: LabelRow) -> None:
        place, ink = option.rect, tokens().s2 if warns and value(one) else tokens().text
        painting.text(painter, place.adjusted(2, 0, -8, -6), text(one), theme.font(), ink, painting.RIGHT)
        if is_share:
            bar = QRect(place.left() + 10, place.bottom() - 8, place.width() - 18, 4)
            painting.bar(painter, bar, value(one) if math.isfinite(value(one)) else 0.0, tokens().s1)

    return Column(title, text, told, is_right=True, paint=paint)


def _paint_label(painter: QPainter, option: QStyleOptionViewItem, one: LabelRow) -> None:
    painting.text(painter, option.rect.adjusted(8, 0, -4, 0), one.label, theme.font(theme.BODY, 500), tokens().text)
