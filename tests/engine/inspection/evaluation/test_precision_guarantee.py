"""Promises on validation rows and what they come to elsewhere: labels of every kind, warnings, wrong words."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from engine.errors import InputError
from engine.inspection.evaluation.precision_guarantee import check_promise, make_promise, refuse_no_share
from engine.metrics.decision_rules import ABSTAINED, decided
from engine.records import UNDECIDED, Answers, Decision, UnknownLabel
from engine.records.measures import CheckedPromise
from engine.targets import probabilities_of

PAIR = ("ham", "spam")
THREE = ("bill", "card", "loan")


def answers(logits: np.ndarray, truths: np.ndarray, labels: tuple[str, ...], split: str) -> Answers:
    rows = np.arange(1, len(logits) + 1)
    return Answers(
        kind="one",
        labels=labels,
        positive_label="spam" if "spam" in labels else None,
        loss="cross-entropy",
        logits=logits.astype(np.float32),
        truths=truths,
        rows=rows,
        num_tokens=rows,
        texts=[f"text {row}" for row in rows],
        split=split,
        source="",
        checkpoint="step-1",
    )


def pairs(num_rows: int, split: str = "validation", skill: float = 1.0, seed: int = 0) -> Answers:
    """Spam's log-odds are right about spam; with less `skill` they claim more than is true."""
    chance = np.random.default_rng(seed)
    odds = chance.normal(-1.5, 3.0, num_rows)
    truths = (chance.random(num_rows) < 1 / (1 + np.exp(-skill * odds))).astype(np.int64)
    return answers(np.stack([np.zeros(num_rows), odds], axis=1), truths, PAIR, split)


def threes(num_rows: int, split: str = "validation", seed: int = 0) -> Answers:
    chance = np.random.default_rng(seed)
    logits = chance.normal(0, 2.5, (num_rows, 3))
    shares = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    truths = (shares.cumsum(axis=1) < chance.random((num_rows, 1))).sum(axis=1)
    return answers(logits, truths, THREE, split)


def both(made_on: Answers, checked_on: Answers, label: str | None = None, precision: float = 0.9) -> CheckedPromise:
    return check_promise(make_promise(made_on, precision, 0.95, label, UNDECIDED), checked_on)


def test_made_on_validation_and_checked_on_test() -> None:
    found = both(pairs(3000), pairs(4000, "test", seed=1))
    promise = found.promise
    assert promise.label == "spam" and promise.threshold is not None and promise.num_rows == 3000
    assert 0.9 <= promise.lower_bound <= promise.precision_seen
    assert found.measured.low <= found.measured.value <= found.measured.high and found.measured.value >= 0.9
    assert found.is_independent and found.notes == () and found.num_rows == 4000
    tree = found.to_json()
    assert {"threshold", "promised", "confidence", "measured", "recall", "coverage"} <= set(tree)
    assert tree["promised"] == 0.9 and tree["measured"] == found.measured.value


def test_what_is_measured_is_what_the_model_then_says() -> None:
    checked = pairs(4000, "test", seed=1)
    found = both(pairs(3000), checked)
    assert found.promise.threshold is not None and checked.truths is not None
    decision = UNDECIDED.with_promise(found.promise, PAIR)
    said = decided(probabilities_of(checked), PAIR, decision)
    assert found.measured.value == (checked.truths[said == 1] == 1).mean()
    assert found.recall == (said[checked.truths == 1] == 1).mean()
    assert found.coverage == (said >= 0).mean() < 1


def test_validation_is_no_independent_check() -> None:
    found = both(pairs(3000), pairs(3000))
    assert not found.is_independent and "no independent check" in found.notes[0].english()
    assert found.measured.value == found.promise.precision_seen


def test_a_broken_promise_is_said_plainly() -> None:
    found = both(pairs(3000), pairs(3000, "test", skill=0.3, seed=1))
    assert found.measured.high < 0.9
    assert "does not hold on the test rows" in found.notes[0].english()
    made = found.promise
    broken = check_promise(made, pairs(3000, "test", skill=0.3, seed=1), is_other_file=True)
    kept = check_promise(made, pairs(3000, "test", seed=1), is_other_file=True)
    assert len(broken.notes) == 2 and "held back from the training file" in broken.notes[1].english()
    assert len(kept.notes) == 1 and "flatters" in kept.notes[0].english()


