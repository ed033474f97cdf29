"""How runs are drawn: two lines in the side bar's list, cells in a table; a dot and words for the state in both."""

from __future__ import annotations

import math
from collections.abc import Callable

from PySide6.QtCore import QAbstractItemModel, QPointF, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QLineEdit, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from engine.runs.run_maintenance import MOST_NAME
from studio import theme
from studio.numbers import NOTHING, percent, when
from studio.tables.column_model import ROW, Column, Index
from studio.theme import tokens
from studio.translation import tr
from studio.widgets import painting
from studio.widgets.pill import colours_of
from studio.widgets.run_summary import RunSummary

NAME, DATA, STATE, LEARNING, PRECISION, RECALL, WHEN = range(7)
_LIST_ROW, _SPARK = 54, 48
_STAR, _CHIP_HEIGHT, _CHIP_GAP, _LEAST_CHIP = 13, 17, 5, 30
NARROW = 100


def state_dot(painter: QPainter, centre: QPointF, summary: RunSummary) -> None:
    """The dot of a run's state: with a halo while it trains, hollow before it began."""
    ink = tokens().accent if summary.kind == "accent" else colours_of(summary.kind)[0]
    is_new = summary.state == "new"
    painting.dot(painter, centre, 3.2, ink, halo=summary.state == "running", hollow=is_new)


def spark_colour(summary: RunSummary) -> str:
    """Blue; amber while it waits; grey when it failed."""
    colours = tokens()
    return {"warn": colours.warn, "bad": colours.text3}.get(summary.kind, colours.s1)


