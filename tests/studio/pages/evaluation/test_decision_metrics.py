"""What a decision makes of answers: figures as scikit-learn has them, abstentions, temperatures, sentences."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import accuracy_score, confusion_matrix, f1_score, precision_score, r2_score, recall_score

from engine.metrics.decision_rules import ABSTAINED, decided, decided_several
from engine.records import UNDECIDED, Decision, Promise
from engine.runs.decision import read_decision
from engine.targets import Decided, probabilities_of, target_of
from studio.pages.evaluation.draft import Draft
from studio.pages.evaluation.requests import Subject
from studio.pages.evaluation.sentences import sureness, sureness_words
from studio.pages.evaluation.target_view import view_of
from tests.studio.pages.evaluation.desk import THREE, made_answers, made_calibration, made_run

pytestmark = pytest.mark.usefixtures("look")


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
    assert "missed" in view_of(answers).headline(found)


def test_numbers() -> None:
    answers = made_answers(kind="number")
    found, said = Decided(answers), answers.logits[:, 0].astype(float)
    assert answers.truths is not None
    assert found.figures["r2"].value == pytest.approx(r2_score(answers.truths, said))
    assert found.figures["mae"].value == pytest.approx(np.abs(said - answers.truths).mean())
    assert "It is off by" in view_of(answers).headline(found)
    assert Decided(answers).curve(0) is None


def test_without_truths_there_are_only_answers() -> None:
    answers = made_answers(THREE, labelled=False, split="data", source="/mails.csv")
    found = Decided(answers)
    assert found.figures == {} and found.table is None and found.by_label.said.sum() == len(answers)
    assert "has no labels" in view_of(answers).headline(found) and "mails.csv" in view_of(answers).headline(found)


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


def test_the_draft_saves_and_goes_back(tmp_path: Path) -> None:
    answers = made_answers(THREE)
    run = made_run(tmp_path, None)
    folder = run.path / "checkpoints" / "step-40"
    draft = Draft()
    draft.open(Subject(run, answers), folder)
    assert not draft.can_save and not draft.can_undo
    draft.set_threshold("billing", 0.8)
    draft.set_threshold("praise", 0.7, Promise("praise", 0.9, 0.95, 0.7, 400))
    assert draft.now.thresholds == {"billing": 0.8, "praise": 0.7}, "kept side by side"
    assert draft.promise_of("praise") is not None and draft.promise_of("billing") is None
    draft.save()
    assert read_decision(folder) == draft.saved == draft.now and not draft.can_save
    draft.set_threshold("praise", 0.71)
    assert draft.promise_of("praise") is None, "moved by hand: nothing is promised any more"
    draft.correct(1.5)
    assert read_decision(folder) == Decision(temperature=1.5) == draft.now
    draft.undo()
    assert read_decision(folder).thresholds == {"billing": 0.8, "praise": 0.7}
    assert draft.now.thresholds["praise"] == 0.71, "what was tried is tried again"
    draft.undo()
    assert read_decision(folder) == UNDECIDED and draft.now.thresholds == {"billing": 0.8, "praise": 0.7}
    assert not draft.can_undo


def test_two_thresholds_of_a_pair_are_at_least_one_half() -> None:
    draft, low = Draft(), Promise("spam", 0.9, 0.95, 0.3, 400)
    draft.open(Subject(None, made_answers()))
    draft.set_threshold("normal", 0.8)
    draft.set_threshold("spam", 0.3, low)
    assert draft.now == Decision(1.0, {"spam": 0.3}, (low,)), "a promise for less makes the other one go"
    draft.set_threshold("normal", 0.4)
    assert draft.now == Decision(1.0, {"normal": 0.5}), "both are one half or more, so the promise for .3 is gone"
    draft.set_threshold("spam", 0.3)
    assert draft.now.thresholds == {"normal": 0.5, "spam": 0.5}
    draft.restore({"now": Decision(1.0, dict.fromkeys(THREE, 0.6), (Promise("", 0.9, 0.95, 0.6, 400),)), "before": []})
    assert draft.promise_of("praise") is not None, "promised for whichever is said"
    draft.set_threshold("praise", 0.7)
    assert draft.promise_of("billing") is None


def test_sureness_in_words() -> None:
    def words(gap: float) -> str:
        return sureness_words(made_calibration(gap=gap).before)

    assert [words(gap) for gap in (0.0, 0.03, 0.08, 0.2)] == [
        "about right", "slightly too sure", "too sure", "far too sure",
    ]  # fmt: skip
    assert words(-0.02) == "slightly too modest" and sureness(made_calibration(gap=-0.02).before) < 0
