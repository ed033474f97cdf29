"""leave_one_out: how much the answer changes without a token, for each token of a text (Li, Monroe & Jurafsky 2016)."""

from __future__ import annotations

import numpy as np

from engine.inspection.attribution.attribution_target import Answering, AttributionTarget
from engine.inspection.attribution.variants import probabilities
from engine.records import Attribution

MOST_VARIANTS = 256
"""A longer text loses groups of neighbours at a time, so that it is answered in bounded time."""


def leave_one_out(question: AttributionTarget) -> Answering[Attribution]:
    """p(label | text) - p(label | text without the token), deleted from the token ids; special tokens stay and get 0.

    For a numeric target the change of the number; for a language model that of the next token's probability.
    """
    groups = groups_of(question.words)
    found = yield from probabilities(question, [question.without(group) for group in groups])
    scores = np.zeros(len(question.read.tokens), dtype=np.float32)
    for group, said in zip(groups, found, strict=True):
        scores[group] = (question.probability - said) / len(group)
    return Attribution(
        "leave-one-out",
        question.label,
        question.probability,
        question.read.tokens,
        question.read.special,
        scores,
        group_size=max(map(len, groups)),
    )


def groups_of(words: np.ndarray) -> list[np.ndarray]:
    """The places of tokens `words` [words] in at most `MOST_VARIANTS` groups of neighbours, all but the last of one
    size."""
    size = -(-len(words) // MOST_VARIANTS)
    return [words[start : start + size] for start in range(0, len(words), size)]
