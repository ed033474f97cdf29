"""LearningCard: every trial while it learned, all curves over each other; with two goals, as a front instead."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QWidget

from engine.metrics.registry import METRICS, metric_of
from engine.records.search import SearchRecord
from studio.pages.search.drawn_trials import curves, extent_of, front, goal_title, is_share, rungs, value_in_words
from studio.pages.search.trial_selection import TrialSelection
from studio.plots.charts.trial_curves import TrialCurves
from studio.plots.charts.trial_front import TrialFront
from studio.translation import tr
from studio.widgets import SegmentedControl
from studio.widgets.card import Card
from studio.widgets.labels import Caption


class LearningCard(Card):
    """A press on a curve chooses its trial in every part of the page."""

    def __init__(self, selection: TrialSelection, parent: QWidget | None = None) -> None:
        super().__init__(tr("While learning"), " ", parent)
        self.setObjectName("trial_curves")
        self.curves, self.front = TrialCurves(), TrialFront()
        self.views = SegmentedControl([("front", tr("Both goals"), None), ("curves", tr("Curves"), None)])
        self.views.setObjectName("learning_views")
        self.views.setAccessibleName(tr("What the chart shows"))
        self.views.changed.connect(lambda _: self._show_view())
        self.header.addWidget(self.views)
        self.views.hide()
        self._under = Caption("", wrap=True)
        for chart in (self.curves, self.front):
            self.body.addWidget(chart, 1)
            chart.lit.connect(selection.light)
            chart.chosen.connect(selection.choose)
            selection.lit.connect(chart.show_lit)
            selection.chosen.connect(chart.show_chosen)
            selection.kept_changed.connect(chart.show_kept)
        self.body.addWidget(self._under)
        self._record: SearchRecord | None = None
        self._show_view()

    def show_record(self, record: SearchRecord) -> None:
        self._record = record
        goal, has_two = record.goals[0], len(record.goals) > 1
        if has_two != (not self.views.isHidden()):
            self.views.setVisible(has_two)
            self._show_view()
        baseline = None
        if record.baseline == record.baseline and is_share(goal):
            told = tr("word counting {value}", value=value_in_words(record.baseline, goal))
            baseline = (record.baseline, told)
        self.curves.show_trials(
            curves(record), is_share=is_share(goal), rungs=rungs(record), baseline=baseline, unit=extent_of(record)
        )
        if has_two:
            self.front.show_points(*front(record))
        self._say(record)

    def state(self) -> dict[str, Any]:
        return {"view": self.views.current()}

    def restore(self, state: dict[str, Any]) -> None:
        self.views.set_current(str(state.get("view", "front")))
        self._show_view()

    def _say(self, record: SearchRecord) -> None:
        goal = record.goals[0]
        told = goal_title(goal)
        if goal.key in METRICS and metric_of(goal.key).help is None and goal.key.endswith("macro"):
            told = tr("{metric}: every label counts the same", metric=told)
        self.caption.setText(told)
        num_pruned = sum(one.state == "pruned" for one in record.trials)
        said = [tr("pale: stopped early, {count}", count=num_pruned)] if num_pruned else []
        if record.checks and len(record.goals) == 1:
            said.append(tr("dotted: checks for the weaker ones"))
        self._under.setText(" · ".join(said))
        self._under.setVisible(bool(said))

    def _show_view(self) -> None:
        has_two = not self.views.isHidden()
        is_front = has_two and self.views.current() == "front"
        self.front.setVisible(is_front)
        self.curves.setVisible(not is_front)
