"""What a run tells the world, in the past tense. The journal, the history and the window see the same events.

RunStarted -> StepsTaken* -> Evaluated -> CheckpointSaved -> ... -> RunFinished | RunFailed
              (about every 50 ms)          Progressed about every 500 ms; Noticed, SettingChanged, RunPaused at any time
"""

from __future__ import annotations

import math
import time as clock
from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np

from engine.messages import Message


@dataclass(frozen=True, kw_only=True)
class Event:
    """`time` is seconds since 1970."""

    time: float = field(default_factory=clock.time)


@dataclass(frozen=True, kw_only=True)
class RunStarted(Event):
    """`rows` is {split: rows}; `labels` in id order; `num_parameters` are trainable ones."""

    total_steps: int
    steps_per_epoch: float
    num_parameters: int
    rows: dict[str, int]
    labels: list[str]
    positive_label: str | None
    device: str
    precision: str
    process: int


@dataclass(frozen=True, kw_only=True)
class RunResumed(Event):
    """Training goes on after `step`; what was written past it is undone. `process` is the one that trains now."""

    step: int
    process: int


@dataclass(frozen=True, kw_only=True)
class StepsTaken(Event):
    """Arrays of one length: step numbers (from 1), mean losses a player, learning rates a player, gradient norms
    before clipping, and the micro-batches accumulated. Which players there are may change from event to event.

    `gauges` are further numbers of each step by name: "temperature" (inverse, of a GAN's words), "noise_scale" (in
    texts), "adversary_loss".
    """

    steps: np.ndarray
    losses: dict[str, np.ndarray]
    learning_rates: dict[str, np.ndarray]
    gradient_norms: dict[str, np.ndarray]
    accumulation: np.ndarray
    gauges: dict[str, np.ndarray] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Progressed(Event):
    """`seconds` of training so far (pauses and earlier sessions told apart: sum over sessions, no pauses);
    `memory_bytes` in use now and `memory_total` of the device; `padding_share` of the tokens that were padding."""

    step: int
    total_steps: int
    epoch: float
    seconds: float
    seconds_left: float
    tokens_per_second: float
    memory_bytes: int
    memory_total: int
    padding_share: float


@dataclass(frozen=True, kw_only=True)
class Evaluated(Event):
    """`metrics` are flat, lower case: loss, accuracy, precision, recall, f1, ...; `intervals` are 95 % half-widths."""

    step: int
    split: str
    metrics: dict[str, float]
    num_rows: int
    intervals: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class BaselineEvaluated(Event):
    """The bag of words (TF-IDF + logistic regression) on the same rows: the line that a deep model must pass."""

    split: str
    metrics: dict[str, float]
    num_rows: int
    seconds: float


@dataclass(frozen=True, kw_only=True)
class AttentionCaptured(Event):
    """The probe texts were looked at after `step` (0: before the first); the maps lie in `path` (relative to the run's
    folder) while there is room for them.

    `probes`: one dict a text: {"text", "tokens": [...], "weights": [how much each is looked at in all], "label",
    "probability"}.
    """

    step: int
    path: str
    probes: list[dict[str, Any]]


@dataclass(frozen=True, kw_only=True)
class ReferenceMeasured(Event):
    """A line to stand beside a generator's meters: `name` is "real_text" (held-out texts measured as if they were
    samples) or "maximum_likelihood" (the generator before the game began)."""

    step: int
    name: str
    metrics: dict[str, float]
    num_rows: int


@dataclass(frozen=True, kw_only=True)
class SamplesWritten(Event):
    """A generator's texts after `step` lie in `path` (relative to the run's folder; `engine.runs.samples` reads them).
    `phase`: "pretraining" or "adversarial"."""

    step: int
    path: str
    phase: str
    num_samples: int


@dataclass(frozen=True, kw_only=True)
class TextsAnswered(Event):
    """What the weights of `step` say to a few held-out rows, the same ones each time. `rows`: one dict a row: {"read":
    [texts], "wanted": the right answer or "", "said": the answer, "score": a share from 0 to 1, or None}."""

    step: int
    rows: list[dict[str, Any]]


@dataclass(frozen=True, kw_only=True)
class Collapsed(Event):
    """The generator repeats itself. `signs` say how it was seen; `action` is what was done: "went-back" (to step
    `best`, which stays None otherwise), "softened", "stopped" or "told"."""

    step: int
    signs: list[Message]
    action: str
    best: int | None


