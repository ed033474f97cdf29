"""Reading: where a sample's tokens stand in its text, and which words it shares with its nearest training text."""

from __future__ import annotations

from html import escape

import numpy as np

from engine.records import Sample
from studio.plots.attention.marked_text import Marks

_PREFIXES = ("##", "▁", "Ġ")


def marks_of(sample: Sample) -> Marks:
    """The text with the critic's weight on each token that stands in it; special tokens are left out."""
    spans, weights, at = [], [], 0
    lowered = sample.text.lower()
    for token, weight in zip(sample.tokens, sample.weights, strict=False):
        piece = _plain(token)
        start = lowered.find(piece, at) if piece else -1
        if start >= 0:
            at = start + len(piece)
            spans.append((start, at))
            weights.append(weight)
    if len(lowered) != len(sample.text):  # a letter whose small form is longer: places would not fit
        return Marks(sample.text, (), np.empty(0))
    return Marks(sample.text, tuple(spans), np.array(weights))


def compared(sample: Sample) -> str:
    """The nearest training text as HTML; the words that the sample has not are strong."""
    own = {word.casefold() for word in sample.text.split()}
    parts = [escape(word) if word.casefold() in own else f"<b>{escape(word)}</b>" for word in sample.nearest.split()]
    return " ".join(parts)


def _plain(token: str) -> str:
    for prefix in _PREFIXES:
        token = token.removeprefix(prefix)
    return token.strip().lower()
