"""How good answers are, every figure with its 95 % interval: Wilson's for shares of rows, a bootstrap over rows for all
else (the method stands in each `Figure`). N rows, L labels.

Figures are those of the likeliest label (of several labels: of those from .5 upwards), whatever thresholds a person
saved; a temperature counts for log loss, Brier score and calibration error.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import replace
from functools import partial

import numpy as np
from numpy.typing import ArrayLike

from engine.breath import drain, mapped
from engine.metrics.resampling import STREAM, Drawn, RowFigures, bootstrapped, draws, num_draws, once
from engine.records import Figure, Measures, Progress

MakeFigures = Callable[..., RowFigures]
"""`Target.row_figures` for certain truths: of probabilities [N, L] (numbers [N, 1]), and of `has_ranking`."""

LABEL_ORDER = ("precision", "recall", "f1", "auc", "average_precision")


def measured(
    make: MakeFigures,
    found: ArrayLike,
    plainly: ArrayLike,
    labels: Sequence[str],
    split: str,
    *,
    counted: ArrayLike | None = None,
    seed: int = 0,
) -> Generator[Progress, None, Measures]:
    """`found` are probabilities [N, L], or numbers [N, 1], of one row or more; `plainly` is what can be said without
    reading (`Target.simplest`) and `counted` what word counting says, both shaped as `found`. Early on a `Progress` has
    all figures, those intervals that take long excepted."""
    given = np.asarray(found, dtype=np.float64)
    yield Progress(0, 1)
    majority = _values((yield from _once(make(plainly, has_ranking=False), len(given))))
    beside = {} if counted is None else _values((yield from _once(make(counted), len(given))))
    figures = make(given)
    once_each = yield from _once(figures, len(given))
    first = Measures(
        {name: Figure(value) for name, value in _values(once_each).items()},
        split,
        len(given),
        per_label=_by_label(once_each, labels),
        majority=majority,
        counted=beside,
    )
    first = figures.completed(first, labels)
    count = num_draws(len(given), figures.num_ranked)
    yield Progress(0, count, first)
    return _with_draws(first, (yield from _drawn(figures, len(given), count, seed)))


def point_figures(figures: RowFigures, num_rows: int) -> dict[str, float]:
    """Every figure without intervals."""
    return _values(drain(_once(figures, num_rows)))


def _once(figures: RowFigures, num_rows: int) -> Generator[Progress, None, Drawn]:
    """Of every row once."""
    return (yield from mapped(figures.of(once(num_rows)), lambda _: Progress(0, 1)))


def _drawn(figures: RowFigures, num_rows: int, count: int, seed: int) -> Generator[Progress, None, Drawn]:
    """The figures of `count` draws of the rows."""
    parts: list[Drawn] = []
    done = 0
    for weights in draws(num_rows, count, [seed, STREAM]):
        parts.append((yield from mapped(figures.of(weights), partial(_progress, done, count))))
        done += len(weights)
    return Drawn(
        {name: np.concatenate([part.figures[name] for part in parts]) for name in parts[0].figures},
        {name: np.concatenate([part.per_label[name] for part in parts]) for name in parts[0].per_label},
    )


def _progress(done: int, count: int, _breath: None) -> Progress:
    return Progress(done, count)


def _values(drawn: Drawn) -> dict[str, float]:
    """Of rows counted once; without figures that they cannot give, as AUC where one label alone occurs."""
    return {name: float(value[0]) for name, value in drawn.figures.items() if not np.isnan(value[0])}


def _by_label(drawn: Drawn, labels: Sequence[str]) -> dict[str, dict[str, Figure]]:
    """Of rows counted once; {} for numbers."""
    values = drawn.per_label
    return {
        label: {
            name: Figure(float(values[name][0, place]))
            for name in LABEL_ORDER
            if name in values and not np.isnan(values[name][0, place])
        }
        for place, label in enumerate(labels if values else ())
    }


def _with_draws(measures: Measures, drawn: Drawn) -> Measures:
    """Intervals by bootstrap, for what has none yet."""
    figures = {
        name: one if one.method else bootstrapped(name, one.value, drawn.figures[name])
        for name, one in measures.figures.items()
    }
    per_label = {
        label: {
            name: one if one.method else bootstrapped(name, one.value, drawn.per_label[name][:, place])
            for name, one in measures.per_label[label].items()
        }
        for place, label in enumerate(measures.per_label)
    }
    return replace(measures, figures=figures, per_label=per_label)
