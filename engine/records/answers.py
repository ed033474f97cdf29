"""What a checkpoint said of every row of a split or file: all that its evaluation is made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from engine.messages import Message, message

TargetKind = Literal["one", "several", "number"]
"""One label a text, any number of labels a text, or a number."""


NUM_SHOWN = 20
"""Row numbers that are named; `count` says how many there are."""


@dataclass(frozen=True)
class LeftOut:
    """Rows that were not measured, and why: "blank_row", "no_text", "no_label", "no_answer" (of a dialogue),
    "unknown_label" (one that the model does not know, of which `labels` are some) or "mend" (a mend of the run's data
    says so). `rows` are the first row numbers, as a person counts them."""

    reason: str
    count: int
    rows: tuple[int, ...] = ()
    labels: tuple[str, ...] = ()

    @property
    def sentence(self) -> Message:
        """For a person; without the row numbers."""
        match self.reason:
            case "no_label":
                return message("{count:plural:row has:rows have} no label.", count=self.count)
            case "no_answer":
                return message("{count:plural:dialogue has:dialogues have} no answer.", count=self.count)
            case "unknown_label":
                return message(
                    "{count:plural:row has:rows have} a label that the model does not know: {labels}.",
                    count=self.count,
                    labels=list(self.labels),
                )
            case "no_text" | "blank_row":
                return message("{count:plural:row has:rows have} no text.", count=self.count)
            case _:
                return message("{count:plural:row is:rows are} left out, as the mends say.", count=self.count)

    def to_json(self) -> dict[str, Any]:
        tree = {"reason": self.reason, "count": self.count, "rows": list(self.rows)}
        return {**tree, "labels": list(self.labels), "sentence": self.sentence.english()}

    @staticmethod
    def from_json(tree: Mapping[str, Any]) -> LeftOut:
        return LeftOut(str(tree["reason"]), int(tree["count"]), tuple(tree["rows"]), tuple(tree.get("labels", ())))


@dataclass(frozen=True)
class UnknownLabel:
    """A label of `count` measured rows that the model does not know, so that every answer to them is wrong. `like` is
    the model's label that is spelled nearly so, "" where none is."""

    label: str
    count: int
    rows: tuple[int, ...] = ()
    like: str = ""

    @property
    def sentence(self) -> Message:
        values = {"label": self.label, "count": self.count}
        if self.like:
            return message(
                "“{label}” ({count:plural:row:rows}) is no label of the model and counts as wrong; it may be another "
                "spelling of “{like}”.",
                like=self.like,
                **values,
            )
        return message("“{label}” ({count:plural:row:rows}) is no label of the model and counts as wrong.", **values)

    def to_json(self) -> dict[str, Any]:
        tree = {"label": self.label, "count": self.count, "rows": list(self.rows)}
        return {**tree, "like": self.like or None, "sentence": self.sentence.english()}

    @staticmethod
    def from_json(tree: Mapping[str, Any]) -> UnknownLabel:
        return UnknownLabel(str(tree["label"]), int(tree["count"]), tuple(tree["rows"]), str(tree.get("like") or ""))


@dataclass(frozen=True)
class LabelRule:
    """How labels of a file are read that the model does not know: `leave_out` their rows, else every answer to them
    counts as wrong; `match_spelling` takes what is spelled nearly as a known label for that label."""

    leave_out: bool = False
    match_spelling: bool = False


WRONG_IF_UNKNOWN = LabelRule()


@dataclass(frozen=True)
class Answers:
    """Row by row, in the order of the source. N rows, L labels.

    `logits` float32 [N, L]; for a number [N, 1], the number itself. `truths`: label ids int64 [N], for several labels
    bool [N, L], for a number float64 [N]; None where the file has no labels. `loss` is the name of the loss that the
    model was trained with: `engine.targets` turns logits into probabilities by it. `rows` are the row
    numbers of the source from 1, `num_tokens` what the model read of each text. `columns` are the source's further
    columns. `split` is "validation", "test", "train" or "data" (another file, whose path is `source`); `checkpoint` is
    "step-N".

    A row whose label the model does not know has the truth -1 (of several labels: none of its place), and `unknown`
    bool [N, U] says which of the `strangers` it has, U of them; None where there are none. `left_out` are rows of the
    source that were not asked about.
    """

    kind: TargetKind
    labels: tuple[str, ...]
    positive_label: str | None
    loss: str
    logits: np.ndarray
    truths: np.ndarray | None
    rows: np.ndarray
    num_tokens: np.ndarray
    texts: Sequence[str]
    split: str
    source: str
    checkpoint: str
    columns: Mapping[str, Sequence[str]] = field(default_factory=dict)
    left_out: tuple[LeftOut, ...] = ()
    strangers: tuple[UnknownLabel, ...] = ()
    unknown: np.ndarray | None = None

    def __len__(self) -> int:
        return len(self.rows)
