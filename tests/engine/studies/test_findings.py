"""What is more than chance, on numbers whose truth is known."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from scipy.stats import ttest_rel

from engine.config.run import RunConfig
from engine.messages import message
from engine.records import VariantResult
from engine.studies.findings import compared, findings, shift
from engine.studies.table import spread_of

shares = some.floats(0.0, 1.0, allow_nan=False)
pairs = some.lists(some.tuples(shares, shares), min_size=3, max_size=8)


@given(pairs)
@settings(max_examples=60, deadline=None)
def test_the_interval_is_students(found: list[tuple[float, float]]) -> None:
    before, after = ([pair[place] for pair in found] for place in (0, 1))
    one = shift(before, after)
    if np.ptp([late - early for early, late in found]) < 1e-9:
        assert one.half_width < 1e-6
        return
    low, high = ttest_rel(after, before).confidence_interval(0.95)
    assert (one.mean - one.half_width, one.mean + one.half_width) == pytest.approx((low, high), abs=1e-9)


@given(pairs)
@settings(max_examples=60, deadline=None)
def test_turned_round_it_says_the_opposite(found: list[tuple[float, float]]) -> None:
    before, after = ([pair[place] for pair in found] for place in (0, 1))
    there, back = shift(before, after), shift(after, before)
    assert back.mean == pytest.approx(-there.mean) and back.half_width == pytest.approx(there.half_width)
    assert there.is_beyond_chance == back.is_beyond_chance
    assert not shift(before, before).is_beyond_chance


@given(some.lists(some.tuples(shares, shares), min_size=1, max_size=2))
def test_less_than_three_seeds_claim_nothing(found: list[tuple[float, float]]) -> None:
    one = shift([pair[0] for pair in found], [pair[1] for pair in found])
    assert not one.is_beyond_chance
    assert math.isnan(one.half_width) == (len(found) == 1)


@pytest.mark.parametrize("num_seeds", [3, 5])
def test_luck_alone_is_called_more_than_chance_in_one_of_twenty(num_seeds: int) -> None:
    luck = np.random.default_rng(0).normal(0.8, 0.02, size=(2000, 2, num_seeds))
    claimed = sum(shift(before.tolist(), after.tolist()).is_beyond_chance for before, after in luck)
    assert 0.035 < claimed / 2000 < 0.065


def row(name: str, values: list[float], seeds: tuple[int, ...] = (0, 1, 2), gap: float = 0.0) -> VariantResult:
    figures = {"precision": values, "recall": [one - gap for one in values], "f1": values, "accuracy": values}
    return VariantResult(
        name=name,
        title=message("{name}", name=name),
        figures={key: spread_of(one) for key, one in {**figures, "seconds": [2.0] * len(values)}.items()},
        runs=tuple(f"{name}-seed{seed}" for seed in (0, 1, 2)),
        states=tuple("finished" if seed in seeds else "failed" for seed in (0, 1, 2)),
        seeds=seeds,
    )


def test_pairs_are_those_of_one_seed() -> None:
    found = compared(row("a", [0.5, 0.9], (0, 2)), row("b", [0.1, 0.92, 0.0], (1, 2, 0)), "f1")
    assert found is not None and found.num_seeds == 2
    assert found.mean == pytest.approx(((0.0 - 0.5) + (0.92 - 0.9)) / 2)
    assert compared(row("a", [0.5], (0,)), row("b", [0.5], (1,)), "f1") is None


def test_helped_harmed_and_noise_are_told_apart() -> None:
    plain = row("plain", [0.80, 0.82, 0.81])
    good, bad = row("good", [0.90, 0.915, 0.912], gap=0.05), row("bad", [0.70, 0.715, 0.712])
    noise, together = row("noise", [0.79, 0.84, 0.81]), row("all", [0.90, 0.92, 0.91])
    said = [one.english() for _, one in findings(RunConfig(), [plain, good, bad, noise, together])]
    assert said[0].startswith("good helped: precision +9.9 points (± 0.9, more than chance), recall +4.9")
    assert said[1].startswith("bad harmed: precision −10.1 points") and said[2].startswith("noise: within noise")
    assert said[4].startswith("All three against the best part alone (good): within noise")
    assert "good 1.00, bad 1.00" in said[5]
    assert all("recall" in one for one in said if "precision" in one), "precision never stands alone"


def test_no_figures_no_claims() -> None:
    empty = [VariantResult(name, message("x"), {}, (f"{name}-seed0",), ("waiting",)) for name in "abcde"]
    said = [one.english() for _, one in findings(RunConfig(), empty)]
    assert said[0] == "One seed says nothing about luck: run three." and len(said) == 2
