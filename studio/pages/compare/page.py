"""ComparePage: which one is better, and is it luck?"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QWidget

from studio.workers.run_book import RunBook


class ComparePage(QWidget):
    """Shows one run of the book."""

    def __init__(self, book: RunBook, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self._book = book

    def show_run(self, path: Path) -> None:
        self._path = path
