"""against_at_recall: precision at a least recall of some runs against that of others, on the same rows.

Each run's threshold is chosen on its validation rows and held on the test rows, where precision is then measured and
the recall that it really has there; without test rows both are those of validation, where the choice flatters them.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence

import numpy as np

from engine.breath import mapped, telling
from engine.errors import InputError
from engine.inspection.comparison.compared_rows import compared_rows
from engine.inspection.evaluation.examine import examine
from engine.messages import message
from engine.metrics import significance
from engine.metrics.classification import precision_at_recall
from engine.metrics.label_counts import Floats, positive_id
from engine.metrics.paired_runs import PairedRuns
from engine.metrics.registry import ends
from engine.records import Answers, Progress
from engine.records.comparison import Change
from engine.records.search import AgainstStart
from engine.runs.run import Run
from engine.targets import probabilities_of

_LEAST_SEEDS = 3
_KEY = "precision_at_recall"


class _Said:
    """precision and recall [S] from sums [S, 3]: said to be positive, rightly so, positive in truth."""

    def figures(self, sums: Floats, num_rows: Floats) -> Mapping[str, Floats]:
        del num_rows
        said, hits, actual = sums.T
        return {"precision": hits / np.maximum(said, 1), "recall": hits / np.maximum(actual, 1)}


def against_at_recall(
    before: Sequence[Run], after: Sequence[Run], least_recall: float
) -> Generator[Progress, None, AgainstStart]:
    """`after` against `before`, means over their runs, which are of the same seeds in one order. Breathes. Raises
    InputError for runs of other than two labels, and for rows without both."""
    runs = [*before, *after]
    answers: list[Answers] = []
    thresholds = []
    for run in runs:
        chosen = yield from _asked(run, "validation")
        scores, is_positive = _scored(chosen, run)
        thresholds.append(precision_at_recall(scores, is_positive, least_recall)[1])
        answers.append((yield from _asked(run, None)))
    rows = yield from telling(compared_rows(answers, answers[0].positive_label), Progress(0, 1))
    drawn = PairedRuns(rows.num_texts, _Said())
    for run, one, threshold, places in zip(runs, answers, thresholds, rows.places, strict=True):
        scores, is_positive = _scored(one, run)
        said = scores >= threshold
        drawn.add(places, np.stack([said, said & is_positive, is_positive], axis=1).astype(np.float64))
    for done in drawn.draw():
        yield Progress(done, drawn.num_draws)
    first, second = range(len(before)), range(len(before), len(runs))
    figures = [drawn.figures(place) for place in range(len(runs))]
    values = [[figures[place]["precision"] for place in side] for side in (first, second)]
    recalls = [float(np.mean([figures[place]["recall"] for place in side])) for side in (first, second)]
    width = drawn.change_half_width(first, second, "precision")
    if min(len(before), len(after)) >= _LEAST_SEEDS and len(before) == len(after):
        width = float(np.hypot(width, significance.mean_difference(np.subtract(values[1], values[0])).half_width))
    change = float(np.mean(values[1]) - np.mean(values[0]))
    low, high = ends(_KEY, change, width, is_difference=True) or (float("nan"), float("nan"))
    return AgainstStart(
        metric=_KEY,
        title=message("precision at {recall} % recall", recall=f"{100 * least_recall:g}"),
        split=answers[0].split,
        num_rows=rows.num_texts,
        start=float(np.mean(values[0])),
        winner=float(np.mean(values[1])),
        change=Change(change, width, low, high),
        seeds_start=len(before),
        seeds_winner=len(after),
        recall_start=recalls[0],
        recall_winner=recalls[1],
    )


def _asked(run: Run, split: str | None) -> Generator[Progress, None, Answers]:
    return (yield from mapped(examine(run, None, split), lambda told: Progress(0, 1, note=told.note)))


def _scored(answers: Answers, run: Run) -> tuple[Floats, np.ndarray]:
    """(the positive label's probability, whether a row is positive), both [N]."""
    positive = positive_id(answers.labels, answers.positive_label)
    if positive is None or answers.truths is None or not (answers.truths == positive).any():
        raise InputError(
            message("Precision at a least recall needs rows of two labels, some of them of the positive one."),
            str(run.path),
            message("Choose another goal."),
        )
    scores: Floats = np.asarray(probabilities_of(answers), dtype=np.float64)[:, positive]
    return scores, np.asarray(answers.truths == positive)
