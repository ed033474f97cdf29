"""Which labels are likely wrong: confident learning (Northcutt 2021, "Confident Learning: Estimating Uncertainty in
Dataset Labels") on probabilities by a model that did not learn from the row. N rows, L labels.

How rows are ranked was measured (BENCHMARKS.md): the given label's probability over that label's threshold found as
many planted errors as any other score on two labels and far more than a difference of probabilities on 77.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.records import Answers, Suspect

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_LEAST = 1e-12


def thresholds(probabilities: Floats, truths: Ints) -> Floats:
    """[L]: how sure the model is of a label on the rows that have it, in the mean (eq. 2); 1 for a label of no row."""
    sums = np.bincount(truths, weights=probabilities[np.arange(len(truths)), truths], minlength=probabilities.shape[1])
    counts = np.bincount(truths, minlength=probabilities.shape[1])
    return np.where(counts > 0, sums / np.maximum(counts, 1), 1.0)


def confident_joint(probabilities: Floats, truths: Ints) -> Ints:
    """[given label, label that it seems to be]: rows of which the model is at least as sure as it usually is of that
    label; of several such labels the likeliest one (eq. 1)."""
    num_labels = probabilities.shape[1]
    is_sure = probabilities >= thresholds(probabilities, truths)
    seems = np.where(is_sure, probabilities, -1.0).argmax(axis=1)
    counted = is_sure.any(axis=1)
    pairs = truths[counted] * num_labels + seems[counted]
    return np.bincount(pairs, minlength=num_labels**2).reshape(num_labels, num_labels)


def expected_wrong(probabilities: Floats, truths: Ints) -> float:
    """How many of the labels `truths` [N] are wrong, by `probabilities` [N, L]: what stands off the diagonal of the
    confident joint, each row of it scaled to the rows that the label has (eq. 3)."""
    joint = confident_joint(probabilities, truths).astype(np.float64)
    support = np.bincount(truths, minlength=probabilities.shape[1])
    sure = joint.sum(axis=1)
    wrong = np.divide(sure - np.diag(joint), sure, out=np.zeros_like(sure), where=sure > 0)
    return float(wrong @ support)


def label_quality(probabilities: Floats, truths: Ints) -> Floats:
    """[N]: the given label's probability over its threshold; the least one is the most suspicious."""
    given = probabilities[np.arange(len(truths)), truths]
    return given / np.maximum(thresholds(probabilities, truths)[truths], _LEAST)


@dataclass(frozen=True)
class LabelErrors:
    """Suspicious rows, [F] each: places, what is given and proposed, both probabilities; `expected` errors in all."""

    places: Ints
    given: Sequence[str]
    proposed: Sequence[str]
    probability: Floats
    probability_proposed: Floats
    quality: Floats
    expected: float


def errors_of_ids(probabilities: Floats, truths: Ints, labels: Sequence[str]) -> LabelErrors:
    """Rows for which another label is likelier than the given one. `probabilities` are [N, L]: nan where the model
    cannot have learned a label, and such rows are not judged; `truths` label ids [N]."""
    judged = np.flatnonzero(np.isfinite(probabilities).all(axis=1))
    said, truths = probabilities[judged], truths[judged]
    likeliest = said.argmax(axis=1)
    doubted = np.flatnonzero(likeliest != truths)
    given, proposed = truths[doubted], likeliest[doubted]
    return LabelErrors(
        places=judged[doubted],
        given=[labels[code] for code in given],
        proposed=[labels[code] for code in proposed],
        probability=said[doubted, given],
        probability_proposed=said[doubted, proposed],
        quality=label_quality(said, truths)[doubted],
        expected=expected_wrong(said, truths),
    )


def errors_of_sets(probabilities: Floats, truths: NDArray[np.bool_], labels: Sequence[str]) -> LabelErrors:
    """Each label a question with the two answers no (0) and yes (1), so a row may stand there once a label; `given` is
    what stands there wrongly ("" where one is missing), `proposed` what is missing ("" where one is too many). Both
    arrays are [N, L]."""
    found = [
        errors_of_ids(np.stack([1.0 - yes, yes], axis=1), true.astype(np.int64), ("", label))
        for yes, true, label in zip(probabilities.T, truths.T, labels, strict=True)
    ]
    return LabelErrors(
        places=np.concatenate([one.places for one in found]),
        given=[label for one in found for label in one.given],
        proposed=[label for one in found for label in one.proposed],
        probability=np.concatenate([one.probability for one in found]),
        probability_proposed=np.concatenate([one.probability_proposed for one in found]),
        quality=np.concatenate([one.quality for one in found]),
        expected=sum(one.expected for one in found),
    )


def errors_of_numbers(said: Floats, truths: Floats) -> LabelErrors:
    """The largest residuals; `probability` is the share of rows whose residual is at least as large. Both are [N]. How
    many numbers are wrong cannot be told from residuals alone: those beyond Tukey's outer fence (1977), three
    times the spread of the middle half away from it, are counted."""
    residuals = said - truths
    distance = np.abs(residuals)
    low, high = np.quantile(residuals, [0.25, 0.75]) if len(residuals) else (0.0, 0.0)
    fence = 3.0 * (high - low)
    is_out = (residuals < low - fence) | (residuals > high + fence)
    share = 1.0 - np.searchsorted(np.sort(distance), distance, side="left") / max(1, len(distance))
    return LabelErrors(
        places=np.arange(len(truths)),
        given=[f"{value:.6g}" for value in truths],
        proposed=[f"{value:.6g}" for value in said],
        probability=share,
        probability_proposed=1.0 - share,
        quality=-distance,
        expected=float(is_out.sum()),
    )


def suspect(answers: Answers, found: LabelErrors, number: int) -> Suspect:
    """Number `number` of those found in the answers."""
    place = int(found.places[number])
    return Suspect(
        place=place,
        row=int(answers.rows[place]),
        text=answers.texts[place],
        label=found.given[number],
        proposed=found.proposed[number],
        probability=float(found.probability[number]),
        probability_proposed=float(found.probability_proposed[number]),
    )
