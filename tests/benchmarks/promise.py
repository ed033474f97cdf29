"""Is a promised precision kept, and what does it cost? Many splits of one set of predictions into two halves.

    python -m tests.benchmarks.promise RUN --precision .948 --splits 500

The rows of the run's test split are divided at random again and again: the threshold is chosen on one half, and
precision is measured on the other. Beside it the lowest threshold whose seen precision is high enough, uncorrected.

A half is a small sample of its own, so that precision on it may fall below the target where that of all texts does
not: the promise is about the latter. `held_truth` compares with the precision on all rows of the set, from which both
halves are drawn: the nearest to the truth that there is. As the rows of the first half are among them, that flatters;
`held_half` is the plain share of other halves with at least the target, and the harder test.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from engine import verbs
from engine.command_line.printing import answered
from engine.metrics.decision_rules import label_scores
from engine.metrics.precision_curve import PrecisionCurve
from engine.metrics.precision_guarantee import promised
from engine.runs.run import Run
from engine.targets import probabilities_of
from tests.benchmarks.figures import print_table, tell

Choose = Callable[[np.ndarray, np.ndarray], float | None]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("run", type=Path)
    parser.add_argument("--precision", type=float, default=0.948)
    parser.add_argument("--confidence", type=float, default=0.95)
    parser.add_argument("--splits", type=int, default=500)
    parser.add_argument("--split", default="test")
    parser.add_argument("--rows", type=int, default=None, help="so many rows choose the threshold (half of them)")
    asked = parser.parse_args()
    answers = answered(verbs.examine(Run.open(asked.run), None, asked.split))
    assert answers.truths is not None and answers.kind == "one"
    probabilities = probabilities_of(answers)
    ways: dict[str, Choose] = {
        "promised": lambda scores, truths: promised(scores, truths, asked.precision, asked.confidence).threshold,
        "uncorrected": lambda scores, truths: PrecisionCurve(scores, truths).reaching(asked.precision),
    }
    found = []
    for number, label in enumerate(answers.labels):
        scores, truths = label_scores(probabilities, number), answers.truths == number
        for way, choose in ways.items():
            figures = _splits(scores, truths, choose, asked)
            found.append({"label": label, "way": way, "rows": len(scores), **figures})
            tell(**found[-1])
    head = [key for key in max(found, key=len) if key != "rows"]
    print_table(head, [[_cell(one.get(key, "")) for key in head] for one in found])


def _splits(scores: np.ndarray, truths: np.ndarray, choose: Choose, asked: argparse.Namespace) -> dict[str, Any]:
    """Shares of the splits in which something was promised; means of recall and of the rows that are said."""
    chance = np.random.default_rng(0)
    whole = PrecisionCurve(scores, truths)
    points = []
    for _ in range(asked.splits):
        order = chance.permutation(len(scores))
        half = asked.rows or len(order) // 2
        threshold = choose(scores[order[:half]], truths[order[:half]])
        if threshold is not None:
            other = PrecisionCurve(scores[order[half:]], truths[order[half:]])
            points.append((whole.at(threshold), other.at(threshold)))
    if not points:
        return {"nothing": 1.0, "held_truth": 1.0}
    error = 2 * np.sqrt(asked.confidence * (1 - asked.confidence) / asked.splits)
    broken = sum(all_rows.precision < asked.precision for all_rows, _ in points) / asked.splits
    return {
        "nothing": 1 - len(points) / asked.splits,
        "held_truth": 1 - broken,
        "at_least": asked.confidence - error,
        "held_half": float(np.mean([other.precision >= asked.precision for _, other in points])),
        "not_clearly_below": float(np.mean([other.precision_high >= asked.precision for _, other in points])),
        "precision": float(np.mean([other.precision for _, other in points])),
        "recall": float(np.mean([other.recall for _, other in points])),
        "said": float(np.mean([other.coverage for _, other in points])),
        "recall_possible": _possible(whole, asked.precision),
    }


def _possible(whole: PrecisionCurve, precision: float) -> float:
    """The recall of whoever knew all rows."""
    threshold = whole.reaching(precision)
    return 0.0 if threshold is None else whole.at(threshold).recall


def _cell(value: object) -> str:
    return f"{value:.3f}" if isinstance(value, float) else str(value)


if __name__ == "__main__":
    main()
