"""StudyHead: what the study asks, how far it is, and what can be done with it now."""

from __future__ import annotations

import math
import time

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from engine.commands import Stop
from engine.runs.study import Member
from studio import theme
from studio.numbers import clock, duration
from studio.pages.page_header import PageHeader
from studio.theme import tokens
from studio.translation import tr, words
from studio.widgets import Button, ProgressTrack
from studio.widgets.card import Card
from studio.widgets.labels import Caption, ElidingLabel, Heading
from studio.widgets.run_summary import state_word


class StudyHead(PageHeader):
    """`wished` carries a command for the study that runs; `resume_wished` wants one that stopped to go on; `use_wished`
    wants to see the model that it advises."""

    wished = Signal(object)
    resume_wished = Signal()
    use_wished = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        name = ElidingLabel()
        name.setFont(theme.font(theme.PAGE_TITLE, 600))
        stop = Button(tr("Stop and keep"), "plain", "ph.flag")
        go_on = Button(tr("Go on"), "primary", "ph.play-fill")
        use = Button(tr("Use this model"), "primary", "ph.arrow-right")
        super().__init__(name, "study_told", stop, go_on, use, parent=parent)
        self._name, self.stop, self.go_on, self.use = name, stop, go_on, use
        self.use.setObjectName("use_best")
        self.use.clicked.connect(self.use_wished)
        self.stop.setObjectName("stop_study")
        self.go_on.setObjectName("go_on_study")
        self.stop.clicked.connect(self._stop)
        self.go_on.clicked.connect(self._go_on)
        for button in (self.stop, self.go_on, self.use):
            button.hide()

    def show_study(self, name: str, told: str, *, is_live: bool, can_go_on: bool, can_use: bool = False) -> None:
        self._name.setText(name)
        self.say(told)
        if is_live and not self.stop.isVisible():
            self.stop.setEnabled(True)
            self.stop.setText(tr("Stop and keep"))
        self.stop.setVisible(is_live)
        self.go_on.setEnabled(True)
        self.go_on.setVisible(can_go_on)
        self.use.setVisible(can_use)

    def _stop(self) -> None:
        self.stop.setEnabled(False)
        self.stop.setText(tr("Stopping…"))
        self.wished.emit(Stop())

    def _go_on(self) -> None:
        self.go_on.setEnabled(False)
        self.resume_wished.emit()


class StudyProgress(Card):
    """One bar over all runs, which one trains now, and when all will be done."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(" ", " ", parent)
        self.setAccessibleName(tr("Progress"))
        self.caption.setMinimumWidth(1)
        self._clock = Caption()
        self._clock.setProperty("kind", "second")
        self._left = Heading("", "card")
        self._left.setFont(theme.font(theme.BODY, 600))
        self._left.setObjectName("study_left")
        self.header.addWidget(self._clock)
        self.header.addWidget(self._left)
        self.track = ProgressTrack()
        self.track.setObjectName("study_track")
        self.track.setAccessibleName(tr("Progress"))
        self.body.addWidget(self.track)

    def show_state(
        self, *, state: str, share: float, seconds_left: float, done: int, count: int, running: Member | None
    ) -> None:
        planning = tr("Measuring how fast each candidate learns here…")
        self.title.setText(tr("{done} of {count:plural:run:runs} done", done=done, count=count) if count else planning)
        self.caption.setText("")
        if running is not None and state == "running":
            variant = words(running.variant.title)
            self.caption.setText(tr("now: {variant}, seed {seed}", variant=variant, seed=str(running.seed)))
        self.track.set_share(share)
        self.track.set_color({"interrupted": tokens().warn}.get(state, tokens().accent))
        is_paced = state == "running" and math.isfinite(seconds_left)
        self._clock.setText(tr("done near {clock}", clock=clock(time.time() + seconds_left)[:5]) if is_paced else "")
        self._left.setText(tr("{time} left", time=duration(seconds_left)) if is_paced else state_word(state))
