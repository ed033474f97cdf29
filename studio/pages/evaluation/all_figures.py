"""AllFigures: every figure that was measured, over all texts and by label, in one table that can be copied."""

from __future__ import annotations

import io
import math

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLabel,
    QSizePolicy,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from engine.metrics.figures_with_intervals import LABEL_ORDER
from engine.metrics.registry import metric_of
from engine.records import Figure, Measures
from engine.runs.spreadsheets import Sheet
from studio import theme
from studio.numbers import NOTHING, number, percent
from studio.pages.evaluation.draft import Draft
from studio.pages.evaluation.evaluation_results import EvaluationResults
from studio.pages.evaluation.sentences import METHODS, about, interval_words, number_interval, title_of
from studio.translation import tr, words
from studio.widgets.button import Button
from studio.widgets.card import Card

_ROW, _MOST_ROWS = 30, 14
Cells = list[list[str]]


class AllFigures(Card):
    """Hidden until it is wished for; the tables are filled then."""

    def __init__(self, draft: Draft, facts: EvaluationResults, parent: QWidget | None = None) -> None:
        super().__init__(tr("All figures"), " ", parent)
        self.setObjectName("allFiguresCard")
        self._copy = Button(tr("Copy as CSV"), "plain", "ph.copy", "small")
        self._copy.setObjectName("copyFigures")
        self._copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.csv()))
        self.header.addWidget(self._copy)
        self._waiting = QLabel(tr("Measuring …"))
        self._waiting.setProperty("kind", "second")
        self.whole, self.labels = _Table("figuresTable"), _Table("labelFiguresTable")
        for widget in (self._waiting, self.whole, self.labels):
            self.body.addWidget(widget)
        self._measures: Measures | None = None
        self._is_filled = False
        self._facts = facts
        draft.opened.connect(self._follow)
        facts.changed.connect(self._follow)
        self.hide()

    def _follow(self) -> None:
        """There are none while they are measured, or where they cannot be: then the problem says why."""
        measures, problem = self._facts.measures, self._facts.problems.get("measure")
        if measures is not self._measures:
            self._measures, self._is_filled = measures, False
        self._waiting.setText(words(problem.what) if problem is not None else tr("Measuring …"))
        if self.isVisible():
            self._fill()

    def show_card(self, is_shown: bool) -> None:
        self.setVisible(is_shown)
        if is_shown:
            self._fill()

    def csv(self) -> str:
        """Both tables, full precision."""
        out = io.StringIO()
        sheet = Sheet(out)
        sheet.write(["label", "figure", "value", "low", "high", "method", "word_counting", "majority"])
        if self._measures is not None:
            for name, one in self._measures.figures.items():
                beside = [self._measures.counted.get(name, ""), self._measures.majority.get(name, "")]
                sheet.write(["", name, one.value, *_bounds(one), one.method, *beside])
            for label, figures in self._measures.per_label.items():
                for name, one in figures.items():
                    sheet.write([label, name, one.value, *_bounds(one), one.method, "", ""])
        return out.getvalue()

    def _fill(self) -> None:
        measures = self._measures
        self._waiting.setVisible(measures is None)
        self._copy.setEnabled(measures is not None)
        self.whole.setVisible(measures is not None)
        self.labels.setVisible(measures is not None and bool(measures.per_label))
        if measures is None or self._is_filled:
            return
        self._is_filled = True
        heads = [tr("Figure"), tr("Value"), tr("95 % interval"), tr("Word counting"), tr("Majority")]
        self.whole.fill(heads, *_rows_of(measures))
        names = [name for name in LABEL_ORDER if any(name in one for one in measures.per_label.values())]
        self.labels.fill([tr("Label"), tr("Texts"), *map(title_of, names)], *_label_rows(measures, names))


class _Table(QTableWidget):
    """Read only, as high as its rows up to a limit; cells carry what a tooltip tells."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(tr("All figures"))
        self.setShowGrid(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(_ROW)
        self.horizontalHeader().setHighlightSections(False)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def fill(self, heads: list[str], rows: Cells, tips: Cells) -> None:
        self.clear()
        self.setColumnCount(len(heads))
        self.setRowCount(len(rows))
        right, left = Qt.AlignmentFlag.AlignRight, Qt.AlignmentFlag.AlignLeft
        for column, title in enumerate(heads):
            item = QTableWidgetItem(title)
            item.setFont(theme.font(theme.CAPTION, 500))
            item.setTextAlignment((right if column else left) | Qt.AlignmentFlag.AlignVCenter)
            self.setHorizontalHeaderItem(column, item)
        for row, (cells, told) in enumerate(zip(rows, tips, strict=True)):
            for column, (cell, tip) in enumerate(zip(cells, told, strict=True)):
                item = QTableWidgetItem(cell)
                item.setTextAlignment((right if column else left) | Qt.AlignmentFlag.AlignVCenter)
                item.setToolTip(tip)
                self.setItem(row, column, item)
        for column in range(len(heads)):
            self.horizontalHeader().setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
        self.setFixedHeight(_ROW * min(len(rows), _MOST_ROWS) + 34)


def _rows_of(measures: Measures) -> tuple[Cells, Cells]:
    rows, tips = [], []
    for name, one in measures.figures.items():
        beside = [worded(name, values.get(name, math.nan)) for values in (measures.counted, measures.majority)]
        rows.append([title_of(name), worded(name, one.value), _interval(name, one), *beside])
        tips.append([about(name), "", METHODS[one.method](), "", ""])
    return rows, tips


def _label_rows(measures: Measures, names: list[str]) -> tuple[Cells, Cells]:
    rows, tips = [], []
    for label, figures in measures.per_label.items():
        known = [figures.get(name, Figure(math.nan)) for name in names]
        cells = []
        for name, one in zip(names, known, strict=True):
            interval = _interval(name, one)
            cells.append(worded(name, one.value) + (f"  ({interval})" if interval else ""))
        rows.append([label, number(measures.support.get(label, 0)), *cells])
        tips.append([label, "", *(METHODS[one.method]() for one in known)])
    return rows, tips


def worded(name: str, value: float) -> str:
    """A share in percent, anything else in four figures."""
    if not math.isfinite(value):
        return NOTHING
    return percent(value) if metric_of(name).is_share else number(round(value, 4))


def _interval(name: str, figure: Figure) -> str:
    return interval_words(figure) if metric_of(name).is_share else number_interval(figure)


def _bounds(figure: Figure) -> list[float | str]:
    return ["" if math.isnan(one) else one for one in (figure.low, figure.high)]
