"""Where a model looked: predictions, attention maps, facts of heads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

WHOLE_TEXT = "∑"
"""The query token of a pooling's map: the whole text looks."""


@dataclass(frozen=True)
class Prediction:
    """What a classifier says of one text. `probabilities` are in the order of the labels; they sum to 1, but not where
    a text has several labels: then `labels` are those that are said, and `label` names them with commas ("" for none).

    `abstains`: by the model's saved decision the text is left to a person, as `label`, the likeliest one, does not
    reach its `threshold` (None where it has none).
    """

    label: str
    probabilities: dict[str, float]
    labels: tuple[str, ...] | None = None
    abstains: bool = False
    threshold: float | None = None

    def to_json(self) -> dict[str, Any]:
        """What a decision adds stands there only where there is one."""
        tree: dict[str, Any] = {"label": self.label, "probabilities": self.probabilities}
        several = {} if self.labels is None else {"labels": list(self.labels)}
        is_decided = self.abstains or self.threshold is not None
        decided = {"abstains": self.abstains, "threshold": self.threshold} if is_decided else {}
        return {**tree, **several, **decided}


Head = tuple[str, int, int]
"""A head of a model: the name of its map, its layer and its number, both from 0."""


@dataclass(frozen=True)
class Switches:
    """What is changed about a model's attention while it reads: heads that are off (they pass nothing on), and uniform
    attention (every token looks at all that it may look at alike; Wiegreffe & Pinter 2019)."""

    muted: frozenset[Head] = frozenset()
    uniform: bool = False

    def __bool__(self) -> bool:
        return bool(self.muted) or self.uniform


UNCHANGED = Switches()
"""All heads on, attention as it is."""


Pattern = Literal["previous", "next", "self", "first", "separator", "same-word", "broad", ""]


@dataclass(frozen=True)
class HeadFacts:
    """What the heads of one map do with one text, all float32 [layer, head].

    `entropy` of the rows over that of a uniform look (0: one token, 1: all alike); `distance` between query and key in
    tokens, as the weights have it; `pattern[layer][head]` is the named pattern that explains most of the weight, ""
    where none explains enough, and `share` the share that it explains; `importance` is how strongly the answer would
    react if the head were turned down: |d log p / d gate| (Michel 2019, eq. 3), 0 without an answer.
    """

    entropy: np.ndarray
    distance: np.ndarray
    share: np.ndarray
    importance: np.ndarray
    pattern: tuple[tuple[Pattern, ...], ...]


@dataclass(frozen=True)
class AttentionMap:
    """One family of attention weights: `weights[layer, head, query, key]`, each row of keys summing to 1.

    `name` says what looks ("self-attention", "additive attention", ...). A pooling layer has one layer, one head (or
    num_heads) and one query, whose token is "∑" (the whole text).

    A long text is pooled: bin b stands for the tokens from b * bin_size on, its row is the mean of their rows and its
    column the sum of their columns, so that rows still sum to 1; the words of a bin are those of its first token.
    """

    name: str
    weights: np.ndarray
    queries: tuple[str, ...]
    keys: tuple[str, ...]
    bin_size: int = 1
    facts: HeadFacts | None = None

    def __post_init__(self) -> None:
        assert self.weights.ndim == 4 and self.weights.shape[2:] == (len(self.queries), len(self.keys))

    def to_json(self) -> dict[str, Any]:
        weights = np.round(self.weights.astype(np.float64), 8).tolist()
        return {"name": self.name, "queries": list(self.queries), "keys": list(self.keys), "weights": weights}


Ability = Literal["mute", "uniform", "explain"]
"""Heads can be switched off; attention can be made uniform; there is an answer whose reasons can be measured."""


@dataclass(frozen=True)
class AttentionRecord:
    """Where a model looked while it read one text. `maps` is empty for a model that has no attention.

    `special` marks the key tokens that stand for no part of the text ([CLS], [SEP]); `spans` are each token's character
    range in `text` ((0, 0) for special tokens). `truncated` counts the tokens cut off at the model's length, `unknown`
    those that are not in its vocabulary. `switches` is what was changed about the model, `mask_token` what the model
    reads as a hidden word (None where it knows none), `abilities` what can be asked of the model.
    """

    text: str
    tokens: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]
    special: tuple[bool, ...]
    maps: tuple[AttentionMap, ...]
    prediction: Prediction
    truncated: int = 0
    unknown: int = 0
    switches: Switches = UNCHANGED
    mask_token: str | None = None
    abilities: frozenset[Ability] = frozenset()

    @property
    def has_answer(self) -> bool:
        """An encoder without a head only looks. Of several labels a text, none is an answer too; so is a label without
        a name."""
        prediction = self.prediction
        return bool(prediction.label or prediction.probabilities) or prediction.labels is not None

    def received(self) -> np.ndarray:
        """How much each token is looked at in all: float32 [tokens], summing to 1 (all 0 where there is no map).

        The mean over layers, heads and queries: of the pooling's map where there is one, as the answer is read from
        it; else of all maps.
        """
        pooling = [one for one in self.maps if one.queries == (WHOLE_TEXT,)]
        chosen = pooling or self.maps
        if not chosen:
            return np.zeros(len(self.tokens), dtype=np.float32)
        means = [self.spread(one, one.weights.mean(axis=(0, 1, 2), dtype=np.float32)) for one in chosen]
        return np.asarray(np.mean(means, axis=0), dtype=np.float32)

    def spread(self, one: AttentionMap, weights: np.ndarray) -> np.ndarray:
        """Weights of bins shared out evenly among their tokens."""
        sizes = np.minimum(one.bin_size, len(self.tokens) - one.bin_size * np.arange(len(weights)))
        return np.repeat(weights / sizes, sizes)

    def to_json(self) -> dict[str, Any]:
        return {
            "prediction": self.prediction.to_json(),
            "maps": [one.to_json() for one in self.maps],
            "truncated": self.truncated,
        }