def paint_star(painter: QPainter, left: int, middle: int) -> int:
    """The mark of a starred run; returns the width it took."""
    place = QRect(left, middle - _STAR // 2, _STAR, _STAR)
    theme.icon("ph.star-fill", tokens().warn).paint(painter, place)
    return _STAR + _CHIP_GAP


def paint_tags(painter: QPainter, room: QRect, tags: tuple[str, ...]) -> None:
    """As small chips from the left, as many as there is room for; what is left over is counted."""
    font, colours = theme.font(theme.TICK, 500), tokens()
    metrics, left = QFontMetrics(font), room.left()
    for place, tag in enumerate(tags):
        rest = len(tags) - place - 1
        reserved = metrics.horizontalAdvance(f"+{rest}") + _CHIP_GAP if rest else 0
        width = metrics.horizontalAdvance(tag) + 12
        if left + width + reserved > room.right():
            if left + _LEAST_CHIP <= room.right():
                count = QRect(left, room.top(), room.right() - left, room.height())
                painting.text(painter, count, f"+{rest + 1}", font, colours.text3)
            return
        chip = QRect(left, room.center().y() - _CHIP_HEIGHT // 2, width, _CHIP_HEIGHT)
        painting.box(painter, chip, theme.CHIP_RADIUS, colours.soft, colours.soft_line)
        painting.text(painter, chip, tag, font, colours.accent_text, painting.CENTER)
        left += width + _CHIP_GAP


class RunListDelegate(QStyledItemDelegate):
    """Dot, name, spark line, and the state in words under the name. In a narrow list only the dot is left."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(200, 36 if option.rect.width() < NARROW else theme.tall(_LIST_ROW))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        summary: RunSummary = index.data(ROW)
        row = option.rect.adjusted(0, 1, 0, -1)
        self._paint_row(painter, option, row)
        if option.rect.width() < NARROW:
            state_dot(painter, QPointF(row.center().x() + 0.5, row.center().y() + 0.5), summary)
            return
        state_dot(painter, QPointF(row.left() + 14, row.top() + theme.tall(17) + 0.5), summary)
        spark_left = row.right() - _SPARK - 10
        has_curve = len(summary.steps) > 1
        name_right = spark_left if has_curve else row.right() - 8
        name = QRect(row.left() + 28, row.top() + theme.tall(7), name_right - row.left() - 34, theme.tall(20))
        if summary.marks.star:
            name.setLeft(name.left() + paint_star(painter, name.left() - 1, name.center().y()))
        is_offered = bool(index.flags() & Qt.ItemFlag.ItemIsEnabled)
        strong = tokens().text if is_offered else tokens().text3
        painting.text(painter, name, summary.name, theme.font(theme.BODY, 500), strong)
        if has_curve and is_offered:
            place = QRect(spark_left, row.top() + theme.tall(7) - 1, _SPARK, theme.tall(20))
            colour = spark_colour(summary)
            painting.spark(painter, place, summary.steps, summary.values, colour, end_dot=summary.state == "running")
        ink = colours_of(summary.kind)[0] if summary.kind in ("warn", "bad") else tokens().text2
        under = QRect(row.left() + 28, row.top() + theme.tall(27), row.width() - 36, theme.tall(18))
        taken = painting.text(painter, under, summary.words, theme.font(theme.CAPTION), ink)
        paint_tags(painter, under.adjusted(taken + 8, 0, 0, 0), summary.marks.tags)

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        editor = QLineEdit(parent)
        editor.setObjectName("run_name_editor")
        editor.setAccessibleName(tr("The run's name"))
        editor.setFont(theme.font(theme.BODY, 500))
        editor.setStyleSheet("QLineEdit { min-height: 24px; padding: 0 6px; }")
        editor.setMaxLength(MOST_NAME)
        return editor

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        if isinstance(editor, QLineEdit) and not editor.isModified():  # a training run's row changes meanwhile
            editor.setText(index.data(Qt.ItemDataRole.EditRole))
            editor.selectAll()

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        if isinstance(editor, QLineEdit) and editor.text().strip():
            model.setData(index, editor.text(), Qt.ItemDataRole.EditRole)

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        editor.setGeometry(option.rect.adjusted(22, 3, -6, theme.tall(31) - option.rect.height()))

    def _paint_row(self, painter: QPainter, option: QStyleOptionViewItem, row: QRect) -> None:
        is_chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if is_chosen or option.state & QStyle.StateFlag.State_MouseOver:
            painting.box(painter, row, theme.BUTTON_RADIUS, tokens().hover)
        if is_chosen:
            mark = QRect(row.left(), row.top() + 13, 3, row.height() - 26)
            painting.box(painter, mark, 1.5, tokens().accent)
        if option.state & QStyle.StateFlag.State_HasFocus:
            painting.focus_ring(painter, row, theme.BUTTON_RADIUS)


def run_columns() -> tuple[Column[RunSummary], ...]:
    """What a table says of a run; the name strong, the numbers right-aligned in tabular figures."""

    def told(one: RunSummary) -> str:
        return ", ".join(_told(one))

    def tip(one: RunSummary) -> str:
        return "\n".join(_told(one))

    return (
        Column(tr("Run"), lambda one: one.name, told, tip, paint=_paint_name),
        Column(tr("Data"), lambda one: one.data, told, tip, paint=_words(lambda one: one.data)),
        Column(tr("State"), lambda one: one.words, told, tip, paint=_paint_state),
        Column(tr("Learning"), _share, told, paint=_paint_curve),
        Column(tr("Precision"), _precision, told, is_right=True, paint=_words(_precision, painting.RIGHT, True)),
        Column(tr("Recall"), _recall, told, is_right=True, paint=_words(_recall, painting.RIGHT)),
        Column(tr("When"), _when, told, paint=_words(_when, indent=20)),
    )


def _told(summary: RunSummary) -> list[str]:
    """Name, state, and what the person wrote on it."""
    marks = summary.marks
    star = [tr("starred")] if marks.star else []
    return [summary.name, summary.words, *star, *marks.tags, *([marks.note] if marks.note else [])]


def _share(summary: RunSummary) -> str:
    return NOTHING if math.isnan(summary.share) else percent(summary.share, 0)


def _precision(summary: RunSummary) -> str:
    return percent(summary.precision)


def _recall(summary: RunSummary) -> str:
    return percent(summary.recall)


def _when(summary: RunSummary) -> str:
    return when(summary.created)


def _paint_name(painter: QPainter, option: QStyleOptionViewItem, summary: RunSummary) -> None:
    rect = option.rect
    state_dot(painter, QPointF(rect.left() + 24, rect.center().y() + 0.5), summary)
    place = rect.adjusted(38, 0, -8, 0)
    if summary.marks.star:
        place.setLeft(place.left() + paint_star(painter, place.left() - 1, place.center().y()))
    taken = painting.text(painter, place, summary.name, theme.font(theme.BODY, 600), tokens().text)
    paint_tags(painter, place.adjusted(taken + 10, 0, 0, 0), summary.marks.tags)


def _paint_state(painter: QPainter, option: QStyleOptionViewItem, summary: RunSummary) -> None:
    rect = option.rect.adjusted(8, 0, -8, 0)
    ink = colours_of(summary.kind)[0] if summary.kind in ("warn", "bad") else tokens().text2
    is_said = summary.kind == "ok" and not math.isnan(summary.precision)  # the next columns say it
    words = summary.words.split(" · ")[0] if is_said else summary.words
    taken = painting.text(painter, rect, words, theme.font(), ink)
    if summary.state == "running" and not math.isnan(summary.share) and rect.width() - taken > 60:
        track = QRect(rect.left() + taken + 10, rect.center().y() - 2, min(64, rect.width() - taken - 14), 6)
        painting.bar(painter, track, summary.share, tokens().accent)


def _paint_curve(painter: QPainter, option: QStyleOptionViewItem, summary: RunSummary) -> None:
    inner = option.rect.adjusted(8, 0, -8, 0)
    place = QRect(inner.left(), inner.center().y() - 13, min(inner.width(), 100), 26)
    colour = spark_colour(summary)
    painting.spark(painter, place, summary.steps, summary.values, colour, fill=True, end_dot=True)


def _words(
    text: Callable[[RunSummary], str],
    side: Qt.AlignmentFlag = painting.LEFT,
    is_strong: bool = False,
    indent: int = 0,
) -> Callable[[QPainter, QStyleOptionViewItem, RunSummary], None]:
    def paint(painter: QPainter, option: QStyleOptionViewItem, summary: RunSummary) -> None:
        ink, font = (tokens().text, theme.font(theme.BODY, 600)) if is_strong else (tokens().text2, theme.font())
        painting.text(painter, option.rect.adjusted(8 + indent, 0, -8, 0), text(summary), font, ink, side)

    return paint
