"""The nearest training text, against a search of all; how texts begin."""

from __future__ import annotations

import time
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.metrics.diversity import openings
from engine.metrics.nearest import NearestText
from tests.engine.metrics.captions import read_captions
from tests.engine.metrics.generators import texts

Texts = Sequence[Sequence[str]]


@given(train=texts, sample=st.lists(st.sampled_from("abcdx"), max_size=7))
@settings(max_examples=80, deadline=None)
def test_is_the_best_of_all(train: Texts, sample: Sequence[str]) -> None:
    index, overlap = NearestText(train).find(sample)
    pairs = set(pairwise(sample))
    shared = [len(pairs & set(pairwise(text))) for text in train]
    if not any(shared):
        assert (index, overlap) == (None, 0.0)
        return
    assert index == min(range(len(train)), key=lambda place: (-shared[place], abs(len(train[place]) - len(sample))))
    assert overlap == pytest.approx(shared[index] / len(pairs))


def test_a_copy_is_found_among_real_captions(shared_data: Path) -> None:
    train = read_captions(shared_data, "train")
    began = time.process_time()
    nearest = NearestText(train)
    found = [nearest.find(text) for text in train[:200]]
    assert time.process_time() - began < 2
    assert all(
        overlap == 1.0 and train[index or 0] == text for (index, overlap), text in zip(found, train, strict=False)
    )


def test_openings() -> None:
    samples = [["a", "man", "sits"], ["a", "man"], ["the", "dog"], ["one"], []]
    found = openings(samples, [["a", "man", "runs"], ["a", "dog"]])
    assert found == (("a man", 0.4, 0.5), ("the dog", 0.2, 0.0), ("one", 0.2, 0.0))
    chinese = openings([list("今天好")], [list("今天不好"), list("好")], joined="".join)
    assert chinese == (("今天", 1.0, 0.5),)
    assert openings([], [["a"]]) == () and openings([["a", "b"]], []) == (("a b", 1.0, 0.0),)
    assert len(openings([[str(i)] for i in range(9)], [], num_openings=4)) == 4


def test_several_nearest_by_jaccard() -> None:
    train = [
        ["the", "film", "was", "good"],
        ["the", "film", "was", "bad"],
        ["a", "book"],
        ["the", "film", "was", "good"],
    ]
    found = NearestText(train).find_several(["the", "film", "was", "good", "indeed"], 3)
    assert [place for place, _ in found] == [0, 3, 1]
    assert [overlap for _, overlap in found] == pytest.approx([3 / 4, 3 / 4, 2 / 5])
    assert NearestText(train).find_several(["nothing", "like", "it"], 3) == []
    assert NearestText(train).find_several(["the"], 3) == []
