"""ranked: the words of each text in the order of what the true label loses without them (leave-one-out).

Of a long text 32 runs of words are left out first, then the words of the five runs that cost most one by one: a text of
320 words is read 82 times instead of 320.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from itertools import compress

import numpy as np

from engine.tasks.attacks.reading import Reader
from engine.tasks.attacks.target import Target

_MOST_RUNS = 32
_NUM_RUNS_LOOKED_INTO = 5

Run = tuple[int, ...]


def rank(reader: Reader, targets: Sequence[Target]) -> Generator[None, None, None]:
    """Fill in the targets' `places`."""
    ranked = yield from _by_loss(reader, targets, [_runs(len(target.cut.words)) for target in targets])
    singles: list[list[Run]] = [[(place,) for run in best[:_NUM_RUNS_LOOKED_INTO] for place in run] for best in ranked]
    is_long = [len(target.cut.words) > _MOST_RUNS for target in targets]
    again = yield from _by_loss(reader, list(compress(targets, is_long)), list(compress(singles, is_long)))
    for target, best in zip(compress(targets, is_long), again, strict=True):
        target.places = [place for (place,) in best]
    for target, best in zip(targets, ranked, strict=True):
        target.places = target.places or [place for (place,) in best]


def _runs(num_words: int) -> list[Run]:
    size = -(-num_words // _MOST_RUNS)
    return [tuple(range(start, min(start + size, num_words))) for start in range(0, num_words, size)]


def _by_loss(
    reader: Reader, targets: Sequence[Target], runs: Sequence[list[Run]]
) -> Generator[None, None, list[list[Run]]]:
    """Each target's runs, the one first without which the true label is least likely."""
    texts = [target.cut.without(run) for target, of_target in zip(targets, runs, strict=True) for run in of_target]
    if not texts:
        return []
    answers = yield from reader.answers(texts)
    ranked = []
    start = 0
    for target, of_target in zip(targets, runs, strict=True):
        left = answers[start : start + len(of_target), target.truth]
        ranked.append([of_target[place] for place in np.argsort(left, kind="stable")])
        start += len(of_target)
    return ranked
