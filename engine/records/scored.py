"""ScoredRows: answers in words to the rows of a split or file, and what every row adds to each figure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from engine.messages import Message
from engine.records.answers import LeftOut
from engine.records.measures import Figure

Columns = np.ndarray
"""float64 [rows, columns]"""


@dataclass(frozen=True)
class ScoredRow:
    """`row` is the number in the source, from 1. `read` are the texts that were read, one a role; `wanted` the right
    answers, any of which will do (none: a task that is only asked how surprising a text is); `said` the answer, "" for
    a deliberate silence; `scores` the row's own values of some of the figures, by key."""

    row: int
    read: tuple[str, ...]
    wanted: tuple[str, ...]
    said: str
    scores: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class ScoredRows:
    """`roles` name the texts of `ScoredRow.read`. `statistics[key]` are float64 [rows, columns]: each figure is a
    function of their sums over rows (`metrics.summed_figures`), so that intervals, slices and paired comparisons are
    sums over other rows. `leading` is the key that comes first; `sort_by` the one whose `scores` order the rows.
    `signature` says how a figure was counted (sacrebleu's); `ceiling` what at best could be reached, by key;
    `baseline` what the simplest answer comes to, by key, and `baseline_name` what that is. `num_in_split`: the rows
    that there are, of which so many were asked. `columns` {name: cells [rows]} are what else the source says of each
    row."""

    split: str
    roles: tuple[str, ...]
    rows: Sequence[ScoredRow]
    statistics: Mapping[str, Columns]
    leading: str
    sort_by: str = ""
    signature: str = ""
    ceiling: Mapping[str, float] = field(default_factory=dict)
    baseline: Mapping[str, float] = field(default_factory=dict)
    baseline_name: Message | None = None
    left_out: tuple[LeftOut, ...] = ()
    notes: tuple[Message, ...] = ()
    num_in_split: int = 0
    columns: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.rows)


@dataclass(frozen=True)
class TextSlice:
    """Some of the rows (`places` in the scored rows) and how good the answers are there: `figure` is the slice's
    `metric`, `rest` that of all other rows, `p_value` of the difference, corrected for the number of slices (Holm
    1979); `is_worse` where it is worse than the rest at 5 %."""

    title: Message
    places: np.ndarray
    metric: str
    figure: Figure
    rest: Figure
    p_value: float
    is_worse: bool


def shown(row: ScoredRow) -> dict[str, Any]:
    """As JSON."""
    return {
        "row": row.row,
        "read": list(row.read),
        "wanted": list(row.wanted),
        "said": row.said,
        "scores": dict(row.scores),
    }
