"""TextsModel: rows of texts in a table: marked words, labels with what was corrected, how sure, the row's number.
AnswerModel: those of the answers."""

from __future__ import annotations

from typing import Generic

import numpy as np
from PySide6.QtCore import QModelIndex, QObject, QRect, Qt
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QStyleOptionViewItem

from engine.records import Answers
from engine.runs.corrections import Correction
from studio import theme
from studio.numbers import percent
from studio.pages.evaluation.target_view import view_of
from studio.pages.evaluation.texts.label_edits import correction_words
from studio.pages.evaluation.texts.rows_model import RowsModel
from studio.tables.column_model import Column, ColumnModel, Index, Row
from studio.tables.line_painting import one_line, paint_line
from studio.theme import tokens
from studio.translation import tr
from studio.widgets import painting

TEXT, LABELS, SURE, NUMBER = range(4)
ARROW = " → "
Spans = tuple[tuple[int, int], ...]
_LONGEST_TOLD = 300
_BAR, _FIGURE, _PAD = 6, 54, 8


class TextsModel(ColumnModel[Row], Generic[Row]):
    """What a row says, a subclass tells; texts are read as they are painted."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__((), parent)
        self.columns = self.columns_now()

    def titles(self) -> tuple[str, str, str, str]:
        raise NotImplementedError

    def text(self, row: Row) -> str:
        raise NotImplementedError

    def spans(self, row: Row) -> Spans:
        """The character ranges to mark."""
        raise NotImplementedError

    def labels(self, row: Row) -> tuple[str, str]:
        """(as they stand in the cell, as a screen reader says them)."""
        raise NotImplementedError

    def sure(self, row: Row) -> tuple[str, float, str]:
        """(how sure in words, the bar's length, "wrong", "right", "abstained" or "done")."""
        raise NotImplementedError

    def number(self, row: Row) -> int:
        """The row's in its file."""
        raise NotImplementedError

    def correction(self, row: Row) -> Correction | None:
        """What the person said of its label."""
        raise NotImplementedError

    def columns_now(self) -> tuple[Column[Row], ...]:
        text, labels, sure, number = self.titles()
        return (
            Column(text, lambda row: one_line(self.text(row)), self._told_text, paint=self._paint_text),
            Column(labels, self._labels, self._told_labels, self._labels, paint=self._paint_labels),
            Column(sure, self._sure, lambda row: f"{sure}: {self._sure(row)}", paint=self._paint_sure),
            Column(number, self._number, self._told_number, is_right=True, paint=self._paint_number),
        )

    def _told_text(self, row: Row) -> str:
        told = one_line(self.text(row))
        return told if len(told) <= _LONGEST_TOLD else f"{told[:_LONGEST_TOLD]}…"

    def _labels(self, row: Row) -> str:
        return self.labels(row)[0]

    def _told_labels(self, row: Row) -> str:
        news = self._news(row)
        return f"{self.labels(row)[1]}; {news}" if news else self.labels(row)[1]

    def _news(self, row: Row) -> str:
        found = self.correction(row)
        return "" if found is None else correction_words(found)

    def _sure(self, row: Row) -> str:
        return self.sure(row)[0]

    def _number(self, row: Row) -> str:
        return f"{self.number(row):,}"

    def _told_number(self, row: Row) -> str:
        return tr("Row {row}", row=self._number(row))

    def _paint_text(self, painter: QPainter, option: QStyleOptionViewItem, row: Row) -> None:
        text, rect = self.text(row), _inner(option)
        if text.strip():
            paint_line(painter, rect, text, self.spans(row), tokens().text)
        else:
            painting.text(painter, rect, one_line(text), theme.font(theme.BODY + 1), tokens().text3)

    def _paint_labels(self, painter: QPainter, option: QStyleOptionViewItem, row: Row) -> None:
        """What was said of it by the person stands first, in the accent."""
        rect, news = _inner(option), self._news(row)
        if news:
            font = theme.font(theme.BODY, 600)
            width = min(rect.width(), QFontMetrics(font).horizontalAdvance(news) + 2)
            place = QRect(rect.left(), rect.top(), width, rect.height())
            painting.text(painter, place, news, font, tokens().accent_text)
            rect = rect.adjusted(width + 8, 0, 0, 0)
        if rect.width() > 24:
            shown = both_elided(self._labels(row), QFontMetrics(theme.font(theme.BODY)), rect.width())
            painting.text(painter, rect, shown, theme.font(theme.BODY), tokens().text3 if news else tokens().text2)

    def _paint_sure(self, painter: QPainter, option: QStyleOptionViewItem, row: Row) -> None:
        rect, colours, (words, share, tone) = _inner(option), tokens(), self.sure(row)
        ink = {"wrong": colours.bad, "abstained": colours.s5, "done": colours.text3}.get(tone, colours.s1)
        room = max(_FIGURE, QFontMetrics(theme.font(theme.BODY, 600)).horizontalAdvance(percent(1.0, 0)) + 4)
        bar = QRect(rect.left(), rect.center().y() - _BAR // 2, rect.width() - room - 6, _BAR)
        painting.bar(painter, bar, share, ink)
        figure = QRect(rect.right() - room, rect.top(), room, rect.height())
        painting.text(painter, figure, words, theme.font(theme.BODY, 600), colours.text, painting.RIGHT)

    def _paint_number(self, painter: QPainter, option: QStyleOptionViewItem, row: Row) -> None:
        font = theme.font(theme.BODY, 400)
        painting.text(painter, _inner(option), self._number(row), font, tokens().text3, painting.RIGHT)


class AnswerModel(TextsModel[int]):
    """Its rows are `places` in the answers."""

    def __init__(self, board: RowsModel, parent: QObject | None = None) -> None:
        self._board = board
        self.places = np.empty(0, dtype=np.int64)
        super().__init__(parent)

    def show_places(self, places: np.ndarray) -> None:
        """Other rows, or the same ones by another decision: then the table stays where it is."""
        if np.array_equal(places, self.places) and len(places):
            self.tell_all_changed()
            return
        self.beginResetModel()
        self.places, self.columns = places, self.columns_now()
        self.endResetModel()

    def row_of(self, place: int) -> int | None:
        """Where a place of the answers stands in the table."""
        found = np.flatnonzero(self.places == place)
        return int(found[0]) if len(found) else None

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self.places)

    def row(self, number: int) -> int:
        return int(self.places[number])

    def titles(self) -> tuple[str, str, str, str]:
        subject = self._board.subject
        has_truths = subject is None or subject.answers.truths is not None
        labels = tr("Your label → its answer") if has_truths else tr("Its answer")
        sure = tr("How sure") if subject is None else view_of(subject.answers).sure_title()
        return tr("Text, with the words that pushed it there"), labels, sure, tr("Row")

    def text(self, row: int) -> str:
        return self._board.text(row)

    def spans(self, row: int) -> Spans:
        marks = self._board.marks(row)
        return () if marks is None else marks.strong

    def labels(self, row: int) -> tuple[str, str]:
        decided = self._board.decided
        assert decided is not None, "rows are shown by a decision"
        view = view_of(decided.answers)
        said, truth = view.said(decided, row), view.truth(decided.answers, row)
        if not truth:
            return said, said
        return f"{truth}{ARROW}{said}", tr("Your label: {truth}; its answer: {said}", truth=truth, said=said)

    def sure(self, row: int) -> tuple[str, float, str]:
        decided = self._board.decided
        assert decided is not None, "rows are shown by a decision"
        view, doubts = view_of(decided.answers), decided.doubts
        tone = "wrong" if doubts.wrong[row] else "abstained" if doubts.silent[row] else "right"
        return view.sure(decided, row), view.share(decided, row), tone

    def number(self, row: int) -> int:
        assert self._board.subject is not None
        return int(self._board.subject.answers.rows[row])

    def correction(self, row: int) -> Correction | None:
        return self._board.correction(row)


def both_elided(words: str, metrics: QFontMetrics, room: int) -> str:
    """Where two long labels do not fit, each keeps its share of the room: the second one must not vanish."""
    before, arrow, after = words.partition(ARROW)
    room -= metrics.horizontalAdvance(arrow)
    widths = metrics.horizontalAdvance(before) + 2, metrics.horizontalAdvance(after) + 2  # rounded down otherwise
    if not arrow or sum(widths) <= room:
        return words
    first = max(room // 2, room - widths[1]) if widths[0] > room // 2 else widths[0]
    mode = Qt.TextElideMode.ElideRight
    return f"{metrics.elidedText(before, mode, first)}{arrow}{metrics.elidedText(after, mode, room - first)}"


def labels_width(answers: Answers) -> int:
    """Pixels of the column of labels that the longest labels need, heading included."""
    metrics = QFontMetrics(theme.font(theme.BODY))
    longest = sorted((metrics.horizontalAdvance(label) for label in answers.labels), reverse=True)[:2]
    heading = QFontMetrics(theme.font(theme.CAPTION, 500)).horizontalAdvance(tr("Your label → its answer"))
    return max(sum(longest) + metrics.horizontalAdvance(ARROW), heading) + 2 * _PAD + 6


def _inner(option: QStyleOptionViewItem) -> QRect:
    return option.rect.adjusted(_PAD, 0, -_PAD, -1)
