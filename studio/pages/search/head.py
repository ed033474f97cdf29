"""SearchHead: what the search knows in one sentence, and what can be done with it now."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from engine.commands import Pause, Resume, Stop
from engine.records.search import SearchRecord
from studio import theme
from studio.pages.page_header import PageHeader
from studio.pages.search.sentences import Saying, sentence_of
from studio.translation import tr
from studio.widgets import Button
from studio.widgets.labels import ElidingLabel


class SearchHead(PageHeader):
    """`wished` carries a command for the search that runs; `resume_wished` wants one that stopped to go on;
    `use_wished` the best model, and `counting_wished` word counting, which nothing here beats."""

    wished = Signal(object)
    resume_wished = Signal()
    use_wished = Signal()
    counting_wished = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        self._pause = Button(tr("Pause"), "plain", "ph.pause-fill")
        self._stop = Button(tr("Stop and keep the best"), "primary", "ph.flag")
        self._go_on = Button(tr("Go on"), "primary", "ph.play-fill")
        self._use = Button(tr("Use this model"), "primary", "ph.check-circle")
        self._counting = Button(tr("Train word counting"), "primary", "ph.list-numbers")
        buttons = (self._counting, self._use, self._pause, self._stop, self._go_on)
        self._name = ElidingLabel()
        self._name.setFont(theme.font(theme.PAGE_TITLE, 600))
        super().__init__(self._name, "search_told", *buttons, parent=parent)
        names = ("train_counting", "use_model", "pause_search", "stop_search", "go_on_search")
        for button, name in zip(buttons, names, strict=True):
            button.setObjectName(name)
            button.hide()
        self._is_paused = False
        self._pause.clicked.connect(self._pause_or_resume)
        self._stop.clicked.connect(self._stop_search)
        self._go_on.clicked.connect(self._resume_search)
        self._use.clicked.connect(self.use_wished)
        self._counting.clicked.connect(self.counting_wished)

    def show_search(
        self,
        name: str,
        record: SearchRecord | None,
        state: str,
        *,
        is_live: bool,
        can_count: bool,
        is_paused: bool,
    ) -> None:
        """`is_live`: this window runs it now; `can_count`: word counting can be trained on its data."""
        self._name.setText(name)
        saying = sentence_of(record, state) if record is not None else Saying(tr("The first trial is on its way."))
        self.say(saying.text, saying.sign)
        self._is_paused = is_paused
        self._pause.setVisible(is_live)
        self._stop.setVisible(is_live)
        for button in (self._pause, self._stop, self._go_on):
            button.setEnabled(True)
        self._pause.setText(tr("Resume") if is_paused else tr("Pause"))
        self._pause.set_icon("ph.play-fill" if is_paused else "ph.pause-fill")
        self._stop.setText(tr("Stop and keep the best"))
        self._go_on.setVisible(not is_live and state not in ("running", "finished"))
        has_best = record is not None and record.best is not None and not is_live and state != "running"
        is_beaten = saying.is_beaten and can_count
        self._counting.setVisible(has_best and is_beaten and state == "finished")
        self._use.setVisible(has_best)
        self._use.set_kind("primary" if state == "finished" and not is_beaten else "plain")

    def _pause_or_resume(self) -> None:
        self._pause.setEnabled(False)
        self.wished.emit(Resume() if self._is_paused else Pause())

    def _stop_search(self) -> None:
        for button in (self._stop, self._pause):
            button.setEnabled(False)
        self._stop.setText(tr("Stopping …"))
        self.wished.emit(Stop())

    def _resume_search(self) -> None:
        self._go_on.setEnabled(False)
        self.resume_wished.emit()
