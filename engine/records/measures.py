"""How good a model is on one split or file, where it fails, and how far its probabilities can be believed."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

import numpy as np

from engine.messages import Message
from engine.records.answers import LeftOut, UnknownLabel
from engine.records.decision import Promise

Interval = Literal["wilson", "bootstrap", ""]
"""How a 95 % interval was found; "" where there is none."""


@dataclass(frozen=True)
class Figure:
    """A figure with its 95 % interval; `low` and `high` are nan where there is none."""

    value: float
    low: float = math.nan
    high: float = math.nan
    method: Interval = ""

    def to_json(self) -> dict[str, Any]:
        return {"value": self.value, "low": _or_none(self.low), "high": _or_none(self.high), "method": self.method}


@dataclass(frozen=True)
class Measures:
    """`figures` by name: accuracy, precision, recall, f1 (as everywhere in Attune: of the positive one of two labels,
    else the mean over labels), precision_micro, precision_macro, precision_weighted and so on, auc, average_precision,
    log_loss, brier, ece; for a number mse, rmse, mae, r2, spearman. `per_label[label]`: precision, recall, f1, auc,
    average_precision; `support` rows a label has. `confusion[truth][said]` counts rows (of several labels: empty).
    `majority` are the metrics of whoever always says the most frequent label (or the mean number), `counted` those of
    word counting on the same rows, empty where it was not asked. `left_out` are rows that were not measured;
    `strangers` labels that the model does not know: they are in `per_label` and `support` and in the means over
    labels, where nothing of them is ever found, but not in `confusion`.
    """

    figures: dict[str, Figure]
    split: str
    num_rows: int
    per_label: dict[str, dict[str, Figure]] = field(default_factory=dict)
    support: dict[str, int] = field(default_factory=dict)
    confusion: tuple[tuple[int, ...], ...] = ()
    majority: dict[str, float] = field(default_factory=dict)
    counted: dict[str, float] = field(default_factory=dict)
    left_out: tuple[LeftOut, ...] = ()
    strangers: tuple[UnknownLabel, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {
            "figures": {name: one.to_json() for name, one in self.figures.items()},
            "per_label": {
                label: {name: one.to_json() for name, one in figures.items()}
                for label, figures in self.per_label.items()
            },
            "support": self.support,
            "majority": self.majority,
            "word_counting": self.counted,
            "left_out": [one.to_json() for one in self.left_out],
            "unknown_labels": [one.to_json() for one in self.strangers],
        }


@dataclass(frozen=True)
class CheckedPromise:
    """A promise that was made on validation rows, and what it came to on the `num_rows` rows of `split`: `measured` is
    the label's precision there with its 95 % interval (Wilson), nan where the label was never said or nothing could be
    promised; `recall` and `coverage` there. `is_independent`: these rows had no part in choosing the threshold.
    `notes` say what makes the check weaker than it looks, and plainly where the promise did not hold."""

    promise: Promise
    split: str
    num_rows: int
    measured: Figure
    recall: float
    coverage: float
    is_independent: bool = True
    notes: tuple[Message, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """As the command line tells it."""
        promise = self.promise
        label = promise.label or None
        if promise.threshold is None:
            return {"threshold": None, "rows_needed": promise.rows_needed, "label": label, "rows": promise.num_rows}
        return {
            "threshold": promise.threshold,
            "promised": promise.precision,
            "confidence": promise.confidence,
            "measured": _or_none(self.measured.value),
            "recall": self.recall,
            "coverage": self.coverage,
            "label": label,
            "lower_bound": promise.lower_bound,
            "measured_interval": [_or_none(self.measured.low), _or_none(self.measured.high)],
            "split": self.split,
            "num_rows": self.num_rows,
            "independent": self.is_independent,
            "notes": [one.english() for one in self.notes],
        }


@dataclass(frozen=True)
class Reliability:
    """What it says against what comes true, in bins of equal width: float64 [bins] that hold rows. `said` is the mean
    probability in a bin, `true` the share that came true, `low` and `high` its 95 % interval, `count` rows; `error` is
    the expected calibration error, the mean distance weighed by count."""

    said: np.ndarray
    true: np.ndarray
    low: np.ndarray
    high: np.ndarray
    count: np.ndarray
    error: float


@dataclass(frozen=True)
class Calibration:
    """Temperature scaling (Guo 2017): the `temperature` that fits the validation rows best, and the reliability and log
    loss on the rows of `split`, before and after."""

    temperature: float
    split: str
    num_rows: int
    before: Reliability
    after: Reliability
    log_loss: tuple[float, float]


SliceKind = Literal["length", "label", "column", "word"]


@dataclass(frozen=True)
class Slice:
    """Some of the rows, and how well the model does there. `places` are places in the answers; `figure` is the slice's
    `metric` ("precision", "accuracy", "mae"), `rest` that of all other rows; `p_value` of the difference, corrected
    for having looked at many slices (Holm 1979); `is_worse` where it is worse than the rest at 5 %."""

    kind: SliceKind
    title: Message
    places: np.ndarray
    metric: str
    figure: Figure
    rest: Figure
    p_value: float
    is_worse: bool


@dataclass(frozen=True)
class Suspect:
    """A row whose label is likely wrong: `place` in the answers (or in the training rows), its label and the one that
    is `proposed`, with the probabilities of both by whoever judged (`Hunt.judge`). `elsewhere` are other
    labels that the very same text has in other rows of the data.

    Where a text may have several labels, `label` is one that stands there wrongly ("" where one is missing) and
    `proposed` one that is missing ("" where one is too many)."""

    place: int
    row: int
    text: str
    label: str
    proposed: str
    probability: float
    probability_proposed: float
    elsewhere: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


Judge = Literal["model", "counting"]


@dataclass(frozen=True)
class Hunt:
    """The rows whose labels are likely wrong, worst first, of `num_rows` that were judged; `expected` is the estimated
    number of wrong labels among them (of numbers: of far outliers). It is rather too high: what the judging model
    itself takes wrongly and surely is counted too, so of a weak model's answers it says little. `judge` is who judged:
    the run's own "model", or word "counting" that was trained on other rows."""

    suspects: tuple[Suspect, ...]
    num_rows: int
    expected: float
    judge: Judge = "model"

    def to_json(self) -> dict[str, Any]:
        suspects = [one.to_json() for one in self.suspects]
        tree = {"suspects": suspects, "num_rows": self.num_rows, "expected": round(self.expected, 1)}
        return {**tree, "judge": self.judge}


@dataclass(frozen=True)
class Similar:
    """A training row that is nearly the same text: `overlap` is the share of word pairs (character triples where there
    are no spaces) that both have (Jaccard)."""

    row: int
    text: str
    label: str
    overlap: float


@dataclass(frozen=True)
class Speed:
    """On `device`: rows a second in batches, and the seconds that one text takes (median, and the slowest of 20)."""

    rows_per_second: float
    seconds_one: float
    seconds_one_slow: float
    num_rows: int
    device: str


def _or_none(value: float) -> float | None:
    return None if math.isnan(value) else value


def figures_of(metrics: Mapping[str, float]) -> dict[str, Figure]:
    """Without intervals."""
    return {name: Figure(value) for name, value in metrics.items()}
