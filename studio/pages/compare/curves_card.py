"""CurvesCard: the groups' curves over each other, by step, text or second."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QWidget

from engine.config.run import RunConfig
from engine.metrics.registry import metric_of
from engine.runs.history import History
from studio import theme
from studio.pages.compare.chosen_groups import ChosenGroup
from studio.pages.compare.group_curves import Course, baseline_of, course_of
from studio.pages.compare.sentences import title_of
from studio.plots.charts.learning_curve import CurvePlot, Unit
from studio.plots.charts.panel import Trace
from studio.tasks.measures import TRAINING_LOSS, Measure
from studio.tasks.registry import view_of
from studio.translation import tr
from studio.widgets import Caption, SegmentedControl
from studio.widgets.card import Card
from studio.widgets.flow_layout import FlowLayout

_MINUTES_FROM = 600.0
_LABEL_WIDTH = 150


class CurvesCard(Card):
    """One plot; which measure and what it is drawn over are chosen in its head."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("While learning"), "", parent)
        self.setObjectName("compared_curves")
        self._under = Caption("", wrap=True)
        self._measures: dict[tuple[str, ...], SegmentedControl] = {}
        self._remembered: dict[str, str] = {}
        self.by = SegmentedControl(
            [("step", tr("by step"), None), ("row", tr("by text"), None), ("second", tr("by time"), None)]
        )
        self.by.setAccessibleName(tr("What the curves are drawn over"))
        controls = QWidget()
        self._line = FlowLayout(controls)
        self._line.addWidget(self.by)
        self.measure = self._choice_of(_compared_of(RunConfig()))
        self.body.addWidget(controls)
        self._plots = {True: CurvePlot(is_share=True, name=tr("Curves")), False: CurvePlot(name=tr("Curves"))}
        for plot in self._plots.values():
            plot.setMinimumHeight(270)
            self.body.addWidget(plot, 1)
        self.body.addWidget(self._under)
        self._show: Callable[[], None] = lambda: None
        self.by.changed.connect(lambda _: self._show())
        self._groups: Sequence[ChosenGroup] = ()
        self._histories: Callable[[ChosenGroup], list[History]] = lambda _group: []

    @property
    def plot(self) -> CurvePlot:
        """The one that is shown."""
        return self._plots[_is_share(self.measure.current())]

    def show_groups(self, groups: Sequence[ChosenGroup], histories: Callable[[ChosenGroup], list[History]]) -> None:
        """Draw them; called again when their runs have gone on."""
        self._groups, self._histories = groups, histories
        self.measure = self._choice_of(_compared_of(groups[0].group.config))
        for control in self._measures.values():
            control.setVisible(control is self.measure)
        self._show = self._draw
        self._draw()

    def traces(self) -> list[Trace]:
        """What is shown, over steps: for a file."""
        measure = self.measure.current()
        found = []
        for one in self._groups:
            course = course_of(self._histories(one), measure, "step", _micro_batch(one))
            found.append(Trace(str(one.number), one.title, one.ink.color, course.xs, course.ys))
        return found

    def state(self) -> dict[str, Any]:
        chosen = {_key(names): control.current() for names, control in self._measures.items()}
        return {"by": self.by.current(), "measures": {**self._remembered, **chosen}}

    def restore(self, state: dict[str, Any]) -> None:
        self._remembered = dict(state.get("measures", {}))
        for names, control in self._measures.items():
            control.set_current(self._remembered.get(_key(names), control.current()))
        self.by.set_current(str(state.get("by", "step")))

    def _choice_of(self, names: tuple[str, ...]) -> SegmentedControl:
        """What the curves may show, made when such runs are first compared."""
        if names not in self._measures:
            made = _choice(names)
            made.set_current(self._remembered.get(_key(names), made.current()))
            made.changed.connect(lambda _: self._show())
            self._line.addWidget(made)
            self._measures[names] = made
        return self._measures[names]

    def _draw(self) -> None:
        measure, by = self.measure.current(), self.by.current()
        plot = self.plot
        for other in self._plots.values():
            other.setVisible(other is plot)
        courses = [course_of(self._histories(one), measure, by, _micro_batch(one)) for one in self._groups]  # type: ignore[arg-type]
        scale, unit = _unit(by, courses)
        plot.set_unit(unit)
        plot.clear_series()
        for one, course in zip(self._groups, courses, strict=True):
            self._add(plot, one, course, scale)
        self._set_baseline(plot, measure)
        self._under.setText(_caption(self._groups, courses, measure))
        plot.redraw()

    def _add(self, plot: CurvePlot, one: ChosenGroup, course: Course, scale: float) -> None:
        if not len(course.xs):
            return
        metrics = QFontMetricsF(theme.font(12, 500))
        label = metrics.elidedText(one.title, Qt.TextElideMode.ElideRight, _LABEL_WIDTH)
        key, xs = str(one.number), course.xs * scale
        plot.set_series(key, xs, course.ys, one.ink.color, label, is_dashed=one.ink.is_dashed)
        if course.low is not None and course.high is not None:
            plot.set_band(key, xs, course.low, course.high)

    def _set_baseline(self, plot: CurvePlot, measure: str) -> None:
        """Word counting of the base; the curves of others may have other texts."""
        value = None
        if self._groups and _is_share(measure) and not Measure(measure, "s1").is_meter:
            value = baseline_of(self._histories(self._groups[0])[0], measure)
        plot.set_baseline(value, "" if value is None else tr("word counting {value}", value=f"{100 * value:.1f}"))


def _compared_of(config: RunConfig) -> tuple[str, ...]:
    """The measures by which such runs can be compared while they learn."""
    return view_of(config.task).training.compared(config)


def _key(names: tuple[str, ...]) -> str:
    return " ".join(names)


def _choice(names: Sequence[str]) -> SegmentedControl:
    told = {name: tr("Training loss") if name == TRAINING_LOSS else title_of(name) for name in names}
    control = SegmentedControl([(name, title, None) for name, title in told.items()])
    control.setAccessibleName(tr("What the curves show"))
    return control


def _is_share(measure: str) -> bool:
    return measure != TRAINING_LOSS and metric_of(measure).is_share


def _micro_batch(one: ChosenGroup) -> int:
    return one.group.config.training.micro_batch_size


def _unit(by: str, courses: Sequence[Course]) -> tuple[float, Unit]:
    """(what x values are multiplied with, what they count then): minutes for long trainings."""
    if by != "second":
        return 1.0, "row" if by == "row" else "step"
    longest = max((float(one.xs[-1]) for one in courses if len(one.xs)), default=0.0)
    return (1 / 60, "minute") if longest > _MINUTES_FROM else (1.0, "second")


def _caption(groups: Sequence[ChosenGroup], courses: Sequence[Course], measure: str) -> str:
    told = tr("training texts") if measure == TRAINING_LOSS else tr("validation texts")
    if not any(len(one.xs) for one in courses):
        return tr("no run has told this yet")
    if any(one.low is not None for one in courses):
        return tr("{texts}; mean over seeds, band: 95 % interval", texts=told)
    if any(len(one.runs) > 1 for one in groups):
        return tr("{texts}; mean over seeds", texts=told)
    return told
