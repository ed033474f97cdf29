"""Made-up answers in words: rows of a translator, some of which it gets wrong."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from engine.messages import message
from engine.records import ScoredRow, ScoredRows

WORDS = ("der", "Hund", "läuft", "schnell", "über", "die", "grüne", "Wiese", "am", "Abend")
ENGLISH = ("the", "dog", "runs", "fast", "over", "the", "green", "meadow", "in", "evening")


def scored_rows(
    num: int = 200, wrong: Callable[[int, int], float] = lambda row, length: 0.2, seed: int = 0, *, split: str = "test"
) -> ScoredRows:
    """Row `n` has 2 to 10 words; `wrong(row, length)` is how likely each word of its answer is wrong. Exact match and
    BLEU-like F1 of shared words come from sums over the rows."""
    chance = np.random.default_rng(seed)
    rows, em, f1 = [], [], []
    for number in range(num):
        length = int(chance.integers(2, 11))
        start = int(chance.integers(0, 10))
        places = [(start + one) % 10 for one in range(length)]
        read = " ".join(WORDS[one] for one in places)
        wanted = " ".join(ENGLISH[one] for one in places)
        is_wrong = chance.random(length) < wrong(number, length)
        said = " ".join("thing" if bad else ENGLISH[one] for one, bad in zip(places, is_wrong, strict=True))
        share = float(1 - is_wrong.mean())
        rows.append(ScoredRow(number + 1, (read,), (wanted,), said, {"em": float(share == 1), "f1": share}))
        em.append((float(share == 1), 1.0))
        f1.append((share, 1.0))
    return ScoredRows(
        split=split,
        roles=("source",),
        rows=tuple(rows),
        statistics={"em": np.array(em), "f1": np.array(f1)},
        leading="f1",
        sort_by="f1",
        signature="words|case:mixed|version:1",
        ceiling={"em": 0.99},
        baseline={"em": 0.0, "f1": 0.12},
        baseline_name=message("the text itself"),
        num_in_split=num,
    )
