"""A promised precision is kept: by simulation with known curves, at the edges, and in what it says would be needed."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.stats import binom

from engine.metrics.precision_curve import PrecisionCurve
from engine.metrics.precision_guarantee import Promised, promised

Floats = NDArray[np.float64]
Chance = Callable[[Floats], Floats]
"""From how far down a score stands (0 the highest, 1 the lowest) to the chance that its row is right."""

PRECISION, CONFIDENCE = 0.9, 0.9


def falling(depth: Floats) -> Floats:
    return 1 / (1 + np.exp(12 * (depth - 0.45)))


def noisy_top(depth: Floats) -> Floats:
    return np.where(depth < 0.02, 0.7, np.where(depth < 0.5, 0.97, 0.4))


def twice(depth: Floats) -> Floats:
    return np.where(depth < 0.1, 0.99, np.where(depth < 0.2, 0.6, np.where(depth < 0.5, 0.98, 0.2)))


def hair_too_low(depth: Floats) -> Floats:
    return np.full_like(depth, PRECISION - 1e-6)


def in_steps(depth: Floats) -> Floats:
    """Twenty different scores only: every threshold is a tie."""
    return falling(np.floor(20 * depth) / 20)


CURVES: dict[str, Chance] = {
    "falling": falling,
    "noisy top": noisy_top,
    "twice": twice,
    "hair too low": hair_too_low,
    "in steps": in_steps,
}


def draw(chance: np.random.Generator, curve: Chance, num_rows: int) -> tuple[Floats, NDArray[np.bool_]]:
    depth = chance.random(num_rows)
    scores = 1 - depth if curve is not in_steps else 1 - np.floor(20 * depth) / 20
    return scores, chance.random(num_rows) < curve(depth)


def true_precision(curve: Chance) -> Callable[[float], float]:
    depth = (np.arange(200_000) + 0.5) / 200_000
    scores = 1 - depth if curve is not in_steps else 1 - np.floor(20 * depth) / 20
    right = np.cumsum(curve(depth)) / np.arange(1, len(depth) + 1)

    def at(threshold: float) -> float:
        return float(right[max(0, int((scores >= threshold).sum()) - 1)])

    return at


def share_broken(curve: Chance, num_rows: int, choose: Callable[..., float | None], draws: int = 120) -> float:
    chance, truth = np.random.default_rng([num_rows, *map(ord, curve.__name__)]), true_precision(curve)
    chosen = [choose(*draw(chance, curve, num_rows)) for _ in range(draws)]
    return sum(one is not None and truth(one) < PRECISION - 1e-9 for one in chosen) / draws


def ours(scores: Floats, truths: NDArray[np.bool_]) -> float | None:
    return promised(scores, truths, PRECISION, CONFIDENCE).threshold


def naive(scores: Floats, truths: NDArray[np.bool_]) -> float | None:
    return PrecisionCurve(scores, truths).reaching(PRECISION)


@pytest.mark.slow
@pytest.mark.parametrize("num_rows", [120, 900])
@pytest.mark.parametrize("name", CURVES)
def test_kept_in_as_many_draws_as_promised(name: str, num_rows: int) -> None:
    draws = 120
    allowed = 1 - CONFIDENCE + 2 * math.sqrt(CONFIDENCE * (1 - CONFIDENCE) / draws)
    assert share_broken(CURVES[name], num_rows, ours, draws) <= allowed


def test_the_lowest_threshold_that_looks_good_is_not() -> None:
    """The simulation can tell: what is chosen without a correction breaks the promise in about half of the draws."""
    assert share_broken(falling, 900, naive) > 0.3
    assert share_broken(hair_too_low, 900, naive) > 0.9


def test_it_finds_most_of_what_is_there() -> None:
    """Against Bonferroni over as many looks, which keeps the promise too and gives less."""
    chance = np.random.default_rng(5)
    found, corrected = [], []
    for _ in range(60):
        scores, truths = draw(chance, falling, 2000)
        one = promised(scores, truths, PRECISION, CONFIDENCE)
        found.append(one.num_chosen / 2000)
        corrected.append(_bonferroni(scores, truths) / 2000)
    best = (np.cumsum(falling(np.linspace(0, 1, 10_001))) / np.arange(1, 10_002) >= PRECISION).mean()
    assert best > np.mean(found) > 0.85 * best
    assert np.mean(found) > 1.05 * np.mean(corrected)


def _bonferroni(scores: Floats, truths: NDArray[np.bool_]) -> int:
    hits = np.cumsum(truths[np.argsort(-scores)])
    numbers = np.unique(np.geomspace(10, len(scores), 40).astype(int))
    p_values = binom.sf(hits[numbers - 1] - 1, numbers, PRECISION)
    passed = numbers[p_values <= (1 - CONFIDENCE) / len(numbers)]
    return int(passed.max()) if len(passed) else 0


def test_lower_bound_is_clopper_and_pearsons() -> None:
    scores, truths = draw(np.random.default_rng(0), falling, 2000)
    found = promised(scores, truths, PRECISION, CONFIDENCE)
    assert found.threshold is not None
    assert int((scores >= found.threshold).sum()) == found.num_chosen
    assert int(truths[scores >= found.threshold].sum()) == found.num_hits
    assert PRECISION <= found.lower_bound < found.num_hits / found.num_chosen
    # at the bound, so many hits would be just as rare as the error that is left to this look
    left = binom.sf(found.num_hits - 1, found.num_chosen, found.lower_bound)
    assert 0 < left <= 1 - CONFIDENCE + 1e-9


@pytest.mark.parametrize(
    ("scores", "truths"),
    [([], []), ([0.7], [True]), ([0.7] * 5, [True] * 5), ([0.0] * 400, [True] * 400), ([0.9] * 400, [False] * 400)],
)
def test_nothing_to_promise(scores: list[float], truths: list[bool]) -> None:
    assert promised(scores, truths, 0.95, 0.95).threshold is None


def test_how_many_rows_it_takes() -> None:
    """All right, but too few: as many as make .95^n at most .05."""
    few = promised(np.linspace(0.5, 1, 20), np.ones(20), 0.95, 0.95)
    assert few.threshold is None and few.rows_needed is not None
    assert math.log(0.05) / math.log(0.95) < few.rows_needed < 70
    again = promised(np.linspace(0.5, 1, few.rows_needed), np.ones(few.rows_needed), 0.95, 0.95)
    assert again.threshold is not None
    # all wrong, or as good as nothing: no number would do
    assert promised(np.linspace(0.5, 1, 300), np.zeros(300), 0.95, 0.95).rows_needed is None
    coin = np.arange(600) % 2 == 0
    assert promised(np.linspace(0, 1, 600), coin, 0.95, 0.95).rows_needed is None
    assert promised([], [], 0.95, 0.95).rows_needed is None


def test_constant_scores_are_one_threshold() -> None:
    found = promised([0.4] * 300, [True] * 300, 0.95, 0.95)
    assert found.num_chosen == 300 and found.threshold is not None and found.threshold <= 0.4
    half = promised([0.4] * 300 + [0.2] * 300, [True] * 300 + [False] * 300, 0.95, 0.95)
    assert half.num_chosen == 300 and half.threshold is not None and 0.2 < half.threshold <= 0.4


def test_all_right_promises_all() -> None:
    scores = np.linspace(0.1, 0.9, 500)
    assert promised(scores, np.ones(500), 0.95, 0.95).num_chosen == 500
    floored = promised(scores, np.ones(500), 0.95, 0.95, least=0.5)
    assert floored.threshold == 0.5 and floored.num_chosen == int((scores >= 0.5).sum())


def test_more_confidence_costs_rows() -> None:
    scores, truths = draw(np.random.default_rng(2), falling, 3000)
    chosen = [promised(scores, truths, 0.9, confidence).num_chosen for confidence in (0.6, 0.9, 0.99)]
    assert chosen[0] >= chosen[1] >= chosen[2] > 0
    assert promised(scores, truths, 0.97, 0.9).num_chosen < chosen[1]


rows = st.lists(st.tuples(st.integers(0, 8), st.booleans()), max_size=200)


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(rows=rows, precision=st.floats(0.01, 0.999), confidence=st.floats(0.5, 0.999))
def test_sound_whatever_the_rows(rows: list[tuple[int, bool]], precision: float, confidence: float) -> None:
    scores = np.array([score / 8 for score, _ in rows])
    truths = np.array([right for _, right in rows], dtype=bool)
    found = promised(scores, truths, precision, confidence)
    assert not any(math.isnan(value) for value in (found.lower_bound, found.threshold or 0.0))
    if found.threshold is None:
        assert found == Promised(None, rows_needed=found.rows_needed)
        assert found.rows_needed is None or found.rows_needed > len(rows)
        return
    passed = scores >= max(found.threshold, 1e-300)
    assert passed.sum() == found.num_chosen > 0 and truths[passed].sum() == found.num_hits
    assert found.num_hits / found.num_chosen > precision
    assert precision - 1e-9 <= found.lower_bound <= found.num_hits / found.num_chosen
