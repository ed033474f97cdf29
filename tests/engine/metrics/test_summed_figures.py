"""Figures as sums over rows: held against sacrebleu's corpus scores, plain loops and scipy's paired bootstrap."""

from __future__ import annotations

import math
import random
from collections import Counter

import numpy as np
import pytest
from sacrebleu.metrics import BLEU, CHRF
from scipy.stats import bootstrap, permutation_test

from engine.metrics.summed_figures import VALUE_OF, differences, figures, half_widths, two_sided_p, values

WORDS = ["the", "a", "small", "old", "dog", "cat", "sees", "finds", "under", "over", "green", "house", "."]


def sentences(count: int, seed: int) -> tuple[list[str], list[str]]:
    """(said, wanted); what is said is the wanted text with words lost and changed, at times nothing at all."""
    chance = random.Random(seed)
    wanted = [" ".join(chance.choices(WORDS, k=chance.randint(1, 12))) for _ in range(count)]
    said = [
        " ".join(
            chance.choice(WORDS) if chance.random() < 0.3 else word for word in one.split() if chance.random() < 0.9
        )
        for one in wanted
    ]
    return said, wanted


def statistics_of(metric: BLEU | CHRF, said: list[str], wanted: list[str]) -> np.ndarray:
    """A row a sentence: of BLEU what sacrebleu itself counts there, of chrF a plain count."""
    if isinstance(metric, CHRF):
        return np.array([_letters(one, other) for one, other in zip(said, wanted, strict=True)], dtype=np.float64)
    found = [BLEU(effective_order=True).sentence_score(one, [other]) for one, other in zip(said, wanted, strict=True)]
    return np.array([[one.sys_len, one.ref_len, *one.counts, *one.totals] for one in found], dtype=np.float64)


def _letters(said: str, wanted: str) -> list[int]:
    columns = []
    for order in range(1, 7):
        first, second = (
            Counter(text[place : place + order] for place in range(len(text) - order + 1))
            for text in ("".join(said.split()), "".join(wanted.split()))
        )
        columns += [first.total() if second else 0, second.total(), (first & second).total()]
    return columns


@pytest.mark.parametrize(("key", "metric"), [("bleu", BLEU()), ("chrf", CHRF())])
@pytest.mark.parametrize("places", [range(60), range(7), range(3, 4), (5, 5, 9)])
def test_bleu_and_chrf_are_those_of_sacrebleu(key: str, metric: BLEU | CHRF, places: range) -> None:
    said, wanted = sentences(60, 3)
    chosen = np.array(places)
    found = values({key: statistics_of(metric, said, wanted)}, chosen)[key]
    reference = metric.corpus_score([said[one] for one in places], [[wanted[one] for one in places]])
    assert found == pytest.approx(reference.score, abs=1e-9)


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ([""], ["a small dog"]),
        (["x y z"], ["a small dog"]),
        (["a small"], ["a small dog sees"]),
        (["a small dog sees"], ["a small dog sees"]),
        (["a small green cat"], ["a small dog sees"]),
        (["a"], ["a"]),
    ],
)
def test_edges_of_bleu_and_chrf(said: list[str], wanted: list[str]) -> None:
    for key, metric in (("bleu", BLEU()), ("chrf", CHRF())):
        found = values({key: statistics_of(metric, said, wanted)})[key]
        assert found == pytest.approx(metric.corpus_score(said, [wanted]).score, abs=1e-9)


