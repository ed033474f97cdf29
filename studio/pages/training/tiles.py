"""Tiles: the run's figures, each with the interval or the baseline that it must be read with."""

from __future__ import annotations

import math

import numpy as np

from engine.config.run import RunConfig
from engine.runs.history import History
from studio.numbers import file_size, number, percent, share_interval
from studio.plots.charts.thinning import Envelope
from studio.tasks.measures import (
    REHEARSED,
    SPLIT,
    Curves,
    Measure,
    baseline_of,
    baseline_words,
    interval_of,
    reference_of,
)
from studio.tasks.registry import view_of
from studio.theme import tokens
from studio.translation import tr
from studio.widgets.stat_tile import StatTile

_SPARK_POINTS = 24


class Tiles:
    """Five tiles, in the order in which they stand; the page lays them out."""

    def __init__(self, config: RunConfig) -> None:
        self._measures = view_of(config.task).training.tiles(config)
        self._qualities = [StatTile(measure.title()) for measure in self._measures]
        self._speed, self._memory = StatTile(tr("Speed")), StatTile(tr("Memory in use"))
        self._batch = StatTile(tr("Effective batch"))
        self.all = [*self._qualities, self._speed, self._memory, self._batch]
        for name, tile in zip(("quality1", "quality2", "speed", "memory", "batch"), self.all, strict=True):
            tile.setProperty("tile", name)

    def show_qualities(self, history: History, curves: Curves) -> None:
        """Newest values with interval, baseline and curve; call when there is a new evaluation."""
        for measure, tile in zip(self._measures, self._qualities, strict=True):
            steps, values = curves[measure.key]
            figure = measure.worded(float(values[-1])) if len(values) else "–"
            figure, _, unit = figure.partition(" ") if figure.endswith(" %") else (figure, "", "")
            tile.set_value(figure, unit, _compared(history, measure, has_value=bool(len(values))))
            tile.set_spark(*_sketch(steps, values), measure.color(tokens()))

    def show_costs(self, history: History, config: RunConfig) -> None:
        """Speed, memory and batch as they are now."""
        progress = history.progress
        if progress is not None:
            padding = tr("{share} of the tokens are padding", share=percent(progress.padding_share, 0))
            self._speed.set_value(number(round(progress.tokens_per_second)), tr("tokens/s"), padding)
            self._show_memory(progress.memory_bytes, progress.memory_total)
        counts = history.steps(view_of(config.task).training.main_player(history, config), "accumulation")[1]
        accumulated = config.training.accumulation.first
        if len(counts) and math.isfinite(counts[-1]):
            accumulated = int(counts[-1])
        size = config.training.micro_batch_size
        caption = tr("one batch makes one step")
        if accumulated > 1:
            caption = tr("{count} small batches make one step", count=accumulated)
        if config.training.accumulation.name != "fixed" and len(counts):
            caption = tr("found as it learns; so far {low} to {high}", low=int(counts.min()), high=int(counts.max()))
        self._batch.set_value(f"{size} × {accumulated}", f"= {number(size * accumulated)}", caption)

    def _show_memory(self, used: int, total: int) -> None:
        figure, _, unit = file_size(used).partition(" ")
        if total <= 0:
            self._memory.set_value(figure, unit)
            return
        share = used / total
        caption = tr("{share}, room to spare", share=percent(share, 0)) if share < 0.8 else percent(share, 0)
        if share > 0.92:
            caption = tr("{share}, nearly full: a smaller micro-batch needs less", share=percent(share, 0))
        self._memory.set_value(figure, tr("{unit} of {total}", unit=unit, total=file_size(total)), caption)


def _sketch(steps: np.ndarray, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The curve's shape in a few points: a spark line is small."""
    envelope = Envelope(_SPARK_POINTS)
    envelope.follow(steps, values)
    return envelope.xs, envelope.means


def _compared(history: History, measure: Measure, *, has_value: bool) -> str:
    if not has_value:
        return tr("after the first measurement") if measure.is_meter else tr("after the first look at validation")
    parts = []
    interval, baseline = interval_of(history, measure), baseline_of(history, measure)
    if interval is not None and math.isfinite(interval):
        now = history.metric(measure.key, SPLIT)[1]
        is_share = measure.is_share and len(now)
        parts.append(share_interval(float(now[-1]), interval) if is_share else f"± {interval:.3g}")
    rehearsed = reference_of(history, REHEARSED, measure) if measure.is_meter else None
    if baseline is not None and rehearsed is not None:
        figures = {"real": measure.worded(baseline), "rehearsed": measure.worded(rehearsed)}
        parts.append(tr("real {real}, rehearsal {rehearsed}", **figures))
    elif baseline is not None:
        parts.append(baseline_words(measure, baseline))
    return tr(", ").join(part for part in parts if part) or tr("on validation")