@dataclass(frozen=True, kw_only=True)
class Attacked(Event):
    """Texts of `split` were changed against the weights of `step`, misspelled ("character") or reworded ("word").

    `before` and `after` are precision, recall, f1 and accuracy on the same `num_rows` rows, `intervals` the 95 %
    half-widths of those after; `success` is the share of the right answers that turned, `changed_share` the mean share
    of those texts' words that was changed. `examples`: one dict a turned text: {"row", "before", "after", "label",
    "prediction", "num_changes"}.
    """

    step: int
    method: str
    before: dict[str, float]
    after: dict[str, float]
    num_rows: int
    success: float
    split: str = "test"
    changed_share: float = 0.0
    intervals: dict[str, float] = field(default_factory=dict)
    examples: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class CheckpointSaved(Event):
    step: int
    path: str
    is_best: bool
    metric: str
    value: float | None


@dataclass(frozen=True, kw_only=True)
class SettingChanged(Event):
    """`name` is the path of the setting ("training.optimizer.learning_rate")."""

    step: int
    name: str
    old: float
    new: float


@dataclass(frozen=True, kw_only=True)
class Noticed(Event):
    """One line of the log in words. `level`: "info", "warning" or "error"."""

    message: Message
    level: str = "info"
    step: int = 0


@dataclass(frozen=True, kw_only=True)
class RunPaused(Event):
    step: int


@dataclass(frozen=True, kw_only=True)
class RunFinished(Event):
    """`state`: "finished" (all steps or early stopping) or "stopped" (by the person). `best` is {"step", "metric",
    "value"} or None. `reason` in words."""

    step: int
    state: str
    best: dict[str, Any] | None
    reason: Message


@dataclass(frozen=True, kw_only=True)
class RunFailed(Event):
    step: int
    what: Message
    where: Message
    mend: Message


_KINDS: dict[str, type[Event]] = {
    kind.__name__: kind
    for kind in (
        RunStarted,
        RunResumed,
        StepsTaken,
        Progressed,
        Evaluated,
        BaselineEvaluated,
        AttentionCaptured,
        ReferenceMeasured,
        SamplesWritten,
        TextsAnswered,
        Collapsed,
        Attacked,
        CheckpointSaved,
        SettingChanged,
        Noticed,
        RunPaused,
        RunFinished,
        RunFailed,
    )
}


def to_json(event: Event) -> dict[str, Any]:
    """`{"event": NAME, "time": seconds, ...}`; numbers that JSON cannot hold (nan, inf) become null."""
    tree = {item.name: _plain(getattr(event, item.name)) for item in fields(event) if item.name != "time"}
    return {"event": type(event).__name__, "time": round(event.time, 3), **tree}


def from_json(tree: dict[str, Any]) -> Event | None:
    """None for an event that this version does not know (a newer version's journal still opens)."""
    kind = _KINDS.get(tree.get("event", ""))
    if kind is None:
        return None
    known = {item.name for item in fields(kind)}
    return kind(**{key: _rich(kind, key, value) for key, value in tree.items() if key in known})


def _plain(value: Any) -> Any:
    if isinstance(value, Message):
        return value.to_json()
    if isinstance(value, np.ndarray):
        return [_plain(item) for item in value.tolist()]
    if isinstance(value, np.generic):
        return _plain(value.item())
    if isinstance(value, float):
        return float(f"{value:.9g}") if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value


def _rich(kind: type[Event], key: str, value: Any) -> Any:
    if kind is StepsTaken and key in ("losses", "learning_rates", "gradient_norms", "gauges"):
        return {player: np.array(series, dtype=np.float64) for player, series in value.items()}
    if kind is StepsTaken and key in ("steps", "accumulation"):
        return np.array(value, dtype=np.int64)
    if isinstance(value, dict) and set(value) == {"id", "values"}:
        return Message.from_json(value)
    if kind is Collapsed and key == "signs":
        return [Message.from_json(sign) for sign in value]
    declared = kind.__dataclass_fields__[key].type
    if declared == "dict[str, float]" and isinstance(value, dict):
        return {name: math.nan if number is None else number for name, number in value.items()}
    return math.nan if declared == "float" and value is None else value
