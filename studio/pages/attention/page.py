"""AttentionPage: why does it say so? Type a text, read the answer and see where the model looked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from engine.records import UNCHANGED
from studio.pages.attention.gestures import Gestures
from studio.pages.attention.layout import Parts, lay_out
from studio.pages.attention.page_state import PageState
from studio.pages.attention.screen import Screen
from studio.pages.page import Page
from studio.widgets.text_bar import examples
from studio.workers.query import MakeWorker
from studio.workers.run_book import RunBook

_WIDE = 1080
_LOW = 740
"""Pixels of height under which the chips take one line only: the map is what matters."""

_LINES = 3


class AttentionPage(Page):
    """Brings together what is known, the screen that shows it and the person's gestures.

    `training_requested(path)`: the run has nothing to look with yet.
    """

    training_requested = Signal(object)

    def __init__(self, book: RunBook, make_worker: MakeWorker | None = None, parent: QWidget | None = None) -> None:
        super().__init__(book, make_worker, parent, urgent=("answer", "plain", "second", "exact"))
        self._known = PageState(book, self._asker, self)
        self._parts = Parts(self._known.looker, book)
        self._columns = lay_out(self, self._parts)
        self._screen = Screen(self._parts, self._columns, self._known, book)
        self._gestures = Gestures(self._parts, self._known, self._screen, self)
        self._parts.text.rested.connect(self._ask)
        self._parts.nothing.acted.connect(lambda: self.training_requested.emit(self._known.looker.path))

    # -- what is looked into -------------------------------------------------------------------------------------------

    @property
    def path(self) -> Path | None:
        return self._known.looker.path

    def show_run(self, path: Path) -> None:
        """Look through another run or model. Raises InputError when the folder holds none."""
        entry = self._book.entry(path)
        if path != self._known.looker.path:
            self._known.look_at(path)
            self._screen.forget()
        texts = examples(entry.history, entry.config)
        self._parts.text.set_examples(texts)
        if not self._parts.text.text().strip() and texts:
            self._parts.text.set_text(texts[0])
        self._ask(self._parts.text.text())
        self._screen.show_all()

    def take_text(self, text: str) -> None:
        """Put a text into the field, where there is one; it is asked about when the page is seen."""
        if text:
            self._parts.text.set_text(text)

    def state(self) -> dict[str, Any]:
        """What was measured at length is not measured again."""
        known, parts = self._known, self._parts
        return {
            **super().state(),
            "text": parts.text.text(),
            "view": parts.map.view.current(),
            "method": parts.map.chosen_method,
            "order": parts.heads.current_order,
            "special": parts.map.special.isChecked(),
            "choice": self._screen.choice,
            "rollout": known.reasons.wants_rollout,
            "switches": known.looker.switches,
            "other": known.second.other,
            "effects": known.effects.kept,
        }

    def restore(self, state: dict[str, Any]) -> None:
        known, parts = self._known, self._parts
        parts.text.set_text(str(state.get("text", "")))
        parts.map.view.set_current(str(state.get("view", "map")))
        parts.map.choose_method(str(state.get("method", "")))
        parts.map.special.setChecked(bool(state.get("special", True)))
        parts.heads.set_order(state.get("order", "layer"))
        super().restore(state)
        if self.path is not None:
            self._screen.choice = state.get("choice")
            if "effects" in state:
                known.effects.restore(state["effects"])
            known.reasons.want_marks(state.get("method") or None)
            known.reasons.want_rollout(bool(state.get("rollout")))
            known.looker.switch(state.get("switches") or UNCHANGED)
            known.second.compare_with(state.get("other"))

    # -- the engine ----------------------------------------------------------------------------------------------------

    def _ask(self, text: str) -> None:
        """Once the person rests, and whenever the run has come further."""
        if not self.isVisible():
            return
        self._known.looker.ask(text)
        self._known.reasons.go_on()
        self._known.effects.look_again()
        self._known.timeline.follow(text)
        self._screen.show_text()

    def follow(self) -> None:
        """A better checkpoint answers anew, and there may be another frame."""
        self._ask(self._parts.text.text())

    # -- size ----------------------------------------------------------------------------------------------------------

    def minimumSizeHint(self) -> QSize:
        return QSize(640, 480)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._columns.set_wide(self.width() >= _WIDE)
        self._parts.chips.set_room(1 if self.height() < _LOW else _LINES, for_changes=True)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._parts.text.editor.setFocus()
        self._ask(self._parts.text.text())
