"""Margin: beside the token that is pointed at, what else the model could have written there, never over the text."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QVBoxLayout, QWidget

from engine.records import Alternative, WrittenToken
from studio import theme
from studio.numbers import percent
from studio.pages.write.words import shown_token
from studio.theme import font, mixed, tokens
from studio.translation import tr
from studio.widgets import painting
from studio.widgets.card import Hairline
from studio.widgets.labels import Caption
from studio.widgets.layouts import fill, hbox

WIDTH = 244
_ROW, _BAR = 24, 8


class AlternativeRows(QWidget):
    """`chosen(place)` of an alternative that is clicked or taken by Return; Up and Down move."""

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("alternatives")
        self._shown: tuple[Alternative, ...] = ()
        self._own, self._current, self._can_choose = -1, -1, True
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAccessibleName(tr("What it could have written"))

    def show_alternatives(self, shown: tuple[Alternative, ...], own: int, can_choose: bool) -> None:
        """`own` is the id of the token that stands there."""
        self._shown, self._own, self._can_choose = shown, own, can_choose
        self._current = next((at for at, one in enumerate(shown) if one.token_id == own), -1)
        told = (f"{shown_token(one.text)}: {percent(one.probability)}" for one in shown)
        self.setAccessibleDescription("; ".join(told))
        self.setCursor(Qt.CursorShape.PointingHandCursor if can_choose else Qt.CursorShape.ArrowCursor)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(WIDTH - 32, theme.tall(_ROW) * len(self._shown))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, colours = QPainter(self), tokens()
        height = theme.tall(_ROW)
        numbers = QFontMetrics(font(weight=600)).horizontalAdvance(percent(0.999)) + 4
        metrics = QFontMetrics(font(weight=600))
        widest = max((metrics.horizontalAdvance(shown_token(one.text)) for one in self._shown), default=0)
        words = min(widest + 4, self.width() // 2)
        for at, one in enumerate(self._shown):
            top, is_own = at * height, one.token_id == self._own
            row = QRect(0, top, self.width(), height)
            if is_own or (at == self._current and self.hasFocus()):
                painting.box(painter, row, 4, colours.soft)
            if at == self._current and self.hasFocus():
                painting.focus_ring(painter, row, 4)
            ink, weight = (colours.accent_text, 600) if is_own else (colours.text, 400)
            place = QRect(6, top, words, height)
            painting.text(painter, place, shown_token(one.text), font(weight=weight), ink)
            left = words + 12
            bar = QRect(left, top + (height - _BAR) // 2, max(8, self.width() - left - numbers - 14), _BAR)
            most = max(other.probability for other in self._shown)
            color = colours.accent if is_own else mixed(colours.accent, colours.card, 0.5)
            painting.bar(painter, bar, one.probability / most if most else 0.0, color)
            number = QRect(self.width() - numbers - 6, top, numbers, height)
            painting.text(painter, number, percent(one.probability), font(weight=600 if is_own else 500), ink,
                          painting.RIGHT)  # fmt: skip

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._choose(int(event.position().y()) // theme.tall(_ROW))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if step is not None and self._shown:
            self._current = min(len(self._shown) - 1, max(0, self._current + step))
            self.update()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self._choose(self._current)
        else:
            super().keyPressEvent(event)

    def _choose(self, at: int) -> None:
        if self._can_choose and 0 <= at < len(self._shown):
            self.chosen.emit(at)

    def event(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.update()
        return super().event(event)


class AlternativesPanel(QFrame):
    """A token, how likely it was, what else there was."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("surface", "card")
        self.setFixedWidth(WIDTH)
        self._token, self._chance = QLabel(), Caption()
        self._token.setFont(font(theme.CARD_TITLE, 600))
        self._token.setTextFormat(Qt.TextFormat.PlainText)
        self._token.setObjectName("pointedToken")
        self._chance.setObjectName("pointedChance")
        self._rank = Caption(wrap=True)
        self.rows = AlternativeRows()
        self._rest, self._settings, self._hint = Caption(), Caption(wrap=True), Caption(wrap=True)
        self._settings.setObjectName("withSettings")
        fill(
            QVBoxLayout(self),
            hbox((self._token, 1), self._chance),
            self._rank,
            self.rows,
            self._rest,
            Hairline(),
            self._settings,
            self._hint,
            gap=4,
            margins=(14, 10, 14, 10),
        )

    def show_token(self, token: WrittenToken, *, with_settings: float | None, can_choose: bool) -> None:
        """`with_settings` is its chance after temperature and the rest; None where nothing is chosen."""
        self._token.setText(shown_token(token.text))
        self._chance.setText(
            tr("{bits} bits · chance {share}", bits=f"{token.bits:.1f}", share=percent(token.probability))
        )
        self._chance.setToolTip(tr("The model's own chance, before temperature and the other settings."))
        self._rank.setText(_rank_words(token, can_choose))
        self.rows.show_alternatives(token.alternatives, token.token_id, can_choose)
        others = token.num_tokens - len(token.alternatives)
        rest = max(0.0, 1.0 - sum(one.probability for one in token.alternatives))
        self._rest.setText(
            tr("{count:plural:other token:other tokens} {share}", count=max(0, others), share=percent(rest))
        )
        self._settings.setVisible(with_settings is not None)
        if with_settings is not None:
            self._settings.setText(tr("With your settings {share}.", share=percent(with_settings)))
        self._hint.setVisible(can_choose)
        self._hint.setText(tr("Click a word to write on from it."))
        self.adjustSize()


class Margin(QWidget):
    """Holds the panel beside the line that it belongs to."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedWidth(WIDTH)
        self.panel = AlternativesPanel(self)
        self.panel.hide()
        self._middle = 0

    def place_at(self, middle: int) -> None:
        """`middle` is the height of the line in pixels from the top."""
        self._middle = middle
        self.panel.adjustSize()
        self.panel.show()
        self.setMinimumHeight(self.panel.height())
        self._place()

    def clear(self) -> None:
        self.panel.hide()
        self.setMinimumHeight(0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        room = max(0, self.height() - self.panel.height())
        self.panel.move(QPoint(0, min(room, max(0, self._middle - 40))))


def _rank_words(token: WrittenToken, can_choose: bool) -> str:
    if token.rank == 1:
        return tr("its first choice; it could have written") if can_choose else tr("what it expected; also likely were")
    if can_choose:
        return tr("choice number {rank}; it could have written", rank=token.rank)
    return tr("number {rank} of what it expected; likelier were", rank=token.rank)
