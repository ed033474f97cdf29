"""Words on the screen: headings, captions, and labels that shorten themselves instead of pushing their card wider."""

from __future__ import annotations

import math
from typing import Literal

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from studio import theme

_MOST_LINES, _LEAST_TITLE = 3, 180
_LETTERS = "without that word the probability falls"
_HEADINGS = {"page": (theme.PAGE_TITLE, 600), "card": (theme.CARD_TITLE, 600), "figure": (theme.FIGURE, 600)}


class Heading(QLabel):
    """A title: of the page, of a card, or a figure that stands alone."""

    def __init__(
        self, text: str = "", kind: Literal["page", "card", "figure"] = "card", parent: QWidget | None = None
    ) -> None:
        super().__init__(text, parent)
        self.setFont(theme.font(*_HEADINGS[kind]))
        self.setTextFormat(Qt.TextFormat.PlainText)


class Caption(QLabel):
    """Small, pale words beside or under something."""

    def __init__(self, text: str = "", wrap: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setProperty("kind", "caption")
        self.setFont(theme.font(theme.CAPTION))
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(wrap)


class TitleLabel(Heading):
    """A card's title, in one line: what stands beside it gives way first. Only where there is no room at all it ends in
    "…"; the tooltip then has it whole."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, "card", parent)

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(self.font())
        return QSize(metrics.horizontalAdvance(self.text()) + 2, max(metrics.height(), self.minimumHeight()))

    def minimumSizeHint(self) -> QSize:
        whole = self.sizeHint()
        return QSize(min(whole.width(), theme.tall(_LEAST_TITLE)), whole.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        _paint_elided(self)


class SteadyLabel(QLabel):
    """Wrapped words that change while one looks: it always has the height that words of the `usual` number of signs
    take, so that nothing under it moves."""

    def __init__(self, usual: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._usual = usual
        self.setWordWrap(True)
        self.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)

    def heightForWidth(self, width: int) -> int:
        metrics = QFontMetrics(self.font())
        usual = self._usual * metrics.horizontalAdvance(_LETTERS) / len(_LETTERS)
        lines = -(-int(1.1 * usual) // max(1, width))
        return max(
            super().heightForWidth(width), min(lines, _MOST_LINES) * math.ceil(QFontMetricsF(self.font()).lineSpacing())
        )


class ElidingLabel(QLabel):
    """One line that ends in "…" where there is no room; the tooltip then has it whole."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setMinimumWidth(1)

    def minimumSizeHint(self) -> QSize:
        return QSize(1, super().minimumSizeHint().height())

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(self.font())
        return QSize(metrics.horizontalAdvance(self.text()) + 2, metrics.height() + 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        _paint_elided(self)


class ElidingCaption(ElidingLabel):
    """Small, pale words beside a title, that give way to it."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.setProperty("kind", "caption")
        self.setFont(theme.font(theme.CAPTION))


def _paint_elided(label: QLabel) -> None:
    painter = QPainter(label)
    shown = QFontMetrics(label.font()).elidedText(label.text(), Qt.TextElideMode.ElideRight, label.width())
    label.setToolTip(label.text() if shown != label.text() else "")
    painter.setPen(label.palette().color(label.foregroundRole()))
    painter.drawText(label.rect(), label.alignment() | Qt.TextFlag.TextSingleLine, shown)


def label(text: str, size: int = 13, kind: str = "", weight: int = 400, wraps: bool = True) -> QLabel:
    """A label that lets clicks through to the card beneath it; `kind` is its colour: caption, second, ok, warn, bad."""
    made = QLabel(text)
    made.setFont(theme.font(size, weight))
    made.setProperty("kind", kind)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    made.setWordWrap(wraps)
    if wraps:
        made.setMinimumWidth(1)
    return made


def change(made: QLabel, text: str, kind: str) -> None:
    """Other words in another colour."""
    made.setText(text)
    made.setProperty("kind", kind)
    made.style().unpolish(made)
    made.style().polish(made)
