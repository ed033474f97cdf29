"""Figures equal scikit-learn's, on the rows and on any draw of them; intervals have the width that is known."""

from __future__ import annotations

import warnings
from collections.abc import Generator
from functools import partial

import numpy as np
import pytest
from scipy.stats import spearmanr
from sklearn import metrics as known

from engine.breath import drain
from engine.metrics.figures_with_intervals import measured, point_figures
from engine.metrics.number_figures import NumberFigures
from engine.metrics.resampling import bootstrapped, draws, num_draws
from engine.metrics.roc import Ranking
from engine.records import Measures, Progress, TargetKind
from engine.targets import target_of

LABELS = ("a", "b", "c", "d")


def ended(working: Generator[Progress, None, Measures]) -> tuple[Measures, list[Progress]]:
    told = []
    while True:
        try:
            told.append(next(working))
        except StopIteration as end:
            return end.value, told


def answers(num_rows: int, num_labels: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Probabilities that know something, rounded so that many are equal, and label ids."""
    rng = np.random.default_rng(seed)
    truths = rng.integers(0, num_labels, num_rows)
    logits = rng.normal(size=(num_rows, num_labels))
    logits[np.arange(num_rows), truths] += 1
    raised = np.round(np.exp(logits), 1) + 0.1
    return raised / raised.sum(axis=1, keepdims=True), truths


def working(
    found: np.ndarray,
    truths: np.ndarray,
    kind: TargetKind = "one",
    positive: int | None = None,
    counted: np.ndarray | None = None,
) -> Generator[Progress, None, Measures]:
    target, labels = target_of(kind), LABELS[: found.shape[1]]
    plainly = target.simplest(truths, len(labels))
    make = partial(target.row_figures, truths=truths, positive=positive)
    return measured(make, found, plainly, labels, "test", counted=counted)


def measure(found: np.ndarray, truths: np.ndarray, kind: TargetKind = "one", positive: int | None = None) -> Measures:
    return ended(working(found, truths, kind, positive))[0]


def values(measures: Measures) -> dict[str, float]:
    return {name: one.value for name, one in measures.figures.items()}


def shares(truths: np.ndarray, said: np.ndarray) -> dict[str, float]:
    """scikit-learn's precision, recall and F1 in every mean."""
    found = {}
    for mean in ("micro", "macro", "weighted"):
        parts = known.precision_recall_fscore_support(truths, said, average=mean, zero_division=0)
        found |= {f"{name}_{mean}": part for name, part in zip(("precision", "recall", "f1"), parts, strict=False)}
    return found


def test_two_labels_as_scikit_learn() -> None:
    found, truths = answers(300, 2)
    said, score = found.argmax(axis=1), found[:, 1]
    measures = measure(found, truths, positive=1)
    precision, recall, f1, _ = known.precision_recall_fscore_support(truths, said, average="binary")
    expected = {
        **shares(truths, said),
        "accuracy": known.accuracy_score(truths, said),
        "precision": precision,
        "recall": recall,
        "f1": f1,
        "auc": known.roc_auc_score(truths, score),
        "average_precision": known.average_precision_score(truths, score),
        "log_loss": known.log_loss(truths, found),
        "brier": known.brier_score_loss(truths, score),
    }
    assert {name: values(measures)[name] for name in expected} == pytest.approx(expected, abs=1e-12)
    by_label = known.precision_recall_fscore_support(truths, said)
    for place, label in enumerate("ab"):
        figures = measures.per_label[label]
        assert [figures[name].value for name in ("precision", "recall", "f1")] == pytest.approx(
            [part[place] for part in by_label[:3]], abs=1e-12
        )
        assert measures.support[label] == by_label[3][place]
        assert figures["auc"].value == pytest.approx(known.roc_auc_score(truths == place, found[:, place]), abs=1e-12)
    assert measures.confusion == tuple(map(tuple, known.confusion_matrix(truths, said)))


def test_many_labels_as_scikit_learn() -> None:
    found, truths = answers(400, 4, seed=1)
    said = found.argmax(axis=1)
    measures = measure(found, truths)
    expected = {
        **shares(truths, said),
        "auc": known.roc_auc_score(truths, found, multi_class="ovr", average="macro"),
        "average_precision": known.average_precision_score(np.eye(4)[truths], found, average="macro"),
        "log_loss": known.log_loss(truths, found),
        "brier": ((found - np.eye(4)[truths]) ** 2).sum(axis=1).mean(),
    }
    expected |= {name: expected[f"{name}_macro"] for name in ("precision", "recall", "f1")}
    assert {name: values(measures)[name] for name in expected} == pytest.approx(expected, abs=1e-12)


def test_several_labels_as_scikit_learn() -> None:
    rng = np.random.default_rng(2)
    truths = rng.random((300, 4)) < 0.3
    found = np.clip(truths * 0.25 + rng.random((300, 4)) * 0.7, 0.01, 0.99).round(2)
    said = found >= 0.5
    measures = measure(found, truths, "several")
    expected = {
        **shares(truths, said),
        "accuracy": known.accuracy_score(truths, said),
        "hamming_loss": known.hamming_loss(truths, said),
        "auc": known.roc_auc_score(truths, found, average="macro"),
        "average_precision": known.average_precision_score(truths, found, average="macro"),
        "log_loss": np.mean([known.log_loss(truths[:, label], found[:, label]) for label in range(4)]),
        "brier": np.mean([known.brier_score_loss(truths[:, label], found[:, label]) for label in range(4)]),
    }
    assert {name: values(measures)[name] for name in expected} == pytest.approx(expected, abs=1e-12)
    assert measures.confusion == () and measures.support["a"] == truths[:, 0].sum()


def test_numbers_as_scikit_learn() -> None:
    rng = np.random.default_rng(3)
    truths = rng.normal(1e6, 1, 200).round(1)
    found = truths + rng.normal(0, 1, 200).round(1)
    measures = measure(found[:, None], truths, "number")
    expected = {
        "mse": known.mean_squared_error(truths, found),
        "rmse": known.root_mean_squared_error(truths, found),
        "mae": known.mean_absolute_error(truths, found),
        "r2": known.r2_score(truths, found),
        "spearman": spearmanr(truths, found).statistic,
    }
    assert values(measures) == pytest.approx(expected, rel=1e-9)
    assert measures.majority["r2"] == pytest.approx(0, abs=1e-9) and "spearman" not in measures.majority
    assert measures.majority["mae"] == pytest.approx(np.abs(truths - truths.mean()).mean())


@pytest.mark.parametrize("seed", range(5))
def test_ranking_of_a_draw_is_that_of_its_rows(seed: int) -> None:
    rng = np.random.default_rng(seed)
    truths, scores = rng.random(60) < 0.4, rng.integers(0, 25, 60) / 25
    weights = next(draws(60, 7, seed))
    auc, average_precision = Ranking(scores, truths).figures(weights)
    for place, weight in enumerate(weights.astype(int)):
        rows = np.repeat(np.arange(60), weight)
        assert auc[place] == pytest.approx(known.roc_auc_score(truths[rows], scores[rows]), abs=1e-12)
        expected = known.average_precision_score(truths[rows], scores[rows])
        assert average_precision[place] == pytest.approx(expected, abs=1e-12)


def test_rank_correlation_of_a_draw_is_that_of_its_rows() -> None:
    rng = np.random.default_rng(4)
    truths, found = rng.integers(0, 9, 50), rng.integers(0, 9, 50)
    weights = next(draws(50, 5))
    drawn = drain(NumberFigures(found, truths).of(weights))
    for place, weight in enumerate(weights.astype(int)):
        rows = np.repeat(np.arange(50), weight)
        expected = spearmanr(truths[rows], found[rows]).statistic
        assert drawn.figures["spearman"][place] == pytest.approx(expected, abs=1e-12)


def test_shares_have_wilson_and_all_else_a_bootstrap() -> None:
    measures = measure(*answers(200, 2), positive=1)
    wilson = {"accuracy", "precision", "recall", "precision_micro", "recall_micro", "f1_micro"}
    assert {name for name, one in measures.figures.items() if one.method == "wilson"} == wilson
    assert {one.method for name, one in measures.figures.items() if name not in wilson} == {"bootstrap"}
    assert all(one.low <= one.value <= one.high for one in measures.figures.values())
    hits, said = measures.confusion[1][1], measures.confusion[0][1] + measures.confusion[1][1]
    share = hits / said
    centre = (share + 1.96**2 / (2 * said)) / (1 + 1.96**2 / said)
    assert measures.figures["precision"].value == share
    assert (measures.figures["precision"].low + measures.figures["precision"].high) / 2 == pytest.approx(centre, 1e-4)


def test_the_width_of_a_mean_is_the_known_one() -> None:
    """A mean's error is that of the normal distribution: s / √N."""
    rng = np.random.default_rng(5)
    errors = rng.exponential(1, 900)
    one = measure(errors[:, None], np.zeros(900), "number").figures["mae"]
    half = 1.96 * errors.std() / np.sqrt(900)
    assert (one.high - one.low) / 2 == pytest.approx(half, rel=0.1)
    assert one.low == pytest.approx(one.value - half, abs=0.15 * half)


def test_an_interval_lies_about_its_figure_and_within_what_can_be() -> None:
    one = bootstrapped("ece", 0.02, np.random.default_rng(0).normal(0.06, 0.02, 1000))
    assert one.low == 0 and 0.05 < one.high < 0.07  # draws make the error look larger: their mean is moved to it
    assert bootstrapped("log_loss", 3.0, [2.0, 4.0]).high > 1
    assert np.isnan(bootstrapped("auc", 0.7, [np.nan, np.nan]).low)


def test_the_same_draws_every_time_and_figures_early() -> None:
    found, truths = answers(150, 3)
    first, told = ended(working(found, truths))
    again, _ = ended(working(found, truths))
    assert first == again
    early = next(one.partial for one in told if one.partial is not None)
    assert isinstance(early, Measures) and values(early) == values(first)
    assert early.figures["accuracy"] == first.figures["accuracy"] and np.isnan(early.figures["auc"].low)


def test_baselines_stand_beside() -> None:
    found, truths = answers(120, 2)
    truths[:90] = 0
    measures, _ = ended(working(found, truths, positive=1, counted=np.eye(2)[truths]))
    assert measures.majority["accuracy"] == (truths == 0).mean() and measures.majority["precision"] == 0
    share = (truths == 1).mean()
    entropy = -(share * np.log(share) + (1 - share) * np.log(1 - share))
    assert measures.majority["log_loss"] == pytest.approx(entropy)
    assert measures.counted["accuracy"] == 1 and measures.counted["auc"] == 1
    assert measures.counted == point_figures(target_of("one").row_figures(np.eye(2)[truths], truths, 1), 120)


@pytest.mark.parametrize("num_rows", [1, 2, 30])
def test_one_label_alone_has_no_ranking(num_rows: int) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        measures = measure(np.tile([0.3, 0.7], (num_rows, 1)), np.ones(num_rows, dtype=int), positive=1)
        measure(np.ones((num_rows, 1)), np.ones(num_rows), "number")
    assert "auc" not in measures.figures and "auc" not in measures.per_label["b"]
    assert measures.figures["precision"].value == 1 and measures.figures["ece"].value == pytest.approx(0.3)
    assert measures.per_label["a"]["precision"].value == 0


def test_certain_and_wrong_is_finite() -> None:
    measures = measure(np.array([[1.0, 0.0], [0.0, 1.0]]), np.array([1, 1]), positive=1)
    assert 15 < measures.figures["log_loss"].value < 40


def test_more_rows_fewer_draws() -> None:
    assert num_draws(1000, 77) == 1000 and num_draws(10**7, 2) == 200
    parts = list(draws(5000, 90))
    assert sum(map(len, parts)) == 90 and all((part.sum(axis=1) == 5000).all() for part in parts)
