"""Panel: the curves that share a value axis, as plain data, and as a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from studio.plots.export.files import Column, table_of


@dataclass(frozen=True)
class Trace:
    """One curve: rising step numbers `xs` and values `ys`. A raw one has a value a step and is smoothed over."""

    key: str
    label: str
    color: str
    xs: np.ndarray
    ys: np.ndarray
    is_raw: bool = False


@dataclass(frozen=True)
class Panel:
    """Traces over the same steps. `baseline` is a value to pass with its words; `stretch` its share of the height."""

    key: str
    title: str
    traces: tuple[Trace, ...]
    is_share: bool = False
    can_be_log: bool = False
    is_shown: bool = True
    stretch: int = 1
    baseline: tuple[float, str] | None = None


@dataclass(frozen=True)
class Course:
    """All panels of a run as it is now; `best` is the step of its best checkpoint."""

    panels: tuple[Panel, ...]
    best: int | None = None

    @property
    def end(self) -> float:
        """The last step of any trace; 1 for none."""
        return max([float(one.xs[-1]) for panel in self.panels for one in panel.traces if len(one.xs)], default=1.0)


def table_of_traces(traces: Sequence[Trace]) -> bytes:
    """CSV: a row for each step that any trace has, a column a trace, empty where it has none."""
    steps = np.unique(np.concatenate([np.empty(0), *(trace.xs for trace in traces)]))
    columns: list[Column] = [("step", steps.astype(np.int64))]
    for trace in traces:
        values = np.full(len(steps), np.nan)
        values[np.searchsorted(steps, trace.xs)] = trace.ys
        columns.append((trace.label, values))
    return table_of(columns)
