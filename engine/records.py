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


@dataclass(frozen=True)
class AttentionMap:
    """One family of attention weights: `weights[layer, head, query, key]`, each row of keys summing to 1.

    `name` says what looks ("self-attention", "additive attention", ...). A pooling layer has one layer, one head (or
    num_heads) and one query, whose token is "∑" (the whole text).
    """

    name: str
    weights: np.ndarray
    queries: tuple[str, ...]
    keys: tuple[str, ...]

    def __post_init__(self) -> None:
        assert self.weights.ndim == 4 and self.weights.shape[2:] == (len(self.queries), len(self.keys))

    def to_json(self) -> dict[str, Any]:
        weights = np.round(self.weights.astype(np.float64), 8).tolist()
        return {"name": self.name, "queries": list(self.queries), "keys": list(self.keys), "weights": weights}


@dataclass(frozen=True)
class AttentionRecord:
    """Where a model looked while it read one text. `maps` is empty for a model that has no attention.

    `special` marks the key tokens that stand for no part of the text ([CLS], [SEP]); `spans` are each token's character
    range in `text` ((0, 0) for special tokens). `truncated` counts the tokens cut off at the model's length.
    """

    text: str
    tokens: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]
    special: tuple[bool, ...]
    maps: tuple[AttentionMap, ...]
    prediction: Prediction
    truncated: int = 0
    unknown: int = 0

    def received(self) -> np.ndarray:
        """How much each token is looked at in all: float32 [tokens], summing to 1 (all 0 where there is no map).

        The mean over layers, heads and queries: of the pooling's map where there is one, as the answer is read from
        it; else of all maps.
        """
        pooling = [one for one in self.maps if one.queries == (WHOLE_TEXT,)]
        chosen = pooling or self.maps
        if not chosen:
            return np.zeros(len(self.tokens), dtype=np.float32)
        means = [one.weights.mean(axis=2, dtype=np.float32).mean(axis=(0, 1)) for one in chosen]
        return np.asarray(np.mean(means, axis=0), dtype=np.float32)

    def to_json(self) -> dict[str, Any]:
        return {
            "prediction": self.prediction.to_json(),
            "maps": [one.to_json() for one in self.maps],
            "truncated": self.truncated,
        }


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

    `num_parameters`; `memory_bytes` at the peak of training; `seconds_per_step` of one update with its accumulation;
    `steps_per_epoch`; `total_seconds` for max_steps, evaluation included; `device` in words.
    """

    num_parameters: int
    memory_bytes: int
    seconds_per_step: float
    steps_per_epoch: float
    total_seconds: float
    device: str


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
