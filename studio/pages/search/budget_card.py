"""BudgetCard: what a search has used of its minutes or trials, what is left, and what is held back for the repeats."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.records.search import SearchRecord
from studio import theme
from studio.numbers import clock, duration, percent
from studio.theme import mixed, tokens
from studio.translation import tr
from studio.widgets import painting
from studio.widgets.card import Card
from studio.widgets.labels import Caption, Heading

_HEIGHT, _APART = 8, 2


@dataclass(frozen=True)
class Stretch:
    """A part of the bar: its share of the whole, its colour, and what stands under it."""

    share: float
    color: str
    words: str


class BudgetBar(QWidget):
    """Stretches beside each other, each with its words under its beginning."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("budget_bar")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._stretches: tuple[Stretch, ...] = ()

    def show_stretches(self, stretches: tuple[Stretch, ...]) -> None:
        self._stretches = stretches
        told = [one.words for one in stretches if one.words]
        self.setAccessibleName(tr("Budget"))
        self.setAccessibleDescription("; ".join(told))
        self.setToolTip("\n".join(told))
        self.update()

    def stretches(self) -> tuple[Stretch, ...]:
        return self._stretches

    def sizeHint(self) -> QSize:
        return QSize(300, _HEIGHT + 6 + theme.tall(18))

    def minimumSizeHint(self) -> QSize:
        return QSize(80, self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        whole = QPainterPath()
        whole.addRoundedRect(0, 3, self.width(), _HEIGHT, _HEIGHT / 2, _HEIGHT / 2)
        painter.save()
        painter.setClipPath(whole)
        for left, right, one in self._placed():
            painter.fillRect(QRect(left, 3, max(0, right - left), _HEIGHT), QColor(one.color))
        painter.restore()
        self._paint_words(painter)

    def _placed(self) -> list[tuple[int, int, Stretch]]:
        placed, left = [], 0.0
        for one in self._stretches:
            right = left + one.share * self.width()
            is_last = one is self._stretches[-1]
            placed.append((round(left), round(right) - (0 if is_last else _APART), one))
            left = right
        return placed

    def _paint_words(self, painter: QPainter) -> None:
        """Under the beginning of its stretch; what finds no room is left to the tooltip, the last one goes first."""
        font = theme.font(theme.TICK)
        metrics, free_to = QFontMetrics(font), self.width()
        for left, right, one in reversed(self._placed()):
            width = metrics.horizontalAdvance(one.words) + 2
            start = min(left, self.width() - width)
            if not one.words or right <= left or start < 0 or start + width > free_to:
                continue
            place = QRect(start, _HEIGHT + 8, width, theme.tall(16))
            painting.text(painter, place, one.words, font, tokens().text2)
            free_to = start - 10


class BudgetCard(Card):
    """Title and clock over the bar."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(" ", " ", parent)
        self.setObjectName("budget")
        self.setAccessibleName(tr("Budget"))
        self.caption.setMinimumWidth(1)
        self._clock = Caption()
        self._clock.setProperty("kind", "second")
        self._left = Heading("", "card")
        self._left.setFont(theme.font(theme.BODY, 600))
        self._left.setObjectName("budget_left")
        self.title.setObjectName("budget_used")
        self.caption.setObjectName("budget_trials")
        self.header.addWidget(self._clock)
        self.header.addWidget(self._left)
        self.bar = BudgetBar()
        self.body.addWidget(self.bar)

    def show_record(self, record: SearchRecord, state: str) -> None:
        """`state` is the search's as the window knows it."""
        is_live = state == "running"
        self.title.setText(_used(record))
        self.caption.setText(_trials(record))
        self.bar.show_stretches(_stretches(record, state))
        left = _seconds_left(record)
        has_clock = is_live and math.isfinite(left)
        self._clock.setText(tr("done near {clock}", clock=clock(time.time() + left)[:5]) if has_clock else "")
        self._left.setText(tr("{time} left", time=duration(left)) if has_clock else _state_words(record, state))


def _used(record: SearchRecord) -> str:
    budget = record.budget
    if budget.seconds is not None:
        return tr("{used} of {all} minutes", used=_minutes(budget.seconds_used), all=_minutes(budget.seconds))
    return tr("{done} of {count:plural:trial:trials}", done=budget.trials_begun, count=budget.trials or 0)


def _minutes(seconds: float) -> str:
    minutes = seconds / 60
    return f"{minutes:.0f}" if minutes >= 9.95 or abs(minutes - round(minutes)) < 0.05 else f"{minutes:.1f}"


def _trials(record: SearchRecord) -> str:
    """How many were begun, what came of them, and what stopping weak ones saved."""
    states = [one.state for one in record.trials]
    told = [tr("{count:plural:trial:trials} begun", count=record.budget.trials_begun)]
    if states.count("pruned"):
        told.append(tr("{count} stopped early", count=states.count("pruned")))
    if states.count("failed"):
        told.append(tr("{count} failed", count=states.count("failed")))
    if states.count("pruned") and math.isfinite(record.budget.saved_share):
        told.append(tr("that saved {share} of the updates", share=percent(record.budget.saved_share, 0)))
    return ", ".join(told) if len(told) < 4 else ", ".join(told[:3]) + "; " + told[3]


def _seconds_left(record: SearchRecord) -> float:
    budget = record.budget
    return math.nan if budget.seconds is None else max(0.0, budget.seconds - budget.seconds_used)


def _stretches(record: SearchRecord, state: str) -> tuple[Stretch, ...]:
    colours, budget = tokens(), record.budget
    used_color = {"interrupted": colours.warn, "stopped": colours.text3}.get(state, colours.accent)
    held_color = mixed(colours.accent, colours.card, 0.42)
    if budget.seconds is None or budget.seconds <= 0:
        done = sum(one.state != "running" for one in record.trials)
        share = min(1.0, done / budget.trials) if budget.trials else 0.0
        told = tr("then the best are repeated") if record.phase == "searching" and state != "finished" else ""
        return (Stretch(share, used_color, tr("{count:plural:trial:trials} done", count=done)),
                Stretch(1 - share, colours.track, told))  # fmt: skip
    whole = max(budget.seconds, budget.seconds_used)
    used = budget.seconds_used / whole
    held = min(budget.seconds_held_back / whole, 1 - used) if record.phase == "searching" else 0.0
    search = max(0.0, 1 - used - held)
    left = tr("{minutes} min more search", minutes=_minutes(search * whole)) if record.phase == "searching" else ""
    kept = tr("{minutes} min kept for repeating the best", minutes=_minutes(held * whole))
    return (
        Stretch(used, used_color, _phase_words(record)),
        Stretch(search, colours.track, left if search > 0 else ""),
        Stretch(held, held_color, kept if held > 0 else ""),
    )


def _phase_words(record: SearchRecord) -> str:
    if record.phase == "repeating":
        done = sum(len(one.values) for one in record.repeats)
        return tr("the best are repeated with other seeds: {done:plural:run:runs} done", done=done)
    if record.phase == "comparing":
        return tr("the best is compared with your settings on the test texts")
    running = record.running
    if running is not None and running.total_steps:
        share = percent(min(1.0, running.steps / running.total_steps), 0)
        return tr("trial {number}: {share} done", number=running.number, share=share)
    return ""


def _state_words(record: SearchRecord, state: str) -> str:
    if state == "running":
        running = record.phase
        return {"repeating": tr("repeating the best"), "comparing": tr("comparing")}.get(running, tr("searching"))
    return {
        "new": tr("waiting to begin"),
        "paused": tr("paused"),
        "finished": tr("finished"),
        "stopped": tr("stopped"),
        "failed": tr("failed"),
        "interrupted": tr("interrupted"),
    }.get(state, state)
