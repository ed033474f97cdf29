"""Usage: what training texts tell of words: which label they speak for, and which words are used alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.linalg import svds

from engine.tasks.attacks.words import cut, is_han

_SURE = 1.96
_LEAST_SEEN = 2
_LEAST_SEEN_ALIKE = 5
_MOST_WORDS = 3000
_MOST_TOKENS = 600_000
_WINDOW = 2
_SIZE = 48
_LEAST_COSINE = 0.5
_NUM_NEAR = 6
_NUM_BINDING = 60
"""The most frequent words, mostly those that hold a sentence together, are not exchanged."""


class Usage:
    """Learned from `texts` and their label ids alone: nothing of the attacked model goes in.

    Words are lower-cased; Chinese characters are counted, but have no neighbours: a character is no word.
    """

    def __init__(self, texts: Sequence[str], truths: NDArray[np.int64], num_labels: int, seed: int) -> None:
        self._seed = seed
        self._texts = [[word.lower() for word in cut(text).words] for text in texts]
        counted = Counter(word for words in self._texts for word in words)
        self._counts = counted
        self._places = {word: place for place, word in enumerate(counted)}
        by_label = np.zeros((num_labels, len(counted)))
        for words, truth in zip(self._texts, truths, strict=True):
            for word in set(words):
                by_label[truth, self._places[word]] += 1
        self._evidence = _log_odds(by_label, np.bincount(truths, minlength=num_labels))

    def knows(self, word: str) -> bool:
        """Whether a word occurs more than once."""
        return self._counts[word] >= _LEAST_SEEN

    def side(self, word: str, label: int) -> int:
        """1 where the texts surely say that a word speaks for the label, -1 against it, 0 for neither (95 %)."""
        place = self._places.get(word)
        if place is None:
            return 0
        z = float(self._evidence[label, place])
        return 1 if z > _SURE else -1 if z < -_SURE else 0

    def near(self, word: str) -> tuple[str, ...]:
        """Words that could stand in its place, the nearest first: each is among the other's nearest. None for rare
        words, and for the most frequent ones, which hold a sentence together."""
        words, places, _ = self._space
        place = places.get(word, -1)
        if place < _NUM_BINDING:
            return ()
        return tuple(words[other] for other in self._nearest(place) if place in self._nearest(other))

    def _nearest(self, place: int) -> list[int]:
        _, _, vectors = self._space
        closeness = vectors @ vectors[place]
        closeness[:_NUM_BINDING] = closeness[place] = -1.0
        order = np.argsort(-closeness, kind="stable")[:_NUM_NEAR]
        return [int(other) for other in order if closeness[other] > _LEAST_COSINE]

    @cached_property
    def _space(self) -> tuple[list[str], dict[str, int], NDArray[np.float64]]:
        """(words, their rows, vectors of length 1): positive pointwise mutual information of a word and what stands one
        or two places before or behind it, each place told apart, and its largest singular values (Levy & Goldberg
        2014). Places make words near that could stand for each other, not words of one topic."""
        words = [
            word
            for word, count in self._counts.most_common(_MOST_WORDS)
            if count >= _LEAST_SEEN_ALIKE and _is_word(word)
        ]
        places = {word: row for row, word in enumerate(words)}
        if len(words) <= _SIZE + 1:
            return [], {}, np.empty((0, 0))
        information = _mutual_information(*_neighbours(self._texts, places), len(words))
        start = np.random.default_rng(self._seed).normal(size=len(words))
        left, values, _ = svds(information, k=_SIZE, v0=start)
        vectors = left * np.sqrt(values)
        return words, places, vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)


def _is_word(word: str) -> bool:
    return word.replace("'", "").replace("’", "").isalpha() and not is_han(word[0])


def _log_odds(by_label: NDArray[np.float64], num_texts: NDArray[np.int64]) -> NDArray[np.float64]:
    """z [labels, words] of the log-odds of texts of a label to hold a word, against all other texts (Monroe 2008)."""
    seen, others = by_label + 0.5, by_label.sum(axis=0) - by_label + 0.5
    texts = num_texts[:, None] + 1.0
    rest = num_texts.sum() - num_texts[:, None] + 1.0
    difference = np.log(seen / (texts - seen)) - np.log(others / (rest - others))
    spread = 1 / seen + 1 / (texts - seen) + 1 / others + 1 / (rest - others)
    found: NDArray[np.float64] = difference / np.sqrt(spread)
    return found


def _neighbours(texts: list[list[str]], places: dict[str, int]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """(rows of words, columns of what stands at one of the places around them: the word's row in a block of columns for
    that place). Rare words are left out; of very many texts evenly some are read."""
    total = sum(len(words) for words in texts)
    every = max(1, -(-total // _MOST_TOKENS))
    apart = [-1] * _WINDOW
    ids = np.array([row for words in texts[::every] for row in (*(places.get(word, -1) for word in words), *apart)])
    rows, columns = [], []
    for step in range(1, _WINDOW + 1):
        before, behind = ids[:-step], ids[step:]
        both = (before >= 0) & (behind >= 0)
        block = 2 * (step - 1) * len(places)
        rows += [before[both], behind[both]]
        columns += [behind[both] + block, before[both] + block + len(places)]
    return np.concatenate(rows), np.concatenate(columns)


def _mutual_information(rows: NDArray[np.int64], columns: NDArray[np.int64], num_words: int) -> sparse.csr_matrix:
    """[words, places x words]; contexts are counted to the power of .75, so that rare ones do not rule."""
    shape = (num_words, 2 * _WINDOW * num_words)
    counts = sparse.coo_matrix((np.ones(len(rows)), (rows, columns)), shape=shape).tocsr().tocoo()
    of_word = np.bincount(rows, minlength=shape[0])
    of_context = np.bincount(columns, minlength=shape[1]) ** 0.75
    expected = of_word[counts.row] * (of_context / max(1.0, of_context.sum()))[counts.col]
    values = np.maximum(0.0, np.log(counts.data / expected))
    return sparse.csr_matrix((values, (counts.row, counts.col)), shape=shape)
