"""How samples stand in a table: the text with its repeated opening marked and its nearest training text under it; the
critic's judgement as a bar with a tick at one half."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyleOptionViewItem

from engine.records import Sample
from studio import theme
from studio.numbers import NOTHING, percent
from studio.tables.column_model import Column
from studio.tables.painted_delegate import has_focus
from studio.theme import tokens
from studio.translation import tr
from studio.widgets import painting

TEXT, CRITIC = 0, 1
HEIGHT = 58
_BAR, _FIGURE, _TEXT_SIZE = 8, 52, 14
_FALSE_BELOW = 0.25


def sample_columns(marked: Callable[[str], int]) -> tuple[Column[Sample], Column[Sample]]:
    """`marked(text)` is how many of its first characters open many other texts."""

    def paint(painter: QPainter, option: QStyleOptionViewItem, sample: Sample) -> None:
        _paint_text(painter, option, sample, marked(sample.text))

    return (
        Column(
            tr("Invented text"),
            text_words,
            told=lambda one: "; ".join(part for part in (text_words(one), nearest_words(one)) if part),
            tooltip=lambda one: f"{one.text}\n{nearest_words(one)}".strip(),
            paint=paint,
        ),
        Column(
            tr("The critic takes it for real"),
            probability_words,
            told=lambda one: tr("The critic takes it for real: {share}", share=probability_words(one)),
            title_tooltip=tr("The critic's probability that a person wrote it; the tick is at 50 %"),
            paint=_paint_critic,
        ),
    )


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


def _paint_text(painter: QPainter, option: QStyleOptionViewItem, sample: Sample, marked: int) -> None:
    """Two lines; what is repeated stands on a coloured ground."""
    line = option.rect.adjusted(10, 8, -8, 0)
    line.setHeight(24)
    font, shown = theme.font(_TEXT_SIZE, 500), text_words(sample)
    opening = shown[:marked]
    if opening:
        width = min(QFontMetrics(font).horizontalAdvance(opening) + 6, line.width())
        ground = QRect(line.left() - 3, line.top() + 1, width, line.height() - 2)
        painting.box(painter, ground, 5, painting.tinted(tokens().crosshair, 80))
    painting.text(painter, line, shown, font, tokens().text if sample.text else tokens().text3)
    under = QRect(line.left(), line.bottom() + 1, line.width(), 18)
    is_copied = sample.overlap >= 1 and sample.nearest == sample.text
    ink = tokens().warn if is_copied else tokens().text2
    painting.text(painter, under, nearest_words(sample), theme.font(theme.CAPTION), ink)
    if has_focus(option):
        painting.focus_ring(painter, option.rect.adjusted(2, 3, -2, -3), theme.CHIP_RADIUS)


def _paint_critic(painter: QPainter, option: QStyleOptionViewItem, sample: Sample) -> None:
    """Bar, tick and figure."""
    rect, colours = option.rect.adjusted(8, 0, -10, 0), tokens()
    words, strong = probability_words(sample), theme.font(theme.BODY, 600)
    room = max(_FIGURE, QFontMetrics(strong).horizontalAdvance(percent(1.0, 0)) + 4)
    figure = QRect(rect.right() - room, rect.top(), room, rect.height())
    painting.text(painter, figure, words, strong, colours.text, painting.RIGHT)
    if sample.probability is None:
        return
    bar = QRect(rect.left(), rect.center().y() - _BAR // 2, rect.width() - room - 10, _BAR)
    color = colours.s2 if sample.probability < _FALSE_BELOW else colours.s1
    painting.bar(painter, bar, sample.probability, color)
    painter.fillRect(bar.left() + bar.width() // 2, bar.top() - 4, 1, bar.height() + 8, QColor(colours.text3))
