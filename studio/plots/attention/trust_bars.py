"""TrustBars: figures beside their controls; TrustPill: what they say in a word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.records import Trust
from studio import theme
from studio.numbers import NOTHING
from studio.theme import tokens
from studio.translation import tr
from studio.widgets import painting
from studio.widgets.pill import colours_of

_CAPTION, _BAR, _AIR, _BETWEEN = 19, 6, 9, 17
_ICONS = {"strong": "ph.check-circle", "fair": "ph.scales", "weak": "ph.warning"}
_KINDS = {"strong": "ok", "fair": "warn", "weak": "bad"}


@dataclass(frozen=True)
class Measure:
    """One bar. `value` is None while it is measured; `interval` a half-width, where there is one."""

    caption: str
    value: float | None
    interval: float | None = None


@dataclass(frozen=True)
class Compared:
    """A figure and its controls: the first bar in the accent, the others grey. `signed` bars begin in the middle and
    go from -1 to 1, the others from 0 to 1."""

    title: str
    measures: tuple[Measure, ...]
    signed: bool = False


class TrustBars(QWidget):
    """Groups of bars under their titles, with a hairline between them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("trustBars")
        self.setAccessibleName(tr("How far the map can be trusted"))
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._groups: tuple[Compared, ...] = ()

    def set_groups(self, groups: Sequence[Compared]) -> None:
        self._groups = tuple(groups)
        self.setAccessibleDescription("; ".join(_spoken(group) for group in groups))
        self.updateGeometry()
        self.update()

    def groups(self) -> tuple[Compared, ...]:
        return self._groups

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        heights = [_height_of(group, width) for group in self._groups]
        return sum(heights) + _BETWEEN * max(0, len(heights) - 1)

    def sizeHint(self) -> QSize:
        return QSize(200, self.heightForWidth(max(200, self.width())))

    def minimumSizeHint(self) -> QSize:
        return QSize(140, self.heightForWidth(max(140, self.width())))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, top = QPainter(self), 0
        for index, group in enumerate(self._groups):
            if index:
                painter.fillRect(QRect(0, top + _BETWEEN // 2, self.width(), 1), QColor(tokens().line))
                top += _BETWEEN
            self._paint_group(painter, group, top)
            top += _height_of(group, self.width())

    def _paint_group(self, painter: QPainter, group: Compared, top: int) -> None:
        painter.setFont(_title_font())
        painter.setPen(QColor(tokens().text))
        height = _title_height(group.title, self.width())
        wrap = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft
        painter.drawText(QRect(0, top, self.width(), height), wrap, group.title)
        top += height + 3
        for index, measure in enumerate(group.measures):
            self._paint_measure(painter, measure, group.signed, top, is_control=index > 0)
            top += _CAPTION + _BAR + _AIR

    def _paint_measure(self, painter: QPainter, measure: Measure, signed: bool, top: int, *, is_control: bool) -> None:
        row, figure = QRect(0, top, self.width(), _CAPTION), figure_words(measure, signed=signed)
        strong = theme.font(theme.CAPTION, 600)
        width = painting.text(painter, row, figure, strong, tokens().text, painting.RIGHT)
        caption = row.adjusted(0, 0, -width - 10, 0)
        painting.text(painter, caption, measure.caption, theme.font(theme.CAPTION), tokens().text2)
        place = QRect(0, top + _CAPTION + 1, self.width(), _BAR)
        color = tokens().text3 if is_control else tokens().accent
        if signed:
            _paint_signed(painter, place, measure.value, color)
        else:
            painting.bar(painter, place, measure.value or 0.0, color)


class TrustPill(QWidget):
    """Strong, fair or weak: the icon, the word and the colour say the same."""

    def __init__(self, trust: Trust | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("trustPill")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._font = theme.font(theme.CAPTION, 600)
        self.set_trust(trust)

    def set_trust(self, trust: Trust | None) -> None:
        """None while it is measured."""
        self._trust = trust
        self.setAccessibleName(self.text())
        self.updateGeometry()
        self.update()

    @property
    def trust(self) -> Trust | None:
        return self._trust

    def text(self) -> str:
        return {None: tr("Measuring …"), "strong": tr("Strong"), "fair": tr("Fair"), "weak": tr("Weak")}[self._trust]

    def sizeHint(self) -> QSize:
        return QSize(QFontMetrics(self._font).horizontalAdvance(self.text()) + 42, 24)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        ink, fill = colours_of(_KINDS.get(self._trust or "", "plain"))
        painting.box(painter, self.rect(), self.height() / 2, fill)
        sign = _ICONS.get(self._trust or "", "ph.dots-three")
        theme.icon(sign, ink).paint(painter, QRect(10, 4, 16, 16))
        painting.text(painter, QRect(31, 0, self.width() - 36, self.height()), self.text(), self._font, ink)


def figure_words(measure: Measure, *, signed: bool = False) -> str:
    """Two decimals, with the interval where there is one: as ends, where it would pass what can be. A dash while it is
    measured."""
    if measure.value is None:
        return NOTHING
    words = _figure(measure.value)
    if measure.interval is None:
        return words
    low, high = measure.value - measure.interval, measure.value + measure.interval
    least = -1.0 if signed else 0.0
    if low >= least and high <= 1.0:
        return f"{words} ± {measure.interval:.2f}"
    ends = {"low": _figure(max(low, least)), "high": _figure(min(high, 1.0))}
    return tr("{value} ({low} to {high})", value=words, **ends)


def _figure(value: float) -> str:
    return f"{value:.2f}".replace("-", "−").replace("−0.00", "0.00")


def _spoken(group: Compared) -> str:
    told = (f"{one.caption} {figure_words(one, signed=group.signed)}" for one in group.measures)
    return f"{group.title}: " + ", ".join(told)


def _title_font() -> QFont:
    return theme.font(theme.BODY, 600)


def _title_height(title: str, width: int) -> int:
    if not title:
        return 0
    room = QRect(0, 0, max(1, width), 1000)
    return QFontMetrics(_title_font()).boundingRect(room, int(Qt.TextFlag.TextWordWrap), title).height() + 2


def _height_of(group: Compared, width: int) -> int:
    return _title_height(group.title, width) + 3 + len(group.measures) * (_CAPTION + _BAR + _AIR) - _AIR + 2


def _paint_signed(painter: QPainter, place: QRect, value: float | None, color: str) -> None:
    """From the middle to the right for more than 0, to the left for less."""
    painting.box(painter, place, place.height() / 2, tokens().track)
    middle = place.left() + place.width() / 2
    if value is not None and value == value:  # noqa: PLR0124 - nan
        end = middle + min(max(value, -1.0), 1.0) * place.width() / 2
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(color))
        left, right = min(middle, end), max(middle, end)
        painter.drawRoundedRect(QRectF(left, place.top(), max(2.0, right - left), place.height()), 2, 2)
        painter.restore()
    painter.fillRect(QRectF(round(middle) - 0.5, place.top() - 2, 1, place.height() + 4), QColor(tokens().text3))
