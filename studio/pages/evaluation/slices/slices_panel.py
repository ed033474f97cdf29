"""SlicesPanel: on which texts is it worse? Groups by length, label, column, and by a word that the person types."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from engine.errors import AttuneError
from engine.records import Progress, Slice
from studio.pages.evaluation.draft import Subject
from studio.tables.column_model import ROW, ColumnModel
from studio.tables.details_table import HEIGHT, DetailsTable
from studio.tables.slice_columns import slice_columns
from studio.translation import tr, words
from studio.widgets.button import Button, IconButton
from studio.widgets.empty_state import EmptyState
from studio.widgets.error_banner import ErrorBanner
from studio.widgets.labels import Caption, ElidingLabel
from studio.widgets.layouts import fill, hbox, panel, vbox
from studio.widgets.progress_track import ProgressTrack
from studio.widgets.search_field import SearchField
from studio.widgets.veil import Veil
from studio.workers.query import Asker, Query

_WIDTHS, _NARROW_WIDTHS = (70, 380, 84, 180), (56, 226, 72, 146)
_WIDE = 900
_ENTER = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})


class SlicesPanel(QWidget):
    """`slice_chosen(slice)` opens its rows. Groups are asked for when the panel is first seen."""

    slice_chosen = Signal(object)

    def __init__(self, asker: Asker, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._asker = asker
        self._subject: Subject | None = None
        self._asked_word = ""
        self._is_wanted = False
        self.banner, self.told = ErrorBanner(), ElidingLabel()
        self.told.setProperty("kind", "second")
        self.word = SearchField(tr("Texts that contain …"))
        self.word.setFixedWidth(230)
        self.word.setToolTip(tr("Type a word and press Enter"))
        self.track = ProgressTrack()
        self.track.setAccessibleName(tr("Progress of the measurement"))
        self.stop = Button(tr("Stop"), "plain", "ph.x", size="small")
        self.again = IconButton("ph.arrow-clockwise", tr("Measure again"))
        self.hint = Caption(
            tr("By the likeliest answer, without thresholds. Press a group to read its texts."), wrap=True
        )
        self.model = ColumnModel(slice_columns(()), self)
        self.table = DetailsTable(self.model, "sliceTable", tr("Groups of texts"), _WIDTHS)
        self.table.keys = _ENTER
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        head = hbox((self.told, 1), (self.track, 1), self.stop, self.again, self.word, gap=10)
        self.unlabelled = EmptyState(
            "ph.tag",
            tr("No labels, no groups"),
            tr("These texts have no labels, so nothing can be called better or worse."),
        )
        self.waiting = QWidget()
        self.table.setMinimumHeight(HEIGHT * 7)
        self.groups = panel(vbox((self.table, 1), self.hint))
        self._veil = Veil(self.groups)
        places = [(one, 1) for one in (self.groups, self.unlabelled, self.waiting)]
        fill(QVBoxLayout(self), self.banner, head, *places, gap=8)
        self._show_progress(None)

    def _connect(self) -> None:
        self.word.returnPressed.connect(self._ask)
        self.word.textChanged.connect(self._on_emptied)
        self.stop.clicked.connect(self._stop)
        self.again.clicked.connect(self._ask)
        self.table.clicked.connect(lambda index: self.slice_chosen.emit(index.data(ROW)))
        self.table.pressed_key.connect(lambda _key: self._choose(self.table.currentIndex()))

    # -- what is shown -------------------------------------------------------------------------------------------------

    def show_subject(self, subject: Subject | None) -> None:
        self._stop()
        self.banner.clear()
        self._subject = subject
        self.model.show(())
        self.told.setText("")
        has_truths = subject is not None and subject.answers.truths is not None
        self._show_part(self.waiting if has_truths or subject is None else self.unlabelled)
        for part in (self.word, self.again):
            part.setVisible(has_truths)
        self._is_wanted = has_truths and subject is not None and subject.run is not None
        if self._is_wanted and self.isVisible():
            self._ask()

    def _show_slices(self, slices: Sequence[Slice]) -> None:
        self.model.show(sorted(slices, key=lambda one: not one.is_worse), slice_columns(slices))  # the worse ones first
        self._show_part(self.groups)
        num_worse = sum(one.is_worse for one in slices)
        self.told.setText(
            tr("{count:plural:group is:groups are} worse than the rest", count=num_worse)
            if num_worse
            else tr("No group is shown to be worse than the rest")
        )
        self.told.updateGeometry()

    def _show_part(self, shown: QWidget) -> None:
        for part in (self.groups, self.unlabelled, self.waiting):
            part.setVisible(part is shown)

    def _show_progress(self, share: float | None) -> None:
        """None while nothing is measured."""
        self.track.setVisible(share is not None)
        self.stop.setVisible(share is not None)
        self.told.setVisible(share is None)
        self.track.set_share(share or 0.0)
        self._veil.draw(share is not None)

    # -- what the person does ------------------------------------------------------------------------------------------

    def _choose(self, index: QModelIndex) -> None:
        if index.isValid():
            self.slice_chosen.emit(index.data(ROW))

    def _on_emptied(self, text: str) -> None:
        if not text and self._asked_word:
            self._ask()

    # -- the engine ----------------------------------------------------------------------------------------------------

    def _ask(self) -> None:
        subject = self._subject
        if subject is None or subject.run is None:
            return
        self._is_wanted = False
        self.banner.clear()
        self._asked_word = self.word.text().strip()
        self._show_progress(0.0)
        query = Query("slices", (subject, self._asked_word), subject.run, **subject.rows, word=self._asked_word)
        self._asker.ask(query.success(self._take).progress(self._follow).failure(self._refuse))

    def _stop(self) -> None:
        self._asker.stop("slices")
        self._show_progress(None)

    def _take(self, slices: tuple[Slice, ...]) -> None:
        self._show_progress(None)
        self._show_slices(slices)

    def _follow(self, progress: Progress) -> None:
        self._show_progress(progress.done / max(1, progress.total))

    def _refuse(self, error: AttuneError) -> None:
        self._show_progress(None)
        self.banner.show_error(error)

    # -- state and sight -----------------------------------------------------------------------------------------------

    def state(self) -> dict[str, Any]:
        return {"word": self._asked_word}

    def restore(self, state: dict[str, Any]) -> None:
        self.word.setText(state["word"])
        if not self._is_wanted:
            self._ask()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._is_wanted:
            self._ask()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.table.set_widths(_WIDTHS if self.width() >= _WIDE else _NARROW_WIDTHS)


def slice_title(one: Slice) -> str:
    """The heading over a slice's rows."""
    return words(one.title)
