"""SimilarList: training rows that are nearly the same text, with their labels."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from engine.records import Similar
from studio import theme
from studio.numbers import percent
from studio.pages.evaluation.texts.line_painting import breakable, one_line
from studio.translation import tr
from studio.widgets.labels import Caption
from studio.widgets.layouts import fill

_LONGEST = 240
_NEARLY = 0.3
"""The least share of word pairs (or character triples) in common that is worth a look."""


class SimilarList(QWidget):
    """None: they are not known yet; without any, it says so."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = Caption(tr("Nearly the same in the training rows"))
        self.title.setFont(theme.font(theme.CAPTION, 600))
        self._column = fill(QVBoxLayout(self), self.title, gap=6)
        self._rows: list[QLabel] = []
        self.hide()

    def show_rows(self, rows: Sequence[Similar] | None) -> None:
        self.setVisible(rows is not None)
        for label in self._rows:
            label.hide()
            label.deleteLater()
        near = [_told(row) for row in rows or () if row.overlap >= _NEARLY]
        told = [] if rows is None else near or [tr("No training row is nearly the same.")]
        self._rows = [_line(words) for words in told]
        for label in self._rows:
            self._column.addWidget(label)

    def lines(self) -> list[str]:
        """As they are shown."""
        return [label.text() for label in self._rows]


def _told(row: Similar) -> str:
    text = one_line(row.text)
    return tr(
        "“{label}”, {share} the same, row {row}: {text}",
        label=breakable(row.label),
        share=percent(row.overlap, 0),
        row=f"{row.row:,}",
        text=text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…",
    )


def _line(words: str) -> QLabel:
    label = QLabel(words)
    label.setFont(theme.font(theme.CAPTION))
    label.setProperty("kind", "second")
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setMinimumWidth(1)
    return label
