"""From probabilities to answers, against the rule written down label by label; the precision curve against counting."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import precision_recall_curve
from torch import tensor
from torch.nn import functional

from engine.metrics.decision_rules import ABSTAINED, decided, decided_several, label_scores, threshold_of
from engine.metrics.precision_curve import PrecisionCurve
from engine.records import Decision
from engine.targets import target_of

NAMES = ("a", "b", "c", "d")


def said_of(row: np.ndarray, labels: tuple[str, ...], decision: Decision) -> int:
    """The rule as the module's first lines tell it, for one text."""
    reached = []
    for place, label in enumerate(labels):
        threshold = threshold_of(decision, label, labels)
        score = label_scores(row[None], place)[0]
        if threshold is not None and score >= threshold and score > 0:
            reached.append((score, -place))
    if reached:
        return -max(reached)[1]
    likeliest = int(row.argmax())
    return ABSTAINED if labels[likeliest] in decision.thresholds else likeliest


@st.composite
def cases(draw: st.DrawFn) -> tuple[np.ndarray, tuple[str, ...], Decision]:
    labels = NAMES[: draw(st.integers(2, 4))]
    rows = draw(st.lists(st.lists(st.floats(0.01, 1), min_size=len(labels), max_size=len(labels)), max_size=12))
    given_rows = np.array(rows, dtype=np.float64).reshape(-1, len(labels))
    thresholds = draw(st.dictionaries(st.sampled_from(labels), st.floats(0.01, 1)))
    return given_rows / np.maximum(given_rows.sum(axis=1, keepdims=True), 1e-9), labels, Decision(1.0, thresholds)


@pytest.mark.slow
@given(cases())
@settings(max_examples=150, deadline=None)
def test_every_text_is_decided_by_the_rule(case: tuple[np.ndarray, tuple[str, ...], Decision]) -> None:
    rows, labels, decision = case
    assert decided(rows, labels, decision).tolist() == [said_of(row, labels, decision) for row in rows]


def test_a_rare_label_is_found_below_a_half_and_both_thresholds_hold_apart() -> None:
    rows = np.array([[0.7, 0.3], [0.8, 0.2], [0.45, 0.55], [0.1, 0.9]])
    assert decided(rows, ("ham", "spam"), Decision(1.0, {"spam": 0.3})).tolist() == [1, 0, 1, 1]
    assert decided(rows, ("ham", "spam"), Decision(1.0, {"spam": 0.8})).tolist() == [0, 0, ABSTAINED, 1]
    assert decided(rows, ("ham", "spam"), Decision(1.0, {"spam": 0.1, "ham": 0.75})).tolist() == [ABSTAINED, 0, 1, 1]


def test_several_labels_each_have_their_own_threshold() -> None:
    said = decided_several(np.array([[0.6, 0.6, 0.2]]), ("a", "b", "c"), Decision(1.0, {"b": 0.7, "c": 0.1}))
    assert said.tolist() == [[True, False, True]]


@given(st.lists(st.tuples(st.sampled_from([0.1, 0.25, 0.5, 0.75, 0.9, 1.0]), st.booleans()), min_size=1, max_size=30))
@settings(deadline=None)
def test_a_curve_counts_right_at_every_threshold(rows: list[tuple[float, bool]]) -> None:
    scores, truths = np.array([score for score, _ in rows]), np.array([true for _, true in rows])
    curve = PrecisionCurve(scores, truths)
    for threshold in (*curve.thresholds, 0.0, 0.6, 2.0):
        chosen = scores >= threshold
        point = curve.at(float(threshold))
        assert (point.num_chosen, point.num_hits) == (chosen.sum(), (chosen & truths).sum())
        if point.num_chosen:
            assert point.precision_low - 1e-12 <= point.precision <= point.precision_high + 1e-12
    if truths.any():
        precision, recall, thresholds = precision_recall_curve(truths, scores)
        assert curve.thresholds[::-1] == pytest.approx(thresholds)
        assert curve.precision[::-1] == pytest.approx(precision[:-1])
        assert curve.recall[::-1] == pytest.approx(recall[:-1])


def test_the_lowest_threshold_of_a_precision_is_found() -> None:
    curve = PrecisionCurve([0.9, 0.8, 0.7, 0.6, 0.5], [1, 1, 0, 1, 0])
    assert curve.reaching(0.75) == 0.6
    assert curve.reaching(1.0) == 0.8
    assert PrecisionCurve([0.9], [0]).reaching(0.5) is None
    assert len(PrecisionCurve([0.0, 0.0], [1, 0])) == 0, "a label that is never likeliest has no threshold"


def test_probabilities_are_those_of_torch() -> None:
    logits = np.random.default_rng(0).normal(size=(20, 4)) * 8
    wanted = tensor(logits)
    assert target_of("one").probabilities(logits, "cross-entropy", 2.0) == pytest.approx(
        (wanted / 2).softmax(-1).numpy()
    )
    assert target_of("several").probabilities(logits, "binary-cross-entropy") == pytest.approx(wanted.sigmoid().numpy())
    one = target_of("one").probabilities(logits, "binary-cross-entropy")
    assert one == pytest.approx(functional.logsigmoid(wanted).softmax(-1).numpy())
    assert target_of("number").probabilities(np.array([[3.5]]), "mse", 2.0) == 3.5
