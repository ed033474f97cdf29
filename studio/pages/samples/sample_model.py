"""SampleModel: samples as the rows of a table: the text, and how real the critic holds it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from engine.records import Sample
from studio import theme
from studio.numbers import NOTHING, percent
from studio.pages.samples.arrangement import marked_length
from studio.translation import tr

Index = QModelIndex | QPersistentModelIndex
TEXT, CRITIC = 0, 1
SAMPLE, MARKED = Qt.ItemDataRole.UserRole, Qt.ItemDataRole.UserRole + 1


class SampleModel(QAbstractTableModel):
    """`index.data(SAMPLE)` is the sample, `index.data(MARKED)` how many of its first characters open many others."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._samples: list[Sample] = []
        self._openings: list[str] = []

    def show(self, samples: Sequence[Sample], openings: Sequence[str]) -> None:
        self.beginResetModel()
        self._samples, self._openings = list(samples), list(openings)
        self.endResetModel()

    def samples(self) -> list[Sample]:
        return list(self._samples)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._samples)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else 2

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return tr("Invented text") if section == TEXT else tr("The critic takes it for real")
        if role == Qt.ItemDataRole.ToolTipRole and section == CRITIC:
            return tr("The critic's probability that a person wrote it; the tick is at 50 %")
        if role == Qt.ItemDataRole.FontRole:
            return theme.font(theme.CAPTION, 500)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        sample = self._samples[index.row()]
        if role == SAMPLE:
            return sample
        if role == MARKED:
            return marked_length(sample.text, self._openings)
        if role == Qt.ItemDataRole.DisplayRole:
            return text_words(sample) if index.column() == TEXT else probability_words(sample)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._told(sample, index.column())
        if role == Qt.ItemDataRole.ToolTipRole and index.column() == TEXT:
            return f"{sample.text}\n{nearest_words(sample)}".strip()
        return None

    def _told(self, sample: Sample, column: int) -> str:
        if column == TEXT:
            return "; ".join(part for part in (text_words(sample), nearest_words(sample)) if part)
        return tr("The critic takes it for real: {share}", share=probability_words(sample))


def text_words(sample: Sample) -> str:
    """The text in one line; a writer that has collapsed may write nothing at all."""
    return " ".join(sample.text.split()) if "\n" in sample.text else sample.text or tr("(an empty text)")


def probability_words(sample: Sample) -> str:
    return NOTHING if sample.probability is None else percent(sample.probability, 0)


def nearest_words(sample: Sample) -> str:
    """The training text that is most like it; "" where none shares a word pair."""
    if not sample.nearest:
        return ""
    if sample.overlap >= 1 and sample.nearest == sample.text:
        return tr("copied from the training texts")
    return tr("nearest training text: {text}", text=sample.nearest)
