"""Parts: the widgets of the page, and where they stand."""

from __future__ import annotations

import numpy as np
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from engine.metrics.registry import metric_of
from engine.records import ScoredRows
from studio.numbers import number
from studio.pages.page_header import PageHeader
from studio.pages.scores.figure_words import title_of
from studio.pages.scores.figures_row import FiguresRow
from studio.pages.scores.groups_panel import GroupsPanel
from studio.pages.scores.rows_panel import RowsPanel
from studio.plots.charts.score_histogram import ScoreHistogram
from studio.theme import GAP, PAGE_MARGIN, tall
from studio.translation import tr, words
from studio.widgets.button import Button
from studio.widgets.card import Card
from studio.widgets.empty_state import EmptyState
from studio.widgets.error_banner import ErrorBanner
from studio.widgets.labels import Caption
from studio.widgets.layouts import fill, hbox, panel, scrolling, set_wide, vbox
from studio.widgets.notice import Notice
from studio.widgets.segmented_control import SegmentedControl
from studio.widgets.source_bar import SourceBar
from studio.workers.query import Asker

WIDE = 1040
"""Pixels of the page from which there are two columns."""
_LEFT_SHARE, _RIGHT_SHARE, _HISTOGRAM = 31, 69, 190
_MOST_NUMBERS = 8


class Parts:
    """Every widget of the page by its name."""

    def __init__(self, asker: Asker) -> None:
        self.export = Button(tr("Save rows as CSV…"), "plain", "ph.file-arrow-down")
        self.export.setObjectName("saveRows")
        self.head = PageHeader(tr("Evaluation"), "scoresSentence", self.export)
        self.banner, self.notice, self.source = ErrorBanner(), Notice(), SourceBar()
        self.part = PartBar()
        self.figures = FiguresRow()
        self.histogram = HistogramCard()
        self.left_out = LeftOutCard()
        self.rows, self.groups = RowsPanel(), GroupsPanel(asker)
        self.details = DetailsCard(self.rows, self.groups)
        self.measured = QWidget()
        self.nothing, self.waiting = _nothing_yet(), _not_measured()

    def show_place(self, place: QWidget) -> None:
        """One of `measured`, `nothing` (no checkpoint yet) and `waiting`."""
        for one in (self.measured, self.nothing, self.waiting):
            one.setVisible(one is place)


class Columns(QWidget):
    """The distribution beside the rows; under each other where there is no room."""

    def __init__(self, parts: Parts) -> None:
        super().__init__()
        left = panel(vbox(parts.histogram, parts.left_out, None, gap=GAP))
        for column in (left, parts.details):
            column.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._row = fill(
            QBoxLayout(QBoxLayout.Direction.LeftToRight, self), (left, _LEFT_SHARE), (parts.details, _RIGHT_SHARE),
            gap=GAP,
        )  # fmt: skip

    def fit(self, width: int) -> None:
        """For a page of so many pixels."""
        set_wide(self._row, width >= WIDE)


def lay_out(page: QWidget, parts: Parts) -> Columns:
    """Title, what is measured, figures and columns, from top to bottom; it scrolls where the window is low."""
    scroll = scrolling(content := QWidget(), tr("Evaluation"))
    scroll.setObjectName("scoresScroll")
    scroll.setMinimumSize(560, 400)
    fill(QVBoxLayout(page), scroll)
    margins = (PAGE_MARGIN, 16, PAGE_MARGIN, PAGE_MARGIN - 4)
    above = (parts.head, parts.banner, parts.notice, parts.source, parts.part, (parts.measured, 1))
    column = fill(QVBoxLayout(content), *above, gap=GAP, margins=margins)
    columns = Columns(parts)
    fill(QVBoxLayout(parts.measured), parts.figures, (columns, 1), gap=GAP)
    for place in (parts.nothing, parts.waiting):
        column.addWidget(place, 1)
    parts.show_place(parts.waiting)
    return columns


