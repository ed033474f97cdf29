"""HeadEffects: what switched-off heads cost on labelled rows, and which head alone costs most."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QObject, Signal

from engine.errors import AttuneError
from engine.records import HeadTable, Progress, SwitchEffect
from studio.pages.attention.attention_query import AttentionQuery
from studio.workers.query import Asker, Query

NUM_ROWS = 400
"""Rows of the validation split on which all heads are ranked; switches that were chosen are measured on all rows."""


class Measured(NamedTuple):
    """Of which file's rows, and of which run and checkpoint; a partial table lacks heads."""

    source: str | None
    effect: SwitchEffect | None
    table: HeadTable | None
    is_partial: bool
    place: tuple[object, object] | None


class HeadEffects(QObject):
    """Asked by a button, as it takes a while: `changed` tells progress, partial tables and answers."""

    changed = Signal()
    failed = Signal(object)

    def __init__(self, looker: AttentionQuery, asker: Asker, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._looker, self._asker = looker, asker
        self.source: str | None = None
        self._clear()
        self._is_partial = False
        looker.switched.connect(self._drop_outdated)

    def _clear(self) -> None:
        self.effect: SwitchEffect | None = None
        self.table: HeadTable | None = None
        self.measured: Progress | None = None
        self.ranked: Progress | None = None
        self._place: tuple[object, object] | None = None

    @property
    def is_measuring(self) -> bool:
        return self._asker.is_asking("effect")

    @property
    def is_ranking(self) -> bool:
        return self._asker.is_asking("heads")

    @property
    def can_rank(self) -> bool:
        """Whether there is a head left to measure."""
        return self.table is None or self._is_partial

    @property
    def needs_file(self) -> bool:
        """A model that was not trained here brings no labelled rows."""
        return self._looker.is_model and self.source is None

    def look_again(self) -> None:
        """Forget what was measured of another run or checkpoint."""
        place = (self._looker.path, self._looker.step)
        if place != self._place:
            if self._place is not None and self._place[0] != place[0]:
                self.source = None
            self._asker.forget("effect", "heads")
            self._clear()
            self._place = place
            self.changed.emit()

    def measure(self) -> None:
        """Precision and recall with what is switched now, beside all heads on."""
        self.measured = None
        looker = self._looker
        key = (looker.path, looker.step, looker.switches, self.source)
        query = Query("switch_effect", key, looker.subject, looker.switches, source=self.source)
        query.success(self._take_effect).progress(self._follow_effect).failure(self._take_error)
        self._asker.ask(query.once(), "effect")
        self.changed.emit()

    def rank(self) -> None:
        """Every head off alone."""
        self.ranked = None
        key = (self._looker.path, self._looker.step, self.source)
        query = Query("heads", key, self._looker.subject, source=self.source, num_rows=NUM_ROWS)
        query.success(self._take_table).progress(self._follow_table).failure(self._take_error)
        self._asker.ask(query.once(), "heads")
        self.changed.emit()

    def _drop_outdated(self) -> None:
        """What other switches cost is not asked any more."""
        if self.is_measuring:
            self._asker.stop("effect")
            self.changed.emit()

    @property
    def kept(self) -> Measured:
        """What was measured, for a page built anew."""
        return Measured(self.source, self.effect, self.table, self._is_partial, self._place)

    def restore(self, kept: Measured) -> None:
        self.source, self.effect, self.table, self._is_partial, self._place = kept

    def stop(self) -> None:
        """Give up; the heads that were measured so far stay in the table."""
        self._asker.stop("effect", "heads")
        self.changed.emit()

    def _take_effect(self, effect: SwitchEffect) -> None:
        self.effect = effect
        self.changed.emit()

    def _follow_effect(self, progress: Progress) -> None:
        self.measured = progress
        self.changed.emit()

    def _take_table(self, table: HeadTable) -> None:
        self.table, self._is_partial = table, False
        self.changed.emit()

    def _follow_table(self, progress: Progress) -> None:
        self.ranked = progress
        if isinstance(progress.partial, HeadTable):
            self.table, self._is_partial = progress.partial, True
        self.changed.emit()

    def _take_error(self, error: AttuneError) -> None:
        self.source = None
        self.failed.emit(error)
        self.changed.emit()
