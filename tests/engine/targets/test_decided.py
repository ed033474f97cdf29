"""What a decision makes of answers: figures as scikit-learn has them, abstentions, curves, temperatures."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from sklearn.metrics import accuracy_score, confusion_matrix, f1_score, precision_score, r2_score, recall_score

from engine.metrics.decision_rules import ABSTAINED, decided, decided_several
from engine.records import Decision, Promise, TargetKind
from engine.targets import TARGETS, Decided, probabilities_of, target_of
from tests.engine.targets.answers import THREE, made_answers


def test_two_labels_as_scikit_learn_has_them() -> None:
    answers = made_answers()
    found = Decided(answers)
    said = answers.logits.argmax(axis=1)
    assert found.table is not None and found.num_answered == len(answers)
    np.testing.assert_array_equal(found.table[:, :2], confusion_matrix(answers.truths, said))
    assert found.figures["accuracy"].value == pytest.approx(accuracy_score(answers.truths, said))
    assert found.figures["precision"].value == pytest.approx(precision_score(answers.truths, said))
    assert found.figures["recall"].value == pytest.approx(recall_score(answers.truths, said))
    assert found.figures["f1"].value == pytest.approx(f1_score(answers.truths, said))
    precision = found.figures["precision"]
    assert precision.low < precision.value < precision.high and precision.method == "wilson"


def test_means_over_many_labels() -> None:
    answers = made_answers(THREE)
    found, said = Decided(answers), answers.logits.argmax(axis=1)
    for name, score in (("precision", precision_score), ("recall", recall_score), ("f1", f1_score)):
        assert found.figures[name].value == pytest.approx(score(answers.truths, said, average="macro"))
    assert found.weakest == int(recall_score(answers.truths, said, average=None).argmin())


def test_a_threshold_leaves_texts_to_a_person() -> None:
    answers = made_answers(THREE)
    decision = Decision(thresholds={"billing": 0.9})
    found = Decided(answers, decision)
    said = decided(probabilities_of(answers), answers.labels, decision)
    left = int((said == ABSTAINED).sum())
    assert left > 0 and found.num_rows - found.num_answered == left
    assert found.table is not None and found.table[:, 3].sum() == left
    answered = said != ABSTAINED
    assert found.figures["accuracy"].value == pytest.approx((said == answers.truths)[answered].mean())
    assert found.by_label.recall[1] < Decided(answers).by_label.recall[1], "what is left to a person is not found"


def test_several_labels() -> None:
    answers = made_answers(THREE, kind="several")
    decision = Decision(thresholds={"praise": 0.8})
    found, said = Decided(answers, decision), decided_several(probabilities_of(answers), THREE, decision)
    assert found.table is None and answers.truths is not None
    assert found.figures["recall"].value == pytest.approx(recall_score(answers.truths, said, average="macro"))
    assert found.figures["accuracy"].value == pytest.approx((said == answers.truths).all(axis=1).mean())


def test_numbers() -> None:
    answers = made_answers(kind="number")
    found, said = Decided(answers), answers.logits[:, 0].astype(float)
    assert answers.truths is not None
    assert found.figures["r2"].value == pytest.approx(r2_score(answers.truths, said))
    assert found.figures["mae"].value == pytest.approx(np.abs(said - answers.truths).mean())
    assert Decided(answers).curve(0) is None


def test_without_truths_there_are_only_answers() -> None:
    answers = made_answers(THREE, labelled=False, split="data", source="/mails.csv")
    found = Decided(answers)
    assert found.figures == {} and found.table is None and found.by_label.said.sum() == len(answers)


def test_one_class_only() -> None:
    answers = made_answers()
    truths = np.ones(len(answers), np.int64)
    found = Decided(replace(answers, truths=truths))
    assert found.figures["precision"].value == 1.0 and found.by_label.true.tolist() == [0, len(answers)]
    assert found.weakest == 1, "of a label without texts none can be missed"


def test_curves_are_sorted_once() -> None:
    decided = Decided(made_answers(THREE))
    curve = decided.curve(1)
    assert curve is not None and decided.under(Decision(thresholds={"billing": 0.9})).curve(1) is curve
    assert decided.under(Decision(temperature=2.0)).curve(1) is not curve
    assert decided.curve_of(np.zeros((3, 3)), 1) is None, "of other rows"


@pytest.mark.parametrize("kind", ["one", "several"])
def test_a_threshold_moves_along_with_the_temperature(kind: str) -> None:
    answers = made_answers(kind=kind, num=2000)
    scores = probabilities_of(answers)[:, 1]
    threshold = float(np.sort(scores)[-300])
    promise = Promise("spam", 0.9, 0.95, threshold, 400)
    before = Decision(1.0, {"spam": threshold}, (promise, Promise("normal", 0.9, 0.95, 0.7, 400)))
    target = target_of(answers.kind)
    after = target.warmed(before, 1.7, answers.labels, answers.loss)
    warm = probabilities_of(answers, 1.7)[:, 1]
    np.testing.assert_array_equal(scores >= threshold, warm >= after.thresholds["spam"])
    assert after.temperature == 1.7 and [one.label for one in after.promises] == ["spam"]
    assert after.promises[0].threshold == after.thresholds["spam"]
    back = target.warmed(after, 1.0, answers.labels, answers.loss)
    assert back.thresholds["spam"] == pytest.approx(threshold, abs=1e-6)


def test_thresholds_of_many_labels_do_not_outlive_a_temperature() -> None:
    decision = Decision(1.0, {"billing": 0.8})
    assert target_of("one").warmed(decision, 2.0, THREE, "cross-entropy") == Decision(temperature=2.0)


def test_a_label_without_a_threshold_is_said_from_where_it_is_usual() -> None:
    pair, three, several = made_answers(), made_answers(THREE), made_answers(THREE, kind="several")
    assert Decided(pair).threshold(1) == Decided(several).threshold(2) == 0.5
    likeliest = probabilities_of(three).max(axis=1)[probabilities_of(three).argmax(axis=1) == 1]
    assert Decided(three).threshold(1) == likeliest.min(), "wherever it is the likeliest"
    assert Decided(three, Decision(thresholds={"billing": 0.9})).threshold(1) == 0.9


@pytest.mark.parametrize("kind", TARGETS)
def test_another_decision_keeps_what_hangs_on_the_temperature(kind: TargetKind) -> None:
    decided = Decided(made_answers(THREE, kind=kind))
    tried = decided.under(Decision(thresholds={"billing": 0.9}))
    assert tried.probabilities is decided.probabilities and tried.curve(1) is decided.curve(1)
    cool = decided.under(Decision(temperature=2.0))
    assert (cool.probabilities is not decided.probabilities) and cool.said.shape == decided.said.shape
    assert 0 <= cool.num_answered <= cool.num_rows and cool.figures.keys() == decided.figures.keys()
