"""StepCard: how varied the texts were step by step, over a slider through all that was written."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from engine.config.run import RunConfig
from engine.runs.history import History
from studio.pages.samples.alarm import alarm_of
from studio.pages.samples.variety import rehearsal_end, variety_curve
from studio.plots.timeline.step_film import StepFilm
from studio.plots.timeline.step_slider import Mark
from studio.translation import tr
from studio.widgets.card import Card


class StepCard(Card):
    """`chosen(step)` when the person, or the film, comes to another step."""

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(
            tr("Step {step} of {total}", step=0, total=0),
            tr("variety of the texts, step by step; dashed: real text"),
            parent,
        )
        self.caption.setMinimumWidth(1)
        self.film = StepFilm(tr("Variety of the texts, step by step"))
        self.film.chosen.connect(self._tell)
        self.header.addWidget(self.film.rewind)
        self.header.addWidget(self.film.play)
        self.body.setSpacing(0)
        self.body.addWidget(self.film)
        self._steps: list[int] = []
        self._total = 0

    def show_history(self, history: History, config: RunConfig, step: int) -> None:
        """The slider's places are the steps with texts; `step` is shown."""
        self._steps = steps_of(history)
        self._total = history.started.total_steps if history.started else config.training.max_steps
        steps, values, line = variety_curve(history)
        self.film.set_course(self._steps, self._total, marks_of(history, config), self._steps.index(step))
        self.film.set_curve(steps, values, line, tr("real text"))
        self.show_step(step)

    def show_step(self, step: int) -> None:
        if step in self._steps:
            self.film.set_current(self._steps.index(step))
        self.title.setText(tr("Step {step} of {total}", step=step, total=self._total))

    def _tell(self, index: int) -> None:
        if index < len(self._steps):
            self.chosen.emit(self._steps[index])


def steps_of(history: History) -> list[int]:
    """Rising, each once: after going back a step is written again."""
    return sorted({one.step for one in history.samples})


def marks_of(history: History, config: RunConfig) -> list[Mark]:
    """Where the rehearsal ended, the best checkpoint, and a collapse that goes on."""
    found = []
    end = rehearsal_end(history, config)
    if end:
        found.append(Mark(end, tr("rehearsal ends, the game begins"), "edge"))
    if history.best is not None:
        found.append(Mark(history.best.step, tr("best, {step}", step=history.best.step), "best"))
    alarm = alarm_of(history)
    if alarm is not None:
        first = _beginning(history, alarm.event.step)
        found.append(Mark(first, tr("repeats itself, {step}", step=first), "bad"))
    return found


def _beginning(history: History, last: int) -> int:
    """The first of the collapses that follow each other without a good measurement between them."""
    collapsed = {one.step for one in history.collapses}
    first = last
    for step in reversed([step for step in steps_of(history) if step <= last]):
        if step not in collapsed:
            break
        first = step
    return first
