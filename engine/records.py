"""Plain results that travel between rooms and threads: attention maps, predictions, findings, previews, estimates."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from engine.messages import Message

WHOLE_TEXT = "∑"
"""The query token of a pooling's map: the whole text looks."""


@dataclass(frozen=True)
class Prediction:
    """What a classifier says of one text. `probabilities` sum to 1, in the order of the labels."""

    label: str
    probabilities: dict[str, float]

    def to_json(self) -> dict[str, Any]:
        return {"label": self.label, "probabilities": self.probabilities}


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
        """An encoder without a head only looks."""
        return bool(self.prediction.label)

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


Method = Literal["attention", "rollout", "gradient", "integrated-gradients", "leave-one-out"]
METHODS: tuple[Method, ...] = ("attention", "rollout", "gradient", "integrated-gradients", "leave-one-out")


@dataclass(frozen=True)
class Attribution:
    """How much each token counts for `label`, by one method: `scores` float32 [tokens], in the record's order.

    attention, rollout: weights, not negative. gradient (gradient x input) and integrated-gradients: shares of the
    label's logit. leave-one-out: `probability` less the label's probability without the token; where a long text was
    taken away in groups, a group's tokens share its score evenly and `group_size` says how many there are in one.
    `error` is how far the sum of integrated gradients is from the difference of the logits that it should be.
    """

    method: Method
    label: str
    probability: float
    tokens: tuple[str, ...]
    special: tuple[bool, ...]
    scores: np.ndarray
    group_size: int = 1
    error: float = 0.0

    def to_json(self) -> dict[str, Any]:
        scores = np.round(self.scores.astype(np.float64), 8).tolist()
        return {
            "method": self.method,
            "label": self.label,
            "probability": self.probability,
            "tokens": list(self.tokens),
            "scores": scores,
        }


Trust = Literal["strong", "fair", "weak"]


@dataclass(frozen=True)
class Faithfulness:
    """How far the attention shown can be trusted as a reason, on one text or as the mean over `num_rows` texts.

    `figures` by name, each beside its control where there is one:
      comprehensiveness, comprehensiveness_random   p(label) less p without the words looked at most (random words),
                                                     mean over 1, 5, 10, 20, 50 % of them (DeYoung 2020, ERASER)
      sufficiency, sufficiency_random               p(label) less p of those words alone
      tau_leave_one_out, tau_gradient               Kendall's tau of attention against the other method, -1 to 1
      tau_gradient_leave_one_out                    the same of gradient against leave-one-out: the control
      uniform_drop                                  p(label) less p under uniform attention
      uniform_changed                               share of texts whose answer changes under uniform attention
      evidence, evidence_random                     built-in data: the share of the words that decide among as many of
                                                     the words looked at most (among random ones)
    A figure that cannot be measured is left out. `intervals` are 95 % half-widths over texts (empty for one text).
    """

    figures: dict[str, float]
    trust: Trust
    num_rows: int = 1
    intervals: dict[str, float] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        return {
            "figures": self.figures,
            "intervals": self.intervals,
            "trust": self.trust,
            "num_rows": self.num_rows,
        }


@dataclass(frozen=True)
class SwitchEffect:
    """What switches cost on labelled rows: `before` and `after` are metrics, `change` their difference and `intervals`
    the 95 % half-widths of the difference (paired bootstrap over rows)."""

    switches: Switches
    before: dict[str, float]
    after: dict[str, float]
    change: dict[str, float]
    intervals: dict[str, float]
    num_rows: int
    split: str

    def to_json(self) -> dict[str, Any]:
        heads = [{"map": name, "layer": layer, "head": head} for name, layer, head in sorted(self.switches.muted)]
        return {
            "heads": heads,
            "uniform": self.switches.uniform,
            "before": self.before,
            "after": self.after,
            "change": self.change,
            "intervals": self.intervals,
            "num_rows": self.num_rows,
            "split": self.split,
        }


