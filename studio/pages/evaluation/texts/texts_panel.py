"""TextsPanel: the chosen rows, the worst first, with the words that pushed the model there; one of them closely."""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QStackedLayout, QVBoxLayout, QWidget

from studio.pages.evaluation.draft import Draft, Subject
from studio.pages.evaluation.target_view import view_of
from studio.pages.evaluation.texts.answer_model import LABELS, AnswerModel, labels_width
from studio.pages.evaluation.texts.attribution_queue import AttributionQueue, Wish
from studio.pages.evaluation.texts.close_look import CloseLook
from studio.pages.evaluation.texts.label_edits import LabelEdits
from studio.pages.evaluation.texts.row_card import RowCard
from studio.pages.evaluation.texts.rows_model import RowSelection, RowsModel, first_choice
from studio.pages.evaluation.texts.texts_head import TextsHead, empty_rows
from studio.tables.column_model import ROW
from studio.tables.details_table import HEIGHT, DetailsTable
from studio.tables.text_search import TextSearch
from studio.translation import tr
from studio.widgets.error_banner import ErrorBanner
from studio.widgets.layouts import fill, hbox, set_wide
from studio.workers.query import Asker

_BESIDE, _WIDE, _PAUSE_MS = 1020, 760, 80
_SURE, _NARROW_SURE, _ROW = 176, 122, 66
_LEAST_LABELS, _LABELS_SHARE = 150, 0.27
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class TextsPanel(QWidget):
    """`attention_wanted(text)`; `choice_dropped` when the person lets go of a cell or slice; `row_opened`
    when one begins to be looked at closely."""

    attention_wanted = Signal(str)
    choice_dropped = Signal()
    row_opened = Signal()

    def __init__(self, asker: Asker, ledger: LabelEdits, draft: Draft, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._draft = draft
        self.marker = AttributionQueue(asker, self)
        self.board = RowsModel(self.marker, ledger)
        self.search = TextSearch(self)
        self.model = AnswerModel(self.board, self)
        self.head, self.banner = TextsHead(), ErrorBanner()
        self.look = CloseLook(self.board, RowCard(), asker, self)
        widths = (_LEAST_LABELS, _SURE, _ROW)
        self.table = DetailsTable(self.model, "answerTable", tr("Texts of the evaluation"), widths)
        self.table.keys = frozenset({Qt.Key.Key_Escape, Qt.Key.Key_Delete, *_ENTER})
        self._is_stale = False
        self._wanted: int | None = None
        self._pause = QTimer(self, interval=_PAUSE_MS, singleShot=True)
        self._pause.timeout.connect(self._show_decided)
        self._lay_out()
        self._connect(ledger)

    def _lay_out(self) -> None:
        self._list = QWidget()
        self._stack = QStackedLayout(self._list)
        self._stack.addWidget(self.table)
        self._list.setMinimumHeight(HEIGHT * 6)
        self._row = hbox((self._list, 1), self.look.card, gap=12)
        fill(QVBoxLayout(self), self.banner, self.head, (self._row, 1), gap=8)

    def _connect(self, ledger: LabelEdits) -> None:
        self.head.scope_chosen.connect(lambda scope: self.show_choice(RowSelection(scope)))
        self.head.order_chosen.connect(self._reorder)
        self.head.method_chosen.connect(self._mark_by)
        self.head.sought.connect(self._seek)
        self.head.dropped.connect(self._drop)
        self.search.advanced.connect(self._arrange)
        self.marker.found.connect(self._on_marked)
        self.marker.refused.connect(self.banner.show_error)
        self.table.seen.connect(self._want_marks)
        self.table.resized.connect(self._fit)
        self.table.pressed_key.connect(self._on_key)
        self.table.selectionModel().currentRowChanged.connect(self._read)
        self.look.card.closed.connect(self._close_card)
        self.look.card.attention_wanted.connect(self.attention_wanted)
        self.look.failed.connect(self.banner.show_error)
        ledger.changed.connect(self._on_corrected)
        self._draft.changed.connect(self._follow)

    # -- what is shown -------------------------------------------------------------------------------------------------

    def show_subject(self, subject: Subject | None) -> None:
        """Other answers: choice, search and what was looked at begin anew, the order and the method stay."""
        self.banner.clear()
        self._pause.stop()
        self._is_stale, self._wanted = True, None
        self.model.show_places(np.empty(0, dtype=np.int64))
        self.marker.show_subject(subject)
        self.board.show_subject(subject)
        self.look.forget()
        self.search.show_texts(() if subject is None else subject.answers.texts)
        if subject is None:
            return
        self.head.show_kind(subject.answers)
        self.head.method.setVisible(subject.run is not None)
        self._fit()
        if self.head.order.findData(self.board.order) < 0:
            self.board.order = self.head.order.itemData(0)
        if subject.answers.truths is None:
            self.board.order = view_of(subject.answers).unlabelled_order
        self.board.choice = first_choice(subject.answers)

    def _follow(self) -> None:
        """While a threshold is dragged the first decision shows at once, those that follow it fast together."""
        self._is_stale = True
        if not self._pause.isActive():
            self._show_decided()

    def show_choice(self, choice: RowSelection) -> None:
        self.board.choice = choice
        self.table.scrollToTop()
        self._arrange()

    def _show_decided(self) -> None:
        decided = self._draft.decided
        if not self._is_stale or not self.isVisible() or decided is None:
            return
        self._is_stale = False
        self._pause.start()
        self.board.decided = decided
        self._arrange()

    def _arrange(self) -> None:
        decided = self.board.decided
        if decided is None:
            return
        chosen = self.board.chosen()
        found = self.search.filtered(chosen)
        kept, self._wanted = self.look.card.place if self._wanted is None else self._wanted, None
        self.model.show_places(found)
        self.head.show_choice(self.board.choice, decided.answers, self.board.order)
        self.head.show_count(len(found), len(chosen), is_seeking=self.search.is_seeking, is_done=self.search.is_done)
        self.table.setColumnHidden(LABELS, self._is_one_cell())
        self._show_empty(len(chosen), len(found))
        self._keep(kept)
        self._want_marks()

    def _is_one_cell(self) -> bool:
        """All rows have the same labels: the title says them."""
        choice, decided = self.board.choice, self.board.decided
        is_single = decided is not None and decided.target.is_exclusive
        return is_single and choice.scope == "cell" and choice.truth is not None and choice.said is not None

    def _show_empty(self, num_chosen: int, num_found: int) -> None:
        """What to say instead of an empty table."""
        if num_found or not self.search.is_done:
            self._stack.setCurrentWidget(self.table)
            return
        while self._stack.count() > 1:
            old = self._stack.widget(1)
            self._stack.removeWidget(old)
            old.deleteLater()
        assert self.board.subject is not None
        made = empty_rows(self.board.choice, self.board.subject.answers, is_sought=bool(num_chosen))
        made.acted.connect(lambda: self.head.search.clear() if num_chosen else self.show_choice(RowSelection("all")))
        self._stack.addWidget(made)
        self._stack.setCurrentWidget(made)

    def _keep(self, place: int | None) -> None:
        """The row that is looked at stays chosen as long as it is shown, without moving the table."""
        if place is None:
            return
        row = self.model.row_of(place)
        if row is None:
            self._close_card()
            return
        if self.table.currentIndex().row() != row:
            flags = QItemSelectionModel.SelectionFlag
            self.table.setAutoScroll(False)
            self.table.selectionModel().setCurrentIndex(self.model.index(row, 0), flags.ClearAndSelect | flags.Rows)
            self.table.setAutoScroll(True)
        self.look.refresh()

    # -- marks ---------------------------------------------------------------------------------------------------------

    def _want_marks(self) -> None:
        if self.isVisible() and self.board.decided is not None:
            self.marker.want(self._wishes)

    def _wishes(self) -> list[Wish]:
        """The row that is looked at, then those in sight."""
        if self.board.decided is None:
            return []
        first = [] if self.look.card.place is None else [self.look.card.place]
        rows = self.table.seen_rows() if self._stack.currentWidget() is self.table else range(0)
        return [self.board.wish(place) for place in [*first, *(int(self.model.places[row]) for row in rows)]]

    def _on_marked(self, place: int) -> None:
        row = self.model.row_of(place)
        if row is not None:
            self.model.tell_changed(row)
        if place == self.look.card.place:
            self.look.card.show_marks(self.board.marks(place))

    # -- what the person does ------------------------------------------------------------------------------------------

    def _drop(self) -> None:
        if self.board.subject is not None:
            self.show_choice(first_choice(self.board.subject.answers))
        self.choice_dropped.emit()

    def _reorder(self, order: str) -> None:
        self.board.order = order
        self.table.scrollToTop()
        self._arrange()

    def _mark_by(self, method: Any) -> None:
        self.banner.clear()
        self.marker.set_method(method)
        self.table.viewport().update()
        self.look.refresh()
        self._want_marks()

    def _seek(self, words: str) -> None:
        self.search.seek(words)
        self.table.scrollToTop()
        self._arrange()

    def _read(self, current: QModelIndex, _before: QModelIndex) -> None:
        if current.isValid():
            was_closed = self.look.card.isHidden()
            self.look.show_place(current.data(ROW))
            self._want_marks()
            if was_closed:
                self.row_opened.emit()

    def _close_card(self) -> None:
        self.table.clearSelection()
        self.table.setCurrentIndex(QModelIndex())
        self.look.show_place(None)

    def _on_key(self, key: int) -> None:
        if key == Qt.Key.Key_Escape:
            self._close_card()
        elif key == Qt.Key.Key_Delete:
            self.look.correct(None)
        elif self.table.currentIndex().isValid():
            self.attention_wanted.emit(self.board.text(self.table.currentIndex().data(ROW)))

    def _on_corrected(self, _row: object) -> None:
        self.table.viewport().update()
        self.look.refresh()

    # -- state and sight -----------------------------------------------------------------------------------------------

    def state(self) -> dict[str, Any]:
        choice = self.board.choice
        return {
            "scope": choice.scope if choice.scope != "slice" else "errors",
            "truth": choice.truth,
            "said": choice.said,
            "order": self.board.order,
            "method": self.marker.method,
            "search": self.head.search.text(),
            "place": self.look.card.place,
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Of the same answers as when the state was taken."""
        self.board.choice = RowSelection(state["scope"], state["truth"], state["said"])
        self.board.order = state["order"]
        self.head.method.setCurrentIndex(self.head.method.findData(state["method"]))
        self.marker.set_method(state["method"])
        self.head.search.setText(state["search"])
        self._wanted = state["place"]
        self._arrange()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._show_decided()
        self._want_marks()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.marker.stop()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        is_beside = self.width() >= _BESIDE
        set_wide(self._row, is_beside)
        self.look.card.set_beside(is_beside)
        self._fit()

    def _fit(self) -> None:
        """The columns that are not text get no more than they need, and never the better part of the width."""
        width = self._list.width()
        is_wide = width >= _WIDE
        needed = 0 if self.board.subject is None else labels_width(self.board.subject.answers)
        most = max(_LEAST_LABELS, round(_LABELS_SHARE * width))
        self.table.set_widths((min(needed, most), _SURE if is_wide else _NARROW_SURE, _ROW))
