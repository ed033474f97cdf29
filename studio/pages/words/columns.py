"""How runs of words stand in a table: the run, a bar of what it counts, in how many texts it occurs."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyleOptionViewItem

from engine.records import SpokenRun
from studio import theme
from studio.numbers import number
from studio.tables.column_model import Column
from studio.theme import tokens
from studio.translation import tr
from studio.widgets import painting

WEIGHT, TEXTS = 260, 90
_PAD, _FIGURE, _BAR = 8, 64, 8
_BLANK = "␣"


def run_columns(most: float, *, is_shown_blank: bool) -> tuple[Column[SpokenRun], ...]:
    """`most` is the largest weight, as long as a bar can be; `is_shown_blank`: blanks are signs of their own."""
    name = partial(shown, is_shown_blank=is_shown_blank)
    return (
        Column(tr("Words"), name, tooltip=name),
        Column(tr("Weight"), weight_words, paint=partial(_paint_weight, most)),
        Column(
            tr("Texts"),
            lambda one: number(one.num_texts),
            lambda one: tr("{count:plural:text:texts}", count=one.num_texts),
            is_right=True,
            title_tooltip=tr("Training texts that hold it"),
        ),
    )


def shown(run: SpokenRun, *, is_shown_blank: bool) -> str:
    """The run as it is read."""
    return run.text.replace(" ", _BLANK) if is_shown_blank else run.text


def weight_words(run: SpokenRun) -> str:
    return f"{run.weight:+.3f}".replace("-", "−")


def _paint_weight(most: float, painter: QPainter, option: QStyleOptionViewItem, run: SpokenRun) -> None:
    rect: QRect = option.rect.adjusted(_PAD, 0, -_PAD, 0)
    figures = QRect(rect.left(), rect.top(), _FIGURE, rect.height())
    painting.text(painter, figures, weight_words(run), theme.font(), tokens().text)
    track = QRectF(rect.left() + _FIGURE, rect.center().y() - _BAR / 2, max(0, rect.width() - _FIGURE), _BAR)
    colour = tokens().accent if run.weight > 0 else tokens().text3
    painting.bar(painter, track.toRect(), min(1.0, abs(run.weight) / max(most, 1e-12)), colour)
