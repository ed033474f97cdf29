"""SliceModel: groups of rows and how good the model is on each, as the rows of a table."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Literal

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from engine.metrics.registry import metric_of
from engine.records import Figure, Slice
from studio import theme
from studio.numbers import NOTHING, percent
from studio.pages.evaluation.sentences import figure
from studio.translation import capitalized, tr, words

Index = QModelIndex | QPersistentModelIndex
Finding = Literal["worse", "better", "same"]
NAME, ROWS, DOTS, REST, FINDING = range(5)
SLICE, SCALE, JUDGED, METRIC = (Qt.ItemDataRole.UserRole + number for number in range(4))
_LEVEL = 0.05


class SliceModel(QAbstractTableModel):
    """`index.data(SLICE)` is the slice, `index.data(SCALE)` the (least, most) figure that is drawn and
    `index.data(JUDGED)` what came out; `index.data(METRIC)` names the figure where not all groups have the same."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.slices: tuple[Slice, ...] = ()
        self._scale = (0.0, 1.0)

    def show(self, slices: Sequence[Slice]) -> None:
        """The worse ones first, then in the order given."""
        self.beginResetModel()
        self.slices = tuple(sorted(slices, key=lambda one: not one.is_worse))
        self._scale = scale_of(slices)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.slices)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else 5

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return (tr("Group"), tr("Rows"), self._figure_title(), tr("The rest"), "")[section]
        if role == Qt.ItemDataRole.FontRole:
            return theme.font(theme.CAPTION, 500)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if section in (ROWS, REST) else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return None

    def _figure_title(self) -> str:
        metrics = {one.metric for one in self.slices}
        if len(metrics) == 1:
            return tr("{metric}, with 95 % interval", metric=metric_words(*metrics))
        return tr("How good, with 95 % interval")

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        one = self.slices[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return _shown(one, index.column())
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return _told(one, index.column())
        if role == Qt.ItemDataRole.ToolTipRole and index.column() in (NAME, DOTS):
            return _told(one, index.column())
        if role == Qt.ItemDataRole.ToolTipRole and index.column() == FINDING and math.isfinite(one.p_value):
            return tr("p = {p}, corrected for having looked at many groups (Holm)", p=f"{one.p_value:.2g}")
        if role == METRIC:
            return metric_words(one.metric) if any(other.metric != one.metric for other in self.slices) else ""
        return {SLICE: one, SCALE: self._scale, JUDGED: finding(one)}.get(role)


def finding(one: Slice) -> Finding:
    """Only what is more than chance: worse, or clearly better."""
    if one.is_worse:
        return "worse"
    is_lower_better = metric_of(one.metric).lower_is_better
    is_better = one.figure.value < one.rest.value if is_lower_better else one.figure.value > one.rest.value
    return "better" if is_better and one.p_value < _LEVEL else "same"


def finding_words(one: Slice) -> str:
    return {"worse": tr("worse here"), "better": tr("better here"), "same": tr("no difference shown")}[finding(one)]


def metric_words(metric: str) -> str:
    return capitalized(metric_of(metric).long_title)


def figure_words(value: float, metric: str) -> str:
    if not math.isfinite(value):
        return NOTHING
    return percent(value) if metric_of(metric).is_share else figure(value)


def interval_words(one: Figure, metric: str) -> str:
    """`86.1 – 88.6`; "" where there is none."""
    if not (math.isfinite(one.low) and math.isfinite(one.high)):
        return ""
    low, high = (
        f"{100 * min(1.0, max(0.0, end)):.1f}" if metric_of(metric).is_share else figure(end)
        for end in (one.low, one.high)
    )
    return f"{low} – {high}"


def scale_of(slices: Sequence[Slice]) -> tuple[float, float]:
    """(least, most) of all figures and intervals."""
    values = [value for one in slices for value in (one.figure.value, one.figure.low, one.figure.high, one.rest.value)]
    finite = [value for value in values if math.isfinite(value)]
    if not finite or max(finite) - min(finite) < 1e-9:
        return (0.0, 1.0)
    return (min(finite), max(finite))


def _shown(one: Slice, column: int) -> str:
    if column == NAME:
        return words(one.title)
    if column == ROWS:
        return f"{len(one.places):,}"
    if column == DOTS:
        return figure_words(one.figure.value, one.metric)
    return figure_words(one.rest.value, one.metric) if column == REST else finding_words(one)


def _told(one: Slice, column: int) -> str:
    shown = _shown(one, column)
    if column == DOTS:
        interval = interval_words(one.figure, one.metric)
        return f"{metric_words(one.metric)}: {shown}" + (f" ({interval})" if interval else "")
    if column == ROWS:
        return tr("{count:plural:row:rows}", count=len(one.places))
    return f"{tr('The rest')}: {shown}" if column == REST else shown