def test_nothing_can_be_promised() -> None:
    found = both(pairs(60, seed=4), pairs(4000, "test", seed=1))
    assert found.promise.threshold is None and math.isnan(found.measured.value)
    tree, needed = found.to_json(), found.promise.rows_needed
    assert tree["threshold"] is None and tree["rows_needed"] == needed
    assert needed is not None and needed > 60
    assert both(pairs(8 * needed, seed=5), pairs(4000, "test", seed=1)).promise.threshold is not None


def test_the_negative_label_and_both() -> None:
    made = make_promise(pairs(3000), 0.9, 0.95, "ham", UNDECIDED)
    assert made.threshold is not None and made.threshold < 0.9
    saved = Decision(thresholds={"spam": 0.8})
    floored = make_promise(pairs(3000), 0.85, 0.95, "ham", saved)
    assert floored.threshold is not None and floored.threshold >= 0.5


def test_many_labels_each_and_whichever_is_said() -> None:
    made_on, checked_on = threes(4000), threes(6000, "test", 1)
    assert checked_on.truths is not None
    card = both(made_on, checked_on, "card")
    said = decided(probabilities_of(checked_on), THREE, UNDECIDED.with_promise(card.promise, THREE))
    assert card.measured.value == (checked_on.truths[said == 1] == 1).mean() >= 0.9
    whole = both(made_on, checked_on)
    assert whole.promise.label == "" and whole.to_json()["label"] is None
    said = decided(probabilities_of(checked_on), THREE, UNDECIDED.with_promise(whole.promise, THREE))
    assert whole.measured.value == (said == checked_on.truths)[said >= 0].mean() >= 0.9
    assert whole.coverage == (said >= 0).mean() and whole.recall == (said == checked_on.truths).mean()


def test_several_labels_a_text() -> None:
    one = threes(3000)
    truths = np.random.default_rng(3).random((3000, 3)) < 1 / (1 + np.exp(-one.logits))
    found = replace(one, kind="several", truths=truths)
    made = make_promise(found, 0.9, 0.95, "loan", UNDECIDED)
    checked = check_promise(made, replace(found, split="test"))
    assert made.threshold is not None
    reached = probabilities_of(found)[:, 2] >= made.threshold
    assert checked.measured.value == truths[reached, 2].mean() and checked.coverage == reached.mean()
    with pytest.raises(InputError, match="several labels"):
        make_promise(found, 0.9, 0.95, None, UNDECIDED)


def test_the_saved_temperature_counts() -> None:
    rows = threes(3000)
    calm = make_promise(rows, 0.9, 0.95, None, Decision(temperature=2.0))
    plain = make_promise(rows, 0.9, 0.95, None, UNDECIDED)
    assert calm.threshold is not None and plain.threshold is not None and calm.threshold < plain.threshold


def test_wrong_words() -> None:
    with pytest.raises(InputError, match=r"“spma”.*") as raised:
        make_promise(pairs(100), 0.9, 0.95, "spma", UNDECIDED)
    assert "ham" in str(raised.value)
    numbers = replace(pairs(100), kind="number", labels=())
    with pytest.raises(InputError, match="numbers"):
        make_promise(numbers, 0.9, 0.95, None, UNDECIDED)
    with pytest.raises(InputError, match="no labels"):
        make_promise(replace(pairs(100), truths=None), 0.9, 0.95, None, UNDECIDED)
    for share in (0.0, 1.0, 1.2, 95.0, -1.0, math.nan):
        with pytest.raises(InputError):
            refuse_no_share(share, "precision")
    with pytest.raises(InputError, match=r"0\.95 is 95\.0 %"):
        refuse_no_share(95, "precision")
    with pytest.raises(InputError):
        refuse_no_share(0.05, "confidence", least=0.5)


def test_a_row_left_to_a_person_is_no_hit_though_its_label_is_unknown() -> None:
    """Neither has an id: that is not the same as being right."""
    made_on, checked_on = threes(4000), threes(600, "data", 1)
    assert checked_on.truths is not None
    unsure = np.flatnonzero(probabilities_of(checked_on).max(axis=1) < 0.6)[:40]
    truths = checked_on.truths.copy()
    truths[unsure] = -1
    unknown = (truths == -1)[:, None]
    strange = replace(checked_on, truths=truths, unknown=unknown, strangers=(UnknownLabel("cash", len(unsure)),))
    made = make_promise(made_on, 0.9, 0.95, None, UNDECIDED)
    said = decided(probabilities_of(strange), THREE, UNDECIDED.with_promise(made, THREE))
    assert made.label == "" and (said[unsure] == ABSTAINED).all()
    answered = said != ABSTAINED
    assert check_promise(made, strange).measured.value == pytest.approx((said == truths)[answered].mean())
