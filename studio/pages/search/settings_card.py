"""SettingsCard: which settings work: each trial as a line over the settings that were tried and what it reached."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from engine.records.search import SearchRecord
from studio.pages.search.drawn_trials import SettingAxis, boxes, lines, value_axes
from studio.pages.search.trial_selection import TrialSelection
from studio.plots.charts.parallel_axes import ParallelAxes
from studio.translation import tr
from studio.widgets import Button
from studio.widgets.card import Card


class SettingsCard(Card):
    """What is marked on an axis leaves the other trials out, here and in all other parts."""

    def __init__(self, selection: TrialSelection, parent: QWidget | None = None) -> None:
        super().__init__(tr("Which settings work"), " ", parent)
        self.setObjectName("which_settings")
        self.caption.setText(tr("bold: the best, written below · boxes: the best five · dashed: running"))
        self.axes = ParallelAxes()
        self.axes.setAccessibleDescription(
            tr("Drag along an axis to mark a stretch of it; Escape takes the marks away.")
        )
        self.all = Button(tr("Show all trials"), "quiet", "ph.x", "small")
        self.all.setObjectName("show_all_trials")
        self.all.clicked.connect(self.axes.clear_marks)
        self.all.hide()
        self.header.addWidget(self.all)
        self.body.addWidget(self.axes, 1)
        self._selection = selection
        self.axes.lit.connect(selection.light)
        self.axes.chosen.connect(selection.choose)
        self.axes.filtered.connect(self._keep)
        selection.lit.connect(self.axes.show_lit)
        selection.chosen.connect(self.axes.show_chosen)
        selection.kept_changed.connect(self._on_kept)

    def show_record(self, record: SearchRecord, axes: Sequence[SettingAxis]) -> None:
        drawn_on = value_axes(record, axes)
        self.axes.show_trials(drawn_on, lines(record, axes, drawn_on), boxes(record, axes))
        self._selection.keep(self.axes.kept())

    def _keep(self, numbers: frozenset[int] | None) -> None:
        self._selection.keep(numbers)

    def _on_kept(self, numbers: frozenset[int] | None) -> None:
        self.all.setVisible(numbers is not None)
        if numbers is None:
            self.axes.clear_marks()
