"""Rows of probabilities in words: what is said, what is left to a person, several labels, numbers; kept promises."""

from __future__ import annotations

import numpy as np
import pytest

from engine.records import UNDECIDED, Decision, Prediction, Promise
from engine.targets import target_of

PAIR = ("ham", "spam")
THREE = ("bill", "card", "loan")
ONE, SEVERAL, NUMBER = (target_of(kind) for kind in ("one", "several", "number"))


def test_the_likeliest_without_a_decision() -> None:
    first, second = ONE.predictions([[0.7, 0.3], [0.2, 0.8]], PAIR)
    assert first == Prediction("ham", {"ham": 0.7, "spam": 0.3}) and second.label == "spam"
    assert not first.abstains and first.threshold is None and first.labels is None


def test_below_its_threshold_it_is_left_to_a_person() -> None:
    decision = Decision(thresholds={"spam": 0.93})
    low, high, other = ONE.predictions([[0.13, 0.87], [0.05, 0.95], [0.6, 0.4]], PAIR, decision)
    assert (low.label, low.abstains, low.threshold) == ("spam", True, 0.93)
    assert (high.label, high.abstains, high.threshold) == ("spam", False, 0.93)
    assert (other.label, other.abstains, other.threshold) == ("ham", False, None)


def test_a_low_threshold_finds_more() -> None:
    (found,) = ONE.predictions([[0.7, 0.3]], PAIR, Decision(thresholds={"spam": 0.2}))
    assert (found.label, found.abstains, found.threshold) == ("spam", False, 0.2)


def test_many_labels() -> None:
    decision = Decision(thresholds={"card": 0.6})
    found = ONE.predictions([[0.1, 0.5, 0.4], [0.1, 0.7, 0.2], [0.4, 0.3, 0.3]], THREE, decision)
    assert [(one.label, one.abstains) for one in found] == [("card", True), ("card", False), ("bill", False)]


def test_several_labels() -> None:
    decision = Decision(thresholds={"card": 0.8})
    found = SEVERAL.predictions([[0.6, 0.7, 0.1], [0.6, 0.9, 0.1], [0.1, 0.1, 0.1]], THREE, decision)
    assert [one.labels for one in found] == [("bill",), ("bill", "card"), ()]
    assert [one.label for one in found] == ["bill", "bill, card", ""]
    assert not any(one.abstains for one in found)


def test_numbers() -> None:
    assert NUMBER.predictions([[3.14159], [-2.0]], ()) == [Prediction("3.142", {}), Prediction("-2", {})]
    assert ONE.predictions(np.empty((0, 2)), PAIR) == []


# --- what a kept promise changes --------------------------------------------------------------------------------


def made(label: str, threshold: float | None) -> Promise:
    return Promise(label, 0.95, 0.95, threshold, 100)


def test_a_promise_brings_its_threshold() -> None:
    kept = UNDECIDED.with_promise(made("spam", 0.9), PAIR)
    assert kept.thresholds == {"spam": 0.9} and kept.promises == (made("spam", 0.9),)
    again = kept.with_promise(made("spam", 0.8), PAIR)
    assert again.thresholds == {"spam": 0.8} and len(again.promises) == 1
    both = again.with_promise(made("ham", 0.7), PAIR)
    assert both.thresholds == {"spam": 0.8, "ham": 0.7} and len(both.promises) == 2
    assert UNDECIDED.with_promise(made("spam", None), PAIR) == UNDECIDED


def test_what_it_contradicts_is_dropped() -> None:
    """Both of two labels with thresholds are at least .5; and one promise for all labels ends where one is changed."""
    low = UNDECIDED.with_promise(made("spam", 0.2), PAIR)
    assert low.with_promise(made("ham", 0.9), PAIR).thresholds == {"ham": 0.9}
    assert low.with_promise(made("ham", 0.9), PAIR, several=True).thresholds == {"ham": 0.9, "spam": 0.2}
    whole = UNDECIDED.with_promise(made("", 0.6), THREE)
    assert whole.thresholds == dict.fromkeys(THREE, 0.6) and whole.promises == (made("", 0.6),)
    changed = whole.with_promise(made("card", 0.9), THREE)
    assert changed.thresholds == {"bill": 0.6, "card": 0.9, "loan": 0.6}
    assert changed.promises == (made("card", 0.9),)


def test_it_survives_the_disk() -> None:
    kept = Decision(1.5).with_promise(made("spam", 0.9), PAIR)
    assert Decision.from_json(kept.to_json()) == kept


@pytest.mark.parametrize("temperature", [0, -1, float("nan"), float("inf")])
def test_no_temperature(temperature: float) -> None:
    with pytest.raises(ValueError, match=r"."):
        Decision.from_json({"temperature": temperature})
