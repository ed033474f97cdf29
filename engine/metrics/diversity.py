"""How much texts repeat: how many are different or copied, and how they begin, which a generator that collapses repeats
first. Without texts shares are 0."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Sequence

from engine.metrics.ngrams import Text

Openings = tuple[tuple[str, float, float], ...]
_NUM_WORDS = 2


def unique_share(texts: Sequence[Text]) -> float:
    """Different texts / texts."""
    return len({tuple(text) for text in texts}) / max(len(texts), 1)


def copied_share(texts: Sequence[Text], originals: Collection[tuple[str, ...]]) -> float:
    """The share of `texts` that stand word for word among `originals` (a set, so that looking is quick)."""
    return sum(tuple(text) in originals for text in texts) / max(len(texts), 1)


def openings(
    samples: Sequence[Text],
    train: Sequence[Text],
    *,
    joined: Callable[[Sequence[str]], str] = " ".join,
    num_openings: int = 5,
) -> Openings:
    """(words, share of the samples, share of the training texts) of the commonest openings, the commonest first.

    `joined` makes a text of words (`"".join` for Chinese characters). A text of one word opens with it; an empty one
    has no opening, but counts as a text.
    """
    counted = Counter(tuple(text[:_NUM_WORDS]) for text in samples if text)
    common = counted.most_common(num_openings)
    wanted = {words for words, _ in common}
    in_train = Counter(words for text in train if (words := tuple(text[:_NUM_WORDS])) in wanted)
    return tuple((joined(words), num / len(samples), in_train[words] / max(len(train), 1)) for words, num in common)
