"""EvaluationPage: how good is it, and where does it fail?"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QWidget

from studio.workers.run_book import RunBook


class EvaluationPage(QWidget):
    """Shows one run of the book."""

    def __init__(self, book: RunBook, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self._book = book

    def show_run(self, path: Path) -> None:
        self._path = path
