"""RowsModel: the chosen rows as a table, read as they are painted; their order, and how each cell is drawn."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import lru_cache, partial
from typing import Literal, overload

import numpy as np
from PySide6.QtCore import QModelIndex, QObject, QRect
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyleOptionViewItem

from engine.config.roles import ROLES
from engine.metrics.registry import metric_of
from engine.records import ScoredRow, ScoredRows
from studio import theme
from studio.pages.scores.figure_words import title_of, written
from studio.plots.attention.difference_text import difference, nearest
from studio.tables.column_model import Column, ColumnModel, Index
from studio.tables.line_painting import one_line, paint_line
from studio.theme import tokens
from studio.translation import capitalized, tr
from studio.widgets import painting

Order = Literal["worst", "best", "row"]
Words = Callable[[ScoredRow], str]
Paint = Callable[[QPainter, QStyleOptionViewItem, ScoredRow], None]
_PAD, _FIGURE, _BAR = 8, 62, 6
_LONGEST_TOLD, _LONGEST_COMPARED, _LOOKED_AT = 300, 400, 500


class RowsModel(ColumnModel[ScoredRow]):
    """`places` are the rows that are shown, in their order."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__((), parent)
        self.scored: ScoredRows | None = None
        self.places = np.empty(0, dtype=np.int64)

    def show_scored(self, scored: ScoredRows | None) -> None:
        """Other answers; nothing is shown of them until `show_places`."""
        self.beginResetModel()
        self.scored, self.places = scored, np.empty(0, dtype=np.int64)
        self.columns = () if scored is None else _columns(scored)
        self.endResetModel()

    def show_places(self, places: np.ndarray) -> None:
        self.beginResetModel()
        self.places = places
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self.places)

    def row(self, number: int) -> ScoredRow:
        assert self.scored is not None
        return self.scored.rows[int(self.places[number])]


class SearchedTexts(Sequence[str]):
    """All that a row says, as one text to look through."""

    def __init__(self, scored: ScoredRows) -> None:
        self._rows = scored.rows

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> list[str]: ...
    def __getitem__(self, place: int | slice) -> str | list[str]:
        if isinstance(place, slice):
            return [self[one] for one in range(*place.indices(len(self)))]
        row = self._rows[int(place)]
        return "\n".join((*row.read, *row.wanted, row.said))


def has_right_answers(scored: ScoredRows) -> bool:
    """Whether what is said can be right or wrong; a text that is only weighed has no right answer."""
    return any(any(row.wanted) for row in scored.rows[:_LOOKED_AT])


def says_anything(scored: ScoredRows) -> bool:
    """Whether there are answers at all."""
    return any(row.said for row in scored.rows[:_LOOKED_AT])


def scores_of(scored: ScoredRows) -> np.ndarray:
    """[rows] of the score that orders them; nan where a row has none."""
    key = scored.sort_by or scored.leading
    return np.array([row.scores.get(key, math.nan) for row in scored.rows], dtype=np.float64)


def in_order(places: np.ndarray, scores: np.ndarray, order: Order, *, lower_is_better: bool) -> np.ndarray:
    """The `places` of rows by their `scores` [rows]; those without one last, equal ones as they stand in the file."""
    if order == "row":
        return np.sort(places)
    found = scores[places]
    rises = (order == "worst") != lower_is_better
    keys = np.where(np.isnan(found), np.inf, found if rises else -found)
    ordered: np.ndarray = places[np.argsort(keys, kind="stable")]
    return ordered


def _columns(scored: ScoredRows) -> tuple[Column[ScoredRow], ...]:
    """What was read first, the right answer where there is any, what was said, its score, and the row's number."""
    key = scored.sort_by or scored.leading
    is_share = metric_of(key).is_share
    is_judged = has_right_answers(scored)

    def score(row: ScoredRow) -> str:
        return written(key, row.scores.get(key, math.nan))

    def paint_score(painter: QPainter, option: QStyleOptionViewItem, row: ScoredRow) -> None:
        rect = _inner(option)
        if is_share and rect.width() > _FIGURE + 30:
            bar = QRect(rect.left(), rect.center().y() - _BAR // 2, rect.width() - _FIGURE - 8, _BAR)
            painting.bar(painter, bar, row.scores.get(key, 0.0), tokens().s1)
        painting.text(painter, rect, score(row), theme.font(theme.BODY, 600), tokens().text, painting.RIGHT)

    role = ROLES.get(scored.roles[0]) if scored.roles else None
    title = capitalized(role.title) if role is not None else tr("What was read")
    read = Column(title, lambda row: _line(_read(row)), _told(_read), paint=_paint_plain(_read, "text2"))
    right = Column(
        tr("Right answer"),
        lambda row: _line(_right_words(row)),
        _told(_right_words),
        paint=_paint_plain(_right_words, "text"),
    )
    said = Column(
        tr("It says"), lambda row: _line(row.said), _told(lambda row: row.said), paint=partial(_paint_said, is_judged)
    )
    number = Column(
        tr("Row"), lambda row: f"{row.row:,}", lambda row: tr("Row {row}", row=f"{row.row:,}"), is_right=True
    )
    scored_by = Column(title_of(key), score, lambda row: f"{title_of(key)}: {score(row)}", is_right=True,
                       paint=paint_score)  # fmt: skip
    return (read, right, said, scored_by, number)


def _read(row: ScoredRow) -> str:
    return row.read[0] if row.read else ""


def _right(row: ScoredRow) -> str:
    return nearest(row.wanted, row.said)


def _right_words(row: ScoredRow) -> str:
    return _right(row) or tr("(no answer is right)")


def _line(text: str) -> str:
    return " ".join(text[: 4 * _LONGEST_TOLD].split())


def _told(text: Words) -> Words:
    def told(row: ScoredRow) -> str:
        found = one_line(text(row))
        return found if len(found) <= _LONGEST_TOLD else f"{found[:_LONGEST_TOLD]}…"

    return told


def _inner(option: QStyleOptionViewItem) -> QRect:
    return option.rect.adjusted(_PAD, 0, -_PAD, -1)


def _paint_plain(text: Words, ink: str) -> Paint:
    def paint(painter: QPainter, option: QStyleOptionViewItem, row: ScoredRow) -> None:
        painting.text(painter, _inner(option), _line(text(row)), theme.font(), getattr(tokens(), ink))

    return paint


def _paint_said(is_judged: bool, painter: QPainter, option: QStyleOptionViewItem, row: ScoredRow) -> None:
    """With the words that the right answer lacks marked: all of them, where silence would be right."""
    rect, said = _inner(option), row.said[:_LONGEST_COMPARED]
    if not said.strip():
        painting.text(painter, rect, tr("(nothing)"), theme.font(), tokens().text3)
        return
    extra = _extra(_right(row)[:_LONGEST_COMPARED], said) if is_judged else ()
    paint_line(painter, rect, said, extra, tokens().text, tokens().bad)


@lru_cache(maxsize=512)
def _extra(right: str, said: str) -> tuple[tuple[int, int], ...]:
    """The places of words in `said` that `right` lacks, neighbours as one."""
    found = difference(right, said)
    spans: list[tuple[int, int]] = []
    for place in sorted(found.extra):
        start, end = found.said[place]
        if place - 1 in found.extra and spans:
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    return tuple(spans)
