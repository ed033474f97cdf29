"""CurvesCard: the groups' curves over each other, by step, text or second."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QWidget

from engine.runs.history import History
from studio import theme
from studio.pages.compare.chosen import ChosenGroup
from studio.pages.compare.courses import SHARES, Course, Measure, baseline_of, course_of
from studio.plots.curve_plot import CurvePlot, Unit
from studio.plots.panel import Trace
from studio.translation import tr
from studio.widgets import Caption, SegmentedControl
from studio.widgets.card import Card

_MINUTES_FROM = 600.0
_LABEL_WIDTH = 150


class CurvesCard(Card):
    """One plot; which measure and what it is drawn over are chosen in its head."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("While learning"), "", parent)
        self.setObjectName("compared_curves")
        self._under = Caption("", wrap=True)
        self.measure = SegmentedControl(
            [
                ("precision", tr("Precision"), None),
                ("recall", tr("Recall"), None),
                ("f1", tr("F1"), None),
                ("loss", tr("Loss"), None),
                ("training_loss", tr("Training loss"), None),
            ]
        )
        self.measure.setAccessibleName(tr("What the curves show"))
        self.by = SegmentedControl(
            [("step", tr("by step"), None), ("row", tr("by text"), None), ("second", tr("by time"), None)]
        )
        self.by.setAccessibleName(tr("What the curves are drawn over"))
        self.header.addWidget(self.by)
        self.header.addWidget(self.measure)
        self._plots = {True: CurvePlot(is_share=True, name=tr("Curves")), False: CurvePlot(name=tr("Curves"))}
        for plot in self._plots.values():
            plot.setMinimumHeight(270)
            self.body.addWidget(plot, 1)
        self.body.addWidget(self._under)
        self._show: Callable[[], None] = lambda: None
        self.measure.changed.connect(lambda _: self._show())
        self.by.changed.connect(lambda _: self._show())
        self._groups: Sequence[ChosenGroup] = ()
        self._histories: Callable[[ChosenGroup], list[History]] = lambda _group: []

    @property
    def plot(self) -> CurvePlot:
        """The one that is shown."""
        return self._plots[self.measure.current() in SHARES]

    def show_groups(self, groups: Sequence[ChosenGroup], histories: Callable[[ChosenGroup], list[History]]) -> None:
        """Draw them; called again when their runs have gone on."""
        self._groups, self._histories = groups, histories
        self._show = self._draw
        self._draw()

    def traces(self) -> list[Trace]:
        """What is shown, over steps: for a file."""
        measure = self._measure()
        found = []
        for one in self._groups:
            course = course_of(self._histories(one), measure, "step", _micro_batch(one))
            found.append(Trace(str(one.number), one.title, one.ink.color, course.xs, course.ys))
        return found

    def state(self) -> dict[str, Any]:
        return {"measure": self.measure.current(), "by": self.by.current()}

    def restore(self, state: dict[str, Any]) -> None:
        self.measure.set_current(str(state.get("measure", "precision")))
        self.by.set_current(str(state.get("by", "step")))

    def _measure(self) -> Measure:
        return self.measure.current()  # type: ignore[return-value]

    def _draw(self) -> None:
        measure, by = self._measure(), self.by.current()
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

    def _set_baseline(self, plot: CurvePlot, measure: Measure) -> None:
        """Word counting of the base; the curves of others may have other texts."""
        value = None
        if self._groups and measure in SHARES:
            value = baseline_of(self._histories(self._groups[0])[0], measure)
        plot.set_baseline(value, "" if value is None else tr("word counting {value}", value=f"{100 * value:.1f}"))


def _micro_batch(one: ChosenGroup) -> int:
    return one.group.config.training.micro_batch_size


def _unit(by: str, courses: Sequence[Course]) -> tuple[float, Unit]:
    """(what x values are multiplied with, what they count then): minutes for long trainings."""
    if by != "second":
        return 1.0, "row" if by == "row" else "step"
    longest = max((float(one.xs[-1]) for one in courses if len(one.xs)), default=0.0)
    return (1 / 60, "minute") if longest > _MINUTES_FROM else (1.0, "second")


def _caption(groups: Sequence[ChosenGroup], courses: Sequence[Course], measure: Measure) -> str:
    told = tr("training texts") if measure == "training_loss" else tr("validation texts")
    if not any(len(one.xs) for one in courses):
        return tr("no run has told this yet")
    if any(one.low is not None for one in courses):
        return tr("{texts}; mean over seeds, band: 95 % interval", texts=told)
    if any(len(one.runs) > 1 for one in groups):
        return tr("{texts}; mean over seeds", texts=told)
    return told
