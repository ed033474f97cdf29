"""Verdicts: two groups of runs on the same texts, and what may be said about which one is better.

A group of one run is that very model; nothing is claimed about its settings, as another seed may turn out otherwise. Of
two groups of three seeds or more, settings are compared: the difference must then be more than chance over the texts
and more than chance over the seeds. Over texts: McNemar's exact test of those that one side alone answers rightly (with
several seeds a side: that more of its runs answer rightly). Over seeds: Student's t of the differences seed by seed
where both have the same seeds, else Welch's t.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import compress

import numpy as np

from engine.inspection.comparison.compared_rows import ComparedRows
from engine.inspection.comparison.verdict_words import Finding, Side, scope_words, verdict_words
from engine.messages import message
from engine.metrics import significance
from engine.metrics.label_counts import Floats
from engine.metrics.registry import ends
from engine.metrics.significance import Difference
from engine.records import Change, Outcome, Pair, TargetKind
from engine.targets import target_of

LEAST_SEEDS = 3


def matched(rows: ComparedRows, a: Side, b: Side) -> tuple[Side, Side, bool] | None:
    """The runs of two sides that can be compared, and whether they belong together seed by seed; None for none.

    Either all runs were measured on the same texts, or those of the same seed were (each seed holds other texts back).
    """
    shared = [seed for seed in a.seeds if seed in b.seeds]
    is_one_set = all(rows.are_same(a.runs[0], run) for run in (*a.runs, *b.runs))
    if is_one_set and not len(shared) == len(a.seeds) == len(b.seeds):
        return a, b, False
    pairs = [(a.runs[a.seeds.index(seed)], b.runs[b.seeds.index(seed)]) for seed in shared]
    alike = [rows.are_same(*pair) for pair in pairs]
    pairs, shared = list(compress(pairs, alike)), list(compress(shared, alike))
    if not shared:
        return None
    seeds = tuple(shared)
    return (
        Side(a.title, tuple(one for one, _ in pairs), seeds),
        Side(b.title, tuple(other for _, other in pairs), seeds),
        True,
    )


def found(rows: ComparedRows, a: Side, b: Side, kind: TargetKind, *, is_paired: bool) -> Finding:
    """Two sides that `matched` made, once the texts were drawn."""
    better = merit_of(rows, b.runs) - merit_of(rows, a.runs)
    asked = better[np.isfinite(better)]
    only_b, only_a = int(np.sum(asked > 1e-9)), int(np.sum(asked < -1e-9))
    target = target_of(kind)
    exact = significance.exact_p(only_b, only_a) if target.is_categorical else None
    p_rows = significance.mean_difference(asked).p_value if exact is None else exact
    is_about_recipes = min(len(a.runs), len(b.runs)) >= LEAST_SEEDS
    seeds = over_seeds(rows, a, b, target.leading_metric, is_paired=is_paired) if is_about_recipes else None
    names = list(rows.drawn.figures(a.runs[0]))
    change = {name: change_of(rows, a, b, name, seeds is not None, is_paired=is_paired) for name in names}
    return Finding(change, only_a, only_b, len(asked), p_rows, exact, seeds)


def judged(number_a: int, number_b: int, a: Side, b: Side, finding: Finding, corrected: float, num_pairs: int) -> Pair:
    """The verdict; `corrected` is the p-value for all `num_pairs` comparisons together."""
    outcome = _outcome(finding, corrected)
    needed = None
    if outcome == "open" and finding.exact_p is not None and finding.p_rows > significance.LEVEL / num_pairs:
        needed = significance.rows_needed(finding.only_b, finding.only_a, finding.num_rows, num_pairs)
    return Pair(
        a=number_a,
        b=number_b,
        outcome=outcome,
        verdict=verdict_words(a, b, finding, outcome, corrected, needed),
        scope=scope_words(a, b, is_about_recipes=finding.seeds is not None),
        change=finding.change,
        mcnemar_p=finding.exact_p,
        p_value=corrected,
        only_a=finding.only_a,
        only_b=finding.only_b,
        num_rows=finding.num_rows,
        is_about_recipes=finding.seeds is not None,
        rows_needed=needed,
    )


def apart(number_a: int, number_b: int, a: Side, b: Side) -> Pair:
    """Two sides that were measured on different texts."""
    verdict = message(
        "{a} and {b} were measured on different texts, so nothing can be said about which one is better; measure both "
        "on one file.",
        a=a.title,
        b=b.title,
    )
    return Pair(number_a, number_b, "apart", verdict, scope_words(a, b, is_about_recipes=False))


def merit_of(rows: ComparedRows, runs: Sequence[int]) -> Floats:
    """[num_texts]: the mean over those runs that were asked; nan where none was."""
    held = np.stack([rows.merits[run] for run in runs])
    asked = np.isfinite(held).sum(axis=0)
    total = np.where(np.isfinite(held), held, 0.0).sum(axis=0)
    merit: Floats = np.divide(total, asked, out=np.full(len(total), np.nan), where=asked > 0)
    return merit


def over_seeds(rows: ComparedRows, a: Side, b: Side, name: str, *, is_paired: bool) -> Difference:
    before, after = ([rows.drawn.figures(run)[name] for run in side.runs] for side in (a, b))
    if is_paired:
        return significance.mean_difference(np.subtract(after, before))
    return significance.welch_difference(before, after)


def change_of(rows: ComparedRows, a: Side, b: Side, name: str, with_seeds: bool, *, is_paired: bool) -> Change:
    """The luck of the seeds and that of the texts add up like sides of a right angle."""
    between = over_seeds(rows, a, b, name, is_paired=is_paired)
    width = rows.drawn.change_half_width(a.runs, b.runs, name)
    if with_seeds:
        width = float(np.hypot(width, between.half_width))
    low, high = ends(name, between.mean, width, is_difference=True) or (math.nan, math.nan)
    return Change(between.mean, width, low, high)


def _outcome(finding: Finding, corrected: float) -> Outcome:
    """Against the level; what is more often right but loses in F1 beyond chance is called neither."""
    if corrected >= significance.LEVEL:
        return "open"
    better = finding.only_b > finding.only_a if finding.exact_p is not None else finding.change["mae"].value < 0
    f1 = finding.change.get("f1")
    if f1 is not None and f1.is_beyond_chance and (f1.value > 0) != better:
        return "open"
    return "better" if better else "worse"
