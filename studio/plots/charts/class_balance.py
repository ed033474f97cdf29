"""BalanceBars: how many texts each label has, as bars with counts and shares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.numbers import number, percent
from studio.theme import font, tall, tokens
from studio.translation import tr

ROW_HEIGHT = 26
_BAR_HEIGHT = 9
_SHARE_WIDTH = 52
_GAP = 12


@dataclass(frozen=True)
class BalanceRow:
    """One line: a label, its rows, and its share of all (0 to 1). `is_rest` gathers the labels that found no place."""

    label: str
    count: int
    share: float
    is_rest: bool = False


def balance_rows(balance: Mapping[str, int], most: int, num_rows: int | None = None) -> tuple[BalanceRow, ...]:
    """The largest labels first, at most `most` lines; the last line gathers the rest where there are more. Shares are
    of `num_rows`, where a row may count for several labels."""
    total = max(1, sum(balance.values()) if num_rows is None else num_rows)
    ordered = sorted(balance.items(), key=lambda item: (-item[1], item[0]))
    shown = ordered if len(ordered) <= most else ordered[: most - 1]
    rows = [BalanceRow(label, count, count / total) for label, count in shown]
    if len(ordered) > len(shown):
        rest = sum(count for _, count in ordered[len(shown) :])
        name = tr("{count:plural:more label:more labels}", count=len(ordered) - len(shown))
        rows.append(BalanceRow(name, rest, rest / total, is_rest=True))
    return tuple(rows)


class BalanceBars(QWidget):
    """Bars on one scale, labels on the left, counts and shares on the right; as many rows as fit are shown."""

    def __init__(self, most: int = 6, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._most = most
        self._rows: tuple[BalanceRow, ...] = ()
        self.setObjectName("balance")
        self.setAccessibleName(tr("Class balance"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_balance(self, balance: Mapping[str, int], num_rows: int | None = None) -> None:
        """Draw {label: rows}; `num_rows` in all, where a row may count for several labels."""
        self._rows = balance_rows(balance, self._most, num_rows)
        self.setAccessibleDescription("; ".join(f"{row.label}: {number(row.count)}" for row in self._rows))
        self.setToolTip("\n".join(f"{label}  {number(count)}" for label, count in list(balance.items())[:40]))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(320, max(1, len(self._rows)) * tall(ROW_HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return QSize(160, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._rows:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(font(13))
        metrics = QFontMetricsF(painter.font())
        labels = min(max(metrics.horizontalAdvance(row.label) for row in self._rows) + 2, self.width() * 0.34)
        counts = QFontMetricsF(font(13, 500)).horizontalAdvance(max((number(r.count) for r in self._rows), key=len)) + 2
        left = labels + _GAP
        right = self.width() - counts - tall(_SHARE_WIDTH) - _GAP
        top = max(row.count for row in self._rows if not row.is_rest)
        high = tall(ROW_HEIGHT)
        for index, row in enumerate(self._rows):
            middle = index * high + high / 2
            self._draw_words(painter, row, middle, labels, counts)
            self._draw_bar(painter, row, QRectF(left, middle - _BAR_HEIGHT / 2, right - left, _BAR_HEIGHT), top)

    def _draw_words(self, painter: QPainter, row: BalanceRow, middle: float, labels: float, counts: float) -> None:
        colors = tokens()
        line = QRectF(0, middle - tall(ROW_HEIGHT) / 2, labels, tall(ROW_HEIGHT))
        center = Qt.AlignmentFlag.AlignVCenter
        painter.setFont(font(13))
        painter.setPen(QColor(colors.text3 if row.is_rest else colors.text2))
        elided = QFontMetricsF(painter.font()).elidedText(row.label, Qt.TextElideMode.ElideRight, labels)
        painter.drawText(line, center | Qt.AlignmentFlag.AlignLeft, elided)
        painter.setPen(QColor(colors.text3))
        share = QRectF(self.width() - tall(_SHARE_WIDTH), line.top(), tall(_SHARE_WIDTH), line.height())
        painter.drawText(share, center | Qt.AlignmentFlag.AlignRight, percent(row.share, 0))
        painter.setFont(font(13, 500))
        painter.setPen(QColor(colors.text))
        box = QRectF(share.left() - counts, line.top(), counts, line.height())
        painter.drawText(box, center | Qt.AlignmentFlag.AlignRight, number(row.count))

    def _draw_bar(self, painter: QPainter, row: BalanceRow, track: QRectF, top: int) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tokens().track))
        painter.drawRoundedRect(track, 3, 3)
        if row.is_rest or not row.count:
            return
        filled = QRectF(QPointF(track.left(), track.top()), track.size())
        filled.setWidth(max(3.0, track.width() * row.count / top))
        painter.setBrush(QColor(tokens().s1))
        painter.drawRoundedRect(filled, 3, 3)
