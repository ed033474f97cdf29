"""LeftCard: what the settings leave of the choices at one place: the distribution before and after, likeliest first."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.metrics.sampling import after_settings
from engine.records import Distribution, WritingSettings
from studio.pages.write.words import shown_token
from studio.theme import font, tall, tokens
from studio.translation import tr
from studio.widgets import painting
from studio.widgets.card import Card
from studio.widgets.labels import Caption

_NUM_BARS = 16


class LeftBars(QWidget):
    """Pairs of bars: the model's own, and what is left of it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._before = self._after = np.zeros(0)
        self._names: list[str] = []
        self._own, self._cut = -1, -1
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_bars(self, before: np.ndarray, after: np.ndarray, names: list[str], own: int, cut: int) -> None:
        """`before` and `after` [bars], likeliest first; the written token is bar `own` (-1: not among them), and bars
        from `cut` on are left out by top-p (-1: none)."""
        self._before, self._after, self._names, self._own, self._cut = before, after, names, own, cut
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(260, tall(150))

    def minimumSizeHint(self) -> QSize:
        return QSize(160, tall(110))

    def paintEvent(self, _event: QPaintEvent) -> None:
        if not len(self._before):
            return
        painter, colours = QPainter(self), tokens()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        room = self.height() - tall(40)
        most = float(max(self._before.max(), self._after.max(), 1e-9))
        step = self.width() / len(self._before)
        painter.setPen(Qt.PenStyle.NoPen)
        for at, (one, other) in enumerate(zip(self._before, self._after, strict=True)):
            wide = max(2.0, step * 0.4)
            for side, value, color in ((0, one, colours.text3), (1, other, colours.accent)):
                high = max(1.0 if value > 0 else 0.0, room * float(value) / most)
                painter.setBrush(painting.tinted(color, 130) if side == 0 else QColor(color))
                painter.drawRect(QRectF(at * step + side * wide, room - high, wide, high))
        painter.setPen(QPen(QColor(colours.line2), 1))
        painter.drawLine(0, room, self.width(), room)
        if 0 < self._cut < len(self._before):
            self._paint_cut(painter, round(self._cut * step), room)
        self._paint_names(painter, room, step)

    def _paint_cut(self, painter: QPainter, left: int, room: int) -> None:
        painter.setPen(QPen(QColor(tokens().text2), 1))
        painter.drawLine(left, 0, left, room)
        place = QRect(left + 4, 0, self.width() - left - 4, tall(16))
        painting.text(painter, place, tr("top-p cuts here"), font(11), tokens().text2)

    def _paint_names(self, painter: QPainter, room: int, step: float) -> None:
        """The likeliest and the written one, and what the colours mean."""
        colours, left = tokens(), 0
        for at in dict.fromkeys((0, self._own)):
            if not 0 <= at < len(self._names):
                continue
            is_own = at == self._own
            ink, weight = (colours.accent_text, 600) if is_own else (colours.text2, 400)
            start = max(left, round(at * step))
            place = QRect(start, room + 2, self.width() - start, tall(18))
            left = start + painting.text(painter, place, self._names[at], font(11, weight), ink) + 8
        top = room + tall(20)
        legend = ((painting.tinted(colours.text3, 130), tr("the model")), (colours.accent, tr("after settings")))
        right = self.width()
        for color, words in reversed(legend):
            wide = painter.fontMetrics().horizontalAdvance(words) + 16
            painting.box(painter, QRect(right - wide, top + 5, 9, 9), 1, color)
            painting.text(painter, QRect(right - wide + 13, top, wide, tall(18)), words, font(11), colours.text2)
            right -= wide + 14


class LeftCard(Card):
    """Redrawn while a setting is dragged."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("What your settings leave"), "", parent)
        self._line, self._bars = Caption(wrap=True), LeftBars()
        self._line.setObjectName("settingsLeave")
        self.body.addWidget(self._line)
        self.body.addWidget(self._bars, 1)
        self._found: Distribution | None = None
        self._token_id, self._token = -1, ""
        self.chance: float | None = None
        self.show_settings(WritingSettings())

    def show_distribution(
        self, found: Distribution | None, token_id: int, token: str, settings: WritingSettings
    ) -> None:
        """At the place of a token that was written; None: nothing is pointed at."""
        self._found, self._token_id, self._token = found, token_id, shown_token(token)
        self.show_settings(settings)

    def show_settings(self, settings: WritingSettings) -> None:
        """The same place with other settings; `chance` is then what they make of its token."""
        found = self._found
        if found is None:
            self.chance = None
            self._line.setText(tr("Click a token that it wrote, and see which others your settings leave."))
            self._bars.show_bars(np.zeros(0), np.zeros(0), [], -1, -1)
            return
        before = np.exp(found.log_probabilities.astype(np.float64))
        after = after_settings(found.log_probabilities, found.is_before, settings)
        self.chance = float(after[self._token_id]) if self._token_id >= 0 else None
        order = np.argsort(-before, kind="stable")[:_NUM_BARS]
        names = [shown_token(found.texts.get(int(one), "")) for one in order]
        own = next((at for at, one in enumerate(order) if one == self._token_id), -1)
        left = int((after > 0).sum())
        kept = np.flatnonzero(after[order] > 0)
        cut = int(kept.max()) + 1 if settings.top_p < 1 and len(kept) and len(kept) < len(order) else -1
        self._line.setText(
            tr(
                "at “{token}”: {left} of {count} tokens, likeliest first",
                token=self._token,
                left=left,
                count=int(np.isfinite(found.log_probabilities).sum()),
            )
        )
        self._bars.show_bars(before[order], after[order], names, own, cut)
