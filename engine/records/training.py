"""What a config costs and how good a checkpoint is; how far a long answer has come."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from engine.messages import Message
from engine.records.answers import LeftOut, UnknownLabel


@dataclass(frozen=True)
class Progress:
    """How far a long answer has come: `done` of `total` parts; `partial` is what is known so far, where that helps;
    `note` what the person should know though the answer comes all the same."""

    done: int
    total: int
    partial: object = None
    note: Message | None = None


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
    `real_text` are the same metrics of held-out texts, where a generator was measured.

    Where a decision with thresholds was saved, `metrics`, `confusion` and `intervals` are those of what it says, and
    `likeliest` the metrics of the likeliest label (of several: from .5 upwards). A text that it leaves to a person
    counts for no label's precision, for recall as missed, and not for accuracy, which is of the texts answered;
    `decision` says the thresholds and "coverage", the share of texts answered. Rows of `strangers` are measured, and
    wrong; they stand in no row of `confusion`.
    """

    metrics: dict[str, float]
    split: str
    num_rows: int
    labels: tuple[str, ...] = ()
    confusion: tuple[tuple[int, ...], ...] = ()
    intervals: dict[str, float] = field(default_factory=dict)
    real_text: dict[str, float] = field(default_factory=dict)
    left_out: tuple[LeftOut, ...] = ()
    strangers: tuple[UnknownLabel, ...] = ()
    likeliest: dict[str, float] = field(default_factory=dict)
    decision: dict[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        tree: dict[str, Any] = {
            "metrics": self.metrics,
            "split": self.split,
            "num_rows": self.num_rows,
            "labels": list(self.labels),
            "confusion": [list(row) for row in self.confusion],
            "intervals": self.intervals,
            "left_out": [one.to_json() for one in self.left_out],
        }
        if self.strangers:
            tree["unknown_labels"] = [one.to_json() for one in self.strangers]
        if self.decision:
            tree |= {"likeliest": self.likeliest, "decision": self.decision}
        return {**tree, "real_text": self.real_text} if self.real_text else tree
