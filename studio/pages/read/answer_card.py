"""AnswerCard: the answer and how sure it is, the five best, and the chance that the passage holds none."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QToolTip, QWidget

from engine.records import AnswerSpan, ReadAnswer
from studio import theme
from studio.numbers import likelihood, percent
from studio.pages.read.sentences import place_words, silence_words
from studio.theme import tokens
from studio.translation import tr
from studio.widgets import painting
from studio.widgets.button import Button
from studio.widgets.card import Card, Hairline
from studio.widgets.labels import Caption, Heading, label
from studio.widgets.layouts import hbox, vbox

_ROW, _BAR = 24, 6


class BestList(QWidget):
    """A row a candidate: rank, text, sentence, bar, share. `hovered(rank)`, -1 for none; arrows go from row to row."""

    hovered = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("bestList")
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._best: tuple[AnswerSpan, ...] = ()
        self._current, self._is_silent = -1, False

    def set_best(self, best: tuple[AnswerSpan, ...], *, is_silent: bool) -> None:
        self._best, self._is_silent, self._current = best, is_silent, -1
        told = (f"{rank}. {one.text} {percent(one.score)}" for rank, one in enumerate(best, start=1))
        self.setAccessibleName(tr("Five best"))
        self.setAccessibleDescription("; ".join(told))
        self.updateGeometry()
        self.update()

    def set_current(self, rank: int) -> None:
        """Light a row; nothing is emitted."""
        self._current = rank
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(260, max(1, len(self._best)) * theme.tall(_ROW))

    def minimumSizeHint(self) -> QSize:
        return QSize(180, self.sizeHint().height())

    def _row(self, rank: int) -> QRect:
        height = theme.tall(_ROW)
        return QRect(0, rank * height, self.width(), height)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        for rank, one in enumerate(self._best):
            row = self._row(rank)
            painter.fillRect(QRect(0, row.top(), row.width(), 1), QColor(tokens().line))
            if rank == self._current:
                painting.box(painter, row.adjusted(-4, 2, 4, -1), theme.CHIP_RADIUS, tokens().hover)
            self._paint_row(painter, row, rank, one)
        if self.hasFocus() and self._current < 0:
            painting.focus_ring(painter, self.rect(), theme.CHIP_RADIUS)

    def _paint_row(self, painter: QPainter, row: QRect, rank: int, one: AnswerSpan) -> None:
        is_said = rank == 0 and not self._is_silent
        weight = 600 if is_said else 400
        small = theme.font(theme.CAPTION)
        painting.text(
            painter, row.adjusted(0, 0, 0, 0), str(rank + 1), theme.font(theme.CAPTION, weight), tokens().text3
        )
        share = row.adjusted(0, 0, 0, 0)
        painting.text(
            painter, share, likelihood(one.score), theme.font(theme.BODY, weight), tokens().text, painting.RIGHT
        )
        track = QRect(row.right() - 112, row.center().y() - _BAR // 2, 60, _BAR)
        painting.bar(painter, track, one.score, tokens().accent if is_said else tokens().text3)
        place = QRect(track.left() - 78, row.top(), 70, row.height())
        words = tr("sentence {number}", number=one.sentence)
        painting.text(painter, place, words, small, tokens().text3, painting.RIGHT)
        text = QRect(20, row.top(), max(20, place.left() - 28), row.height())
        painting.text(painter, text, one.text, theme.font(theme.BODY, weight), tokens().text)

    def _rank_at(self, spot: QPoint) -> int:
        rank = spot.y() // theme.tall(_ROW)
        return rank if 0 <= rank < len(self._best) else -1

    def _point_at(self, rank: int) -> None:
        if rank != self._current:
            self.set_current(rank)
            self.hovered.emit(rank)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._point_at(self._rank_at(event.position().toPoint()))

    def leaveEvent(self, event: QEvent) -> None:
        self._point_at(-1)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            rank = self._rank_at(event.pos())
            QToolTip.showText(event.globalPos(), self._best[rank].text if rank >= 0 else "", self)
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if step is None or not self._best:
            super().keyPressEvent(event)
            return
        self._point_at(min(max(self._current + step, 0), len(self._best) - 1))


class SilenceBar(QWidget):
    """The chance that there is no answer, with a tick where silence begins."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(18)
        self._share, self._threshold = 0.0, -1.0

    def set_share(self, share: float, threshold: float | None) -> None:
        self._share, self._threshold = share, -1.0 if threshold is None else threshold
        self.setAccessibleName(tr("No answer in this passage"))
        self.setAccessibleDescription(percent(share))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        is_silent = 0 <= self._threshold <= self._share
        painting.bar(
            painter, QRect(0, 6, self.width(), _BAR), self._share, tokens().ok if is_silent else tokens().text3
        )
        if 0 <= self._threshold <= 1:
            at = round(self._threshold * (self.width() - 2))
            painter.fillRect(QRect(at, 1, 2, 16), QColor(tokens().ok))


