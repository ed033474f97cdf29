"""BLEU and self-BLEU are nltk's, on any texts and on real ones."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nltk.translate.bleu_score import SmoothingFunction, sentence_bleu

from engine.metrics.bleu import ORDERS, OwnWords, References, closest_lengths
from tests.engine.metrics.captions import read_captions
from tests.engine.metrics.generators import finished, texts

Texts = Sequence[Sequence[str]]


def theirs(references: Texts, sample: Sequence[str]) -> list[float]:
    weights = [(1 / order,) * order for order in ORDERS]
    return sentence_bleu(references, sample, weights, SmoothingFunction().method1)


@given(references=texts, samples=texts)
@settings(max_examples=60, deadline=None)
def test_bleu_is_nltks(references: Texts, samples: Texts) -> None:
    found = finished(References(references).bleu(samples))
    assert found.shape == (len(samples), 4)
    expected = [theirs(references, sample) if references else [0] * 4 for sample in samples]
    assert found == pytest.approx(np.array(expected).reshape(-1, 4), abs=1e-9)


@pytest.mark.slow
@given(samples=texts)
@settings(max_examples=60, deadline=None)
def test_self_bleu_is_nltks(samples: Texts) -> None:
    found = finished(OwnWords(samples).self_bleu())
    others = [[*samples[:place], *samples[place + 1 :]] for place in range(len(samples))]
    expected = [theirs(rest, sample) if rest else [0] * 4 for rest, sample in zip(others, samples, strict=True)]
    assert found == pytest.approx(np.array(expected).reshape(-1, 4), abs=1e-9)


def test_by_hand() -> None:
    """ "a b c d" against "a b c e e": 3 of 4, 2 of 3, 1 of 2, none of 1 match; one word is missing."""
    found = finished(References([["a", "b", "c", "e", "e"]]).bleu([["a", "b", "c", "d"]]))
    products = np.cumprod([3 / 4, 2 / 3, 1 / 2, 0.1 / 1, 0.1 / 1])[1:]
    assert found[0] == pytest.approx(np.exp(1 - 5 / 4) * products ** (1 / np.array(ORDERS)))


def test_real_captions_agree_with_nltk(shared_data: Path) -> None:
    captions = read_captions(shared_data)[:220]
    samples, references = captions[:20], captions[20:]
    found = finished(References(references).bleu(samples))
    assert found == pytest.approx(np.array([theirs(references, sample) for sample in samples]), abs=1e-9)
    own = finished(OwnWords(samples).self_bleu())
    rest = [[other for other in samples if other is not sample] for sample in samples]
    assert own == pytest.approx(np.array([theirs(*pair) for pair in zip(rest, samples, strict=True)]), abs=1e-9)


def test_repeating_one_text_resembles_itself_wholly() -> None:
    own = OwnWords([list("abcdef")] * 3)
    assert finished(own.self_bleu()) == pytest.approx(np.ones((3, 4)))
    assert own.distinct(1) == pytest.approx(6 / 18) and own.distinct(2) == pytest.approx(5 / 15)


@given(lengths=st.lists(st.integers(0, 12), min_size=1), references=st.sets(st.integers(0, 12), min_size=1))
@settings(max_examples=60, deadline=None)
def test_of_two_closest_lengths_the_shorter(lengths: list[int], references: set[int]) -> None:
    expected = [min(references, key=lambda one: (abs(one - length), one)) for length in lengths]
    assert closest_lengths(np.array(lengths), np.array(sorted(references))).tolist() == expected
