"""SearchDialog: which settings a search tries and between what, what it is after, and how long it may take."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QDialog, QGridLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from engine.config.run import RunConfig
from engine.config.search import PRECISION_AT_RECALL, Budget, Goal, Range, SearchPlan, checked_plan
from engine.config.search_limits import usual_ranges
from engine.config.tasks.best_metric import judged_by, validated
from engine.errors import InputError
from engine.messages import message
from engine.metrics.registry import METRICS, metric_of
from studio import theme
from studio.forms.editors import NUMBER_WIDTH, typed_number
from studio.forms.range_row import RangeRow
from studio.numbers import duration
from studio.translation import capitalized, tr, words
from studio.widgets import Button, Heading, SegmentedControl
from studio.widgets.labels import Caption
from studio.widgets.layouts import fill, hbox

_MINUTES, _USUAL, _OWN = ("5", "20", "60"), "20", "own"
_WIDTH, _HELD_BACK = 620, 0.7
_FLOOR = "85"


class SearchDialog(QDialog):
    """`confirmed(plan)` when the search shall begin. `seconds` is what one run takes, nan where nobody knows."""

    confirmed = Signal(object)

    def __init__(self, name: str, config: RunConfig, seconds: float = math.nan, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("search_dialog")
        self.setWindowTitle("Attune")
        self.setModal(True)
        self.setMinimumWidth(theme.tall(_WIDTH))
        self._base, self._seconds = config, seconds
        self._ranges: tuple[Range, ...] = usual_ranges(config)
        what = QLabel(
            tr(
                "“{name}” is trained again and again with other settings; what is promising goes on, the rest is "
                "stopped early. The best three are repeated with other seeds before a winner is named.",
                name=name,
            )
        )
        what.setProperty("kind", "second")
        what.setWordWrap(True)
        self.ranges = RangeRow()
        self.ranges.changed.connect(self._take_ranges)
        self.ranges.show_ranges(config, self._ranges)
        self._build_goals()
        self._build_budget()
        self._trouble = QLabel()
        self._trouble.setObjectName("search_trouble")
        self._trouble.setProperty("kind", "bad")
        self._trouble.setWordWrap(True)
        self._trouble.hide()
        self.start = Button(tr("Start"), "primary", "ph.play-fill")
        self.start.setObjectName("start_search")
        self.start.clicked.connect(self._confirm)
        cancel = Button(tr("Cancel"), "plain")
        cancel.clicked.connect(self.reject)
        self._lay_out(what, cancel)
        self._show()

    def plan(self) -> SearchPlan:
        """As it is now. Raises InputError for a number that is none."""
        goals = [self._goal(self.first, self.first_floor)]
        if self.second.currentData():
            goals.append(self._goal(self.second, self.second_floor))
        minutes: float | None = None
        if self.minutes.current() != _OWN:
            minutes = float(self.minutes.current())
        elif self.own_minutes.text().strip():
            minutes = _positive(self.own_minutes.text(), "budget.minutes")
        trials = None
        if self.trials.text().strip():
            trials = round(_positive(self.trials.text(), "budget.trials"))
        budget = Budget(minutes=minutes, trials=trials)
        return SearchPlan(ranges=self._ranges, goals=tuple(goals), budget=budget, prunes=len(goals) == 1)

    # -- its parts -----------------------------------------------------------------------------------------------------

    def _build_goals(self) -> None:
        keys = [key for key in validated(self._base.task) if key in METRICS]
        usual = judged_by(self._base.task, self._base.training.best)
        self.first, self.second = QComboBox(), QComboBox()
        self.first.setObjectName("first_goal")
        self.first.setAccessibleName(tr("Goal"))
        self.second.setObjectName("second_goal")
        self.second.setAccessibleName(tr("Second goal"))
        self.second.addItem(tr("nothing else"), "")
        for key in keys:
            for box in (self.first, self.second):
                box.addItem(_metric_title(key), key)
        self.first.setCurrentIndex(max(0, self.first.findData(usual)))
        self.first_floor, self.second_floor = self._floor("first_floor"), self._floor("second_floor")
        for box in (self.first, self.second):
            box.currentIndexChanged.connect(lambda _: self._show())

    def _floor(self, name: str) -> QLineEdit:
        field = QLineEdit(_FLOOR)
        field.setObjectName(name)
        field.setFixedWidth(64)
        field.setAccessibleName(tr("Least recall in percent"))
        return field

    def _build_budget(self) -> None:
        told = [(one, tr("{minutes} min", minutes=one), None) for one in _MINUTES]
        self.minutes = SegmentedControl([*told, (_OWN, tr("Other"), None)])
        self.minutes.setObjectName("search_minutes")
        self.minutes.setAccessibleName(tr("Minutes"))
        self.minutes.set_current(_USUAL)
        self.minutes.changed.connect(lambda _: self._show())
        self.own_minutes, self.trials = QLineEdit(), QLineEdit()
        self.own_minutes.setObjectName("own_minutes")
        self.own_minutes.setAccessibleName(tr("Minutes"))
        self.own_minutes.setPlaceholderText(tr("no limit"))
        self.trials.setObjectName("search_trials")
        self.trials.setAccessibleName(tr("Trials at most"))
        self.trials.setPlaceholderText(tr("any number"))
        for field in (self.own_minutes, self.trials):
            field.setFixedWidth(NUMBER_WIDTH)
            field.textChanged.connect(lambda _: self._show())
        self._cost = Caption("", wrap=True)
        self._cost.setObjectName("search_cost")

    def _lay_out(self, what: QLabel, cancel: Button) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(10)
        grid.setColumnStretch(1, 1)
        self._first_recall, self._second_recall = QLabel(tr("% recall at least")), QLabel(tr("% recall at least"))
        first = hbox(self.first, self.first_floor, self._first_recall, None, gap=8)
        second = hbox(self.second, self.second_floor, self._second_recall, None, gap=8)
        budget = hbox(self.minutes, self.own_minutes, None, gap=8)
        trials = hbox(self.trials, None, gap=8)
        rows = (
            (tr("As good as possible"), first),
            (tr("and at once"), second),
            (tr("Minutes"), budget),
            (tr("Trials at most"), trials),
        )
        for row, (title, part) in enumerate(rows):
            grid.addWidget(QLabel(title), row, 0)
            grid.addLayout(part, row, 1)
        parts = (Heading(tr("Search for better settings"), "card"), what, self.ranges, grid, self._cost, self._trouble)
        fill(QVBoxLayout(self), *parts, hbox(None, cancel, self.start, gap=8), gap=12, margins=(24, 20, 24, 20))
        self.start.setFocus(Qt.FocusReason.TabFocusReason)

    def _show(self) -> None:
        """What belongs to what is chosen, and what it will cost."""
        pairs = (
            (self.first, self.first_floor, self._first_recall),
            (self.second, self.second_floor, self._second_recall),
        )
        for box, floor, told in pairs:
            has_floor = box.currentData() == PRECISION_AT_RECALL
            floor.setVisible(has_floor)
            told.setVisible(has_floor)
        self.own_minutes.setVisible(self.minutes.current() == _OWN)
        self._trouble.hide()
        self._cost.setText(self._cost_words())

    def _cost_words(self) -> str:
        try:
            plan = self.plan()
        except InputError:
            return ""
        told = []
        minutes = plan.budget.minutes
        if minutes is not None and math.isfinite(self._seconds) and self._seconds > 0:
            count = max(1, math.floor(_HELD_BACK * 60 * minutes / self._seconds))
            one = duration(self._seconds)
            told.append(
                tr(
                    "One run took {time}: there is time for about {count:plural:whole trial:whole trials}, and more "
                    "where weak ones are stopped early.",
                    time=one,
                    count=count,
                )
            )
        elif minutes is not None:
            told.append(tr("How many trials that are, the first one will show."))
        if len(plan.goals) > 1:
            told.append(tr("With two goals no trial is stopped early: what is weak in one may lead in the other."))
        return " ".join(told)

    # -- what the person does ------------------------------------------------------------------------------------------

    def _take_ranges(self, ranges: Sequence[Range]) -> None:
        self._ranges = tuple(ranges)
        self.ranges.show_ranges(self._base, self._ranges)
        self._show()

    def _goal(self, box: QComboBox, floor: QLineEdit) -> Goal:
        key = str(box.currentData())
        if key != PRECISION_AT_RECALL:
            return Goal(metric=key)
        share = _positive(floor.text(), "goal") / 100
        if share > 1:
            raise InputError(message("A recall is at most 100 %."), "goal", message("Give a number up to 100."))
        return Goal(metric="precision", recall_floor=share)

    def _confirm(self) -> None:
        try:
            plan = checked_plan(self.plan(), self._base)
        except InputError as error:
            told = [error.what, *([error.mend] if error.mend is not None else [])]
            self._trouble.setText(" ".join(words(one) for one in told))
            self._trouble.show()
            return
        self.confirmed.emit(plan)
        self.accept()


def _metric_title(key: str) -> str:
    if key == PRECISION_AT_RECALL:
        return tr("Precision, from a recall on")
    return capitalized(metric_of(key).title)


def _positive(text: str, where: str) -> float:
    """Raises InputError for what is no number above 0."""
    try:
        value = float(typed_number(text))
    except ValueError:
        value = math.nan
    if not value > 0 or math.isinf(value):
        raise InputError(
            message("“{text}” is no number above 0.", text=text), where, message("Give a number, such as 20.")
        )
    return value
