"""Charts: the loss and the quality of a run, live."""

from __future__ import annotations

import math

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from engine.config.run import RunConfig
from engine.runs.history import History
from studio.plots.charts.learning_curve import CurvePlot
from studio.tasks.measures import LOSS, Curves, Measure, baseline_of, baseline_words, chosen, value_at
from studio.tasks.registry import view_of
from studio.theme import tokens
from studio.translation import tr, words
from studio.widgets.button import IconButton
from studio.widgets.card import Card


class ChartCard(Card):
    """A plot under a title, and a button that opens all curves large."""

    closer_wished = Signal()

    def __init__(self, title: str, caption: str, plot: CurvePlot, parent: QWidget | None = None) -> None:
        super().__init__(title, caption, parent)
        self.setObjectName("card")
        self.caption.setMinimumWidth(1)
        self.plot = plot
        self.expand = IconButton("ph.arrows-out-simple", tr("Look closer at all curves"))
        self.expand.clicked.connect(self.closer_wished)
        self.header.addWidget(self.expand)
        self.body.addWidget(plot, 1)

    def redraw(self) -> bool:
        return self.plot.redraw()


class LossCard(ChartCard):
    """Training loss of every player, raw and smoothed, with the validation loss over it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        plot = CurvePlot(name=tr("Loss over the steps"))
        plot.setObjectName("lossPlot")
        super().__init__(tr("Loss"), tr("how wrong it is; lower is better"), plot, parent)
        self.expand.setObjectName("expandLoss")

    def show_history(self, history: History, config: RunConfig) -> None:
        """Take over the new steps; nothing is drawn before `redraw`."""
        plot, before = self.plot, config.training.pretraining.steps
        _set_span(plot, history, config)
        view = view_of(config.task).training
        self.caption.setText(words(view.loss_caption))
        plot.set_turn(before or None, words(view.phases.end))
        for player in history.players:
            steps, losses = history.steps(player)
            name, color = view.player_name(player), view.player_color(player)
            plot.set_series(f"train:{player}", steps, losses, color, name, is_raw=True)
        steps, losses = history.gauge("adversary_loss")
        if len(steps):
            plot.set_series("adversary", steps, losses, tokens().s4, tr("under attack"), is_raw=True)

    def show_curves(self, history: History, config: RunConfig, curves: Curves) -> None:
        """The validation loss and the best step, which change with an evaluation only."""
        steps, losses = curves[LOSS.key]
        if len(steps):
            name = words(view_of(config.task).training.validation_name)
            self.plot.set_series("validation", steps, losses, tokens().s2, name)
        best = history.best
        self.plot.set_best(best.step if best else None, value_at(history, LOSS, best.step) if best else None)


class QualityCard(ChartCard):
    """Precision, recall and F1 (for a number as target: its errors) on the validation rows, with the line to pass."""

    def __init__(self, config: RunConfig, parent: QWidget | None = None) -> None:
        view = view_of(config.task).training
        self._measures = view.curves(config)
        drawn = tuple(one for one in self._measures if one.is_share == self._measures[0].is_share)
        plot = CurvePlot(is_share=drawn[0].is_share, name=_joined_names(drawn))
        plot.setObjectName("qualityPlot")
        title = words(view.quality_title) if view.quality_title is not None else _joined_names(drawn)
        super().__init__(title, " ", plot, parent)
        self.expand.setObjectName("expandQuality")

    def show_curves(self, history: History, config: RunConfig, curves: Curves) -> None:
        """Take over the new evaluations; nothing is drawn before `redraw`."""
        plot = self.plot
        _set_span(plot, history, config)
        self.caption.setText(_about(history, config))
        for measure in self._measures:
            steps, values = curves[measure.key]
            if len(steps) and measure.is_share == self._measures[0].is_share:
                plot.set_series(measure.key, steps, values, measure.color(tokens()), measure.name())
        self._show_lines(history, config)
        best = history.best
        if best is None:
            plot.set_best(None)
        else:
            shown = math.nan if self._is_beside_real else value_at(history, self._shown(best.metric), best.step)
            plot.set_best(best.step, shown, tr("best, step {step}", step=best.step))

    @property
    def _is_beside_real(self) -> bool:
        """Whether each curve has a line of its own, what real text has."""
        return all(measure.is_meter for measure in self._measures)

    def _show_lines(self, history: History, config: RunConfig) -> None:
        """Word counting's line; where texts are measured, that of real text for each measure."""
        if self._is_beside_real:
            for measure in self._measures:
                value = baseline_of(history, measure)
                self.plot.set_level(measure.key, value, measure.color(tokens()))
            return
        line = self._shown(chosen(config).key)
        value = baseline_of(history, line)
        self.plot.set_baseline(value, baseline_words(line, value) if value is not None else "")

    def _shown(self, key: str) -> Measure:
        """The metric that chooses the best checkpoint where this chart shows it, else the chart's first."""
        return next((measure for measure in self._measures if measure.key == key), self._measures[0])


def _set_span(plot: CurvePlot, history: History, config: RunConfig) -> None:
    """Its ticks are ends of epochs where all steps read as much."""
    total = history.started.total_steps if history.started else config.training.max_steps
    is_even = not config.training.pretraining.steps and config.training.accumulation.name == "fixed"
    plot.set_span(total, history.started.steps_per_epoch if history.started and is_even else 0.0)


def _joined_names(measures: tuple[Measure, ...]) -> str:
    first, *others = (measure.name() for measure in measures)
    return tr(", ").join([first[:1].upper() + first[1:], *others])


def _about(history: History, config: RunConfig) -> str:
    """On which rows, and whose it is."""
    if history.started is None:
        return tr("validation")
    return words(view_of(config.task).training.quality_caption(history.started, config))
