"""GaugesCard: what else moves while it learns: a GAN's temperature, the gradient's noise, the accumulation."""

from __future__ import annotations

import numpy as np
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from engine.config.run import RunConfig
from engine.runs.history import History
from studio.plots.charts.learning_curve import CurvePlot
from studio.tasks.registry import view_of
from studio.theme import font, tokens
from studio.translation import tr
from studio.widgets.card import Card
from studio.widgets.labels import ElidingLabel
from studio.widgets.layouts import fill, hbox

_HEIGHT = 190
_GAP = 24


class GaugesCard(Card):
    """One small plot each, side by side; hidden where nothing of the kind moves."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("What else moves"), "", parent)
        self.setObjectName("gaugesCard")
        self._gauges = {
            "temperature": Gauge(tr("Inverse temperature"), tr("higher: surer words")),
            "noise_scale": Gauge(tr("Noise of the gradient"), tr("how many texts an update could use")),
            "accumulation": Gauge(tr("Micro-batches an update"), tr("found as it learns")),
        }
        line = QHBoxLayout()
        line.setSpacing(_GAP)
        for name, gauge in self._gauges.items():
            gauge.setObjectName(name)
            line.addWidget(gauge, 1)
        self.body.addLayout(line, 1)
        self.setFixedHeight(_HEIGHT)
        self.hide()

    def show_history(self, history: History, config: RunConfig) -> None:
        """Take over the new steps; nothing is drawn before `redraw`."""
        total = history.started.total_steps if history.started else config.training.max_steps
        for name, gauge in self._gauges.items():
            gauge.show_curve(*_curve(history, config, name), total)
        self.setVisible(any(not gauge.isHidden() for gauge in self._gauges.values()))

    def clear(self) -> None:
        for gauge in self._gauges.values():
            gauge.plot.clear_series()

    def redraw(self) -> None:
        for gauge in self._gauges.values():
            gauge.plot.redraw()


class Gauge(QWidget):
    """A number that moves step by step, under its name."""

    def __init__(self, title: str, about: str) -> None:
        super().__init__()
        self._title = title
        self.plot = CurvePlot(name=title)
        head, told = ElidingLabel(title), ElidingLabel(about)
        head.setFont(font(12, 600))
        told.setFont(font(12))
        told.setProperty("kind", "caption")
        words = hbox(head, (told, 1), gap=8)
        fill(QVBoxLayout(self), words, (self.plot, 1), gap=4)
        self.hide()

    def show_curve(self, steps: np.ndarray, values: np.ndarray, total: int) -> None:
        self.setVisible(bool(len(steps)))
        if len(steps):
            self.plot.set_span(total)
            self.plot.set_series("gauge", steps, values, tokens().s1, "")


def _curve(history: History, config: RunConfig, name: str) -> tuple[np.ndarray, np.ndarray]:
    """A straight line tells nothing."""
    if name != "accumulation":
        return history.gauge(name)
    steps, counts = history.steps(view_of(config.task).training.main_player(history, config), name)
    varies = len(counts) > 0 and counts.min() < counts.max()
    return (steps, counts) if varies else (steps[:0], counts[:0])
