"""The signs of a collapse and the verdict on variety say what the figures say."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.messages import Message
from engine.metrics.collapse import signs_of_collapse
from engine.metrics.diversity import Openings
from engine.metrics.variety import Verdict, variety_verdict

REAL = {"self_bleu_4": 0.33, "distinct_2": 0.5}
OPENINGS = (("a man", 0.38, 0.11), ("a dog", 0.2, 0.02))


def signs(self_bleu: float, distinct: float, openings: Openings = OPENINGS, num_texts: int | None = 200) -> list[str]:
    metrics = {"self_bleu_4": self_bleu, "distinct_2": distinct}
    limits = {"self_bleu_margin": 0.15, "distinct_share": 0.6}
    found = signs_of_collapse(metrics, REAL, openings, num_texts=num_texts, **limits)
    return [sign.english() for sign in found]


def test_healthy_texts_show_no_sign() -> None:
    assert signs(0.47, 0.31) == []


def test_each_limit_alone_is_a_sign() -> None:
    assert len(signs(0.49, 0.5, ())) == 1 == len(signs(0.33, 0.29, ()))
    assert signs(0.67, 0.19) == [
        "The texts resemble each other far more than real ones do: self-BLEU-4 is 0.67, of real text 0.33.",
        "Only 19 % of their word pairs are different ones, of real text's 50 %.",
        "38 % of the last 200 texts begin with “a man”, in the training texts 11 %.",
    ]
    assert signs(0.67, 0.5, num_texts=None)[1].startswith("38 % of the newest texts begin")


def test_an_ordinary_opening_is_not_told() -> None:
    assert len(signs(0.67, 0.19, (("a man", 0.12, 0.11),))) == 2


def test_what_was_not_measured_is_no_sign() -> None:
    assert signs(math.nan, math.nan) == []
    assert signs_of_collapse({}, REAL, OPENINGS, self_bleu_margin=0.1, distinct_share=0.9) == []
    collapsed = {"self_bleu_4": 0.9, "distinct_2": 0.01}
    assert signs_of_collapse(collapsed, {}, OPENINGS, self_bleu_margin=0.1, distinct_share=0.9) == []


def verdict(shares: list[float], excess: list[float] | None = None) -> Verdict:
    """Measured every 10 steps; of real text's word pairs, and above real text's self-BLEU."""
    bleu = np.array(excess or [0.0] * len(shares)) + REAL["self_bleu_4"]
    found = variety_verdict(range(0, 10 * len(shares), 10), np.array(shares) * REAL["distinct_2"], bleu, REAL)
    assert found is not None
    return found


def test_as_varied_as_real_text() -> None:
    assert verdict([1.3, 1.1, 0.97, 0.96, 0.98]).level == "good"
    assert verdict([0.99]).message.english() == "Its texts are as varied as real ones."


def test_falling_since_its_best() -> None:
    found = verdict([0.95, 1.0, 1.0, 0.99, 0.93, 0.88, 0.84, 0.8])
    assert (found.level, found.since) == ("warning", 30)
    assert found.message.english().startswith("Variety is falling since step 30: 84 %")


def test_one_bad_measurement_is_chance() -> None:
    assert verdict([1.0, 0.98, 0.99, 0.86]).level == "good"


def test_steadily_below() -> None:
    found = verdict([0.82, 0.84, 0.83, 0.85, 0.84])
    assert (found.level, found.since) == ("warning", None)
    assert "less varied" in found.message.english()
    assert "resemble" in verdict([1.0, 1.0, 1.0], [0.1, 0.1, 0.1]).message.english()


def test_collapsed_since() -> None:
    found = verdict([1.0, 0.5, 0.9, 0.55, 0.5, 0.4])
    assert (found.level, found.since) == ("bad", 30)
    assert verdict([1.0, 1.0], [0.0, 0.2]).level == "bad"


def test_recovered() -> None:
    assert verdict([1.0, 0.4, 0.4, 0.95, 0.96, 0.97]).level == "good"


def test_more_varied() -> None:
    assert "more varied" in verdict([1.4, 1.5]).message.english()


def test_nothing_to_compare_with() -> None:
    assert variety_verdict([], [], [], REAL) is None
    assert variety_verdict([1, 2], [0.5, 0.4], [0.3, 0.3], {}) is None
    assert variety_verdict([1], [math.nan], [0.3], REAL) is None
    flat = variety_verdict([1], [0.0], [0.0], {"distinct_2": 0.0, "self_bleu_4": 0.0})
    assert flat is not None and flat.level == "good", "real texts of one word have no pairs"


figures = st.one_of(st.floats(0, 1), st.just(math.nan))


@given(rows=st.lists(st.tuples(figures, figures), max_size=12))
@settings(max_examples=60, deadline=None)
def test_any_history_has_a_verdict(rows: list[tuple[float, float]]) -> None:
    steps = [10 * place for place in range(len(rows))]
    found = variety_verdict(steps, [row[0] for row in rows], [row[1] for row in rows], REAL)
    assert (found is None) == (not any(math.isfinite(sum(row)) for row in rows))
    if found is not None:
        assert isinstance(found.message, Message) and found.level in ("good", "warning", "bad")
        assert found.since in steps if found.level == "bad" else found.since in (None, *steps)
