"""RowsPanel: the rows, the worst first; searched, and one of them looked at closely."""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtCore import QModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QComboBox, QScrollArea, QVBoxLayout, QWidget

from engine.metrics.registry import metric_of
from engine.records import ScoredRows
from studio.numbers import number
from studio.pages.scores.row_card import RowCard
from studio.pages.scores.rows_model import (
    RowsModel,
    SearchedTexts,
    has_right_answers,
    in_order,
    says_anything,
    scores_of,
)
from studio.tables.column_model import ROW
from studio.tables.details_table import HEIGHT, DetailsTable
from studio.tables.text_search import TextSearch
from studio.translation import tr
from studio.widgets.button import Button
from studio.widgets.empty_state import EmptyState
from studio.widgets.labels import ElidingLabel
from studio.widgets.layouts import fill, hbox
from studio.widgets.search_field import SearchField

_SCORE, _NARROW_SCORE, _NUMBER = 150, 84, 66
_RIGHT_SHARE, _SAID_SHARE, _WIDE = 0.30, 0.36, 700
RIGHT, SAID, SCORE = 1, 2, 3


class RowsPanel(QWidget):
    """`choice_dropped` when the person lets go of a group or a bar."""

    choice_dropped = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scores = np.empty(0)
        self._chosen: np.ndarray | None = None
        self.model, self.card = RowsModel(self), RowCard()
        self.texts = TextSearch(self)
        self.table = DetailsTable(self.model, "scoredTable", tr("Rows of the evaluation"), (200, 200, _SCORE, _NUMBER))
        self.table.keys = frozenset({Qt.Key.Key_Escape})
        self.table.setMinimumHeight(HEIGHT * 8)
        self.count = ElidingLabel()
        self.count.setObjectName("rowsCount")
        self.count.setProperty("kind", "second")
        self.choice = Button("", "plain", "ph.x", size="small")
        self.choice.setObjectName("dropChoice")
        self.choice.setToolTip(tr("Show all rows again"))
        self.order = QComboBox()
        self.order.setObjectName("rowsOrder")
        self.order.setAccessibleName(tr("Order of the rows"))
        for key, name in (("worst", tr("Worst first")), ("best", tr("Best first")), ("row", tr("As in the file"))):
            self.order.addItem(name, key)
        self.search = SearchField(tr("Search the rows"))
        self.search.setMinimumWidth(120)
        self.search.setMaximumWidth(240)
        self.nothing = EmptyState(
            "ph.magnifying-glass",
            tr("No row holds these words"),
            tr("Each word must stand in what was read, the right answer or what it says."),
        )
        self.choice.hide()
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        head = hbox((self.count, 1), self.choice, self.order, (self.search, 1), gap=10)
        fill(QVBoxLayout(self), head, (self.table, 1), (self.nothing, 1), self.card, gap=8)
        self.nothing.hide()

    def _connect(self) -> None:
        self.choice.clicked.connect(self.drop_choice)
        self.order.activated.connect(lambda _place: self._arrange(to_top=True))
        self.search.textChanged.connect(self._seek)
        self.texts.advanced.connect(self._arrange)
        self.table.resized.connect(self._fit)
        self.table.pressed_key.connect(lambda _key: self._close())
        self.table.selectionModel().currentRowChanged.connect(self._open)
        self.card.closed.connect(self._close)
        self.card.stepped.connect(self._step)
        self.card.opened.connect(lambda: QTimer.singleShot(0, self, self._bring_card))

    # -- what is shown -------------------------------------------------------------------------------------------------

    def show_scored(self, scored: ScoredRows | None) -> None:
        """Other answers: the choice begins anew, order and search stay."""
        self._close()
        self._chosen = None
        self.choice.hide()
        self.model.show_scored(scored)
        self._scores = np.empty(0) if scored is None else scores_of(scored)
        self.texts.show_texts(() if scored is None else SearchedTexts(scored))
        if scored is None:
            return
        self.table.setColumnHidden(RIGHT, not has_right_answers(scored))
        self.table.setColumnHidden(SAID, not says_anything(scored))
        self.table.setColumnHidden(SCORE, bool(np.isnan(self._scores).all()))
        self._fit()
        self._arrange(to_top=True)

    def show_choice(self, places: np.ndarray, title: str) -> None:
        """Some rows, under a name."""
        self._chosen = places
        self.choice.setText(title)
        self.choice.updateGeometry()
        self.choice.show()
        self._arrange(to_top=True)

    def show_range(self, low: float, high: float, title: str) -> None:
        """The rows whose score lies from `low` to below `high`."""
        self.show_choice(np.flatnonzero((self._scores >= low) & (self._scores < high)), title)

    def drop_choice(self) -> None:
        """All rows again."""
        if self._chosen is None:
            return
        self._chosen = None
        self.choice.hide()
        self._arrange(to_top=True)
        self.choice_dropped.emit()

    @property
    def scores(self) -> np.ndarray:
        """[rows] of the score that orders them."""
        return self._scores

    def _arrange(self, *, to_top: bool = False) -> None:
        scored = self.model.scored
        if scored is None:
            return
        chosen = np.arange(len(scored)) if self._chosen is None else self._chosen
        lower = metric_of(scored.sort_by or scored.leading).lower_is_better
        ordered = in_order(chosen, self._scores, self.order.currentData(), lower_is_better=lower)
        found = self.texts.filtered(ordered)
        kept = self.table.currentIndex().data(ROW) if self.table.currentIndex().isValid() else None
        self.model.show_places(found)
        if kept is None:
            self.card.hide()
        words = tr("{count:plural:row:rows}", count=len(found))
        if self.texts.is_seeking and not self.texts.is_done:
            words = tr("{count} so far …", count=number(len(found)))
        elif len(found) < len(scored):
            words = tr("{count} of {total} rows", count=number(len(found)), total=number(len(scored)))
        self.count.setText(words)
        self.count.updateGeometry()
        is_empty = not len(found) and self.texts.is_done
        self.table.setVisible(not is_empty)
        self.nothing.setVisible(is_empty)
        if to_top:
            self.table.scrollToTop()

    # -- what the person does ------------------------------------------------------------------------------------------

    def _seek(self, words: str) -> None:
        self.texts.seek(words)
        self._arrange(to_top=True)

    def _open(self, current: QModelIndex, _before: QModelIndex) -> None:
        scored = self.model.scored
        if current.isValid() and scored is not None:
            self.card.show_row(current.data(ROW), scored)

    def _close(self) -> None:
        self.table.clearSelection()
        self.table.setCurrentIndex(QModelIndex())
        self.card.hide()

    def _bring_card(self) -> None:
        """In a low window what is looked at closely would lie under the edge."""
        above = self.parentWidget()
        while above is not None and not isinstance(above, QScrollArea):
            above = above.parentWidget()
        if above is not None and self.card.isVisible():
            above.ensureWidgetVisible(self.card, 0, 16)

    def _step(self, by: int) -> None:
        row = self.table.currentIndex().row() + by
        if 0 <= row < self.model.rowCount():
            self.table.selectRow(row)

    # -- state and sight -----------------------------------------------------------------------------------------------

    def state(self) -> dict[str, Any]:
        return {"order": self.order.currentData(), "search": self.search.text()}

    def restore(self, state: dict[str, Any]) -> None:
        """Once the same answers are open."""
        self.order.setCurrentIndex(self.order.findData(state["order"]))
        self.search.setText(state["search"])
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """The answer gets most room, what was read the rest."""
        width = self.width()
        score = _SCORE if width >= _WIDE else _NARROW_SCORE
        room = max(200, width - score - _NUMBER)
        self.table.set_widths((round(_RIGHT_SHARE * room), round(_SAID_SHARE * room), score, _NUMBER))
