"""LabelsCard: each label on its own, where a text may have several, or where nothing but answers is known."""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from engine.metrics.decision_rules import ABSTAINED
from engine.metrics.registry import METRICS
from engine.targets import Decided
from studio import theme
from studio.numbers import NOTHING, number, percent
from studio.pages.evaluation.draft import Draft
from studio.plots.confusion.confusion_matrix import Choice
from studio.theme import tokens
from studio.translation import capitalized, tr
from studio.widgets import painting
from studio.widgets.card import Card

_ROW, _MOST_ROWS = 34, 12
_Index = QModelIndex | QPersistentModelIndex


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
        self.table.cells.show_decided(decided)
        self.table.fit()

    def set_choice(self, choice: Choice | None) -> None:
        self.table.mark(None if choice is None else choice[1] if choice[1] is not None else choice[0])

    def _choose(self, label: int, is_missed: bool) -> None:
        if is_missed:
            self.chosen.emit(label, ABSTAINED)
        else:
            self.chosen.emit(None, label)


class LabelTable(QTableView):
    """`chosen(label, is_missed)`."""

    chosen = Signal(int, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("labelTable")
        self.setAccessibleName(tr("Label by label"))
        self.setShowGrid(False)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(_ROW)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setFont(theme.font(theme.CAPTION, 500))
        self.cells = _LabelModel(self)
        self.setModel(self.cells)
        self.setItemDelegate(_LabelDelegate(self))
        self.clicked.connect(self._choose)
        self.activated.connect(self._choose)

    def mark(self, label: int | None) -> None:
        if label is not None and 0 <= label < self.cells.rowCount():
            self.selectRow(label)
        else:
            self.clearSelection()

    def fit(self) -> None:
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        height = _ROW * min(self.cells.rowCount(), _MOST_ROWS) + 32
        if height != self.height():
            self.setFixedHeight(height)

    def sizeHint(self) -> QSize:
        return QSize(320, _ROW * min(self.cells.rowCount(), _MOST_ROWS) + 32)

    def _choose(self, index: QModelIndex) -> None:
        if index.isValid():
            self.chosen.emit(index.row(), self.cells.key_of(index.column()) == "missed")


class _LabelModel(QAbstractTableModel):
    """Rows in the order of the labels."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.labels: tuple[str, ...] = ()
        self.decided: Decided | None = None
        self.columns: tuple[str, ...] = ()

    def show_decided(self, decided: Decided) -> None:
        has_truths, labels = decided.has_truths, decided.answers.labels
        columns = ("label", "said", "precision", "recall", "missed") if has_truths else ("label", "said", "share")
        is_new = (labels, columns) != (self.labels, self.columns)
        if is_new:
            self.beginResetModel()
        self.labels, self.decided, self.columns = labels, decided, columns
        if is_new:
            self.endResetModel()
        elif self.labels:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.labels) - 1, len(columns) - 1))

    def key_of(self, column: int) -> str:
        return self.columns[column]

    def value(self, row: int, key: str) -> float:
        """A share, or a count."""
        assert self.decided is not None
        counts = self.decided.by_label
        known: dict[str, np.ndarray] = {
            "said": counts.said,
            "share": counts.said / max(1, self.decided.num_rows),
            "precision": counts.precision,
            "recall": counts.recall,
            "missed": counts.true - counts.hits,
        }
        if (key == "precision" and not counts.said[row]) or (key == "recall" and not counts.true[row]):
            return float("nan")
        return float(known[key][row])

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self.labels)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self.columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignLeft if section == 0 else Qt.AlignmentFlag.AlignRight
            return side | Qt.AlignmentFlag.AlignVCenter
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        titles = {
            "label": tr("Label"),
            "said": tr("said of"),
            "share": tr("share"),
            "precision": capitalized(METRICS["precision"].title),
            "recall": capitalized(METRICS["recall"].title),
            "missed": tr("missed"),
        }
        return titles[self.columns[section]]

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return None
        key = self.columns[index.column()]
        if key == "label":
            return self.labels[index.row()]
        value = self.value(index.row(), key)
        if not np.isfinite(value):
            return NOTHING
        shown = number(value) if key in ("said", "missed") else percent(value)
        if role == Qt.ItemDataRole.DisplayRole:
            return shown
        title = self.headerData(index.column(), Qt.Orientation.Horizontal)
        return f"{self.labels[index.row()]}, {title}: {shown}"


class _LabelDelegate(QStyledItemDelegate):
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        view: Any = self.parent()
        cells: _LabelModel = view.cells
        colours, place, state = tokens(), option.rect, option.state  # type: ignore[attr-defined]
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(place, QColor(colours.soft))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(place, QColor(colours.sunk))
        painter.fillRect(QRect(place.left(), place.bottom(), place.width(), 1), QColor(colours.line))
        key, words = cells.key_of(index.column()), str(index.data())
        if key == "label":
            room = place.adjusted(8, 0, -4, 0)
            painting.text(painter, room, words, theme.font(theme.BODY, 500), colours.text)
        else:
            ink = colours.s2 if key == "missed" and words != "0" else colours.text
            painting.text(painter, place.adjusted(2, 0, -8, -6), words, theme.font(), ink, painting.RIGHT)
            if key in ("precision", "recall", "share"):
                value = cells.value(index.row(), key)
                bar = QRect(place.left() + 10, place.bottom() - 8, place.width() - 18, 4)
                painting.bar(painter, bar, value if np.isfinite(value) else 0.0, colours.s1)
        if view.hasFocus() and view.currentIndex() == index:
            painting.focus_ring(painter, place.adjusted(1, 1, -1, -2), theme.CHIP_RADIUS)
