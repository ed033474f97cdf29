"""Runs beside each other: which one is better, by how much, whether that can be luck, and what was set otherwise."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, get_args

from engine.messages import Message
from engine.records.answers import LeftOut, UnknownLabel


@dataclass(frozen=True)
class Setting:
    """A setting that is not the same in all groups: its `path` in the config, its title, each group's value."""

    path: str
    title: Message
    values: tuple[Message, ...]

    def to_json(self) -> dict[str, Any]:
        values = [value.english() for value in self.values]
        return {"path": self.path, "title": self.title.english(), "values": values}


Over = Literal["seeds", "rows", ""]
"""What an interval knows the luck of: the seeds of a group, or the texts that were measured; "" where there is none."""


@dataclass(frozen=True)
class ComparedFigure:
    """The mean over a group's runs, whose own `values` stand in their order, with the half-width of its 95 %
    interval: over seeds (Student's t) where there are two or more, else over texts (bootstrap). `low` and `high`: its
    ends, which never pass what the figure can be; nan where there is none."""

    value: float
    half_width: float = math.nan
    values: tuple[float, ...] = ()
    over: Over = ""
    low: float = math.nan
    high: float = math.nan

    def to_json(self) -> dict[str, Any]:
        return {
            "value": self.value,
            "half_width": _or_none(self.half_width),
            "over": self.over,
            "values": list(self.values),
            "low": _or_none(self.low),
            "high": _or_none(self.high),
        }


@dataclass(frozen=True)
class ComparedGroup:
    """Runs whose settings differ in nothing but the seed, or one run. `figures`: accuracy, precision, recall, f1 (for
    numbers mse, mae, r2; for text GANs their meters), measured on the `num_rows` rows of `split`. Costs are means over
    the runs, nan where they are not known."""

    title: Message
    runs: tuple[Path, ...]
    names: tuple[str, ...]
    seeds: tuple[int, ...]
    figures: dict[str, ComparedFigure]
    split: str = ""
    num_rows: int = 0
    num_parameters: float = math.nan
    seconds: float = math.nan
    memory_bytes: float = math.nan

    def to_json(self) -> dict[str, Any]:
        return {
            "title": self.title.english(),
            "runs": list(self.names),
            "seeds": list(self.seeds),
            "split": self.split,
            "num_rows": self.num_rows,
            "figures": {name: one.to_json() for name, one in self.figures.items()},
            "num_parameters": _or_none(self.num_parameters),
            "seconds": _or_none(self.seconds),
            "memory_bytes": _or_none(self.memory_bytes),
        }


@dataclass(frozen=True)
class Change:
    """b - a, with the half-width of its 95 % interval and its ends, which never pass what such a difference can be."""

    value: float
    half_width: float
    low: float = math.nan
    high: float = math.nan

    @property
    def is_beyond_chance(self) -> bool:
        return abs(self.value) > max(self.half_width, 1e-12)

    def to_json(self) -> dict[str, Any]:
        return {
            "value": self.value,
            "half_width": _or_none(self.half_width),
            "low": _or_none(self.low),
            "high": _or_none(self.high),
        }


Outcome = Literal["better", "worse", "open", "apart"]
"""Of b: better or worse than a, not to be told, or measured on other texts."""
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)


@dataclass(frozen=True)
class Pair:
    """Group number `b` against group number `a`. `only_a` and `only_b` are the texts that one side alone answers
    rightly (more of its runs, where it has several); for numbers those that it comes closer to. `mcnemar_p` is the
    exact test of them (None for numbers and for texts that are not the same); `p_value` is what the verdict is held
    against 5 % by: for a statement about recipes the larger one of that test's and that of the seeds, corrected for
    the number of comparisons (Holm). `is_about_recipes`: both have three seeds or more, else only these very models are
    compared. `scope` says so in words. `rows_needed` is about how many texts would settle it, None where it is settled
    or no number would."""

    a: int
    b: int
    outcome: Outcome
    verdict: Message
    scope: Message
    change: dict[str, Change] = field(default_factory=dict)
    mcnemar_p: float | None = None
    p_value: float | None = None
    only_a: int = 0
    only_b: int = 0
    num_rows: int = 0
    is_about_recipes: bool = False
    rows_needed: int | None = None
    p_values: dict[str, float] = field(default_factory=dict)
    """Of each figure's difference alone (two-sided paired bootstrap), where answers are in words."""


