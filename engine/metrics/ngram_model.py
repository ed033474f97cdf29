"""An n-gram language model of order 3 with interpolated Kneser-Ney smoothing (Kneser & Ney 1995; Chen & Goodman 1999).

p(w | u v) = max(c(u v w) - D3, 0) / c(u v .) + D3 N(u v .) / c(u v .) p(w | v), where N counts different words.
p(w | v) and p(w) are built alike, from the number of different words that come before: N(. v w), N(. w); beneath them
all words are equally likely. A context that was never seen is left out. The discount of an order is n1 / (n1 + 2 n2),
of its counts of one and of two (Ney 1994), kept within .1 and .9, because small or repeated texts lack such counts.
Every text begins after two starts and ends with an end, which is predicted like a word.
"""

from __future__ import annotations

import math
from collections.abc import Generator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.metrics.ngrams import UNKNOWN, Ints, Ngrams, NumberedTexts, Text, Words

Floats = NDArray[np.float64]
ORDER = 3
_START, _END, _FIRST_WORD = 0, 1, 2
_DISCOUNTS = (0.1, 0.9)
_TEXTS_AT_ONCE = 1000


@dataclass(frozen=True)
class _Order:
    """`kept` [n-grams]: p without the lower orders; `passed_on` [contexts]: what they are weighted with, 1 where the
    context was never seen."""

    kept: Floats
    passed_on: Floats

    def interpolate(self, ngrams: Ints, contexts: Ints, lower: Floats) -> Floats:
        """p of each place, given that of the order beneath; all [places], UNKNOWN where a thing was not learned."""
        return _looked_up(self.kept, ngrams, 0.0) + _looked_up(self.passed_on, contexts, 1.0) * lower


class NgramModel:
    """Learned from `texts`. `num_words` is how many different words there can be, those of `texts` among them: a word
    that never stands in `texts` has a share of what the discounts leave over, the same for all such words."""

    def __init__(self, texts: Sequence[Text], num_words: int) -> None:
        self._words, self._ngrams = Words(_FIRST_WORD), Ngrams(ORDER)
        padded = _padded(self._words.learn(texts))
        words, pairs, triples = self._ngrams.learn(padded, len(self._words))
        at_pair, at_triple = np.flatnonzero(pairs != UNKNOWN), np.flatnonzero(triples != UNKNOWN)
        # the pair of two starts is met by nobody: it is a context, never a continuation
        at_pair = at_pair[words[at_pair + 1] != _START]
        num_pairs, num_triples = self._ngrams.num_different(2), self._ngrams.num_different(3)

        context_of_triple = _known_by(triples, at_triple, pairs[at_triple], num_triples)
        end_of_triple = _known_by(triples, at_triple, pairs[at_triple + 1], num_triples)
        context_of_pair = _known_by(pairs, at_pair, words[at_pair], num_pairs)
        end_of_pair = _known_by(pairs, at_pair, words[at_pair + 1], num_pairs)

        triple_counts = np.bincount(triples[at_triple], minlength=num_triples)
        pair_counts = np.bincount(end_of_triple, minlength=num_pairs)
        word_counts = np.bincount(end_of_pair[end_of_pair != UNKNOWN], minlength=len(self._words))
        self._third = _order(triple_counts, context_of_triple, num_pairs)
        self._second = _order(pair_counts, context_of_pair, len(self._words))
        self._first = _order(word_counts, np.zeros(len(word_counts), dtype=np.int64), 1)
        self._lowest = 1 / (num_words + 1)

    def log_probabilities(self, texts: Sequence[Text]) -> Floats:
        """Of every word and every text's end, one text after the other: [words + texts], natural logarithms."""
        padded = _padded(self._words.find(texts))
        words, pairs, triples = self._ngrams.find(padded)
        at = np.flatnonzero(padded.words_left >= ORDER)
        lowest = np.full(len(at), self._lowest)
        first = self._first.interpolate(words[at + 2], np.zeros(len(at), dtype=np.int64), lowest)
        second = self._second.interpolate(pairs[at + 1], words[at + 1], first)
        return np.log(self._third.interpolate(triples[at], pairs[at], second))

    def surprise(self, texts: Sequence[Text]) -> Generator[None, None, tuple[float, int]]:
        """(sum of -log p, how many words and ends it is the sum of). Yields every thousand texts."""
        total, num = 0.0, 0
        for first in range(0, len(texts), _TEXTS_AT_ONCE):
            found = self.log_probabilities(texts[first : first + _TEXTS_AT_ONCE])
            total, num = total - float(found.sum()), num + len(found)
            yield
        return total, num


def perplexity(surprise: float, num: int) -> float:
    """exp of the mean surprise a word; 0 without words."""
    return math.exp(surprise / num) if num else 0.0


def _padded(texts: NumberedTexts) -> NumberedTexts:
    """With two starts before each text and an end after it."""
    lengths = texts.lengths + ORDER
    ends = np.cumsum(lengths)
    words = np.full(int(lengths.sum()), _START, dtype=np.int64)
    words[ends - 1] = _END
    words[np.arange(len(texts.words)) + ORDER * texts.texts + ORDER - 1] = texts.words
    return NumberedTexts(words, lengths)


def _known_by(ngrams: Ints, places: Ints, values: Ints, num_ngrams: int) -> Ints:
    """[n-grams]: the value at a place where the n-gram stands (it is the same at all of them)."""
    known = np.full(num_ngrams, UNKNOWN)
    known[ngrams[places]] = values
    return known


def _order(counts: Ints, contexts: Ints, num_contexts: int) -> _Order:
    """From the counts and contexts of n-grams [n-grams]; one that is counted nowhere is none of this order."""
    seen = counts > 0
    discount = _discount(counts)
    totals = np.bincount(contexts[seen], weights=counts[seen], minlength=num_contexts)
    num_words = np.bincount(contexts[seen], minlength=num_contexts)
    kept = np.zeros(len(counts))
    kept[seen] = (counts[seen] - discount) / totals[contexts[seen]]
    passed_on = np.where(totals > 0, discount * num_words / np.maximum(totals, 1), 1.0)
    return _Order(kept, passed_on)


def _discount(counts: Ints) -> float:
    ones, twos = int(np.sum(counts == 1)), int(np.sum(counts == 2))
    return float(np.clip(ones / max(ones + 2 * twos, 1), *_DISCOUNTS))


def _looked_up(values: Floats, places: Ints, otherwise: float) -> Floats:
    """`values` at `places`, `otherwise` where a place is UNKNOWN."""
    return np.append(values, otherwise)[places]
