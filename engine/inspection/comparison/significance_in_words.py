"""Verdicts on answers in words: a figure of sums over rows, and what may be said about which side is better.

Over texts: the paired bootstrap of the figure that leads. Over seeds, where both sides have three or more: Student's t
of the differences seed by seed where both have the same seeds, else Welch's t (`significance_verdicts`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.inspection.comparison.compared_rows import ComparedRows
from engine.inspection.comparison.significance_verdicts import LEAST_SEEDS, change_of, merit_of, over_seeds
from engine.inspection.comparison.verdict_words import Side, p_words, scope_words
from engine.messages import Message, message
from engine.metrics.registry import metric_of
from engine.metrics.significance import LEVEL, Difference
from engine.records import Change, Outcome, Pair


@dataclass(frozen=True)
class FindingInWords:
    """What was measured about two sides, before it is corrected for the number of comparisons. `p_values` are those of
    each figure over texts; `before` and `after` what the leading one comes to."""

    leading: str
    before: float
    after: float
    change: dict[str, Change]
    p_values: dict[str, float]
    only_a: int
    only_b: int
    num_rows: int
    seeds: Difference | None
    """None where only models are compared."""

    @property
    def p_value(self) -> float:
        over_texts = self.p_values[self.leading]
        return over_texts if self.seeds is None else max(over_texts, self.seeds.p_value)


def found_in_words(rows: ComparedRows, a: Side, b: Side, leading: str, *, is_paired: bool) -> FindingInWords:
    """Two sides that `matched` made, once the texts were drawn."""
    better = merit_of(rows, b.runs) - merit_of(rows, a.runs)
    asked = better[np.isfinite(better)]
    seeds = None
    if min(len(a.runs), len(b.runs)) >= LEAST_SEEDS:
        seeds = over_seeds(rows, a, b, leading, is_paired=is_paired)
    names = list(rows.drawn.figures(a.runs[0]))
    return FindingInWords(
        leading=leading,
        before=_mean(rows, a, leading),
        after=_mean(rows, b, leading),
        change={name: change_of(rows, a, b, name, seeds is not None, is_paired=is_paired) for name in names},
        p_values={name: rows.drawn.change_p(a.runs, b.runs, name) for name in names},
        only_a=int(np.sum(asked < -1e-9)),
        only_b=int(np.sum(asked > 1e-9)),
        num_rows=len(asked),
        seeds=seeds,
    )


def judged_in_words(number_a: int, number_b: int, a: Side, b: Side, finding: FindingInWords, corrected: float) -> Pair:
    """The verdict; `corrected` is the p-value for all comparisons together."""
    outcome = _outcome(finding, corrected)
    return Pair(
        a=number_a,
        b=number_b,
        outcome=outcome,
        verdict=_verdict(a, b, finding, outcome, corrected),
        scope=scope_words(a, b, is_about_recipes=finding.seeds is not None),
        change=finding.change,
        p_value=corrected,
        only_a=finding.only_a,
        only_b=finding.only_b,
        num_rows=finding.num_rows,
        is_about_recipes=finding.seeds is not None,
        p_values=finding.p_values,
    )


def _mean(rows: ComparedRows, side: Side, name: str) -> float:
    return float(np.mean([rows.drawn.figures(run)[name] for run in side.runs]))


def _outcome(finding: FindingInWords, corrected: float) -> Outcome:
    change = finding.change[finding.leading].value
    if corrected >= LEVEL or change == 0:
        return "open"
    return "better" if (change < 0) == metric_of(finding.leading).lower_is_better else "worse"


def _verdict(a: Side, b: Side, finding: FindingInWords, outcome: Outcome, corrected: float) -> Message:
    metric = metric_of(finding.leading)
    is_turned = outcome == "worse"
    values = {
        "a": b.title if is_turned else a.title,
        "b": a.title if is_turned else b.title,
        "metric": metric.heading,
        "value_a": metric.written(finding.after if is_turned else finding.before),
        "value_b": metric.written(finding.before if is_turned else finding.after),
        "rows": finding.num_rows,
        "p": p_words(corrected),
    }
    if outcome != "open":
        if finding.seeds is not None:
            return message(
                "{b} is better than {a}: {metric} {value_b} against {value_a}, more than the luck of seeds and texts "
                "(p {p}).",
                **values,
            )
        return message(
            "{b} is better than {a}: {metric} {value_b} against {value_a} on {rows:plural:row:rows} (p {p}).", **values
        )
    if finding.seeds is not None and finding.p_values[finding.leading] < finding.seeds.p_value:
        return message(
            "Can't tell {a} and {b} apart: {metric} {value_a} and {value_b} can be the luck of the seeds (p {p}). More "
            "seeds may tell.",
            **values,
        )
    return message(
        "Can't tell {a} and {b} apart with {rows:plural:row:rows}: {metric} {value_a} and {value_b} (p {p}).", **values
    )