class PartBar(QWidget):
    """Says that only some of the rows were asked; `all` asks the rest."""

    def __init__(self) -> None:
        super().__init__()
        self.told = Caption(" ", wrap=True)
        self.told.setObjectName("partTold")
        self.all = Button(tr("Answer all rows"), "plain", "ph.rows", size="small")
        self.all.setObjectName("askAll")
        fill(QHBoxLayout(self), (self.told, 1), self.all, gap=10)
        self.hide()

    def show_part(self, count: int, total: int) -> None:
        self.told.setText(
            tr("{count} of {total} rows were answered, evenly drawn from all of them.",
               count=number(count), total=number(total))
        )  # fmt: skip


class HistogramCard(Card):
    """How the rows' scores are spread."""

    def __init__(self) -> None:
        super().__init__(tr("Row by row"), " ")
        self.caption.setMinimumWidth(1)
        self.plot = ScoreHistogram()
        self.plot.setMinimumHeight(tall(_HISTOGRAM))
        self.body.addWidget(self.plot)
        self.hint = Caption(tr("Press a bar to read its rows."), wrap=True)
        self.body.addWidget(self.hint)

    def show_scored(self, scored: ScoredRows, scores: np.ndarray) -> None:
        """`scores` [rows], as they order the rows."""
        key = scored.sort_by or scored.leading
        self.setVisible(bool(np.isfinite(scores).any()))
        told = tr("{metric}, higher is better", metric=title_of(key))
        if metric_of(key).lower_is_better:
            told = tr("{metric}, lower is better", metric=title_of(key))
        self.caption.setText(told)
        self.plot.show_scores(scores, key)


class LeftOutCard(Card):
    """What was not answered, and what else should be known. Hidden where there is nothing to say."""

    def __init__(self) -> None:
        super().__init__(tr("Good to know"))
        self.setObjectName("scoresNotes")
        self.told = Caption("", wrap=True)
        self.told.setProperty("kind", "second")
        self.told.setObjectName("scoresNotesTold")
        self.body.addWidget(self.told)
        self.hide()

    def show_scored(self, scored: ScoredRows) -> None:
        lines = [words(one) for one in scored.notes]
        for one in scored.left_out:
            rows = ", ".join(number(row) for row in one.rows[:_MOST_NUMBERS])
            where = tr("(rows {rows})", rows=rows) if rows else ""
            lines.append(tr("Left out: {sentence} {rows}", sentence=words(one.sentence), rows=where).strip())
        self.told.setText("\n".join(lines))
        self.setVisible(bool(lines))


class DetailsCard(Card):
    """The rows, or groups of them."""

    def __init__(self, rows: RowsPanel, groups: GroupsPanel) -> None:
        super().__init__()
        self._panels = {"rows": rows, "groups": groups}
        self.panels = SegmentedControl([("rows", tr("Rows"), None), ("groups", tr("Groups"), None)])
        self.panels.setObjectName("scoresPanels")
        self.panels.setAccessibleName(tr("What to look at"))
        self.panels.changed.connect(self.open)
        self.body.addLayout(hbox(self.panels, None))
        for one in self._panels.values():
            self.body.addWidget(one, 1)
        self.open("rows")

    def open(self, key: str) -> None:
        self.panels.set_current(key)
        for name, one in self._panels.items():
            one.setVisible(name == key)


def _nothing_yet() -> EmptyState:
    empty = EmptyState(
        "ph.chart-bar",
        tr("Nothing to measure yet"),
        tr("The run has not saved a checkpoint. The first one comes with the first look at validation."),
        tr("See it train"),
    )
    empty.setObjectName("noCheckpoint")
    return empty


def _not_measured() -> EmptyState:
    empty = EmptyState(
        "ph.ruler",
        tr("Not measured yet"),
        tr("The model answers the rows once; what it said is kept, so that this page opens at once the next time."),
    )
    empty.setObjectName("notMeasured")
    return empty
