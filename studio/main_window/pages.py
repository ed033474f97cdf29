"""Pages: made when they are first asked for; what they showed outlives them when the window is built anew."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QStackedWidget, QWidget


class Pages:
    """The pages by their names, in one `stack`. Pages that are not shown are made, and given their state, when the
    person goes there."""

    stack: QStackedWidget

    def __init__(self, make: Callable[[str], QWidget], states: dict[str, Any]) -> None:
        """`make` a page by its name; `states` are those of an earlier session."""
        self._make, self._states = make, states
        self.build()

    def build(self) -> None:
        """A new stack without pages; the last one belongs to whoever laid it out."""
        self.stack = QStackedWidget()
        self._made: dict[str, QWidget] = {}

    def page(self, place: str) -> QWidget:
        """The page of that name, made when it is first asked for."""
        if place not in self._made:
            page: Any = self._make(place)
            self._made[place] = page
            self.stack.addWidget(page)
            if place in self._states:
                page.restore(self._states.pop(place))
        return self._made[place]

    def made(self, place: str) -> QWidget | None:
        """The page of that name if it was asked for before."""
        return self._made.get(place)

    def state(self, place: str) -> dict[str, Any]:
        """What a page that is not made yet will show; empty if it has nothing to go on with."""
        return self._states.get(place) or {}

    def keep_states(self) -> None:
        """What all pages show, for those that take their places."""
        self._states |= {place: page.state() for place, page in self._made.items() if hasattr(page, "state")}

    def close_workers(self) -> None:
        """Pages that ask the engine have threads of their own."""
        for page in self._made.values():
            close = getattr(page, "close_workers", None)
            if close is not None:
                close()

    def forget_run(self, path: Path) -> None:
        """No page that is still to be made may ask for it."""
        for place in [name for name, state in self._states.items() if str(path) in str(state.get("path"))]:
            self._states.pop(place)
