"""Page: what every page of a run has: its path, an asker, what it remembers. LivePage: draws as it comes on."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from studio.workers.query import Asker, MakeWorker
from studio.workers.run_book import RunBook


class Page(QWidget):
    """Shows one run of the book at a time. A page overrides `show_run` and `follow`; what it remembers beyond its path
    it adds to `state` and takes from `restore`."""

    def __init__(
        self,
        book: RunBook,
        make_worker: MakeWorker | None = None,
        parent: QWidget | None = None,
        *,
        urgent: Collection[str] = (),
    ) -> None:
        """`_asker` asks the engine, by workers that `make_worker(verb)` makes; the `urgent` kinds of question first."""
        super().__init__(parent)
        self.setObjectName("page")
        self._book = book
        self._path: Path | None = None
        self._asker = Asker(make_worker, self, urgent=urgent)
        book.advanced.connect(self._on_advanced)

    @property
    def path(self) -> Path | None:
        """What is shown; None before anything is."""
        return self._path

    def show_run(self, path: Path) -> None:
        """Show another run of the book. Raises InputError when the folder holds none."""
        raise NotImplementedError

    def follow(self) -> None:
        """What is shown came on."""

    def shows(self, path: Path) -> bool:
        """Whether this run is a part of what is shown."""
        return path == self.path

    def state(self) -> dict[str, Any]:
        """What a page built anew needs to show the same."""
        return {"path": str(self.path) if self.path else None}

    def restore(self, state: dict[str, Any]) -> None:
        if state.get("path"):
            self.show_run(Path(state["path"]))

    def close_workers(self) -> None:
        """No more answers; those under way are dropped."""
        self._asker.close()

    def _on_advanced(self, path: Path) -> None:
        if self.shows(path):
            self.follow()


class LivePage(Page):
    """Draws what is new at most every `redraw_ms`, and only while it is seen: `_redraw` is all that a page adds."""

    redraw_ms = 250

    def __init__(
        self,
        book: RunBook,
        make_worker: MakeWorker | None = None,
        parent: QWidget | None = None,
        *,
        urgent: Collection[str] = (),
    ) -> None:
        super().__init__(book, make_worker, parent, urgent=urgent)
        self._is_stale = False
        self._timer = QTimer(self, interval=self.redraw_ms)
        self._timer.timeout.connect(self.refresh)

    def follow(self) -> None:
        """Draw it when its time comes."""
        self._is_stale = True

    def refresh(self) -> None:
        """Draw what is new; does nothing when nothing is, or nobody looks."""
        if self._is_stale and self.isVisible() and self.path is not None:
            self._is_stale = False
            self._redraw()

    def refresh_now(self) -> None:
        """Something else is to be shown: do not wait for the time to draw."""
        self._is_stale = True
        self.refresh()

    def _redraw(self) -> None:
        raise NotImplementedError

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._timer.start()
        self.refresh_now()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._timer.stop()
