"""How many of some texts are different, and how many stand word for word in others. Without texts both are 0."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from engine.metrics.ngrams import Text


def unique_share(texts: Sequence[Text]) -> float:
    """Different texts / texts."""
    return len({tuple(text) for text in texts}) / max(len(texts), 1)


def copied_share(texts: Sequence[Text], originals: Collection[tuple[str, ...]]) -> float:
    """The share of `texts` that stand word for word among `originals` (a set, so that looking is quick)."""
    return sum(tuple(text) in originals for text in texts) / max(len(texts), 1)
