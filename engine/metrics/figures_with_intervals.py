"""How good answers are, every figure with its 95 % interval: Wilson's for shares of rows, a bootstrap over rows for all
else (the method stands in each `Figure`). N rows, L labels.

Figures are those of the likeliest label (of several labels: of those from .5 upwards), whatever thresholds a person
saved; a temperature counts for log loss, Brier score and calibration error.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import replace
from typing import TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.metrics.confidence_intervals import wilson, wilson_figure
from engine.metrics.label_counts import LabelCounts, confusion_table, one_hot
from engine.metrics.label_figures import Drawn, LabelFigures
from engine.metrics.number_figures import NumberFigures
from engine.metrics.resampling import STREAM, Floats, bootstrapped, draws, num_draws, once
from engine.records import Figure, Kind, Measures, Progress

_MOST_RANKED = 20_000_000
"""Rows times labels beyond which AUC and average precision of every label would take minutes."""

_Result = TypeVar("_Result")

LABEL_ORDER = ("precision", "recall", "f1", "auc", "average_precision")


def measured(
    found: ArrayLike,
    truths: ArrayLike,
    kind: Kind,
    labels: Sequence[str],
    positive: int | None,
    split: str,
    *,
    counted: ArrayLike | None = None,
    num_strangers: int = 0,
    seed: int = 0,
) -> Generator[Progress, None, Measures]:
    """`found` are probabilities [N, L], or numbers [N, 1]; `truths` label ids [N], bool [N, L], or numbers [N]; one row
    or more. The last `num_strangers` labels are those that the model does not know (`engine.metrics.unknown_labels`).
    `counted` is what word counting says, shaped as `found`. Early on a `Progress` has all figures, those intervals that
    take long excepted."""
    given, true = np.asarray(found, dtype=np.float64), np.asarray(truths)
    yield Progress(0, 1)
    plainly = simplest(true, kind, len(labels), num_strangers)
    majority = yield from _figures(plainly, true, kind, positive, num_strangers, has_ranking=False)
    beside = {} if counted is None else (yield from _figures(counted, true, kind, positive, num_strangers))
    known = Measures({}, split, len(given), majority=majority, counted=beside)
    if kind == "number":
        return (yield from _of_numbers(given, true, known, seed))
    return (yield from _of_labels(given, true, kind, labels, positive, known, seed, num_strangers))


def _of_labels(
    given: Floats,
    true: NDArray[np.generic],
    kind: Kind,
    labels: Sequence[str],
    positive: int | None,
    known: Measures,
    seed: int,
    num_strangers: int,
) -> Generator[Progress, None, Measures]:
    has_ranking = given.size <= _MOST_RANKED
    figures = LabelFigures(given, true, kind, positive, has_ranking=has_ranking, num_strangers=num_strangers)
    once_each = yield from _breathing(figures.of(once(len(given))), Progress(0, 1))
    tally = figures.tally()
    first = replace(
        known,
        figures={name: Figure(float(value[0])) for name, value in _known(once_each.figures).items()},
        per_label=_by_label(once_each.per_label, labels),
        support={label: int(count) for label, count in zip(labels, tally.true, strict=True)},
        confusion=() if kind == "several" else confusion(given, true, len(labels) - num_strangers),
    )
    first = _with_shares(first, tally, kind, labels, positive)
    count = num_draws(len(given), len(labels) if has_ranking else 0)
    yield Progress(0, count, first)
    drawn = yield from _drawn(figures, len(given), count, seed)
    return _with_draws(first, drawn, labels)


def point_figures(found: ArrayLike, truths: ArrayLike, kind: Kind, positive: int | None) -> dict[str, float]:
    """Every figure without intervals; shapes as `measured` has them."""
    return _last(_figures(found, truths, kind, positive))


def simplest(truths: NDArray[np.generic], kind: Kind, num_labels: int, num_strangers: int = 0) -> Floats:
    """What can be said without reading: every label's share of these rows, so the most frequent one; the mean number.
    [N, L] or [N, 1]. The last labels may be ones that nobody can say."""
    if kind == "number":
        return np.full((len(truths), 1), truths.astype(np.float64).mean())
    true = truths.astype(bool) if kind == "several" else one_hot(truths.astype(np.int64), num_labels)
    shares = true.mean(axis=0)
    shares[num_labels - num_strangers :] = 0.0
    return np.tile(shares, (len(true), 1))


def confusion(found: Floats, truths: NDArray[np.generic], num_known: int | None = None) -> tuple[tuple[int, ...], ...]:
    """`confusion[truth][said]`: rows counted, where each has one label; of the first `num_known` labels."""
    table = confusion_table(found.argmax(axis=1), truths, found.shape[1])[:num_known, :num_known]
    return tuple(tuple(int(count) for count in row) for row in table)


def _figures(
    found: ArrayLike,
    truths: ArrayLike,
    kind: Kind,
    positive: int | None,
    num_strangers: int = 0,
    *,
    has_ranking: bool = True,
) -> Generator[Progress, None, dict[str, float]]:
    given, true, every = np.asarray(found, dtype=np.float64), np.asarray(truths), once(len(np.asarray(truths)))
    if kind == "number":
        values = yield from _breathing(NumberFigures(given, true).of(every), Progress(0, 1))
    else:
        has_ranking = has_ranking and given.size <= _MOST_RANKED
        figures = LabelFigures(given, true, kind, positive, has_ranking=has_ranking, num_strangers=num_strangers)
        values = (yield from _breathing(figures.of(every), Progress(0, 1))).figures
    return {name: float(value[0]) for name, value in _known(values).items()}


def _of_numbers(
    found: Floats, truths: NDArray[np.generic], known: Measures, seed: int
) -> Generator[Progress, None, Measures]:
    figures = NumberFigures(found, truths)
    once_each = yield from _breathing(figures.of(once(len(truths))), Progress(0, 1))
    values = {name: float(value[0]) for name, value in _known(once_each).items()}
    first = replace(known, figures={name: Figure(value) for name, value in values.items()})
    count = num_draws(len(truths))
    yield Progress(0, count, first)
    parts: list[dict[str, Floats]] = []
    done = 0
    for weights in draws(len(truths), count, [seed, STREAM]):
        parts.append((yield from _breathing(figures.of(weights), Progress(done, count))))
        done += len(weights)
    drawn = {name: np.concatenate([part[name] for part in parts]) for name in values}
    return replace(first, figures={name: bootstrapped(name, value, drawn[name]) for name, value in values.items()})


def _drawn(figures: LabelFigures, num_rows: int, count: int, seed: int) -> Generator[Progress, None, Drawn]:
    """The figures of `count` draws of the rows."""
    parts: list[Drawn] = []
    done = 0
    for weights in draws(num_rows, count, [seed, STREAM]):
        parts.append((yield from _breathing(figures.of(weights), Progress(done, count))))
        done += len(weights)
    return Drawn(
        {name: np.concatenate([part.figures[name] for part in parts]) for name in parts[0].figures},
        {name: np.concatenate([part.per_label[name] for part in parts]) for name in parts[0].per_label},
    )


def _breathing(working: Generator[None, None, _Result], progress: Progress) -> Generator[Progress, None, _Result]:
    while True:
        try:
            next(working)
        except StopIteration as end:
            result: _Result = end.value
            return result
        yield progress


def _with_shares(
    measures: Measures, tally: LabelCounts, kind: Kind, labels: Sequence[str], positive: int | None
) -> Measures:
    """Wilson's intervals of what is a share of rows."""
    shares = {"precision": wilson(tally.hits, tally.said), "recall": wilson(tally.hits, tally.true)}
    per_label = {
        label: {
            **figures,
            **{
                name: Figure(figures[name].value, float(low[place]), float(high[place]), "wilson")
                for name, (low, high) in shares.items()
            },
        }
        for place, (label, figures) in enumerate(measures.per_label.items())
    }
    figures = dict(measures.figures)
    right = wilson_figure(round(figures["accuracy"].value * measures.num_rows), measures.num_rows)
    micro = ("precision_micro", "recall_micro", "f1_micro") if kind == "one" else ()
    for name in ("accuracy", *micro):  # with one label a text the pooled figures are all the share of right rows
        figures[name] = replace(right, value=figures[name].value)
    if positive is not None:
        figures |= {name: per_label[labels[positive]][name] for name in shares}
    return replace(measures, figures=figures, per_label=per_label)


def _with_draws(measures: Measures, drawn: Drawn, labels: Sequence[str]) -> Measures:
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
        for place, label in enumerate(labels)
    }
    return replace(measures, figures=figures, per_label=per_label)


def _by_label(values: dict[str, Floats], labels: Sequence[str]) -> dict[str, dict[str, Figure]]:
    return {
        label: {
            name: Figure(float(values[name][0, place]))
            for name in LABEL_ORDER
            if name in values and not np.isnan(values[name][0, place])
        }
        for place, label in enumerate(labels)
    }


def _known(values: dict[str, Floats]) -> dict[str, Floats]:
    """Without figures that these rows cannot give, as AUC where one label alone occurs."""
    return {name: value for name, value in values.items() if not np.isnan(value[0])}


def _last(working: Generator[Progress, None, _Result]) -> _Result:
    """The result of what only breathes."""
    while True:
        try:
            next(working)
        except StopIteration as end:
            result: _Result = end.value
            return result
