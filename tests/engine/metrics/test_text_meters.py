"""All meters together: on real captions the known figures, on odd texts finite ones."""

from __future__ import annotations

import math
import random
import time
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings

from engine.metrics.diversity import copied_share, unique_share
from engine.metrics.registry import METRICS, WRITER_METRICS
from engine.metrics.text_meters import TextMeters
from tests.engine.metrics.captions import read_captions
from tests.engine.metrics.generators import finished, texts

Texts = Sequence[Sequence[str]]
KEYS = {
    *(f"{name}_{order}" for name in ("bleu", "self_bleu") for order in (2, 3, 4, 5)),
    *(f"distinct_{order}" for order in (1, 2, 3)),
    *("unique_share", "copied_share", "reverse_perplexity"),
}


@pytest.mark.slow
@given(train=texts, held_out=texts, samples=texts)
@settings(max_examples=30, deadline=None)
def test_any_texts_give_finite_figures(train: Texts, held_out: Texts, samples: Texts) -> None:
    meters = TextMeters(train, held_out, seed=0)
    for found in (finished(meters.measure(samples)), finished(meters.real_text(len(samples)))):
        assert set(found) == KEYS
        assert all(type(value) is float and math.isfinite(value) for value in found.values())
        assert all(0 <= value <= 1 + 1e-9 for name, value in found.items() if name != "reverse_perplexity")
        assert found["reverse_perplexity"] >= 0


@pytest.mark.parametrize("samples", [[], [[]], [["a"]], [["new"]], [["a"]] * 50, [[]] * 50])
def test_one_word(samples: Texts) -> None:
    meters = TextMeters([["a"], ["a"]], [["a"]], seed=0)
    assert all(math.isfinite(value) for value in finished(meters.measure(samples)).values())
    assert all(math.isfinite(value) for value in finished(meters.real_text(len(samples))).values())


def test_by_hand() -> None:
    train, held_out = [["a", "b"], ["c", "d"]], [["a", "c"]]
    found = finished(TextMeters(train, held_out, seed=0).measure([["a", "b"], ["a", "b"], ["b", "b"]]))
    assert found["distinct_1"] == pytest.approx(2 / 6) and found["distinct_2"] == pytest.approx(2 / 3)
    assert found["distinct_3"] == 0.0, "there are no triples"
    assert found["unique_share"] == pytest.approx(2 / 3) and found["copied_share"] == pytest.approx(2 / 3)


def test_one_text_is_a_whole() -> None:
    assert unique_share([["a"]]) == 1.0 and copied_share([["a"]], {("a",)}) == 1.0
    assert unique_share([]) == 0.0 and copied_share([], {("a",)}) == 0.0


def test_real_captions_have_the_known_figures(shared_data: Path) -> None:
    train, held_out = read_captions(shared_data, "train"), read_captions(shared_data)
    meters = TextMeters(train, held_out[:1000], seed=1)
    samples = finished(meters.measure(held_out[1000:2000]))
    assert samples["self_bleu_4"] == pytest.approx(0.33, abs=0.02)
    assert samples["distinct_2"] == pytest.approx(0.49, abs=0.02)
    assert samples["unique_share"] > 0.99 and samples["copied_share"] < 0.01
    line = finished(meters.real_text(1000))
    assert line == pytest.approx(samples, rel=0.12, abs=0.005), "real texts are as good as real ones"


def test_a_collapsed_generator_shows_in_every_meter(shared_data: Path) -> None:
    held_out = read_captions(shared_data)
    meters = TextMeters(held_out[2000:4000], held_out[:500], seed=1)
    chance = random.Random(0)
    repeated = [chance.choice(held_out[1000:1020]) for _ in range(500)]
    found, real = finished(meters.measure(repeated)), finished(meters.real_text(500))
    assert found["self_bleu_4"] > 0.99 and found["distinct_2"] < 0.1 * real["distinct_2"]
    assert found["unique_share"] == 20 / 500
    assert found["reverse_perplexity"] > 3 * real["reverse_perplexity"]


def test_shuffled_words_are_varied_but_poor(shared_data: Path) -> None:
    captions = read_captions(shared_data)
    meters = TextMeters(captions[2000:4000], captions[:500], seed=1)
    chance = random.Random(0)
    shuffled = [chance.sample(text, len(text)) for text in captions[1000:1500]]
    found, real = finished(meters.measure(shuffled)), finished(meters.real_text(500))
    assert found["bleu_4"] < 0.5 * real["bleu_4"] and found["self_bleu_4"] < real["self_bleu_4"]
    assert found["distinct_2"] > real["distinct_2"] and found["distinct_1"] == pytest.approx(
        real["distinct_1"], rel=0.1
    )


def test_few_held_out_texts_are_filled_up_with_training_texts(shared_data: Path) -> None:
    captions = read_captions(shared_data)
    few = finished(TextMeters(captions[1000:4000], captions[:50], seed=1).real_text(1000))
    many = finished(TextMeters(captions[1000:4000], captions[4000:6000], seed=1).real_text(1000))
    for name in ("self_bleu_4", "distinct_2", "reverse_perplexity"):
        assert few[name] == pytest.approx(many[name], rel=0.15), name


def test_of_very_many_held_out_texts_some_are_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    held_out = [[str(number), "and", str(number + 1)] for number in range(40)]
    assert finished(TextMeters([], held_out, seed=0).measure(held_out))["bleu_3"] == pytest.approx(1)
    monkeypatch.setattr("engine.metrics.text_meters.MOST_WORDS", 31)
    few = finished(TextMeters([], held_out, seed=0).measure(held_out))
    assert 10 / 40 <= few["bleu_3"] < 0.6, "ten of three words each stand for all"


def test_without_samples_only_the_real_words_are_counted() -> None:
    found = finished(TextMeters([["a", "b"]], [["c"]], seed=0).measure([]))
    assert found.pop("reverse_perplexity") == pytest.approx(4), "three words and the end, all equally likely"
    assert set(found.values()) == {0.0}


def test_same_seed_same_line() -> None:
    train = [[chr(97 + (i * j) % 11) for j in range(5)] for i in range(40)]

    def line(seed: int) -> dict[str, float]:
        return finished(TextMeters(train, train[:20], seed=seed).real_text(10))

    assert line(0) == line(0) != line(1)


def test_is_quick_and_lets_its_caller_breathe(shared_data: Path) -> None:
    train, held_out = read_captions(shared_data, "train"), read_captions(shared_data)
    began = time.process_time()
    meters = TextMeters(train, held_out[1000:3000], seed=0)
    breaths = [time.process_time()]
    for _ in meters.measure(held_out[:1000]):
        breaths.append(time.process_time())
    assert breaths[-1] - began < 2
    assert max(after - before for before, after in pairwise(breaths)) < 0.2


def test_every_meter_has_a_name() -> None:
    others = {"nll_gen", "nll_div", "discriminator_accuracy", "discriminator_precision", "discriminator_recall"}
    assert set(WRITER_METRICS) == KEYS | others
    assert len({METRICS[key].title.english() for key in WRITER_METRICS}) == len(WRITER_METRICS)
