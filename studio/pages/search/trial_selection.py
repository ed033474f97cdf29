"""TrialSelection: which trial is pointed at, which one is chosen, and which are kept: one for all parts of the page."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal


class TrialSelection(QObject):
    """Trials by their number; None for none. `kept` is None where no trial is left out. A part tells what the person
    did by `light`, `choose` and `keep`, and follows `lit`, `chosen` and `kept_changed`, which come only for news."""

    lit = Signal(object)
    chosen = Signal(object)
    kept_changed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.now_lit: int | None = None
        self.now_chosen: int | None = None
        self.kept: frozenset[int] | None = None

    def light(self, number: int | None) -> None:
        if number != self.now_lit:
            self.now_lit = number
            self.lit.emit(number)

    def choose(self, number: int | None) -> None:
        if number != self.now_chosen:
            self.now_chosen = number
            self.chosen.emit(number)

    def keep(self, numbers: frozenset[int] | None) -> None:
        if numbers != self.kept:
            self.kept = numbers
            self.kept_changed.emit(numbers)

    def clear(self) -> None:
        """Another search is shown."""
        self.light(None)
        self.choose(None)
        self.keep(None)
