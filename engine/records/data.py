"""What a source looks like: previews, findings, the doctor's report."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from engine.messages import Message
from engine.records.answers import TargetKind


@dataclass(frozen=True)
class Finding:
    """One thing that the doctor found.

    `kind` is stable ("duplicates", "blank_rows", ...) and is the key under which a mend is stored in `data.mends`.
    `rows` are the first few row numbers (from 1, as a person counts the file's data rows) with the split's name before
    them when it is not the training split; `count` is all of them. `mends` are the ways to mend, best first, by name
    ("drop", "strip", ...) with a title each; "keep" is always possible and not listed. `is_fault` is False where only a
    person knows whether there is anything to mend: such a finding is not among those that are mended all at once.
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
    is_fault: bool = True

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
    `kind` is what a text seems to get; of several labels `separator` stands between those of a cell ("[]": lists in
    brackets), or `label_columns` say yes or no for each. `marked_columns` are all columns of yes and no. `row_numbers`
    are those of `rows` as findings name them (blank rows count); `doubts` what was found by itself and may be wrong.
    """

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    num_rows: int
    num_bytes: int
    roles: dict[str, str]
    facts: dict[str, str]
    has_header: bool = True
    kind: TargetKind = "one"
    separator: str = ""
    label_columns: tuple[str, ...] = ()
    marked_columns: tuple[str, ...] = ()
    row_numbers: tuple[int, ...] = ()
    doubts: tuple[Message, ...] = ()


@dataclass(frozen=True)
class DataReport:
    """The doctor's answer for a whole `DataConfig`: findings, class balance, lengths, rows a split after mending.

    `balance` is {label: rows} over the training split after mending, largest first; of several labels a row counts for
    each of its own. `lengths` are tokens a text (an
    evenly drawn sample), `max_length` the model's limit. Numbers as labels (`numbers`, an
    evenly drawn sample of the training split), and texts without labels, have no balance.

    What was read: `columns`, `roles` ({"text": ..., "label": ...}), `facts` (encoding, delimiter, the tool that wrote
    it), `has_header`, `rows_read` (of all splits, blank ones aside) and `labels`, {label: rows} over all splits. They
    are filled as far as they are known, even where the data cannot be trained on.
    """

    findings: tuple[Finding, ...]
    balance: dict[str, int]
    lengths: np.ndarray
    max_length: int
    num_rows: dict[str, int]
    positive_label: str | None
    is_numeric: bool = False
    has_labels: bool = True
    kind: TargetKind = "one"
    numbers: np.ndarray = field(default_factory=lambda: np.empty(0))
    columns: tuple[str, ...] = ()
    roles: dict[str, str] = field(default_factory=dict)
    facts: dict[str, str] = field(default_factory=dict)
    has_header: bool = True
    rows_read: int = 0
    labels: dict[str, int] = field(default_factory=dict)

    @property
    def target(self) -> TargetKind | Literal[""]:
        """What a text gets: "one" label, "several", or a "number"; "" where there are no labels."""
        return self.kind if self.has_labels and "label" in self.roles else ""


@dataclass(frozen=True)
class PreviewRows:
    """Rows of a source that were asked for by number; `row_numbers` as findings name them, in `split`."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    row_numbers: tuple[int, ...]
    split: str = "train"
