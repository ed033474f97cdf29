"""ProgressCard: how far the run is, by epochs, and when it will be done."""

from __future__ import annotations

import math
import time

from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QWidget

from engine.config.run import RunConfig
from engine.runs.history import History
from studio.numbers import clock, duration
from studio.tasks.registry import view_of
from studio.theme import CARD_PADDING, font, tokens
from studio.translation import tr, words
from studio.widgets.card import Card
from studio.widgets.labels import Caption, Heading
from studio.widgets.progress_track import ProgressTrack

_MOST_TICKS, _AIR = 8, 48


class ProgressCard(Card):
    """Epoch and step on the left, the clock on the right, the bar with its epochs below."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(" ", " ", parent)
        self.setAccessibleName(tr("Progress"))
        self._times = ("", "")
        self._clock = Caption()
        self._clock.setProperty("kind", "second")
        self._left = Heading("", "card")
        self._left.setFont(font(13, 600))
        self.header.addWidget(self._clock)
        self.header.addWidget(self._left)
        self.track = ProgressTrack()
        self.track.setObjectName("progressTrack")
        self.track.setAccessibleName(tr("Progress"))
        self.body.addWidget(self.track)

    def show_history(self, history: History, config: RunConfig, state: str) -> None:
        total, per_epoch = _extent(history, config)
        step = max(history.last_step, history.progress.step if history.progress else 0)
        before = config.training.pretraining.steps
        is_even = not before and config.training.accumulation.name == "fixed"
        self.title.setText(_epoch_words(step, total, per_epoch) if is_even else _phase_words(step, config))
        self.caption.setText(tr("step {step} of {total}", step=step, total=total))
        self.track.set_share(step / total)
        self.track.set_marker(history.best.step / total if history.best else None)
        self.track.set_ticks(_epoch_ticks(total, per_epoch) if is_even else _phase_ticks(total, config))
        self.track.set_color({"paused": tokens().warn, "failed": tokens().bad}.get(state, tokens().accent))
        self._show_time(history, state)

    def _show_time(self, history: History, state: str) -> None:
        progress = history.progress
        self._left.setText(_state_words(state))
        if progress is None:
            self._times = ("", "")
            self._fit_clock()
            return
        so_far = tr("{time} so far", time=duration(progress.seconds))
        if state == "running" and math.isfinite(progress.seconds_left):
            done = clock(time.time() + progress.seconds_left)[:5]
            self._times = (
                tr("done near {clock}", clock=done),
                tr("{so_far}, done near {clock}", so_far=so_far, clock=done),
            )
            self._left.setText(tr("{time} left", time=duration(progress.seconds_left)))
        elif state in ("running", "paused"):
            self._times = (so_far, so_far)
        else:
            self._times = (so_far, tr("{time} of training", time=duration(progress.seconds)))
        self._fit_clock()

    def _fit_clock(self) -> None:
        """What is left matters most; how long it took gives way first."""
        brief, full = self._times
        beside = (self.title, self.caption, self._left)
        taken = sum(QFontMetrics(one.font()).horizontalAdvance(one.text()) for one in beside)
        room = self.width() - taken - 2 * CARD_PADDING - _AIR
        metrics = QFontMetrics(self._clock.font())
        self._clock.setText(next((one for one in (full, brief) if metrics.horizontalAdvance(one) <= room), ""))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_clock()


def _extent(history: History, config: RunConfig) -> tuple[int, float]:
    """(steps in all, steps an epoch)."""
    if history.started is None:
        return config.training.max_steps, float(config.training.max_steps)
    return max(1, history.started.total_steps), max(1.0, history.started.steps_per_epoch)


def _epoch_words(step: int, total: int, per_epoch: float) -> str:
    epochs = math.ceil(total / per_epoch - 1e-6)
    epoch = min(epochs, int(max(0, step - 1) / per_epoch) + 1)
    return tr("Epoch {epoch} of {epochs}", epoch=epoch, epochs=epochs)


def _epoch_ticks(total: int, per_epoch: float) -> list[tuple[float, str]]:
    """Where epochs begin; where there are many, every n-th."""
    epochs = math.ceil(total / per_epoch - 1e-6)
    every = -(-epochs // _MOST_TICKS)
    return [(epoch * per_epoch / total, tr("epoch {epoch}", epoch=epoch + 1)) for epoch in range(0, epochs, every)]


def _phase_words(step: int, config: RunConfig) -> str:
    """Where steps do not read equally much, epochs say little."""
    phases = view_of(config.task).training.phases
    return words(phases.before if step <= config.training.pretraining.steps else phases.task)


def _phase_ticks(total: int, config: RunConfig) -> list[tuple[float, str]]:
    before = config.training.pretraining.steps
    if not before:
        return []
    return [(before / total, words(view_of(config.task).training.phases.turn))]


def _state_words(state: str) -> str:
    names = {
        "new": tr("waiting to begin"),
        "running": tr("getting ready"),
        "paused": tr("paused"),
        "finished": tr("finished"),
        "stopped": tr("stopped"),
        "failed": tr("failed"),
        "interrupted": tr("interrupted"),
    }
    return names.get(state, state)
