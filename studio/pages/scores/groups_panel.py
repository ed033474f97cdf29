"""GroupsPanel: on which rows is it worse? By length, right answer, further columns and beginning."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QFontMetrics, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from engine.errors import AttuneError
from engine.records import Progress, ScoredRows, TextSlice
from studio.tables.column_model import ROW, ColumnModel
from studio.tables.details_table import HEIGHT, DetailsTable
from studio.tables.slice_columns import Group, slice_columns
from studio.theme import font
from studio.translation import tr
from studio.widgets.button import Button
from studio.widgets.empty_state import EmptyState
from studio.widgets.error_banner import ErrorBanner
from studio.widgets.labels import Caption, ElidingLabel
from studio.widgets.layouts import fill, hbox
from studio.widgets.progress_track import ProgressTrack
from studio.workers.query import Asker, Query

_WIDTHS, _NARROW_WIDTHS = (70, 300, 84, 170), (56, 176, 72, 172)
_WIDE, _PAD = 860, 18


class GroupsPanel(QWidget):
    """`group_chosen(slice)` opens its rows. Groups are asked for when the panel is first seen."""

    group_chosen = Signal(object)

    def __init__(self, asker: Asker, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._asker = asker
        self._scored: ScoredRows | None = None
        self._is_wanted = False
        self.banner, self.told = ErrorBanner(), ElidingLabel()
        self.told.setObjectName("groupsTold")
        self.told.setProperty("kind", "second")
        self.track = ProgressTrack()
        self.track.setAccessibleName(tr("Progress of the measurement"))
        self.stop = Button(tr("Stop"), "plain", "ph.x", size="small")
        self.stop.setObjectName("stopGroups")
        self.again = Button(tr("Measure the groups"), "plain", "ph.ruler", size="small")
        self.again.setObjectName("measureGroups")
        self.model: ColumnModel[Group] = ColumnModel(slice_columns(()), self)
        self.table = DetailsTable(self.model, "groupTable", tr("Groups of rows"), _WIDTHS)
        self.table.keys = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})
        self.table.setMinimumHeight(HEIGHT * 8)
        self.few = EmptyState(
            "ph.rows", tr("Too few rows for groups"), tr("A group and the rest need at least 20 rows each.")
        )
        self.hint = Caption(
            tr("Press a group to read its rows. p-values are corrected for their number (Holm)."), wrap=True
        )
        head = hbox((self.told, 1), (self.track, 1), self.stop, self.again, gap=10)
        fill(QVBoxLayout(self), self.banner, head, (self.table, 1), (self.few, 1), self.hint, gap=8)
        self.few.hide()
        self._show_progress(None)
        self.stop.clicked.connect(self._stop)
        self.again.clicked.connect(self._ask)
        self.table.clicked.connect(self._choose)
        self.table.pressed_key.connect(lambda _key: self._choose(self.table.currentIndex()))

    def show_scored(self, scored: ScoredRows | None) -> None:
        self._asker.forget("text_slices")
        self._show_progress(None)
        self.banner.clear()
        self._scored, self._is_wanted = scored, scored is not None
        self.model.show(())
        self.table.horizontalHeader().hide()
        self.told.setText("")
        if self.isVisible():
            self._ask()

    def _show_groups(self, slices: Sequence[TextSlice]) -> None:
        self._show_progress(None)
        self.again.hide()
        self.model.show(sorted(slices, key=lambda one: not one.is_worse), slice_columns(slices))  # the worse ones first
        self.table.horizontalHeader().setVisible(bool(slices))
        self.few.setVisible(not slices)
        self.table.setVisible(bool(slices))
        self.hint.setVisible(bool(slices))
        num_worse = sum(one.is_worse for one in slices)
        self.told.setText(
            tr("{count:plural:group is:groups are} worse than the rest", count=num_worse)
            if num_worse
            else tr("No group is shown to be worse than the rest")
        )
        self.told.updateGeometry()

    def _show_progress(self, share: float | None) -> None:
        """None while nothing is measured."""
        for part in (self.track, self.stop):
            part.setVisible(share is not None)
        self.told.setVisible(share is None)
        self.again.setVisible(share is None and self._is_wanted)
        self.track.set_share(share or 0.0)

    def _choose(self, index: QModelIndex) -> None:
        if index.isValid():
            self.group_chosen.emit(index.data(ROW))

    # -- the engine ----------------------------------------------------------------------------------------------------

    def _ask(self) -> None:
        if self._scored is None or not self._is_wanted:
            return
        self._is_wanted = False
        self.banner.clear()
        self._show_progress(0.0)
        query = Query("text_slices", id(self._scored), self._scored)
        self._asker.ask(query.success(self._show_groups).progress(self._follow).failure(self._refuse))

    def _stop(self) -> None:
        self._asker.forget("text_slices")
        self._is_wanted = True
        self._show_progress(None)

    def _follow(self, progress: Progress) -> None:
        self._show_progress(progress.done / max(1, progress.total))

    def _refuse(self, error: AttuneError) -> None:
        self._is_wanted = True
        self._show_progress(None)
        self.banner.show_error(error)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._ask()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        count, figure, rest, found = _WIDTHS if self.width() >= _WIDE else _NARROW_WIDTHS
        needed = QFontMetrics(font()).horizontalAdvance("100.0 %") + _PAD
        self.table.set_widths((max(count, needed), figure, max(rest, needed), found))
