"""Texts as numbers: every word and every n-gram has one, so that millions of them are counted as arrays.

An n-gram is known by the number of the (n-1)-gram that it begins with and the number of its last word; so each order
follows from the one before, exactly. Shapes: T texts, N words of all texts one after the other, G different n-grams.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

Text = Sequence[str]
Ints = NDArray[np.int64]
UNKNOWN = -1


@dataclass(frozen=True)
class NumberedTexts:
    """`words` [N]: the words' numbers, UNKNOWN where a word has none; `lengths` [T]: words a text."""

    words: Ints
    lengths: Ints

    @property
    def texts(self) -> Ints:
        """[N]: which text each word stands in."""
        return np.repeat(np.arange(len(self.lengths)), self.lengths)

    @property
    def words_left(self) -> Ints:
        """[N]: how many words its text has from each word on, itself included."""
        return np.repeat(np.cumsum(self.lengths), self.lengths) - np.arange(len(self.words))

    def num_ngrams(self, order: int) -> Ints:
        """[T]: n-grams of this order in each text, repetitions counted."""
        return np.maximum(self.lengths - order + 1, 0)


class Words:
    """Words and their numbers, from `first` on, in the order in which they were met."""

    def __init__(self, first: int = 0) -> None:
        self._first = first
        # a word that is asked for by [] has a number from then on: a loop over millions of words stays in C
        self._numbers: defaultdict[str, int] = defaultdict(itertools.count(first).__next__)

    def __len__(self) -> int:
        """The smallest number that no word has."""
        return self._first + len(self._numbers)

    def learn(self, texts: Sequence[Text]) -> NumberedTexts:
        return _numbered(texts, map(self._numbers.__getitem__, chain.from_iterable(texts)))

    def find(self, texts: Sequence[Text]) -> NumberedTexts:
        return _numbered(texts, map(self._numbers.get, chain.from_iterable(texts), itertools.repeat(UNKNOWN)))


def _numbered(texts: Sequence[Text], numbers: Iterable[int]) -> NumberedTexts:
    lengths = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts))
    return NumberedTexts(np.fromiter(numbers, dtype=np.int64, count=int(lengths.sum())), lengths)


class Ngrams:
    """The n-grams of the texts that were learned, orders 1 to `max_order`, and their numbers."""

    def __init__(self, max_order: int) -> None:
        self._max_order = max_order
        self._num_words = 0
        self._keys: list[Ints] = []

    def learn(self, texts: NumberedTexts, num_words: int) -> Iterator[Ints]:
        """Like `find` ([N] an order), for texts whose n-grams become the known ones; numbers of words are below
        `num_words`."""
        self._num_words, self._keys = num_words, []
        return self._orders(texts, learns=True)

    def find(self, texts: NumberedTexts) -> Iterator[Ints]:
        """An array [N] for each order from 1 on: the number of the n-gram that begins at each word; UNKNOWN where it
        was not learned and where the text ends before it does."""
        return self._orders(texts, learns=False)

    def num_different(self, order: int) -> int:
        """Different n-grams that were learned; of order 1 the numbers that words may have."""
        return self._num_words if order == 1 else len(self._keys[order - 2])

    def _orders(self, texts: NumberedTexts, learns: bool) -> Iterator[Ints]:
        left, numbers = texts.words_left, texts.words
        yield numbers
        for order in range(2, self._max_order + 1):
            starts = np.flatnonzero((left >= order) & (numbers != UNKNOWN))
            starts = starts[texts.words[starts + order - 1] != UNKNOWN]
            keys = numbers[starts] * self._num_words + texts.words[starts + order - 1]
            if learns:
                known, places = np.unique(keys, return_inverse=True)
                self._keys.append(known)
            else:
                places = _places(self._keys[order - 2], keys)
            numbers = np.full(len(texts.words), UNKNOWN)
            numbers[starts] = places
            yield numbers


def _places(ordered: Ints, wanted: Ints) -> Ints:
    """Where each of `wanted` stands in `ordered`, UNKNOWN where it does not."""
    if not len(ordered):
        return np.full(len(wanted), UNKNOWN)
    places = np.minimum(np.searchsorted(ordered, wanted), len(ordered) - 1)
    return np.where(ordered[places] == wanted, places, UNKNOWN)


def different(numbers: Ints) -> Ints:
    """Each of `numbers` [N] once, sorted. `np.unique` hashes since numpy 2.3: fifty times as slow for millions."""
    ordered = np.sort(numbers)
    return ordered[np.flatnonzero(np.diff(ordered, prepend=UNKNOWN - 1))]


@dataclass(frozen=True)
class NgramCounts:
    """Of one order: the n-gram `numbers[k]` stands `counts[k]` times in text `texts[k]`; [K] each, sorted by text."""

    texts: Ints
    numbers: Ints
    counts: Ints


def count(texts: Ints, numbers: Ints, num_different: int) -> NgramCounts:
    """`texts` and `numbers` [N]: the text and the n-gram of each place; unknown ones are left out."""
    known = numbers != UNKNOWN
    pairs, counts = np.unique(texts[known] * num_different + numbers[known], return_counts=True)
    return NgramCounts(pairs // max(num_different, 1), pairs % max(num_different, 1), counts)
