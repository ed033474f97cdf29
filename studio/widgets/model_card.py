"""ModelCard: a model to choose, with its parameters, memory and time, measured on this machine."""

from __future__ import annotations

from typing import Literal

from PySide6.QtWidgets import QGridLayout, QLabel

from engine.errors import AttuneError
from engine.records import Estimate
from studio.numbers import duration, file_size, short_number
from studio.translation import tr, words
from studio.widgets.choice_card import ChoiceCard
from studio.widgets.labels import change, label


class ModelCard(ChoiceCard):
    """`time` is that of an epoch, or of all the training where steps do not read equally much."""

    def __init__(self, name: str, title: str, text: str, time: Literal["epoch", "whole"] = "epoch") -> None:
        super().__init__(name, title, text)
        self._time = time
        self._changed = label(tr("with your changes"), 12, "warn", 500)
        self._changed.hide()
        self.column.insertWidget(1, self._changed)
        self._figures: dict[str, QLabel] = {}
        grid = QGridLayout()
        grid.setContentsMargins(0, 6, 0, 0)
        grid.setVerticalSpacing(3)
        took = tr("All texts once") if time == "epoch" else tr("Time in all")
        titles = {"parameters": tr("Parameters"), "memory": tr("Memory needed"), "time": took}
        for row, (figure, told) in enumerate(titles.items()):
            grid.addWidget(label(told, 12, "caption", wraps=False), row, 0)
            self._figures[figure] = label("…", 12, "", 500, wraps=False)
            grid.addWidget(self._figures[figure], row, 1)
        grid.setColumnStretch(1, 1)
        self.column.addLayout(grid)
        self._said = label("", 12, "caption")
        self._said.hide()
        self.column.addWidget(self._said)

    def show_cost(self, estimate: Estimate | None, error: AttuneError | None, is_measured: bool) -> None:
        """Figures, dots while they are measured; dashes and why where there are none."""
        self._explain(error, is_measured)
        shown = ("…", "…", "…") if error is None and is_measured else ("–", "–", "–")
        if estimate is not None:
            epoch = estimate.seconds_per_step * estimate.steps_per_epoch
            took = duration(epoch if self._time == "epoch" else estimate.total_seconds)
            shown = short_number(estimate.num_parameters), file_size(estimate.memory_bytes), took
        for figure, text in zip(self._figures.values(), shown, strict=True):
            figure.setText(text)

    def _explain(self, error: AttuneError | None, is_measured: bool) -> None:
        if error is not None:
            change(self._said, words(error.what), "bad")
        else:
            change(self._said, tr("Measured when you choose it: it is downloaded then."), "caption")
        self._said.setVisible(error is not None or not is_measured)

    def show_changed(self, is_changed: bool) -> None:
        self._changed.setVisible(is_changed)
