"""LeanedCard: which turns and words an answer leaned on, each beside what would be nothing special."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.records import Leaned, LeanedTurn, Turn
from studio import theme
from studio.pages.chat.sentences import named, percent, strongest
from studio.theme import tokens
from studio.translation import tr
from studio.widgets import painting
from studio.widgets.bar_list import Bar, BarList
from studio.widgets.card import Card, Hairline
from studio.widgets.keys import is_enter
from studio.widgets.labels import Caption, Heading

_ROW, _BAR, _TICK = 27, 8, 14
_NUM_WORDS = 5


class LeanedCard(Card):
    """`hovered(place)`: a turn to tint, -1 for none; `chosen(place)`: one to go to. Places as in `Leaned`."""

    hovered = Signal(int)
    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("What this answer leaned on"), "", parent)
        self._about = Caption(tr("share of its attention · tick: share if it looked everywhere alike"), wrap=True)
        self._about.setToolTip(
            tr(
                "The mean over all layers, heads and tokens of the answer. The very first token, where heads rest, is "
                "left out."
            )
        )
        self.turns = TurnShares()
        self.turns.setObjectName("leanedTurns")
        self.turns.hovered.connect(self.hovered)
        self.turns.chosen.connect(self.chosen)
        self._line = Hairline()
        self._heading = Heading(tr("Most important words"), "card")
        self._heading.setFont(theme.font(13, 600))
        self._caption = Caption(tr("bits a token the answer gets more surprising without it"), wrap=True)
        self.words = BarList()
        self.words.setObjectName("leanedWords")
        self.words.setAccessibleName(tr("Most important words"))
        self._note = Caption(wrap=True)
        self._note.setObjectName("leanedNote")
        for part in (self._about, self.turns, self._line, self._heading, self._caption, self.words, self._note):
            self.body.addWidget(part)

    def show_leaned(self, leaned: Leaned | None, turns: Sequence[Turn], *, is_measuring: bool) -> None:
        """`turns` are those that were read for the answer."""
        has_turns = leaned is not None and bool(leaned.turns)
        self._about.setVisible(has_turns)
        self.turns.setVisible(has_turns)
        self._line.setVisible(has_turns)
        self.turns.show_shares(leaned.turns if leaned else (), turns)
        has_words = leaned is not None and strongest(leaned) is not None
        for part in (self._heading, self._caption, self.words):
            part.setVisible(has_words)
        if leaned is not None:
            self.words.set_bars(word_bars(leaned))
        self._note.setText(_note(leaned, is_measuring))
        self._note.setVisible(bool(self._note.text()))


class TurnShares(QWidget):
    """A row a turn, the one that was looked at most first: who, how it begins, bar with its tick, share."""

    hovered = Signal(int)
    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shares: list[LeanedTurn] = []
        self._names: list[str] = []
        self._texts: list[str] = []
        self._at = -1
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(tr("Turns by how much the answer looked at them"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def rows(self) -> list[tuple[str, str, float, float]]:
        """(who, how it begins, share, tick) from the first."""
        told = zip(self._names, self._texts, self._shares, strict=True)
        return [(name, text, one.share, one.even) for name, text, one in told]

    def show_shares(self, shares: Sequence[LeanedTurn], turns: Sequence[Turn]) -> None:
        self._shares = sorted(shares, key=lambda one: -one.share)
        self._names = [named(one.place, turns) for one in self._shares]
        own = tr("the answer so far")
        self._texts = [turns[one.place].content if one.place < len(turns) else own for one in self._shares]
        self._texts = [" ".join(text.split()) for text in self._texts]
        told = [f"{name}: {percent(one.share)}" for name, one in zip(self._names, self._shares, strict=True)]
        self.setAccessibleDescription("; ".join(told))
        self._at = -1
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(240, theme.tall(_ROW) * len(self._shares))

    def minimumSizeHint(self) -> QSize:
        return QSize(180, theme.tall(_ROW) * len(self._shares))

    def row_at(self, y: int) -> int:
        row = y // theme.tall(_ROW)
        return row if 0 <= row < len(self._shares) else -1

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._go(self.row_at(event.position().toPoint().y()))

    def leaveEvent(self, event: QEvent) -> None:
        self._go(-1)
        super().leaveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        row = self.row_at(event.position().toPoint().y())
        if row >= 0:
            self.chosen.emit(self._shares[row].place)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if step is not None and self._shares:
            self._go(min(len(self._shares) - 1, max(0, self._at + step)))
        elif is_enter(event) and self._at >= 0:
            self.chosen.emit(self._shares[self._at].place)
        else:
            super().keyPressEvent(event)

    def _go(self, row: int) -> None:
        if row != self._at:
            self._at = row
            self.setToolTip("" if row < 0 else self._texts[row])
            self.hovered.emit(-1 if row < 0 else self._shares[row].place)
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, colours, height = QPainter(self), tokens(), theme.tall(_ROW)
        metrics = QFontMetrics(theme.font(weight=600))
        names = max((metrics.horizontalAdvance(name) for name in self._names), default=0) + 10
        number = metrics.horizontalAdvance("100 %")
        length = max(40, round(self.width() * 0.26))
        texts = max(0, self.width() - names - length - number - 24)
        for row, (one, name, text) in enumerate(zip(self._shares, self._names, self._texts, strict=True)):
            top = row * height
            if row == self._at:
                painting.box(painter, QRect(0, top, self.width(), height), 6, colours.warn_soft)
            is_more = one.share >= one.even
            painting.text(painter, QRect(4, top, names, height), name, theme.font(weight=500), colours.text)
            painting.text(painter, QRect(names, top, texts, height), text, theme.font(12), colours.text3)
            left = names + texts + 10
            bar = QRect(left, top + (height - _BAR) // 2, length, _BAR)
            painting.bar(painter, bar, one.share / self._most, colours.s2 if is_more else colours.text3)
            tick = left + round(length * min(1.0, one.even / self._most))
            painter.fillRect(QRect(tick, top + (height - _TICK) // 2, 2, _TICK), QColor(colours.text))
            place = QRect(QPoint(self.width() - number - 4, top), QSize(number, height))
            painting.text(painter, place, percent(one.share), theme.font(weight=600), colours.text, painting.RIGHT)
        if self.hasFocus():
            painting.focus_ring(painter, self.rect(), 6)

    @property
    def _most(self) -> float:
        return max(max(one.share, one.even) for one in self._shares)


def word_bars(leaned: Leaned) -> list[Bar]:
    """The words, then what a random one comes to."""
    shown = leaned.words[:_NUM_WORDS]
    most = max([1e-9, *(word.bits for word in shown), leaned.random_bits])
    bars = [Bar(word.text, max(0.0, word.bits) / most, f"{word.bits:+.2f}", color=tokens().s2) for word in shown]
    control = Bar(tr("random word"), max(0.0, leaned.random_bits) / most, f"{leaned.random_bits:+.2f}",
                  color=tokens().text3)  # fmt: skip
    return [*bars, control]


def _note(leaned: Leaned | None, is_measuring: bool) -> str:
    if leaned is None:
        return tr("Measuring …") if is_measuring else tr("Once it has answered, this shows what the answer leaned on.")
    told = []
    if not leaned.turns and leaned.num_tokens:
        told.append(tr("This model has no attention: the words alone can be measured."))
    if leaned.num_words and strongest(leaned) is None:
        told.append(tr("No single word matters: without any one of them the answer is as sure."))
    if is_measuring and not leaned.words:
        told.append(tr("Leaving out one word after the other …"))
    if leaned.num_unmeasured:
        told.append(tr("{count:plural:word:words} of the first turns were not measured.", count=leaned.num_unmeasured))
    return " ".join(told)
