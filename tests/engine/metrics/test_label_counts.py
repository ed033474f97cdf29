"""One code for precision, recall and F1 of a decision and of many draws: both as scikit-learn has them."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from sklearn.metrics import precision_recall_fscore_support

from engine.metrics.label_counts import LabelCounts, one_hot, positive_id, ratio
from engine.metrics.number_figures import figures_of_numbers
from engine.metrics.resampling import draws

NAMES = ("precision", "recall", "f1")


def rows(num_labels: int, num_rows: int = 60) -> tuple[np.ndarray, np.ndarray]:
    """(said, true) ids; the last label is never said."""
    chance = np.random.default_rng(num_labels)
    return chance.integers(0, max(1, num_labels - 1), num_rows), chance.integers(0, num_labels, num_rows)


def known(said: np.ndarray, true: np.ndarray, average: str, weights: np.ndarray | None = None) -> list[float]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # precision of a label that is never said
        return list(
            precision_recall_fscore_support(true, said, average=average, sample_weight=weights, zero_division=0)[:3]
        )


def table_of(said: np.ndarray, true: np.ndarray, num_labels: int) -> np.ndarray:
    table = np.zeros((num_labels, num_labels), dtype=np.int64)
    np.add.at(table, (true, said), 1)
    return table


@pytest.mark.parametrize("num_labels", [2, 3, 12])
def test_of_one_decision(num_labels: int) -> None:
    said, true = rows(num_labels)
    counts = LabelCounts.of_table(table_of(said, true, num_labels))
    assert [float(counts.figures(None)[name]) for name in NAMES] == pytest.approx(known(said, true, "macro"), abs=1e-12)
    micro = [float(value[0]) for value in counts.pooled().by_label().values()]
    assert micro == pytest.approx(known(said, true, "micro"), abs=1e-12)
    if num_labels == 2:
        found = [float(counts.figures(1)[name]) for name in NAMES]
        assert found == pytest.approx(known(said, true, "binary"), abs=1e-12)


def test_of_draws() -> None:
    said, true = rows(3)
    (weights,) = draws(len(said), 5, cells_at_once=10_000)
    both = one_hot(said, 3), one_hot(true, 3)
    counts = LabelCounts(*(weights.astype(np.float64) @ one for one in (both[0] & both[1], *both)))
    for draw, weight in enumerate(weights):
        drawn = np.repeat(np.arange(len(said)), weight.astype(int))
        expected = known(said[drawn], true[drawn], "macro")
        assert [float(counts.figures(None)[name][draw]) for name in NAMES] == pytest.approx(expected, abs=1e-12)


def test_rows_that_are_left_to_a_person_are_missed_and_said_of_nobody() -> None:
    counts = LabelCounts.of_table(np.array([[3, 1, 6], [0, 5, 0]]))
    assert counts.recall.tolist() == [0.3, 1.0] and counts.precision.tolist() == pytest.approx([1.0, 5 / 6])


def test_what_no_row_has_is_no_label() -> None:
    counts = LabelCounts.of_sets(np.zeros((4, 2), bool), np.array([[True, False]] * 4))
    assert counts.occurs.tolist() == [True, False] and float(counts.figures(None)["recall"]) == 0.0
    nothing = LabelCounts.of_sets(np.zeros((0, 2), bool), np.zeros((0, 2), bool))
    assert float(nothing.figures(None)["f1"]) == 0.0 and np.isnan(nothing.figures(None, empty=np.nan)["f1"])


def test_ratio_of_nothing_is_0() -> None:
    assert ratio([1, 2], [2, 0]).tolist() == [0.5, 0.0] and float(ratio(3, 0)) == 0.0


def test_the_positive_label_is_the_second_one_unless_it_is_chosen() -> None:
    assert positive_id(("a", "b"), None) == 1 and positive_id(("a", "b"), "a") == 0
    assert positive_id(("a", "b", "c"), None) is None and positive_id((), None) is None


@pytest.mark.parametrize("parts", [1, 70, 10_000])
def test_the_same_seed_draws_the_same_rows_whatever_the_parts(parts: int) -> None:
    whole = np.concatenate(list(draws(7, 20, 3, 10_000)))
    assert (np.concatenate(list(draws(7, 20, 3, parts))) == whole).all() and (whole.sum(axis=1) == 7).all()


def test_numbers_all_alike_explain_nothing() -> None:
    found = figures_of_numbers([1.5, 0.5], [0.1, 0.1])
    assert found["r2"] == 0.0 and found["bias"] == pytest.approx(0.9) and found["rmse"] == found["mse"] ** 0.5
    assert set(figures_of_numbers([], []).values()) == {0.0}
