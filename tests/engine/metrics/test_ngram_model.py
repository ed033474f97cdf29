"""The n-gram model: the formula written out slowly, probabilities that sum to 1, and what it has never seen."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings

from engine.metrics.ngram_model import NgramModel, perplexity
from tests.engine.metrics.generators import finished, texts

Texts = Sequence[Sequence[str]]
START, END = "<s>", "</s>"


class Slow:
    """Interpolated Kneser-Ney, one word at a time, over dictionaries."""

    def __init__(self, texts: Texts, num_words: int) -> None:
        padded = [[START, START, *text, END] for text in texts]
        triples = Counter(tuple(text[i : i + 3]) for text in padded for i in range(len(text) - 2))
        pairs = Counter(triple[1:] for triple in triples)
        words = Counter((last,) for _, last in pairs)
        self._orders = [self._of(counts) for counts in (words, pairs, triples)]
        self._num_words = num_words

    def _of(self, counts: Counter[tuple[str, ...]]) -> tuple[Counter[tuple[str, ...]], dict, float]:
        ones, twos = (sum(1 for count in counts.values() if count == wanted) for wanted in (1, 2))
        discount = min(0.9, max(0.1, ones / (ones + 2 * twos) if ones + twos else 0))
        contexts: dict[tuple[str, ...], list[int]] = defaultdict(list)
        for ngram, count in counts.items():
            contexts[ngram[:-1]].append(count)
        return counts, contexts, discount

    def probability(self, word: str, context: tuple[str, str]) -> float:
        found = 1 / (self._num_words + 1)
        for length, (counts, contexts, discount) in enumerate(self._orders):
            before = context[2 - length :]
            if before in contexts:
                total, num = sum(contexts[before]), len(contexts[before])
                found = max(counts[(*before, word)] - discount, 0) / total + discount * num / total * found
        return found


@given(train=texts, test=texts)
@settings(max_examples=60, deadline=None)
def test_is_the_formula(train: Texts, test: Texts) -> None:
    slow = Slow(train, num_words=6)
    expected = []
    for text in test:
        padded = [START, START, *text, END]
        expected += [slow.probability(padded[i], (padded[i - 2], padded[i - 1])) for i in range(2, len(padded))]
    found = NgramModel(train, num_words=6).log_probabilities(test)
    assert np.exp(found) == pytest.approx(np.array(expected), rel=1e-9)


@given(train=texts)
@settings(max_examples=25, deadline=None)
def test_probabilities_sum_to_one(train: Texts) -> None:
    """After any two words: those of a known text, of an unknown one, and at the beginning."""
    model = NgramModel(train, num_words=5)
    for context in ([], ["a"], ["a", "b"], ["never", "a"], ["a", "never"]):
        nexts = [[*context, word] for word in "abcdx"]
        after = [np.exp(model.log_probabilities([text])[len(context)]) for text in nexts]
        end = np.exp(model.log_probabilities([context])[-1])
        assert sum(after) + end == pytest.approx(1)


def test_without_texts_every_word_is_equally_likely() -> None:
    model = NgramModel([], num_words=9)
    assert perplexity(*finished(model.surprise([["a", "b"], []]))) == pytest.approx(10)
    assert perplexity(*finished(model.surprise([]))) == 0


def test_knows_what_it_has_read_better() -> None:
    model = NgramModel([list("abcabc")] * 30, num_words=4)
    known, turned = (perplexity(*finished(model.surprise([list(text)] * 5))) for text in ("abcabc", "cbacba"))
    assert known < 1.5 and turned > 4


def test_many_texts_are_read_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    model, test = NgramModel([list("abcd")], num_words=4), [list("abd"), list("a"), list("dcba")]
    whole = finished(model.surprise(test))
    monkeypatch.setattr("engine.metrics.ngram_model._TEXTS_AT_ONCE", 2)
    assert finished(model.surprise(test)) == pytest.approx(whole) and whole[1] == 11
