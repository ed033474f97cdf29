"""RowsCard: the rows that two groups answer most differently, word for word beside the right answer."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from engine.config.roles import ROLES
from engine.metrics.registry import metric_of
from engine.records import Comparison, DifferingRow
from studio import theme
from studio.pages.compare.chosen_groups import ink_of
from studio.pages.compare.swatch import Swatch
from studio.plots.attention.difference_text import DifferenceText, difference, nearest
from studio.translation import capitalized, tr, words
from studio.widgets import Button, Caption, SegmentedControl
from studio.widgets.card import Card, Hairline
from studio.widgets.layouts import fill, hbox

_FIRST, _MORE = 4, 8
_MOST_SIGNS = 1200
_LEAST_HEAD, _LIKE_MARKS = 150, 4
"""Marked texts stand so far from their edges."""


class RowsCard(Card):
    """Of one group against the base; which one is chosen in its head where there are several. Hidden where answers are
    no words."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("Where they differ most"), " ", parent)
        self.setObjectName("compared_rows")
        self.caption.setMinimumWidth(1)
        self._comparison: Comparison | None = None
        self._count = _FIRST
        self._choice: SegmentedControl | None = None
        self._holder: QWidget | None = None
        self._none = Caption(tr("They answer every row equally well."), wrap=True)
        self._none.setObjectName("no_differing_rows")
        self.more = Button(tr("More rows"), "plain", "ph.caret-down", size="small")
        self.more.setObjectName("more_differing_rows")
        self.more.clicked.connect(self._show_more)
        self.body.addWidget(self._none)
        self.body.addLayout(hbox(self.more, None))
        self.hide()

    def show_comparison(self, comparison: Comparison | None) -> None:
        """None while nothing is known."""
        self._comparison, self._count = comparison, _FIRST
        is_in_words = comparison is not None and bool(comparison.leading)
        if is_in_words:
            self._offer()
            self._fill()
        self.setVisible(is_in_words)

    def _offer(self) -> None:
        """A choice of groups, where more than one was compared with the base."""
        assert self._comparison is not None
        if self._choice is not None:
            self._choice.setParent(None)
            self._choice.deleteLater()
            self._choice = None
        pairs = [pair for pair in self._comparison.pairs if pair.outcome != "apart"]
        if len(pairs) > 1:
            titles = [(str(pair.b), words(self._comparison.groups[pair.b].title), None) for pair in pairs]
            self._choice = SegmentedControl(titles)
            self._choice.setAccessibleName(tr("Which one is compared with the first"))
            self._choice.changed.connect(lambda _: self._fill())
            self.row.add_end(self._choice)

    @property
    def _rows(self) -> Sequence[DifferingRow]:
        assert self._comparison is not None
        chosen = int(self._choice.current()) if self._choice is not None else None
        rows = self._comparison.rows
        number = rows[0].b if chosen is None and rows else chosen
        return [one for one in rows if one.b == number]

    def _show_more(self) -> None:
        self._count += _MORE
        self._fill()

    def _fill(self) -> None:
        rows, comparison = self._rows, self._comparison
        assert comparison is not None
        if self._holder is not None:
            self._holder.setParent(None)
            self._holder.deleteLater()
        self._holder = QWidget()
        column = fill(QVBoxLayout(self._holder), gap=8)
        for place, row in enumerate(rows[: self._count]):
            if place:
                column.addWidget(Hairline())
            column.addWidget(_row(row, comparison))
        self.body.insertWidget(0, self._holder)
        self._holder.setVisible(bool(rows))
        self._none.setVisible(not rows)
        self.more.setVisible(len(rows) > self._count)
        told = tr("by {figure} of the row", figure=words(metric_of(rows[0].metric).title)) if rows else ""
        self.caption.setText(told)


def _row(row: DifferingRow, comparison: Comparison) -> QWidget:
    """What was read, what is right, what each of the two says."""
    whole = QWidget()
    whole.setObjectName(f"differing_row_{row.row}")
    grid = QGridLayout(whole)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(14)
    grid.setVerticalSpacing(4)
    grid.setColumnMinimumWidth(0, _LEAST_HEAD)
    grid.setColumnStretch(1, 1)
    for role, text in zip(comparison.roles, row.read, strict=False):
        title = capitalized(ROLES[role].title) if role in ROLES else role
        _add(grid, Caption(tr("{title}, row {row}", title=title, row=f"{row.row:,}")), _plain(text))
    right = nearest(row.wanted, row.said_b)[:_MOST_SIGNS]
    if row.wanted:
        _add(grid, Caption(tr("Right answer")), _plain(right or tr("(no answer is right)")))
    for number, said, score in ((row.a, row.said_a, row.score_a), (row.b, row.said_b, row.score_b)):
        title = words(comparison.groups[number].title)
        head = tr("{name}: {value}", name=title, value=metric_of(row.metric).written(score))
        says = bool(row.wanted or row.said_a or row.said_b)
        shown = _said(said, right, has_right=bool(row.wanted)) if says else QWidget()
        _add(grid, _named(head, number), shown)
    return whole


def _add(grid: QGridLayout, head: QWidget, text: QWidget) -> None:
    line = grid.rowCount()
    grid.addWidget(head, line, 0, Qt.AlignmentFlag.AlignTop)
    grid.addWidget(text, line, 1)


def _named(text: str, number: int) -> QWidget:
    whole = QWidget()
    label = Caption(text, wrap=True)
    label.setObjectName(f"differing_score_{number}")
    whole.setLayout(hbox(Swatch(ink_of(number)), (label, 1), gap=6, margins=(0, _LIKE_MARKS, 0, 0)))
    return whole


def _said(said: str, right: str, *, has_right: bool) -> DifferenceText:
    shown = DifferenceText("said")
    text = said[:_MOST_SIGNS]
    found = difference(right, text)
    shown.show_words(text or tr("(nothing)"), found.said if text else (), found.extra if has_right and text else ())
    return shown


def _plain(text: str) -> QLabel:
    label = QLabel(text[:_MOST_SIGNS])
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setFont(theme.font())
    label.setContentsMargins(_LIKE_MARKS, 0, 0, 0)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
