"""choose: which length of runs, weighting and regularisation answer held-out texts best, within bounds.

Shapes: R rows (texts), N n-grams.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from engine.config.counting import Weighting
from engine.models.counting.linear import Linear, Question, Way, fit, probabilities
from engine.models.counting.ngrams import Ngrams, Texts

NUM_FOLDS = 3
FIRST_REGULARISATION: dict[Weighting, float] = {"naive-bayes": 1.0, "tf-idf": 0.1, "presence": 1.0}
"""What is tried first, and taken where nothing is to be chosen; measured on six data sets (BENCHMARKS.md)."""

WORK_A_SECOND = 4e6
"""Entries times questions that a fit of all gets through in a processor second, within a factor of two (measured on
IMDB and banking77)."""
_STEP = 10**0.5
_MOST_STEPS = 4
_LEAST_CHANCE = 1e-12


@dataclass(frozen=True)
class Trial:
    """`right` is the share of held-out texts whose label was said (of several labels the share of right answers, of a
    number less the mean squared error), rows weighed as in the loss; `loss` the mean loss."""

    way: Way
    right: float
    loss: float

    @property
    def rank(self) -> tuple[float, float]:
        """The larger the better; a loss decides between equals."""
        return (round(self.right, 6), -self.loss)


@dataclass(frozen=True)
class Open:
    """What a person left open: the first of each is the one to begin with."""

    longest: tuple[int, ...]
    weightings: tuple[Weighting, ...]
    regularisation: float | None

    @property
    def first(self) -> Way:
        weighting = self.weightings[0]
        return Way(self.longest[0], weighting, self.regularisation or FIRST_REGULARISATION[weighting])

    @property
    def is_settled(self) -> bool:
        return len(self.longest) == len(self.weightings) == 1 and self.regularisation is not None


def choose(
    ngrams: Ngrams,
    held: csr_matrix,
    questions: Sequence[Question],
    fold: NDArray[np.int64],
    left: Open,
    seconds: float,
    *,
    is_exclusive: bool,
) -> list[Trial]:
    """What was tried, in order, by cross-validation over the parts `fold` [R]; the best way is that of the highest
    rank. Weightings first, then lengths, then regularisation up and down from the best, while work is left; one trial
    is always made. Work is counted, not timed, so that the same rows lead to the same choice on every machine."""
    trials: dict[Way, Trial] = {}
    work_left = seconds * WORK_A_SECOND

    def best() -> Way:
        return max(trials.values(), key=lambda one: one.rank).way

    def try_one(way: Way) -> None:
        nonlocal work_left
        part = held[:, : ngrams.num_up_to(way.longest)]
        work = trial_work(part.nnz, len(questions))
        if way in trials or (trials and work > work_left):
            return
        work_left -= work
        trials[way] = _trial(part, questions, fold, way, is_exclusive)

    for one in left.weightings:
        try_one(Way(left.longest[0], one, left.regularisation or FIRST_REGULARISATION[one]))
    for longest in left.longest:
        try_one(replace(best(), longest=longest))
    for factor in (_STEP, 1 / _STEP) if left.regularisation is None else ():
        for _ in range(_MOST_STEPS):
            before = best()
            try_one(replace(before, regularisation=float(f"{before.regularisation * factor:.3g}")))
            if best() == before:
                break
    return list(trials.values())


def trial_work(num_entries: int, num_questions: int) -> int:
    """Of one trial: each of the folds' models learns from all rows but a fold's."""
    return (NUM_FOLDS - 1) * num_entries * num_questions


def parts_of(texts: Texts, strata: NDArray[np.int64], num_parts: int, seed: int) -> NDArray[np.int64]:
    """[R]: a part from 0 on for each row; the same text is always in the same one, each stratum is spread evenly."""
    sums = [
        zlib.crc32(texts.values[start:stop].tobytes())
        for start, stop in zip(texts.offsets[:-1], texts.offsets[1:], strict=True)
    ]
    _, firsts, group = np.unique(np.array(sums), return_index=True, return_inverse=True)
    generator = np.random.default_rng([seed, 7])
    part = np.empty(len(firsts), dtype=np.int64)
    begin = 0
    for stratum in np.unique(strata[firsts]):
        members = generator.permutation(np.flatnonzero(strata[firsts] == stratum))
        part[members] = (begin + np.arange(len(members))) % num_parts
        begin += len(members)
    found: NDArray[np.int64] = part[group]
    return found


def answers_out_of_fold(
    held: csr_matrix, questions: Sequence[Question], fold: NDArray[np.int64], fit_one: Callable[..., Linear]
) -> NDArray[np.float64]:
    """[R, Q]: what `fit_one(held, questions)` of the other parts' rows answers each row."""
    found = np.zeros((held.shape[0], len(questions)))
    for part in np.unique(fold):
        learned, asked = np.flatnonzero(fold != part), np.flatnonzero(fold == part)
        if len(learned):
            found[asked] = fit_one(held[learned], [one.of(learned) for one in questions]).answers(held[asked])
    return found


def _trial(
    held: csr_matrix, questions: Sequence[Question], fold: NDArray[np.int64], way: Way, is_exclusive: bool
) -> Trial:
    found = answers_out_of_fold(held, questions, fold, lambda part, asked: fit(part, asked, way))
    truths = np.stack([one.truths for one in questions], axis=1)
    if questions[0].is_number:
        error = float(np.mean((found - truths) ** 2))
        return Trial(way, -error, error)
    chances = probabilities(found, is_exclusive=is_exclusive)
    counts = np.ones(len(found)) if questions[0].counts is None or not is_exclusive else questions[0].counts
    if not is_exclusive:
        said = np.where(truths, chances, 1 - chances)
        return Trial(way, float(np.mean((chances >= 0.5) == truths)), _mean_loss(said.ravel(), np.ones(said.size)))
    label = truths[:, 0].astype(np.int64) if truths.shape[1] == 1 else truths.argmax(axis=1)
    right = float(np.average(chances.argmax(axis=1) == label, weights=counts))
    return Trial(way, right, _mean_loss(chances[np.arange(len(label)), label], counts))


def _mean_loss(chances: NDArray[np.float64], counts: NDArray[np.float64]) -> float:
    return float(np.average(-np.log(np.maximum(chances, _LEAST_CHANCE)), weights=counts))