def test_means_perplexity_and_bits_are_plain_loops() -> None:
    chance = np.random.default_rng(1)
    nats, tokens = chance.gamma(20, 1, 40), chance.integers(3, 20, 40).astype(float)
    right = (chance.random(40) < 0.4).astype(float)
    given = {
        "em": np.stack([right, np.ones(40)], axis=1),
        "perplexity": np.stack([nats, tokens], axis=1),
        "bits_per_character": np.stack([nats, 4 * tokens], axis=1),
    }
    found = values(given)
    assert found["em"] == pytest.approx(sum(right) / 40)
    assert found["perplexity"] == pytest.approx(math.exp(sum(nats) / sum(tokens)))
    assert found["bits_per_character"] == pytest.approx(sum(nats) / math.log(2) / (4 * sum(tokens)))
    some = values(given, np.array([3, 17]))
    assert some["perplexity"] == pytest.approx(math.exp((nats[3] + nats[17]) / (tokens[3] + tokens[17])))


def test_of_nothing_there_is_no_figure() -> None:
    assert math.isnan(values({"f1": np.empty((0, 2))})["f1"])
    assert math.isnan(values({"perplexity": np.zeros((3, 2))})["perplexity"])
    assert figures({"em": np.array([[1.0, 1.0]])})["em"].method == ""


def test_every_figure_is_one_of_any_shape_of_sums() -> None:
    """Draws are [S, C]; each must come out as it would alone."""
    widths = {"bleu": 10, "chrf": 18}
    for key, value_of in VALUE_OF.items():
        sums = np.random.default_rng(0).integers(1, 30, (5, widths.get(key, 2))).astype(float)
        sums.sort(axis=1)
        assert value_of(sums) == pytest.approx([float(value_of(one)) for one in sums])


def test_intervals_are_those_of_scipy() -> None:
    right = (np.random.default_rng(2).random(300) < 0.7).astype(float)
    given = {"em": np.stack([right, np.ones(300)], axis=1)}
    found = figures(given)["em"]
    reference = bootstrap((right,), np.mean, n_resamples=5000, method="percentile", random_state=0)
    assert (found.low, found.high) == pytest.approx(
        (reference.confidence_interval.low, reference.confidence_interval.high), abs=0.01
    )
    assert half_widths(given)["em"] == pytest.approx((found.high - found.low) / 2)


def test_a_difference_is_drawn_on_the_same_rows() -> None:
    """Scores that go up and down together: their difference is far surer than either."""
    chance = np.random.default_rng(4)
    base = chance.random(200)
    better = base + 0.02 + chance.normal(0, 0.05, 200)
    ones = np.ones(200)
    one, other = ({"f1": np.stack([scores, ones], axis=1)} for scores in (base, better))
    found = differences(one, other)["f1"]
    reference = bootstrap((better - base,), np.mean, n_resamples=5000, method="percentile", random_state=0)
    assert found.change.value == pytest.approx(np.mean(better - base))
    assert (found.change.low, found.change.high) == pytest.approx(
        (reference.confidence_interval.low, reference.confidence_interval.high), abs=0.001
    )
    exact = permutation_test((better - base,), np.mean, permutation_type="samples", n_resamples=5000, random_state=0)
    assert found.p_value < 0.01 and exact.pvalue < 0.01
    back = differences(other, one)["f1"]
    assert back.change.value == pytest.approx(-found.change.value) and back.p_value == pytest.approx(found.p_value)


def test_p_values() -> None:
    same = {"em": np.stack([np.ones(50), np.ones(50)], axis=1)}
    assert differences(same, same)["em"].p_value == 1.0
    assert two_sided_p(np.array([-1.0] + 999 * [1.0])) == pytest.approx(2 * 2 / 1001)
    assert two_sided_p(np.ones(999)) == pytest.approx(0.002), "never 0: so many draws know no more"
    assert two_sided_p(np.empty(0)) == 1.0


def test_chance_alone_is_seldom_called_a_difference() -> None:
    """Of two runs that are equally good: at 5 %, about one comparison in twenty."""
    chance = np.random.default_rng(5)
    ones = np.ones(120)
    called = 0
    for _ in range(100):
        one, other = (chance.random(120) for _ in range(2))
        pair = [{"f1": np.stack([scores, ones], axis=1)} for scores in (one, other)]
        called += differences(*pair)["f1"].p_value < 0.05
    assert called <= 12
