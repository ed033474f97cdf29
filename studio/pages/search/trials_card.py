"""TrialsCard: all trials of a search as a table that heads sort, on one axis with word counting through all rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from PySide6.QtCore import QEvent, QModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QGuiApplication, QKeyEvent, QMouseEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QHeaderView, QMenu, QSizePolicy, QStyleOptionViewItem, QWidget

from engine.records.search import SearchRecord
from studio import theme
from studio.pages.search.drawn_trials import SettingAxis
from studio.pages.search.trial_rows import (
    SortKey,
    TrialRow,
    scale_of_rows,
    sorted_rows,
    trial_columns,
    trial_rows,
)
from studio.pages.search.trial_selection import TrialSelection
from studio.plots.charts.interval_dots import Scale, ScaleTicks
from studio.plots.export.files import table_of
from studio.tables.column_model import ROW, ColumnModel, Index
from studio.tables.painted_delegate import PaintedDelegate, RowTable, has_focus, table_ground
from studio.theme import tokens
from studio.translation import tr
from studio.widgets import Button, painting
from studio.widgets.card import Card
from studio.widgets.keys import ENTER

_ROW, _SEEN, _DOTS = 42, 5, "dots"
_WIDTHS = {"value": 78, "second": 74, _DOTS: 180, "time": 64, "state": 132}


class TrialsTable(RowTable):
    """`pointed(number)`: the mouse is on a row, None: on none; `opened(number)`: Return, or a double click."""

    pointed = Signal(object)
    opened = Signal(int)

    def __init__(self, model: ColumnModel[TrialRow], parent: QWidget | None = None) -> None:
        super().__init__(model, "trials_table", tr("Trials"), theme.tall(_ROW), parent=parent)
        self.lit: int | None = None
        self.setItemDelegate(PaintedDelegate(model, theme.tall(_ROW), self._ground, self))
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        self.setAccessibleDescription(tr("Return opens the trial's run."))
        header = self.horizontalHeader()
        header.setSectionsClickable(True)
        header.setMinimumSectionSize(40)
        self.doubleClicked.connect(lambda index: self.opened.emit(index.data(ROW).number))

    def sizeHint(self) -> QSize:
        return QSize(500, self.horizontalHeader().height() + _SEEN * theme.tall(_ROW) + 4)

    def minimumSizeHint(self) -> QSize:
        return QSize(200, self.horizontalHeader().height() + 3 * theme.tall(_ROW))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        index = self.indexAt(event.position().toPoint())
        self.pointed.emit(index.data(ROW).number if index.isValid() else None)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.pointed.emit(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in ENTER and self.currentIndex().isValid():
            self.opened.emit(self.currentIndex().data(ROW).number)
        else:
            super().keyPressEvent(event)

    def _ground(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        if index.data(ROW).number == self.lit:
            painter.fillRect(option.rect, QColor(tokens().sunk))
        table_ground(painter, option, index)
        if has_focus(option) and self.hasFocus():
            painting.focus_ring(painter, option.rect.adjusted(1, 1, -1, -2), theme.CHIP_RADIUS)


class TrialsCard(Card):
    """`run_chosen(run)`: the folder's name of a trial's run, which shall be opened."""

    run_chosen = Signal(str)

    def __init__(self, selection: TrialSelection, parent: QWidget | None = None) -> None:
        super().__init__(tr("Trials"), " ", parent)
        self.setObjectName("trials")
        self.caption.setObjectName("trials_caption")
        self._selection = selection
        self._record: SearchRecord | None = None
        self._axes: Sequence[SettingAxis] = ()
        self._scale: Scale | None = None
        self._by: SortKey = "value"
        self._is_turned = False
        self.model: ColumnModel[TrialRow] = ColumnModel((), self)
        self.table = TrialsTable(self.model)
        self._foot = QWidget()
        self._foot.setFixedHeight(theme.tall(20))
        self._ticks: ScaleTicks | None = None
        self._copy = Button(tr("Copy table"), "quiet", "ph.copy", "small")
        self._copy.setObjectName("copy_trials")
        self._copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.csv().decode("utf-8-sig")))
        self.header.addWidget(self._copy)
        self.body.setSpacing(0)
        self.body.addWidget(self.table, 1)
        self.body.addWidget(self._foot)
        self._connect()

    def _connect(self) -> None:
        self.table.pointed.connect(self._selection.light)
        self.table.opened.connect(self._open)
        self.table.selectionModel().currentRowChanged.connect(self._choose)
        self.table.horizontalHeader().sectionClicked.connect(self._sort_by_column)
        self._selection.lit.connect(self._light)
        self._selection.chosen.connect(lambda _: self._mark())
        self._selection.kept_changed.connect(lambda _: self._show_rows())

    def show_record(self, record: SearchRecord, axes: Sequence[SettingAxis]) -> None:
        self._record, self._axes = record, axes
        self._show_rows()

    def rows(self) -> list[TrialRow]:
        """As they stand, from top to bottom."""
        return list(self.model.rows)

    def sort_by(self, by: SortKey, *, is_turned: bool = False) -> None:
        self._by, self._is_turned = by, is_turned
        self._show_rows()

    def state(self) -> dict[str, Any]:
        return {"by": self._by, "is_turned": self._is_turned}

    def restore(self, state: dict[str, Any]) -> None:
        self.sort_by(state.get("by", "value"), is_turned=bool(state.get("is_turned", False)))

    def csv(self) -> bytes:
        """All trials with their settings, in the order in which they stand."""
        rows = self.model.rows
        trials = {one.number: one for one in self._record.trials} if self._record is not None else {}
        columns: list[tuple[str, Any]] = [
            ("trial", np.array([one.number for one in rows], dtype=np.int64)),
            ("run", [one.run for one in rows]),
            ("value", np.array([one.value for one in rows], dtype=np.float64)),
            ("half_width", np.array([one.half_width for one in rows], dtype=np.float64)),
            ("seconds", np.array([one.seconds for one in rows], dtype=np.float64)),
            ("state", [one.shape for one in rows]),
        ]
        columns += [
            (one.axis.path, [str(trials[row.number].parameters.get(one.axis.path, "")) for row in rows])
            for one in self._axes
        ]
        return table_of(columns)

    # -- rows ----------------------------------------------------------------------------------------------------------

    def _show_rows(self) -> None:
        if self._record is None:
            return
        every = trial_rows(self._record, self._axes)
        kept = self._selection.kept
        rows = [one for one in every if kept is None or one.number in kept]
        rows = sorted_rows(rows, self._by, self._record.goals[0], is_turned=self._is_turned)
        self._say(len(rows), len(every))
        scale = scale_of_rows(every, self._record)
        is_same = [one.number for one in rows] == [one.number for one in self.model.rows]
        if is_same and scale == self._scale:
            self.model.renew(rows)
        else:
            place = self.table.verticalScrollBar().value()
            self.table.selectionModel().blockSignals(True)
            self.model.show(rows, trial_columns(self._record, scale))
            self.table.selectionModel().blockSignals(False)
            self._size_columns()
            self._mark()
            self.table.verticalScrollBar().setValue(place)
        if scale != self._scale:
            self._scale = scale
            self._show_ticks()

    def _say(self, shown: int, count: int) -> None:
        if shown < count:
            self.caption.setText(
                tr("{shown} of {count:plural:trial:trials}: those marked below", shown=shown, count=count)
            )
        else:
            self.caption.setText(tr("on the validation texts; ★ is the best"))

    def _light(self, number: int | None) -> None:
        self.table.lit = number
        self.table.viewport().update()

    def _mark(self) -> None:
        """The chosen trial's row is the current one."""
        number = self._selection.now_chosen
        row = next((place for place, one in enumerate(self.model.rows) if one.number == number), None)
        self.table.selectionModel().blockSignals(True)
        self.table.setCurrentIndex(QModelIndex() if row is None else self.model.index(row, 0))
        if row is None:
            self.table.clearSelection()
        self.table.selectionModel().blockSignals(False)
        self.table.viewport().update()

    def _choose(self, index: QModelIndex) -> None:
        if index.isValid():
            self._selection.choose(index.data(ROW).number)

    def _open(self, number: int) -> None:
        run = next((one.run for one in self.model.rows if one.number == number), "")
        if run:
            self.run_chosen.emit(run)

    # -- heads and widths ----------------------------------------------------------------------------------------------

    def _keys(self) -> list[SortKey | None]:
        """What each column sorts by."""
        has_two = self._record is not None and len(self._record.goals) > 1
        second: list[SortKey | None] = [None] if has_two else []
        return ["number", "value", *second, "value", "seconds", "state"]

    def _sort_by_column(self, column: int) -> None:
        by = self._keys()[column]
        if by is not None:
            self.sort_by(by, is_turned=by == self._by and not self._is_turned)

    def contextMenuEvent(self, event: Any) -> None:
        menu = self.menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(event.globalPos())

    def menu(self) -> QMenu:
        """By the keyboard what pressing a head does."""
        menu = QMenu(self)
        menu.setObjectName("trials_menu")
        if self.table.currentIndex().isValid():
            row: TrialRow = self.table.currentIndex().data(ROW)
            menu.addAction(tr("Open its run") + "\t↵").triggered.connect(lambda: self._open(row.number))
            menu.addSeparator()
        told: dict[SortKey, str] = {
            "value": tr("Sort by value"),
            "number": tr("Sort by number"),
            "seconds": tr("Sort by time"),
            "state": tr("Sort by state"),
        }
        for by, title in told.items():
            action = menu.addAction(title)
            action.setCheckable(True)
            action.setChecked(by == self._by)
            action.triggered.connect(lambda _=False, by=by: self.sort_by(by))
        return menu

    def _size_columns(self) -> None:
        header, keys = self.table.horizontalHeader(), self._names()
        width = self.table.viewport().width()
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column, name in enumerate(keys[1:], start=1):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
            wide = max(theme.tall(_WIDTHS[name]), _room_for_values() if name == "value" else 0)
            header.resizeSection(column, max(120, min(wide, round(0.32 * width))) if name == _DOTS else wide)
        is_narrow = width < theme.tall(560)
        self.table.setColumnHidden(keys.index("time"), is_narrow)
        self._place_ticks()

    def _names(self) -> list[str]:
        has_two = self._record is not None and len(self._record.goals) > 1
        return ["name", "value", *(["second"] if has_two else []), _DOTS, "time", "state"]

    def _show_ticks(self) -> None:
        if self._ticks is not None:
            self._ticks.deleteLater()
        assert self._scale is not None
        self._ticks = ScaleTicks(self._scale, self._foot)
        self._ticks.show()
        self._place_ticks()

    def _place_ticks(self) -> None:
        """Under the column of dots."""
        if self._ticks is not None:
            header, column = self.table.horizontalHeader(), self._names().index(_DOTS)
            left = header.sectionViewportPosition(column)
            self._ticks.setGeometry(left, 2, header.sectionSize(column), self._foot.height() - 2)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.model.columns:
            self._size_columns()


def _room_for_values() -> int:
    """Pixels of a figure with its star, in whatever font."""
    return QFontMetrics(theme.font(theme.BODY, 600)).horizontalAdvance("★ 100.0") + 2 * 8 + 4
