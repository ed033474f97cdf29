"""AnswersCard: what the model says to a few held-out rows, beside the right answers, as it learns."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from engine.config.run import RunConfig
from engine.events import TextsAnswered
from engine.runs.history import History
from studio.numbers import number, percent
from studio.plots.attention.difference_text import DifferenceText, difference, show_difference
from studio.plots.timeline.player import Pace, Player
from studio.plots.timeline.step_slider import Mark, StepSlider
from studio.tasks.measures import SPLIT
from studio.theme import font, tall
from studio.translation import tr
from studio.widgets.card import Card
from studio.widgets.labels import Caption, ElidingLabel
from studio.widgets.layouts import fill, hbox, panel

_MOST_ROWS, _GAP, _LINE = 6, 10, 26
_PACE = Pace(slowest=900, fastest=250, whole_film=8000)


class AnswersCard(Card):
    """Follows the newest step until the slider is moved back to an older one. Hidden and shown by the page."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("What it says now"), " ", parent)
        self.setObjectName("answersCard")
        self.caption.setMinimumWidth(1)
        self.slider = StepSlider()
        self.slider.setAccessibleDescription(tr("Its answers, step by step"))
        self.slider.valueChanged.connect(self._show_step)
        self.player = Player(self.slider, _PACE)
        self.player.button.setObjectName("playAnswers")
        self.header.addWidget(self.player.button)
        self._events: list[TextsAnswered] = []
        self._step: int | None = None
        self._empty = Caption(" ", wrap=True)
        self._empty.setObjectName("noAnswersYet")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self._rows = [_AnsweredRow() for _ in range(_MOST_ROWS)]
        self._lines = panel(fill(QVBoxLayout(), *self._rows, None, gap=_GAP))
        self._filled = panel(fill(QVBoxLayout(), (self._lines, 1), self.slider, gap=6))
        for place in (self._empty, self._filled):
            self.body.addWidget(place, 1)

    def show_history(self, history: History, config: RunConfig) -> None:
        self._events = list(history.answered)
        self._filled.setVisible(bool(self._events))
        self._empty.setVisible(not self._events)
        self.player.button.setVisible(len(self._events) > 1)
        self.slider.setVisible(len(self._events) > 1)
        if not self._events:
            self.caption.setText("")
            self._empty.setText(_nothing_yet(history))
            return
        steps = [one.step for one in self._events]
        place = steps.index(self._step) if self._step in steps else len(steps) - 1
        best = history.best
        marks = [] if best is None else [Mark(best.step, tr("best, {step}", step=number(best.step)), "best")]
        total = history.started.total_steps if history.started else config.training.max_steps
        self.slider.blockSignals(True)
        self.slider.set_course(steps, total, marks)
        self.slider.setValue(place)
        self.slider.blockSignals(False)
        self._show_step(place)

    @property
    def least_height(self) -> int:
        """Pixels that all of its rows need; layouts tell it only once they were laid out."""
        rows = sum(row.least_height + _GAP for row in self._rows if not row.isHidden())
        margins = self.layout().contentsMargins()
        head = margins.top() + margins.bottom() + self.title.minimumHeight() + 2 * self.body.spacing()
        return head + rows + self.slider.sizeHint().height()

    @property
    def shown_step(self) -> int | None:
        """Whose answers are seen; None before the first."""
        return self._events[self.slider.value()].step if self._events else None

    def _show_step(self, place: int) -> None:
        if place >= len(self._events):
            return
        event, is_newest = self._events[place], place == len(self._events) - 1
        self._step = None if is_newest else event.step
        self.title.setText(tr("What it says now") if is_newest else tr("What it said then"))
        self.caption.setText(tr("held-out rows, step {step}", step=number(event.step)))
        self.slider.setAccessibleName(tr("step {step}", step=number(event.step)))
        is_judged = any(row["wanted"] for row in event.rows)
        for index, row in enumerate(self._rows):
            row.setVisible(index < len(event.rows))
            if index < len(event.rows):
                row.show_row(event.rows[index], is_judged=is_judged)


class _AnsweredRow(QWidget):
    """What was read, in one line; under it the right answer over what is said, word by word beside each other."""

    def __init__(self) -> None:
        super().__init__()
        self._read = ElidingLabel()
        self._read.setProperty("kind", "second")
        self._read.setObjectName("answeredRead")
        self._wanted = DifferenceText("wanted", is_single_line=True)
        self._wanted.setObjectName("answeredWanted")
        self._said = DifferenceText("said", is_single_line=True)
        self._said.setObjectName("answeredSaid")
        self._score = QLabel()
        self._score.setObjectName("answeredScore")
        self._score.setFont(font(13, 600))
        self._right_title, self._said_title = Caption(tr("right")), Caption(tr("it says"))
        for one in (self._wanted, self._said):
            one.setFixedHeight(tall(_LINE))
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(0)
        grid.setColumnStretch(1, 1)
        for line, parts in enumerate(((self._right_title, self._wanted), (self._said_title, self._said))):
            for column, part in enumerate(parts):
                grid.addWidget(part, line, column)
        fill(QVBoxLayout(self), hbox((self._read, 1), self._score, gap=10), grid, gap=0)

    @property
    def least_height(self) -> int:
        """Pixels of its lines."""
        return self._read.sizeHint().height() + tall(_LINE) * (1 if self._wanted.isHidden() else 2)

    def show_row(self, row: dict[str, Any], *, is_judged: bool) -> None:
        """`is_judged`: others of these rows have right answers, so that silence is the right one here without any."""
        read, wanted, said, score = row["read"], row["wanted"], row["said"], row.get("score")
        self._read.setText("  ·  ".join(" ".join(one.split()) for one in read))
        for part in (self._right_title, self._wanted):
            part.setVisible(is_judged)
        show_difference(self._wanted, self._said, wanted, said)
        if is_judged and not wanted:
            self._wanted.show_words(tr("(no answer is right)"), (), ())
            spans = difference("", said).said
            self._said.show_words(said, spans, range(len(spans)))
        if not said:
            self._said.show_words(tr("(nothing)"), (), ())
        is_known = isinstance(score, (int, float))
        self._score.setText(percent(float(score), 0) if is_known else "")


def _nothing_yet(history: History) -> str:
    if history.evaluations.get(SPLIT):
        return tr("This run keeps no answers to look at while it learns; its Evaluation page has them all.")
    return tr("After the first look at validation, what it says to a few held-out rows shows here.")
