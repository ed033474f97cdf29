"""RunHead: the verdict under the page's title, and what can be done with the run now."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from engine.commands import EvaluateNow, Pause, Resume, Stop
from studio.pages.page_header import PageHeader
from studio.tasks.judgement import Verdict, VerdictKind
from studio.translation import tr
from studio.widgets.button import Button
from studio.widgets.flow_layout import FlowLayout
from studio.widgets.layouts import fill

_SIGNS: dict[VerdictKind, tuple[str, str]] = {
    "waiting": ("ph.hourglass", "text3"),
    "learning": ("ph.trend-up", "ok"),
    "flat": ("ph.equals", "text3"),
    "overfitting": ("ph.warning", "warn"),
    "falling": ("ph.trend-down", "warn"),
    "paused": ("ph.pause", "warn"),
    "done": ("ph.check-circle", "ok"),
    "level": ("ph.equals", "warn"),
    "behind": ("ph.warning", "warn"),
    "beaten": ("ph.x-circle", "bad"),
    "halted": ("ph.info", "text3"),
    "failed": ("ph.x-circle-fill", "bad"),
}
_OWN_PAGE = "own"
"""Stands for a task's own page, whatever its name is."""


class RunHead(QWidget):
    """`wished` carries a command for the run that trains; `resume_wished` wants an ended one to go on; `next_wished`
    names what shall follow one that is over: "longer", "model", "settings" (a search for better ones), or
    the page of the run to go to."""

    wished = Signal(object)
    resume_wished = Signal()
    next_wished = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_paused = False
        self._evaluate = Button(tr("Evaluate now"), "quiet", "ph.ruler")
        self._evaluate.setToolTip(tr("Measure on validation after this step"))
        self._pause = Button(tr("Pause"), "plain", "ph.pause-fill")
        self._stop = Button(tr("Stop and keep the best"), "plain", "ph.flag")
        self._go_on = Button(tr("Go on"), "primary", "ph.play-fill")
        self._next = {
            "longer": Button(tr("Train longer"), "plain", "ph.fast-forward", "small"),
            "model": Button(tr("Another model"), "plain", "ph.stack", "small"),
            "settings": Button(tr("Search for better settings"), "plain", "ph.sliders-horizontal", "small"),
            "evaluation": Button(tr("Evaluate"), "plain", "ph.ruler", "small"),
            "scores": Button(tr("Evaluate"), "plain", "ph.ruler", "small"),
            "samples": Button(tr("Read its texts"), "plain", "ph.text-align-left", "small"),
            _OWN_PAGE: Button(tr("Try it"), "plain", "ph.cursor", "small"),
        }
        self._own_page = ""
        self._tell_next()
        self._connect()
        self._lay_out()

    def _tell_next(self) -> None:
        told = {
            "longer": tr(
                "A new run with these settings and twice the updates; the learning rate of this one has run out"
            ),
            "model": tr("A new run with these texts and settings, and another model to choose"),
            "settings": tr(
                "Tries other settings for as many minutes as you give it, and says which of them are better"
            ),
            "evaluation": tr("Measure this run on texts that it has not seen"),
            "scores": tr("Measure this run on texts that it has not seen"),
            "samples": tr("Read what the writer invents, and compare it with real texts"),
            _OWN_PAGE: tr("Ask it yourself, and see how it comes to its answer"),
        }
        for name, button in self._next.items():
            button.setObjectName(f"next_{name}")
            button.setToolTip(told[name])
            button.setAccessibleDescription(told[name])

    def _connect(self) -> None:
        actions = {"evaluateNow": self._evaluate, "pause": self._pause, "stop": self._stop, "goOn": self._go_on}
        for name, button in actions.items():
            button.setObjectName(name)
            button.hide()
        for name, button in self._next.items():
            button.hide()
            button.clicked.connect(lambda _=False, name=name: self._wish_next(name))
        self._evaluate.clicked.connect(self._evaluate_now)
        self._pause.clicked.connect(self._pause_or_resume)
        self._stop.clicked.connect(self._stop_run)
        self._go_on.clicked.connect(self._resume_run)

    def _lay_out(self) -> None:
        self._header = PageHeader(tr("Training"), "verdict", self._evaluate, self._pause, self._stop, self._go_on)
        self._ways = QWidget()
        ways = FlowLayout(self._ways)
        for button in self._next.values():
            ways.addWidget(button)
        fill(QVBoxLayout(self), self._header, self._ways, gap=8)

    def show_run(self, found: Verdict, state: str, *, is_live: bool, is_mine: bool, ways: tuple[str, ...] = ()) -> None:
        """`is_live`: this window trains it now; `is_mine`: this window's worker has not let go of it yet; `ways`: what
        may follow it."""
        self._header.say(found.sentence, _SIGNS[found.kind])
        self._is_paused = state == "paused"
        for button in (self._pause, self._stop, self._evaluate):
            button.setVisible(is_live)
            button.setEnabled(True)
        self._pause.setText(tr("Resume") if self._is_paused else tr("Pause"))
        self._pause.set_icon("ph.play-fill" if self._is_paused else "ph.pause-fill")
        self._stop.setText(tr("Stop and keep the best"))
        self._evaluate.setEnabled(not self._is_paused)
        self._go_on.setVisible(not is_mine and state in ("interrupted", "stopped", "failed"))
        self._ways.setVisible(bool(ways) and not is_mine)
        self._own_page = next((way for way in ways if way not in self._next), "")
        for name, button in self._next.items():
            button.setVisible(name in ways or (name == _OWN_PAGE and bool(self._own_page)))
        self.allow_going_on()

    def allow_going_on(self) -> None:
        """After it was refused."""
        self._go_on.setEnabled(True)

    def _wish_next(self, name: str) -> None:
        self.next_wished.emit(self._own_page if name == _OWN_PAGE else name)

    def _pause_or_resume(self) -> None:
        self._pause.setEnabled(False)
        self.wished.emit(Resume() if self._is_paused else Pause())

    def _stop_run(self) -> None:
        for button in (self._stop, self._pause, self._evaluate):
            button.setEnabled(False)
        self._stop.setText(tr("Stopping …"))
        self.wished.emit(Stop())

    def _evaluate_now(self) -> None:
        self._evaluate.setEnabled(False)
        self.wished.emit(EvaluateNow())

    def _resume_run(self) -> None:
        self._go_on.setEnabled(False)
        self.resume_wished.emit()
