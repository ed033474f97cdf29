"""The training texts that a text resembles most, by the word pairs that they share."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

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
        self._num_pairs = np.bincount(self._texts, minlength=len(train))

    def find(self, sample: Text) -> tuple[int | None, float]:
        """(index of the nearest text, the share of the sample's different word pairs that it has).

        Of several with the same share the one whose length is closest, then the first. (None, 0.0) where no text
        shares a pair, as for a sample of one word.
        """
        shared = self._shared(sample)
        if not shared.any():
            return None, 0.0
        best = np.flatnonzero(shared == shared.max())
        nearest = int(best[np.argmin(np.abs(self._lengths[best] - len(sample)))])
        num_pairs = len(set(pairwise(sample)))
        return nearest, float(shared[nearest] / num_pairs)

    def find_several(self, sample: Text, num: int) -> list[tuple[int, float]]:
        """(index, overlap) of the `num` nearest texts, the nearest first; the overlap is the share of the different
        word pairs of either that both have (Jaccard 1901). Texts that share none are left out."""
        shared = self._shared(sample)
        having = np.flatnonzero(shared)
        overlap = shared[having] / (len(set(pairwise(sample))) + self._num_pairs[having] - shared[having])
        order = np.argsort(-overlap, kind="stable")[: max(0, num)]
        return [(int(having[place]), float(overlap[place])) for place in order]

    def _shared(self, sample: Text) -> NDArray[np.int64]:
        """[texts]: how many different word pairs of the sample each text has."""
        _, pairs = self._ngrams.find(self._words.find([sample]))
        known = different(pairs[pairs != UNKNOWN])
        having = [self._texts[self._bounds[pair] : self._bounds[pair + 1]] for pair in known]
        return np.bincount(np.concatenate([np.empty(0, np.int64), *having]), minlength=len(self._lengths))
