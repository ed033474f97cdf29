"""Usage: what training texts tell of words: which there are, and which label they speak for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from engine.tasks.attacks.words import cut

_SURE = 1.96
_LEAST_SEEN = 2


class Usage:
    """Learned from `texts` and their label ids alone: nothing of the attacked model goes in. Words are lower-cased."""

    def __init__(self, texts: Sequence[str], truths: NDArray[np.int64], num_labels: int) -> None:
        words_of = [[word.lower() for word in cut(text).words] for text in texts]
        self._counts = Counter(word for words in words_of for word in words)
        self._places = {word: place for place, word in enumerate(self._counts)}
        by_label = np.zeros((num_labels, len(self._counts)))
        for words, truth in zip(words_of, truths, strict=True):
            by_label[truth, [self._places[word] for word in set(words)]] += 1
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


def _log_odds(by_label: NDArray[np.float64], num_texts: NDArray[np.int64]) -> NDArray[np.float64]:
    """z [labels, words] of the log-odds of texts of a label to hold a word, against all other texts (Monroe 2008)."""
    seen, others = by_label + 0.5, by_label.sum(axis=0) - by_label + 0.5
    texts = num_texts[:, None] + 1.0
    rest = num_texts.sum() - num_texts[:, None] + 1.0
    difference = np.log(seen / (texts - seen)) - np.log(others / (rest - others))
    spread = 1 / seen + 1 / (texts - seen) + 1 / others + 1 / (rest - others)
    found: NDArray[np.float64] = difference / np.sqrt(spread)
    return found
