"""The training text that an invented one resembles most, by the word pairs that they share."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from engine.metrics.ngrams import UNKNOWN, Ngrams, Text, Words, different

_PAIRS = 2


class NearestText:
    """An index of which training texts have a pair of neighbouring words."""

    def __init__(self, train: Sequence[Text]) -> None:
        self._words, self._ngrams = Words(), Ngrams(_PAIRS)
        found = self._words.learn(train)
        _, pairs = self._ngrams.learn(found, len(self._words))
        known = pairs != UNKNOWN
        places = different(pairs[known] * len(train) + found.texts[known])
        # the texts that have pair p are _texts[_bounds[p]:_bounds[p + 1]], the first ones first
        self._texts = places % max(len(train), 1)
        self._bounds = np.searchsorted(places, np.arange(self._ngrams.num_different(_PAIRS) + 1) * len(train))
        self._lengths = found.lengths

    def find(self, sample: Text) -> tuple[int | None, float]:
        """(index of the nearest text, the share of the sample's different word pairs that it has).

        Of several with the same share the one whose length is closest, then the first. (None, 0.0) where no text
        shares a pair, as for a sample of one word.
        """
        _, pairs = self._ngrams.find(self._words.find([sample]))
        known = different(pairs[pairs != UNKNOWN])
        if not len(known):
            return None, 0.0
        having = [self._texts[self._bounds[pair] : self._bounds[pair + 1]] for pair in known]
        shared = np.bincount(np.concatenate(having))
        best = np.flatnonzero(shared == shared.max())
        nearest = int(best[np.argmin(np.abs(self._lengths[best] - len(sample)))])
        num_pairs = len(set(pairwise(sample)))
        return nearest, float(shared[nearest] / num_pairs)
