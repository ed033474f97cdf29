"""A search as its page shows it: every trial, the best so far, what mattered, the repeats, the winner and its start.

A running search (`verbs.search(study)`, a generator that takes commands as `verbs.ablate` does) yields `Progress`:
`done` of `total` are seconds of its minutes, or trials where it has none; `partial` is a whole `SearchRecord` when a
trial begins, is measured, or ends, `runs.study.RunNews` where the run that trains tells anything else, and None where
it only breathes. `verbs.search_record(study)` reads the record of a search from its folder. `Pause` and `Resume` reach
the run that trains (`RunNews` of `RunPaused` says so); paused time counts for nothing. `Stop` ends the search, whose
state becomes "stopped": `search` goes on with it later.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Literal

from engine.messages import Message
from engine.records.comparison import Change

TrialState = Literal["running", "done", "pruned", "failed"]
SearchPhase = Literal["searching", "repeating", "comparing", "over"]
SearchOutcome = Literal["open", "better", "noise", "none"]
"""What is known of the winner against its start: not yet, better beyond chance, within noise, nothing better found."""


@dataclass(frozen=True)
class Axis:
    """A setting that is tried: numbers from `low` to `high`, or `choices`; `start` is the person's own value."""

    path: str
    title: Message
    start: Any
    low: float = math.nan
    high: float = math.nan
    log: bool = False
    step: float | None = None
    is_integer: bool = False
    choices: tuple[Any, ...] = ()


@dataclass(frozen=True)
class SearchGoal:
    """What the trials are measured by, on validation. `key` is the metric's in the registry."""

    key: str
    title: Message
    lower_is_better: bool = False
    recall_floor: float | None = None


@dataclass(frozen=True)
class Trial:
    """One try. `run` is the name of its run's folder inside the study ("" where it came to none), an ordinary run.

    `curve` are (step, the first goal's value on validation) of every evaluation so far; `values` one a goal, those of
    its best checkpoint (empty before the first evaluation; a pruned trial's are those until it was stopped). `steps` of
    `total_steps` updates were made; `steps_per_pass` updates are one pass over the texts, so that trials with different
    batches can be drawn on one axis. `seconds` of work, pauses left out. `reason` says why it was stopped or failed.
    """

    number: int
    state: TrialState
    parameters: dict[str, Any]
    run: str = ""
    curve: tuple[tuple[int, float], ...] = ()
    values: tuple[float, ...] = ()
    seconds: float = 0.0
    reason: Message | None = None
    is_start: bool = False
    steps: int = 0
    total_steps: int = 0
    steps_per_pass: float = math.nan

    @property
    def value(self) -> float:
        """Of the first goal; nan where nothing was measured."""
        return self.values[0] if self.values else math.nan


@dataclass(frozen=True)
class Repeats:
    """A trial's settings trained with several seeds: the first goal's `values` on validation in the order of `seeds`,
    whose runs are `runs`; their mean with the half-width of its 95 % interval (Student's t; nan of one value)."""

    trial: int
    seeds: tuple[int, ...]
    values: tuple[float, ...]
    runs: tuple[str, ...]
    mean: float
    half_width: float = math.nan


@dataclass(frozen=True)
class Influence:
    """How much a setting decided: its `share` of the differences in the first goal, and between what the best five
    trials lie (`best_low` to `best_high`, or `best_choices`)."""

    path: str
    title: Message
    share: float
    best_low: float = math.nan
    best_high: float = math.nan
    best_choices: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Importance:
    """What mattered, the largest share first, by `evaluator` from `num_trials` finished trials."""

    evaluator: str
    num_trials: int
    influences: tuple[Influence, ...]


@dataclass(frozen=True)
class BudgetUsed:
    """Of `seconds` in all (None: no limit) `seconds_used` are gone and `seconds_held_back` are kept for the repeats; of
    `trials` (None: no limit) `trials_begun` are begun. `steps` of updates were made in trials that ended, of
    `steps_whole` without stopping any of them early."""

    seconds: float | None
    seconds_used: float
    seconds_held_back: float
    trials: int | None
    trials_begun: int
    steps: int = 0
    steps_whole: int = 0

    @property
    def saved_share(self) -> float:
        """The share of the updates that stopping weak trials saved; nan before one ended."""
        return 1 - self.steps / self.steps_whole if self.steps_whole else math.nan


@dataclass(frozen=True)
class AgainstStart:
    """The winner against the person's own settings: figure `metric` on the same `num_rows` rows of `split`, means over
    `seeds_start` and `seeds_winner` runs; `change` says by how much it is better, with its paired 95 % interval:
    above 0 is better, also of a metric of which less is better."""

    metric: str
    title: Message
    split: str
    num_rows: int
    start: float
    winner: float
    change: Change
    seeds_start: int
    seeds_winner: int
    recall_start: float = math.nan
    recall_winner: float = math.nan
    """Beside precision, which never stands alone."""

    @property
    def is_better(self) -> bool:
        """The winner is ahead by more than chance."""
        return self.change.value > 0 and self.change.is_beyond_chance

    def to_json(self) -> dict[str, Any]:
        tree = _plain(self)
        assert isinstance(tree, dict)
        return tree

    @staticmethod
    def from_json(tree: Mapping[str, Any]) -> AgainstStart:
        """Raises KeyError, TypeError or ValueError for what `to_json` did not write."""
        numbers = {name: math.nan if value is None else float(value) for name, value in tree["change"].items()}
        recalls = {name: math.nan if tree[name] is None else tree[name] for name in ("recall_start", "recall_winner")}
        title = Message.from_json(tree["title"])
        return AgainstStart(**{**tree, **recalls, "title": title, "change": Change(**numbers)})


@dataclass(frozen=True)
class SearchRecord:
    """All of a search so far. `headline` says it in one sentence; the word “winner” is in it only when `winner` is.

    `best` is the number of the best trial so far by the first goal (None before one was measured); with two goals
    `front` are the numbers of the trials that no other one beats in both. `checks` are the shares of a whole trial at
    which weak ones are stopped. `baseline` is word counting on the validation rows by the first goal, where it is
    measured. `winner` is a trial's number, once the best were repeated and one is named. `disk_bytes` is what the
    study's folder takes.
    """

    name: str
    state: str
    phase: SearchPhase
    headline: Message
    goals: tuple[SearchGoal, ...]
    axes: tuple[Axis, ...]
    trials: tuple[Trial, ...]
    budget: BudgetUsed
    seed: int = 0
    best: int | None = None
    front: tuple[int, ...] = ()
    checks: tuple[float, ...] = ()
    importance: Importance | None = None
    repeats: tuple[Repeats, ...] = ()
    winner: int | None = None
    outcome: SearchOutcome = "open"
    against_start: AgainstStart | None = None
    baseline: float = math.nan
    notes: tuple[Message, ...] = field(default_factory=tuple)
    disk_bytes: int = 0

    @property
    def running(self) -> Trial | None:
        """The trial that trains now."""
        return next((one for one in self.trials if one.state == "running"), None)

    def trial(self, number: int) -> Trial:
        """Raises KeyError."""
        for one in self.trials:
            if one.number == number:
                return one
        raise KeyError(number)

    def to_json(self) -> dict[str, Any]:
        """All of it; numbers that JSON cannot hold become null."""
        tree = _plain(self)
        assert isinstance(tree, dict)
        return tree


def _plain(value: Any) -> Any:
    if isinstance(value, Message):
        return value.to_json()
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if hasattr(value, "__dataclass_fields__"):
        return {one.name: _plain(getattr(value, one.name)) for one in fields(value)}
    return value