class AnswerCard(Card):
    """`hovered(rank)` tells the candidate that is pointed at; `promise_wished()`: silence shall be promised."""

    hovered = Signal(int)
    promise_wished = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", "", parent)
        self.setAccessibleName(tr("Answer"))
        self._what = Caption(tr("It answers"))
        self._answer = Heading("", "figure")
        self._answer.setObjectName("readAnswer")
        self._answer.setWordWrap(True)
        self._answer.setMinimumWidth(1)
        self._sure = Heading("", "figure")
        self._sure.setObjectName("readSure")
        self._place, self._how = Caption(""), Caption(tr("how sure"))
        self.best = BestList()
        self.best.hovered.connect(self.hovered)
        self._silence, self._bar = label("", 13), SilenceBar()
        self._chance = label("", 13, "", 500, wraps=False)
        self._chance.setObjectName("noAnswer")
        self._said = QLabel()
        self._said.setObjectName("silenceSentence")
        self._said.setWordWrap(True)
        self._said.setMinimumWidth(1)
        self._said.setFont(theme.font(theme.CAPTION))
        self._said.setProperty("kind", "second")
        self._promise = Button(tr("Promise it…"), "plain", "ph.shield-check", "small")
        self._promise.setToolTip(tr("Choose on the validation questions from when on it stays silent"))
        self._promise.clicked.connect(self.promise_wished)
        self._rest = Caption("", wrap=True)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop
        for one in (self._sure, self._how):
            one.setAlignment(right)
        sides = (vbox(self._what, self._answer, self._place, gap=1), 1), vbox(14, self._sure, self._how, None, gap=1)
        self.body.setSpacing(5)
        self.body.addLayout(hbox(*sides, gap=8))
        self._best_title = Caption(tr("Five best"))
        self.body.addWidget(self._best_title)
        self.body.addWidget(self.best)
        self.body.addWidget(self._rest)
        self.body.addWidget(Hairline())
        self.body.addLayout(hbox((self._silence, 1), self._chance, gap=8))
        self.body.addWidget(self._bar)
        self.body.addLayout(hbox((self._said, 1), (self._promise, 0, Qt.AlignmentFlag.AlignTop), gap=8))
        self._silence.setText(tr("No answer in this passage"))

    def show_answer(self, found: ReadAnswer, *, is_promising: bool) -> None:
        said = found.said
        first = found.best[0] if found.best else None
        self._what.setText(tr("It answers") if said else tr("It is silent"))
        self._answer.setText(said.text if said else tr("no answer"))
        self._sure.setText(likelihood(said.score if said else found.no_answer))
        if said is not None:
            self._place.setText(place_words(said))
        else:
            self._place.setText(tr("it would have said “{answer}”", answer=first.text) if first else "")
        self.best.set_best(found.best, is_silent=said is None)
        self._rest.setText(
            tr(
                "The best and no answer make {sum}, other spans {rest}.",
                sum=percent(1 - found.others, 0),
                rest=percent(found.others, 0),
            )
        )
        threshold = found.silence.threshold if found.silence else None
        self._bar.set_share(found.no_answer, threshold)
        self._chance.setText(likelihood(found.no_answer))
        self._said.setText(silence_words(found.silence))
        self._promise.setVisible(found.silence is not None and not found.silence.is_promised)
        self._promise.setEnabled(not is_promising)
        self._promise.setText(tr("Measuring …") if is_promising else tr("Promise it…"))
