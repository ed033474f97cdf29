"""The texts under the figures: where and when they are made."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QSize, QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from studio.pages.evaluation.draft import Draft
from studio.widgets.layouts import fill
from studio.workers.query import Asker

MakeTexts = Callable[[Asker, Draft], QWidget]
"""What shows texts follows the draft by itself; else the page asks of it what it asks of a `TextsPlace`."""
_LEAST_HEIGHT = 300
_PAINTED_MS = 40
"""By then the figures are painted: a timer of 0 comes before the first paint."""


class TextsPlace(QWidget):
    """Makes the part when there are answers to show and the figures above it are painted; what it is told before that
    it is told then."""

    text_wanted = Signal(str)
    rerun_wanted = Signal(object)
    choice_dropped = Signal()

    def __init__(self, draft: Draft, make: Callable[[], QWidget], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._draft, self._make = draft, make
        self._made: Any = None
        self._choice: tuple[int | None, int | None] = (None, None)
        self._kept: Any = None
        self._soon = QTimer(self, interval=_PAINTED_MS, singleShot=True)
        self._soon.timeout.connect(self._begin)
        draft.opened.connect(self._open)
        fill(QVBoxLayout(self))

    def minimumSizeHint(self) -> QSize:
        return super().minimumSizeHint().expandedTo(QSize(0, _LEAST_HEIGHT))

    def _open(self) -> None:
        if self._draft.subject is None:
            self._choice, self._kept = (None, None), None
        elif self._made is None:
            self._soon.start()

    def choose(self, truth: int | None, said: int | None) -> None:
        self._choice = truth, said
        if self._made is not None:
            self._made.choose(truth, said)

    def state(self) -> Any:
        return self._made.state() if self._made is not None else self._kept

    def restore(self, state: Any) -> None:
        self._kept = state
        if self._made is not None and state is not None:
            self._made.restore(state)

    def _begin(self) -> None:
        if self._draft.subject is None:
            return
        self._made = self._make()
        self.layout().addWidget(self._made)
        for name in ("text_wanted", "rerun_wanted", "choice_dropped"):
            getattr(self._made, name).connect(getattr(self, name))
        if self._choice != (None, None):
            self._made.choose(*self._choice)
        self.restore(self._kept)


def details(asker: Asker, draft: Draft) -> QWidget:
    """The real one."""

    def make() -> QWidget:
        from studio.pages.evaluation.details import Details

        return Details(asker, draft)

    return TextsPlace(draft, make)
