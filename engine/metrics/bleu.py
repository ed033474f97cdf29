"""BLEU of invented texts (Papineni 2002) as text GANs are measured with it, and self-BLEU (Zhu 2018, Texygen).

Each sample is a hypothesis and all real texts are its references (self-BLEU: all other samples); what is given is the
mean of the samples' sentence BLEU. BLEU-n: orders 1 to n weigh alike, each count is clipped at the most that one
reference has, and the brevity penalty takes the reference length that is closest (of two the shorter). Smoothing: an
order without a match counts as .1 matches (method 1 of Chen & Cherry 2014, as nltk's `SmoothingFunction().method1`);
a sample without one known word has 0. An order longer than the sample counts as .1 matches of 1. Without samples or
without references everything is 0.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence

import numpy as np
from numpy.typing import NDArray

from engine.metrics.ngrams import Ints, NgramCounts, Ngrams, NumberedTexts, Text, Words, count

ORDERS = (2, 3, 4, 5)
MAX_ORDER = ORDERS[-1]

Floats = NDArray[np.float64]
_MATCHES_OF_NONE = 0.1


class References:
    """Real texts, counted once, that any number of samples are compared with."""

    def __init__(self, texts: Sequence[Text]) -> None:
        self._words, self._ngrams = Words(), Ngrams(MAX_ORDER)
        found = self._words.learn(texts)
        self._lengths = np.unique(found.lengths)
        self._most: list[Ints] = []
        for order, numbers in enumerate(self._ngrams.learn(found, len(self._words)), start=1):
            num_different = self._ngrams.num_different(order)
            self._most.append(_most(count(found.texts, numbers, num_different), num_different))

    def bleu(self, samples: Sequence[Text]) -> Generator[None, None, Floats]:
        """[samples, 4]: BLEU-2 to BLEU-5 of each. Yields between orders."""
        if not len(self._lengths):
            return np.zeros((len(samples), len(ORDERS)))
        found = self._words.find(samples)
        matches = []
        for most, numbers in zip(self._most, self._ngrams.find(found), strict=True):
            counted = count(found.texts, numbers, len(most))
            matches.append(_matches(counted, most[counted.numbers], len(samples)))
            yield
        return _scores(found, np.stack(matches, axis=1), closest_lengths(found.lengths, self._lengths))


class OwnWords:
    """Samples compared with each other: self-BLEU and how many different n-grams they have, from one count."""

    def __init__(self, samples: Sequence[Text]) -> None:
        self._samples = samples
        self._ngrams = Ngrams(MAX_ORDER)

    def self_bleu(self) -> Generator[None, None, Floats]:
        """[samples, 4]: BLEU-2 to BLEU-5 of each against all others; 0 for a sample alone. Yields between orders."""
        words = Words()
        found = words.learn(self._samples)
        self._num_ngrams = [int(found.num_ngrams(order).sum()) for order in range(1, MAX_ORDER + 1)]
        matches = []
        for order, numbers in enumerate(self._ngrams.learn(found, len(words)), start=1):
            num_different = self._ngrams.num_different(order)
            counted = count(found.texts, numbers, num_different)
            matches.append(_matches(counted, _most_elsewhere(counted, num_different), len(self._samples)))
            yield
        if len(self._samples) < 2:
            return np.zeros((len(self._samples), len(ORDERS)))
        return _scores(found, np.stack(matches, axis=1), _closest_elsewhere(found.lengths))

    def distinct(self, order: int) -> float:
        """Different n-grams / all n-grams (Li 2016), 0 where there are none; after `self_bleu` has counted."""
        return self._ngrams.num_different(order) / max(self._num_ngrams[order - 1], 1)


def closest_lengths(lengths: Ints, references: Ints) -> Ints:
    """For each of `lengths` [texts] the closest of `references` [R] (sorted, all different), of two the shorter."""
    places = np.searchsorted(references, lengths)
    longer = references[np.minimum(places, len(references) - 1)]
    shorter = references[np.maximum(places - 1, 0)]
    return np.where(np.abs(longer - lengths) < np.abs(lengths - shorter), longer, shorter)


def _closest_elsewhere(lengths: Ints) -> Ints:
    """For each of `lengths` the closest among the others."""
    different, places, counts = np.unique(lengths, return_inverse=True, return_counts=True)
    closest = different.copy()
    for alone in np.flatnonzero(counts == 1):
        closest[alone] = closest_lengths(different[[alone]], np.delete(different, alone))[0]
    return closest[places]


def _matches(counted: NgramCounts, most: Ints, num_texts: int) -> Floats:
    """[texts]: counts, each at most `most` [K], summed over a text's n-grams."""
    return np.bincount(counted.texts, weights=np.minimum(counted.counts, most), minlength=num_texts).astype(np.float64)


def _most(counted: NgramCounts, num_different: int) -> Ints:
    """[n-grams]: how often each stands in the text that has it most often."""
    most = np.zeros(num_different, dtype=np.int64)
    np.maximum.at(most, counted.numbers, counted.counts)
    return most


def _most_elsewhere(counted: NgramCounts, num_different: int) -> Ints:
    """[K]: how often an n-gram stands in that of the other texts that has it most often."""
    most = _most(counted, num_different)
    is_most = counted.counts == most[counted.numbers]
    rest = NgramCounts(counted.texts[~is_most], counted.numbers[~is_most], counted.counts[~is_most])
    second = np.where(np.bincount(counted.numbers[is_most], minlength=num_different) > 1, most, 0)
    second = np.maximum(second, _most(rest, num_different))
    return np.where(is_most, second[counted.numbers], most[counted.numbers])


def _scores(samples: NumberedTexts, matches: Floats, closest: Ints) -> Floats:
    """[samples, 4], from matches [samples, 5] and the closest reference lengths [samples]."""
    totals = np.stack([np.maximum(samples.num_ngrams(order), 1) for order in range(1, MAX_ORDER + 1)], axis=1)
    precisions = np.where(matches > 0, matches, _MATCHES_OF_NONE) / totals
    means = np.exp(np.cumsum(np.log(precisions), axis=1) / np.arange(1, MAX_ORDER + 1))
    penalty = np.exp(np.minimum(0.0, 1 - closest / np.maximum(samples.lengths, 1)))
    has_match = matches[:, 0] > 0
    return np.asarray((means * (penalty * has_match)[:, None])[:, 1:])