@dataclass(frozen=True)
class DifferingRow:
    """A row that group `b` answered otherwise than group `a`, by one run of each (those of the first seed that both
    have): what was `read` (a text a role), what was `wanted`, what each said, and how good each answer is by `metric`
    (means over each group's runs); `is_better`: b's is the better one."""

    a: int
    b: int
    row: int
    read: tuple[str, ...]
    wanted: tuple[str, ...]
    said_a: str
    said_b: str
    score_a: float
    score_b: float
    metric: str
    is_better: bool


@dataclass(frozen=True)
class Comparison:
    """Groups beside each other; each but the first, the base, is compared with the base in `pairs`. `headline` answers
    which one is better, and whether it is luck. `settings` differ, `num_equal` ones do not. `baseline` are the figures
    of word counting on the same rows, where they are known. `notes` say what else must be known to read it; `left_out`
    which of the base's rows were not measured, `strangers` which labels of them the models do not know.

    Of answers in words `leading` is the figure that the verdicts are about, `rows` those that the groups of each pair
    answer most differently, `roles` name what was read of them, `baseline` is that of `baseline_name`, and `signature`
    says how a figure was counted."""

    groups: tuple[ComparedGroup, ...]
    settings: tuple[Setting, ...]
    num_equal: int
    pairs: tuple[Pair, ...]
    headline: Message
    notes: tuple[Message, ...] = ()
    baseline: dict[str, float] = field(default_factory=dict)
    left_out: tuple[LeftOut, ...] = ()
    strangers: tuple[UnknownLabel, ...] = ()
    leading: str = ""
    rows: tuple[DifferingRow, ...] = ()
    roles: tuple[str, ...] = ()
    baseline_name: Message | None = None
    signature: str = ""

    def to_json(self) -> dict[str, Any]:
        """As the command line tells it."""
        runs = [
            {"path": str(path), "name": name, "seed": seed, "group": group.title.english()}
            for group in self.groups
            for path, name, seed in zip(group.runs, group.names, group.seeds, strict=True)
        ]
        return {
            "headline": self.headline.english(),
            "runs": runs,
            "settings": [one.to_json() for one in self.settings],
            "num_equal_settings": self.num_equal,
            "table": [one.to_json() for one in self.groups],
            "pairs": [self._pair_to_json(one) for one in self.pairs],
            "word_counting": {} if self.leading else self.baseline,
            "notes": [one.english() for one in self.notes],
            "left_out": [one.to_json() for one in self.left_out],
            "unknown_labels": [one.to_json() for one in self.strangers],
            **(self._in_words_to_json() if self.leading else {}),
        }

    def _in_words_to_json(self) -> dict[str, Any]:
        told = self.baseline_name
        return {
            "leading": self.leading,
            "signature": self.signature,
            "baseline": {"name": "" if told is None else told.english(), "figures": self.baseline},
            "differing_rows": [self._row_to_json(one) for one in self.rows],
        }

    def _row_to_json(self, one: DifferingRow) -> dict[str, Any]:
        return {
            "a": self.groups[one.a].title.english(),
            "b": self.groups[one.b].title.english(),
            "row": one.row,
            "read": dict(zip(self.roles, one.read, strict=False)),
            "wanted": list(one.wanted),
            "said_a": one.said_a,
            "said_b": one.said_b,
            "metric": one.metric,
            "score_a": one.score_a,
            "score_b": one.score_b,
        }

    def _pair_to_json(self, pair: Pair) -> dict[str, Any]:
        return {
            "a": self.groups[pair.a].title.english(),
            "b": self.groups[pair.b].title.english(),
            "outcome": pair.outcome,
            "verdict": pair.verdict.english(),
            "scope": pair.scope.english(),
            "mcnemar_p": pair.mcnemar_p,
            "p_value": pair.p_value,
            "change": {name: one.to_json() for name, one in pair.change.items()},
            "only_a": pair.only_a,
            "only_b": pair.only_b,
            "num_rows": pair.num_rows,
            "is_about_recipes": pair.is_about_recipes,
            "rows_needed": pair.rows_needed,
            **({"p_values": pair.p_values} if pair.p_values else {}),
        }


def _or_none(value: float) -> float | None:
    return None if math.isnan(value) else value
