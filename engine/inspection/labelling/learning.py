"""learn_labels: the model learns from all labels, and says how good it is, whether choosing helps, what is needed.

Everything is measured on check texts, which were drawn by chance and never learned from. The curve learns again from
the first so many labels; what chance would have given is learned from check texts themselves, each judged by a model
that did not see it: they are the sample drawn by chance that there is.
"""

from __future__ import annotations

import time
from collections.abc import Generator, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.inspection.labelling.desk import LEAST_LEARNED, Desk, desk_of
from engine.inspection.subjects.cooperative import beside
from engine.messages import Message, message
from engine.metrics.confidence_intervals import EDGES, wilson, wilson_figure
from engine.metrics.label_projection import labels_needed
from engine.records import Advantage, Figure, LabelsLearned, LearningCurve, Progress, Projection
from engine.runs.labelling import LEARN_EVERY, Labelling, Labels

MOST_POINTS = 7
LEAST_CHECKS = 20
"""Check texts without which nothing is said of chance."""
_LEAST_PROJECTED = 30
_FOLDS, _REPEATS = 5, 3
_MANY_LABELS = 20
_DRAWS = 1000
_FARTHEST = 12.0
"""Times the labels so far: what is needed farther away is not said."""

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]


def learn_labels(path: Path, target: float = 0.95) -> Generator[Progress, None, LabelsLearned]:
    """Learn from all labels of a project and measure; `target` is the accuracy that is projected. Raises InputError
    where the project cannot be read."""
    began = time.perf_counter()
    project = Labelling.open(path)
    labels = project.journal().labels
    desk = yield from beside(lambda: desk_of(project))
    yield from beside(lambda: desk.teach(labels.learned))
    seconds = time.perf_counter() - began
    found = yield from measured(desk, labels, target, seconds)
    project.keep_measured(found.to_json())
    return found


def measured(
    desk: Desk, labels: Labels, target: float, seconds: float = 0.0
) -> Generator[Progress, None, LabelsLearned]:
    """As `learn_labels`, of a desk and what counts now."""
    learned, checked = desk.known(labels.learned), desk.known(labels.checked)
    model = desk.model
    if model is None or not checked:
        return LabelsLearned(len(learned), len(labels.given), 0, 0, None, seconds=seconds)
    check_places, truths = desk.places(checked), np.array(list(checked.values()))
    sizes = _sizes(learned)
    right = np.zeros((len(sizes), len(truths)), dtype=np.bool_)
    for number, size in enumerate(sizes):
        right[number] = yield from beside(
            lambda size=size: _right(desk, dict(list(learned.items())[:size]), check_places, truths),  # type: ignore[misc]
            Progress(number, len(sizes) + 1),
        )
    by_chance = yield from _by_chance(desk, learned, checked, sizes)
    per_learned = len(labels.given) / max(1, len(learned))
    counted = np.array([round(size * per_learned) for size in sizes], dtype=np.int64)
    low, high = wilson(right.sum(axis=1), np.full(len(sizes), len(truths)))
    chance = np.array([found.mean() if found is not None else np.nan for found in by_chance])
    curve = LearningCurve(counted, right.mean(axis=1), low, high, chance)
    num_right = int(right[-1].sum())
    return LabelsLearned(
        num_learned=len(learned),
        num_labels=len(labels.given),
        right=num_right,
        checked=len(truths),
        accuracy=wilson_figure(num_right, len(truths)),
        curve=curve,
        advantage=_advantage(counted, right, by_chance),
        projection=_projected(counted, right, target, len(desk.rows)),
        seconds=seconds,
    )


