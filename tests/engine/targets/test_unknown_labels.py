"""Rows of labels that a model does not know: every figure is what scikit-learn makes of the same truths and answers."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics as reference

from engine.metrics.decided_figures import tally_of_ids
from engine.metrics.decision_rules import ABSTAINED
from engine.metrics.figures_with_intervals import measured
from engine.records import Answers, Progress, UnknownLabel
from engine.targets import positive_of, target_of, with_unknown_labels

ODD = ("other", "Spam")


def made(num_labels: int, num_rows: int, seed: int, kind: str = "one") -> tuple[Answers, np.ndarray]:
    """Answers with rows of two unknown labels, and their probabilities."""
    rng = np.random.default_rng(seed)
    logits = rng.normal(size=(num_rows, num_labels)).astype(np.float32)
    if kind == "several":
        truths = rng.random((num_rows, num_labels)) < 0.4
        unknown = rng.random((num_rows, 2)) < 0.2
        found = 1 / (1 + np.exp(-logits.astype(np.float64)))
    else:
        ids = rng.integers(0, num_labels + 2, num_rows)
        ids[:2] = num_labels, num_labels + 1
        truths = np.where(ids < num_labels, ids, -1)
        unknown = np.stack([ids == num_labels, ids == num_labels + 1], axis=1)
        raised = np.exp(logits.astype(np.float64))
        found = raised / raised.sum(axis=1, keepdims=True)
    answers = Answers(
        kind=kind,  # type: ignore[arg-type]
        labels=tuple(f"l{number}" for number in range(num_labels)),
        positive_label=None,
        loss="cross-entropy",
        logits=logits,
        truths=truths,
        rows=np.arange(1, num_rows + 1),
        num_tokens=np.ones(num_rows, dtype=np.int32),
        texts=[f"text {row}" for row in range(num_rows)],
        split="data",
        source="other.csv",
        checkpoint="step-1",
        strangers=tuple(UnknownLabel(name, int(unknown[:, place].sum())) for place, name in enumerate(ODD)),
        unknown=unknown,
    )
    return answers, found


def figures_of(answers: Answers, found: np.ndarray) -> tuple[dict[str, float], object]:
    rows = with_unknown_labels(answers)
    target, strangers = target_of(answers.kind), rows.num_strangers
    working = measured(
        partial(target.row_figures, truths=rows.truths, positive=positive_of(answers), num_strangers=strangers),
        rows.widened(found),
        target.simplest(rows.truths, len(rows.labels), strangers),
        rows.labels,
        "data",
    )
    while True:
        try:
            told = next(working)
            assert isinstance(told, Progress)
        except StopIteration as end:
            return {name: one.value for name, one in end.value.figures.items()}, end.value


@settings(max_examples=5, deadline=None)
@given(seed=st.integers(0, 10_000), num_labels=st.integers(3, 5), num_rows=st.integers(8, 40))
def test_means_over_labels_are_scikit_learns(seed: int, num_labels: int, num_rows: int) -> None:
    answers, found = made(num_labels, num_rows, seed)
    truths, said = with_unknown_labels(answers).truths, found.argmax(axis=1)
    figures, whole = figures_of(answers, found)
    assert figures["accuracy"] == pytest.approx(reference.accuracy_score(truths, said))
    for average in ("macro", "micro", "weighted"):
        expected = reference.precision_recall_fscore_support(truths, said, average=average, zero_division=0)
        for name, value in zip(("precision", "recall", "f1"), expected, strict=False):
            assert figures[f"{name}_{average}"] == pytest.approx(value)
    assert figures["f1"] == figures["f1_macro"]
    widened = with_unknown_labels(answers).widened(found)
    assert figures["log_loss"] == pytest.approx(
        -np.log(np.clip(widened[np.arange(num_rows), truths], np.finfo(float).eps, 1)).mean()
    )
    assert figures["brier"] == pytest.approx(((widened - np.eye(num_labels + 2)[truths]) ** 2).sum(axis=1).mean())
    table = reference.confusion_matrix(truths, said, labels=range(num_labels + 2))
    assert np.array_equal(whole.confusion, table[:num_labels, :num_labels])  # type: ignore[attr-defined]
    assert whole.support["other"] == table[num_labels].sum()  # type: ignore[attr-defined]
    aucs = [
        reference.roc_auc_score(truths == label, found[:, label])
        for label in range(num_labels)
        if 0 < (truths == label).sum() < num_rows
    ]
    assert figures["auc"] == pytest.approx(np.mean(aucs))


@settings(max_examples=4, deadline=None)
@given(seed=st.integers(0, 10_000), positive=st.integers(0, 1))
def test_of_two_labels_they_stay_those_of_the_positive_one(seed: int, positive: int) -> None:
    answers, found = made(2, 30, seed)
    answers = replace(answers, positive_label=answers.labels[positive])
    truths, said = with_unknown_labels(answers).truths, found.argmax(axis=1)
    figures, _ = figures_of(answers, found)
    expected = reference.precision_recall_fscore_support(
        truths == positive, said == positive, average="binary", zero_division=0
    )
    assert [figures[name] for name in ("precision", "recall", "f1")] == pytest.approx(list(expected[:3]))
    assert figures["accuracy"] == pytest.approx((truths == said).mean())
    assert figures["auc"] == pytest.approx(reference.roc_auc_score(truths == positive, found[:, positive]))


@settings(max_examples=4, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_of_several_labels_a_missing_one_is_missed(seed: int) -> None:
    answers, found = made(3, 30, seed, kind="several")
    true = with_unknown_labels(answers).truths.astype(int)
    said = np.concatenate([found >= 0.5, np.zeros((30, 2), bool)], axis=1).astype(int)
    figures, _ = figures_of(answers, found)
    assert figures["accuracy"] == pytest.approx(reference.accuracy_score(true, said))
    occurs = (true | said).any(axis=0)
    for average in ("micro", "weighted"):
        expected = reference.precision_recall_fscore_support(true, said, average=average, zero_division=0)
        assert [figures[f"{name}_{average}"] for name in ("precision", "recall", "f1")] == pytest.approx(
            list(expected[:3])
        )
    assert figures["f1"] == pytest.approx(
        reference.f1_score(true[:, occurs], said[:, occurs], average="macro", zero_division=0)
    )


def test_nobody_says_a_label_that_is_unknown() -> None:
    truths = np.array([2, 2, 2, 0, 1, 1])
    said = target_of("one").simplest(truths, 3, 1).argmax(axis=1)
    assert (said == 1).all()


def test_a_text_that_is_left_to_a_person_is_missed_and_not_said() -> None:
    truths, said = np.array([0, 0, 1, 1, 1, 2]), np.array([0, ABSTAINED, 1, 1, 0, 1])  # 2: a label nobody knows
    found = tally_of_ids(said, truths, 3).said(1)
    assert found.metrics == pytest.approx({"accuracy": 3 / 5, "precision": 2 / 3, "recall": 2 / 3, "f1": 2 / 3})
    assert found.num_answered == 5 and found.abstained == (1, 0, 0)
    assert found.confusion == ((1, 0, 0), (1, 2, 0), (0, 1, 0))


@settings(max_examples=5, deadline=None)
@given(seed=st.integers(0, 10_000), num_labels=st.integers(2, 5))
def test_without_abstaining_they_are_scikit_learns(seed: int, num_labels: int) -> None:
    rng = np.random.default_rng(seed)
    truths, said = rng.integers(0, num_labels, 25), rng.integers(0, num_labels, 25)
    found = tally_of_ids(said, truths, num_labels).said(None).metrics
    expected = reference.precision_recall_fscore_support(truths, said, average="macro", zero_division=0)
    assert [found[name] for name in ("precision", "recall", "f1")] == pytest.approx(list(expected[:3]))
    assert found["accuracy"] == pytest.approx(reference.accuracy_score(truths, said))
