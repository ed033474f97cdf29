"""Texts as lines: in one, between their low lines, and painted with their strong words marked, as much as fits, the
marked part first."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QTextCharFormat, QTextLayout, QTextOption

from studio import theme
from studio.theme import tokens
from studio.translation import tr

_LEAD, _MARGIN = 36, 1.4
_GROUND = 84
_MOST_TRIES = 4


def one_line(text: str) -> str:
    """A text as one line of a table."""
    return " ".join(text.split()) if text.strip() else tr("(an empty text)")


def breakable(words: str) -> str:
    """Names_of_labels may go on in the next line after each low line: a zero-width space stands there."""
    return words.replace("_", "_\u200b")


@dataclass(frozen=True)
class Line:
    """What is shown of a text: `spans` are places in `text`."""

    text: str
    spans: tuple[tuple[int, int], ...]


def line_of(text: str, spans: tuple[tuple[int, int], ...], fits: int) -> Line:
    """Blank signs become spaces; where the first marked word would stand beyond `fits` characters, the line begins
    shortly before it, at a word. Not much more is taken than fits: laying out is what painting costs."""
    start = 0
    if spans and spans[0][1] > fits:
        start = max(0, spans[0][0] - min(_LEAD, fits // 4))
        start = text.find(" ", start, spans[0][0]) + 1 or start
    shown = "".join(" " if sign.isspace() else sign for sign in text[start : start + round(_MARGIN * fits) + 8])
    if start:
        shown, start = f"… {shown}", start - 2
    return Line(shown, tuple((left - start, right - start) for left, right in spans if right - start <= len(shown)))


def paint_line(
    painter: QPainter, rect: QRect, text: str, spans: tuple[tuple[int, int], ...], ink: str, ground: str = ""
) -> None:
    """Elided at the right; `ground` is the colour under the marked parts, usually the second series'."""
    font = theme.font(theme.BODY + 1, 400)
    metrics = QFontMetricsF(font)
    fits = int(rect.width() / max(1.0, metrics.averageCharWidth()))
    line = line_of(text, spans, fits)
    room = float(rect.width() - 6 * len(line.spans))
    for _ in range(_MOST_TRIES):  # strong words are wider than they were measured
        shown = metrics.elidedText(line.text, Qt.TextElideMode.ElideRight, room)
        kept = len(shown) - 1 if shown != line.text else len(shown)
        marked = [(left, min(right, kept)) for left, right in line.spans if left < kept]
        layout = _laid_out(shown, font, marked)
        over = layout.lineAt(0).naturalTextWidth() - rect.width()
        if over <= 0:
            break
        room -= over + 1
    top = rect.top() + (rect.height() - layout.boundingRect().height()) / 2
    place = QPointF(rect.left(), top)
    painter.save()
    painter.setClipRect(rect.adjusted(-4, 0, 0, 0))
    _paint_grounds(painter, layout, place, marked, ground or tokens().s2)
    painter.setPen(QColor(ink))
    layout.draw(painter, place)
    painter.restore()


def _laid_out(text: str, font: QFont, marked: list[tuple[int, int]]) -> QTextLayout:
    layout = QTextLayout(text, font)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.NoWrap)
    layout.setTextOption(option)
    strong = QTextCharFormat()
    strong.setFontWeight(QFont.Weight.DemiBold)
    formats = []
    for left, right in marked:
        span = QTextLayout.FormatRange()
        span.start, span.length, span.format = left, right - left, strong  # type: ignore[attr-defined]
        formats.append(span)
    layout.setFormats(formats)
    layout.beginLayout()
    line = layout.createLine()
    line.setLineWidth(1e6)
    line.setPosition(QPointF(0, 0))
    layout.endLayout()
    return layout


def _paint_grounds(
    painter: QPainter, layout: QTextLayout, place: QPointF, marked: list[tuple[int, int]], color: str
) -> None:
    line, ground = layout.lineAt(0), QColor(color)
    ground.setAlpha(_GROUND)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ground)
    for left, right in marked:
        x, end = line.cursorToX(left)[0], line.cursorToX(right)[0]  # type: ignore[index]
        painter.drawRoundedRect(QRectF(place.x() + x - 2, place.y() - 2, end - x + 4, line.height() + 4), 4, 4)