@dataclass(frozen=True)
class HeadTable:
    """Every head switched off alone, the one whose loss costs most first (by the true label's probability lost)."""

    effects: tuple[SwitchEffect, ...]
    before: dict[str, float]
    num_rows: int
    split: str

    def to_json(self) -> dict[str, Any]:
        heads = [
            {"map": name, "layer": layer, "head": head, "change": one.change, "intervals": one.intervals}
            for one in self.effects
            for name, layer, head in one.switches.muted
        ]
        return {"heads": heads, "metrics": self.before, "num_rows": self.num_rows, "split": self.split}


@dataclass(frozen=True)
class Progress:
    """How far a long answer has come: `done` of `total` parts; `partial` is what is known so far, where that helps."""

    done: int
    total: int
    partial: object = None


@dataclass(frozen=True)
class Finding:
    """One thing that the doctor found.

    `kind` is stable ("duplicates", "blank_rows", ...) and is the key under which a mend is stored in `data.mends`.
    `rows` are the first few row numbers (from 1, as a person counts the file's data rows) with the split's name before
    them when it is not the training split; `count` is all of them. `mends` are the ways to mend, best first, by name
    ("drop", "strip", ...) with a title each; "keep" is always possible and not listed.
    """

    kind: str
    severity: Literal["info", "warning", "error"]
    title: Message
    detail: Message
    count: int
    rows: tuple[int, ...] = ()
    split: str = "train"
    mends: dict[str, Message] = field(default_factory=dict)
    chosen: str = "keep"

    def to_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "severity": self.severity,
            "title": self.title.english(),
            "detail": self.detail.english(),
            "count": self.count,
            "rows": list(self.rows),
            "split": self.split,
            "mends": {name: title.english() for name, title in self.mends.items()},
            "chosen": self.chosen,
        }


@dataclass(frozen=True)
class Preview:
    """What a source looks like before training: shown in the wizard's second step.

    `rows` are the first rows as strings, `columns` the header, `roles` the guessed column of each role
    ({"text": ..., "label": ...}), `num_rows` the count over all files, `facts` what was sniffed (encoding, delimiter).
    """

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    num_rows: int
    num_bytes: int
    roles: dict[str, str]
    facts: dict[str, str]
    has_header: bool = True


@dataclass(frozen=True)
class DataReport:
    """The doctor's answer for a whole `DataConfig`: findings, class balance, lengths, rows a split after mending.

    `balance` is {label: rows} over the training split after mending, largest first. `lengths` are tokens a text (an
    evenly drawn sample), `max_length` the model's limit.
    """

    findings: tuple[Finding, ...]
    balance: dict[str, int]
    lengths: np.ndarray
    max_length: int
    num_rows: dict[str, int]
    positive_label: str | None
    is_numeric: bool = False


@dataclass(frozen=True)
class Estimate:
    """What a config will cost on this machine, measured by a short probe.

    `num_parameters` in all, `num_learning` of them change (None: all); `memory_bytes` at the peak of training;
    `seconds_per_step` of one update with its accumulation; `steps_per_epoch`; `total_seconds` for max_steps, evaluation
    included; `device` in words.
    """

    num_parameters: int
    memory_bytes: int
    seconds_per_step: float
    steps_per_epoch: float
    total_seconds: float
    device: str
    num_learning: int | None = None


@dataclass(frozen=True)
class Evaluation:
    """How good a checkpoint is on one split or file.

    `confusion[truth][prediction]` counts rows, in the order of `labels`; `intervals` are 95 % half-widths of metrics.
    """

    metrics: dict[str, float]
    split: str
    num_rows: int
    labels: tuple[str, ...] = ()
    confusion: tuple[tuple[int, ...], ...] = ()
    intervals: dict[str, float] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        return {
            "metrics": self.metrics,
            "split": self.split,
            "num_rows": self.num_rows,
            "labels": list(self.labels),
            "confusion": [list(row) for row in self.confusion],
            "intervals": self.intervals,
        }
