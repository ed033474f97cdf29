"""DoubtfulPanel: rows whose label is likely wrong, reviewed one after the other by mouse or keyboard. SuspectModel:
those rows in a table."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QModelIndex, QObject, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from engine.errors import AttuneError
from engine.records import Progress, Suspect
from engine.runs.corrections import Correction, Label
from studio.pages.evaluation.doubtful.doubtful_head import DoubtfulHead
from studio.pages.evaluation.doubtful.suspect_card import SuspectCard
from studio.pages.evaluation.draft import Subject
from studio.pages.evaluation.sentences import sure_share
from studio.pages.evaluation.texts.answer_model import ARROW, Spans, TextsModel
from studio.pages.evaluation.texts.label_edits import LabelEdits, LabelledRow
from studio.tables.details_table import HEIGHT, DetailsTable
from studio.translation import tr
from studio.widgets.empty_state import EmptyState
from studio.widgets.error_banner import ErrorBanner
from studio.widgets.layouts import fill, panel, vbox
from studio.widgets.veil import Veil
from studio.workers.query import Asker, Query

_KEYS = Qt.Key
_ENTER = (_KEYS.Key_Return, _KEYS.Key_Enter)
_MOVES = {_KEYS.Key_J: 1, _KEYS.Key_K: -1}
_NUM_SUSPECTS = 200
_WIDTHS, _NARROW_WIDTHS = (270, 180, 66), (210, 122, 60)
_WIDE = 800


class DoubtfulPanel(QWidget):
    """Suspects are asked for when the person wishes: on training rows a model must learn without each part of them.
    What was found is kept for each split of the run."""

    def __init__(self, asker: Asker, ledger: LabelEdits, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._asker, self._ledger = asker, ledger
        self._subject: Subject | None = None
        self._found: dict[tuple[object, str], tuple[Suspect, ...]] = {}
        self.head, self.banner, self.card = DoubtfulHead(), ErrorBanner(), SuspectCard()
        self.model = SuspectModel(ledger, self)
        self.table = DetailsTable(self.model, "suspectTable", tr("Doubtful labels"), _WIDTHS)
        self.table.keys = frozenset({*_ENTER, *_MOVES, _KEYS.Key_Space, _KEYS.Key_Delete, _KEYS.Key_U, _KEYS.Key_L})
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        self.table.setMinimumHeight(HEIGHT * 5)
        self.review = panel(vbox((self.table, 1), self.card, gap=10))
        self._veil = Veil(self.review)
        self.unasked = EmptyState(
            "ph.magnifying-glass",
            tr("Which labels are likely wrong?"),
            tr("Rows whose label a model that did not learn from them finds unlikely. You decide on each one."),
            tr("Find doubtful labels"),
        )
        self.clean = EmptyState(
            "ph.check-circle", tr("No label looks wrong"), tr("Every label here is one that the model finds likely.")
        )
        places = [(one, 1) for one in (self.review, self.unasked, self.clean)]
        fill(QVBoxLayout(self), self.banner, self.head, *places, gap=8)

    def _connect(self) -> None:
        self.head.split_chosen.connect(lambda _split: self._show_found())
        self.head.wished.connect(self._ask)
        self.head.stopped.connect(self._stop)
        self.unasked.acted.connect(self._ask)
        self.card.said.connect(self.say)
        self.card.undone.connect(self.undo)
        self.table.pressed_key.connect(self._on_key)
        self.table.selectionModel().currentRowChanged.connect(self._read)
        self._ledger.changed.connect(self._on_changed)
        self._ledger.failed.connect(self.banner.show_error)

    # -- what is shown -------------------------------------------------------------------------------------------------

    def show_subject(self, subject: Subject | None) -> None:
        """Another checkpoint or file: what was found of the old one is no longer shown."""
        self._stop()
        self.banner.clear()
        self._subject = subject
        self._found.clear()
        self.head.show_splits(subject)
        self._show_found()

    def _show_found(self) -> None:
        self._stop()
        found = self._found.get(self._key)
        self.head.show_asked(has_found=found is not None)
        self.model.show(found or ())
        self.unasked.setVisible(found is None)
        self.review.setVisible(bool(found))
        self.clean.setVisible(found is not None and not found)
        self._show_counts()
        first = self.model.next_open(-1) if found else None
        self._go_to(first if first is not None else 0 if found else None)

    @property
    def _key(self) -> tuple[object, str]:
        return self._subject, self.head.split

    def _show_counts(self) -> None:
        self.head.show_counts(len(self.model.rows), *self.model.counts())

    def _go_to(self, row: int | None) -> None:
        if row is None:
            self.card.show_suspect(None, None, (), can_undo=False)
            return
        self.table.selectRow(row)
        self._show_card()

    def _show_card(self) -> None:
        suspect = self._current()
        if suspect is not None and self._subject is not None:
            found = self._ledger.find(suspect.row, suspect.text)
            labels = self._subject.answers.labels
            self.card.show_suspect(suspect, found, labels, can_undo=self._ledger.can_undo)

    def _current(self) -> Suspect | None:
        row = self.table.currentIndex().row()
        return self.model.rows[row] if 0 <= row < len(self.model.rows) else None

    def _read(self, current: QModelIndex, _before: QModelIndex) -> None:
        if current.isValid():
            self._show_card()

    # -- what the person says ------------------------------------------------------------------------------------------

    def say(self, label: Label | None) -> None:
        """Of the row that is looked at; then on to the next one of which nothing was said."""
        suspect = self._current()
        if suspect is None:
            return
        at = self.table.currentIndex().row()
        if self._ledger.say(self._row_of(suspect), label):
            following = self.model.next_open(at)
            self._go_to(at if following is None else following)

    def undo(self) -> None:
        """Take the last word back, and go back to its row."""
        row = self._ledger.undo()
        at = None if row is None else self.model.row_of(row.row, row.text)
        if at is not None:
            self._go_to(at)

    def _row_of(self, suspect: Suspect) -> LabelledRow:
        assert self._subject is not None
        source = self._subject.answers.source if self.head.split == "data" else None
        return LabelledRow(self.head.split, suspect.row, suspect.text, suspect.label, source)

    def _on_key(self, key: int) -> None:
        suspect = self._current()
        if key == _KEYS.Key_U:
            self.undo()
        elif suspect is None:
            return
        elif key in _MOVES:
            at = self.table.currentIndex().row() + _MOVES[_KEYS(key)]
            self._go_to(min(max(at, 0), len(self.model.rows) - 1))
        elif key == _KEYS.Key_L:
            self.card.open_menu()
        else:
            self.say(suspect.proposed if key in _ENTER else suspect.label if key == _KEYS.Key_Space else None)

    def _on_changed(self, _row: object) -> None:
        self.model.tell_all_changed()
        self._show_counts()
        self._show_card()

    # -- the engine ----------------------------------------------------------------------------------------------------

    def _ask(self) -> None:
        subject = self._subject
        if subject is None or subject.run is None:
            return
        self.banner.clear()
        self._show_progress(0.0)
        where: dict[str, Any] = {"split": self.head.split, "checkpoint": subject.checkpoint, "num": _NUM_SUSPECTS}
        if self.head.split == "data":
            where |= {"source": subject.answers.source}
        query = Query("suspects", self._key, subject.run, **where)
        query.success(partial(self._take, self._key)).progress(self._follow).failure(self._refuse)
        self._asker.ask(query)

    def _stop(self) -> None:
        self._asker.stop("suspects")
        self._show_progress(None)

    def _show_progress(self, share: float | None) -> None:
        """None while nothing is sought."""
        self.head.show_progress(share)
        self._veil.draw(share is not None)

    def _take(self, key: tuple[object, str], found: Sequence[Suspect]) -> None:
        self._found[key] = tuple(found)
        self._show_found()
        self.table.setFocus()

    def _follow(self, progress: Progress) -> None:
        self._show_progress(progress.done / max(1, progress.total))

    def _refuse(self, error: AttuneError) -> None:
        self._show_progress(None)
        self.banner.show_error(error)

    # -- state ---------------------------------------------------------------------------------------------------------

    def state(self) -> dict[str, Any]:
        """What was found stays with it: finding it again may take minutes."""
        return {"split": self.head.split, "found": {split: found for (_, split), found in self._found.items()}}

    def restore(self, state: dict[str, Any]) -> None:
        self._found = {(self._subject, split): found for split, found in state["found"].items()}
        self.head.choose(state["split"])
        self._show_found()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.table.set_widths(_WIDTHS if self.width() >= _WIDE else _NARROW_WIDTHS)


class SuspectModel(TextsModel[Suspect]):
    """Drawn as the answers' rows are."""

    def __init__(self, ledger: LabelEdits, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ledger = ledger

    def counts(self) -> tuple[int, int]:
        """(reviewed, changed or left out) of the rows shown."""
        said = [found for found in map(self.correction, self.rows) if found is not None]
        return len(said), sum(not one.is_kept for one in said)

    def next_open(self, row: int) -> int | None:
        """The next row of which nothing was said, from `row` on and round; None where all were reviewed."""
        count = len(self.rows)
        order = [(row + step) % count for step in range(1, count + 1)]
        return next((at for at in order if self.correction(self.rows[at]) is None), None)

    def row_of(self, row: int, text: str) -> int | None:
        """Where a row of the file stands in the table."""
        return next((at for at, one in enumerate(self.rows) if one.row == row and one.text == text), None)

    def titles(self) -> tuple[str, str, str, str]:
        return tr("Text"), tr("Your label → proposed"), tr("How likely"), tr("Row")

    def text(self, row: Suspect) -> str:
        return row.text

    def spans(self, row: Suspect) -> Spans:
        return ()

    def labels(self, row: Suspect) -> tuple[str, str]:
        told = tr("Your label: {label}; proposed: {proposed}", label=row.label, proposed=row.proposed)
        return f"{row.label}{ARROW}{row.proposed}", told

    def sure(self, row: Suspect) -> tuple[str, float, str]:
        tone = "wrong" if self.correction(row) is None else "done"
        return sure_share(row.probability_proposed), row.probability_proposed, tone

    def number(self, row: Suspect) -> int:
        return row.row

    def correction(self, row: Suspect) -> Correction | None:
        return self._ledger.find(row.row, row.text)