def _sizes(learned: Mapping[int, str]) -> list[int]:
    """How many labels the points of the curve learn from: from the first model on, all at last, at most seven."""
    names = list(learned.values())
    first = next((size for size in range(LEAST_LEARNED, len(names) + 1) if len(set(names[:size])) > 1), len(names))
    steps = min(MOST_POINTS - 1, max(1, (len(names) - first) // max(1, LEARN_EVERY // 2)))
    spread = np.linspace(first, len(names), steps + 1)
    return sorted({round(float(one)) for one in spread})


def _right(desk: Desk, learned: Mapping[int, str], places: Sequence[int], truths: NDArray[np.str_]) -> Bools:
    """[check texts]: whether the model of these labels says what they are; of one label it always says that."""
    names = list(learned.values())
    if len(set(names)) < 2:
        return np.asarray(truths == (names[0] if names else ""), dtype=np.bool_)
    model = desk.counter.fit(desk.places(learned), names)
    said = np.array(model.labels)[model.probabilities(places).argmax(axis=1)]
    return np.asarray(said == truths, dtype=np.bool_)


def _by_chance(
    desk: Desk, learned: Mapping[int, str], checked: Mapping[int, str], sizes: Sequence[int]
) -> Generator[Progress, None, list[Floats | None]]:
    """For each size [check texts] how often a model of so many texts drawn by chance was right of each; None where
    there are not so many of them."""
    first = set(desk.chance_order[:LEARN_EVERY].tolist())
    base = [row for row in learned if row in first]
    rows, repeats = list(checked), 1 if len(set(checked.values())) > _MANY_LABELS else _REPEATS
    found: list[Floats | None] = []
    for number, size in enumerate(sizes):
        if len(rows) < LEAST_CHECKS or size > len(base) + len(rows) - -(-len(rows) // _FOLDS):
            found.append(None)
            continue
        found.append(
            (
                yield from beside(
                    lambda size=size: _folded(desk, base, rows, {**learned, **checked}, size, repeats),  # type: ignore[misc]
                    Progress(number, len(sizes)),
                )
            )
        )
    return found


def _folded(
    desk: Desk, base: Sequence[int], rows: Sequence[int], labels: Mapping[int, str], size: int, repeats: int
) -> Floats:
    """[rows]: how often each was judged rightly by models that learned from `size` others drawn by chance."""
    right = np.zeros(len(rows))
    for repeat in range(repeats):
        random = np.random.default_rng(repeat)
        order = random.permutation(len(rows))
        for fold in range(_FOLDS):
            held = order[fold::_FOLDS]
            others = [*base, *(rows[one] for one in np.setdiff1d(order, held))]
            drawn = [others[one] for one in random.permutation(len(others))[:size]]
            truths = np.array([labels[rows[one]] for one in held])
            places = desk.places(rows[one] for one in held)
            right[held] += _right(desk, {row: labels[row] for row in drawn}, places, truths)
    return right / repeats


def _advantage(labels: NDArray[np.int64], right: Bools, by_chance: Sequence[Floats | None]) -> Advantage | None:
    """At the most labels that both have; the interval is a bootstrap over check texts, on which both were judged. Where
    the chosen ones are still those that began by chance there is nothing to compare."""
    both = [number for number, found in enumerate(by_chance) if found is not None and number > 0]
    if not both:
        return None
    number = both[-1]
    chance = by_chance[number]
    assert chance is not None
    gains = right[number].astype(np.float64) - chance
    drawn = np.random.default_rng(0).integers(0, len(gains), (_DRAWS, len(gains)))
    low, high = np.quantile(gains[drawn].mean(axis=1), EDGES)
    gain = Figure(float(gains.mean()), float(low), float(high), "bootstrap")
    return Advantage(int(labels[number]), float(right[number].mean()), float(chance.mean()), gain)


def _projected(labels: NDArray[np.int64], right: Bools, target: float, num_texts: int) -> Projection:
    """Only where the curve has enough points and check texts, and the interval of what is needed is closed and near."""
    if right[-1].mean() >= target:
        return Projection(target, why_not=message("On its check texts it is right so often already."))
    if right.shape[1] < _LEAST_PROJECTED:
        return Projection(target, why_not=_too_few(right.shape[1]))
    if len(labels) < 4:
        return Projection(target, why_not=message("The curve is too short for it yet."))
    fitted, needed = labels_needed(labels, right, target)
    now = int(labels[-1])
    end = min(float(num_texts), _FARTHEST * now)
    ahead = np.geomspace(now, max(now + 1.0, min(end, 3.0 * now if not needed.labels <= end else 1.3 * needed.labels)))
    points = np.stack([ahead, fitted.at(ahead)[0]], axis=1)
    if not needed.high <= end or not needed.labels <= end:
        return Projection(
            target,
            why_not=message("How the curve goes on is too uncertain to say how many labels it takes."),
            ahead=points,
        )
    rounded = [max(now + 1, round(one / 10) * 10) for one in (needed.labels, needed.low, needed.high)]
    return Projection(target, rounded[0], min(rounded[1], rounded[0]), max(rounded[2], rounded[0]), ahead=points)


def _too_few(count: int) -> Message:
    return message(
        "{count:plural:check text is:check texts are} too few to say how many labels it takes; {needed} are needed.",
        count=count,
        needed=_LEAST_PROJECTED,
    )
