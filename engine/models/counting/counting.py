"""count_words: from token ids and truths to the linear model of their n-grams, with what was chosen and left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from engine.config.counting import Kind, Weighting, WordCounting
from engine.models.counting.choosing import (
    NUM_FOLDS,
    WORK_A_SECOND,
    Open,
    Trial,
    answers_out_of_fold,
    choose,
    parts_of,
    trial_work,
)
from engine.models.counting.linear import Linear, Question, Way, fit, probabilities
from engine.models.counting.ngrams import Ngrams, Texts, longest_for
from engine.targets import Target

MOST_TOKENS = 2**24
"""That are learned from: beyond, rows are drawn evenly, so that memory is bounded (about 2 GB) for any data."""

_MOST_WEIGHTS = 2**25
"""N-grams times questions."""
_MANY_ROWS = 1000
_SAMPLE_ROWS = 12_000
_SAMPLE_TOKENS = 2**21
_LEAST_ROWS, _FEWEST_TRIALS = 2000, 6
_LONGEST: Mapping[Kind, tuple[int, ...]] = {"words": (3, 2, 1), "characters": (5, 4, 3)}


@dataclass(frozen=True)
class Rows:
    """What is learned from: token ids, and `truths` as a target encodes them, of `num_labels` labels. `class_weights`
    are each label's, in id order."""

    texts: Texts
    truths: NDArray[np.generic]
    target: Target
    num_labels: int
    class_weights: Sequence[float] | None = None

    @property
    def questions(self) -> list[Question]:
        """One for each column of answers."""
        asked = self.target.questions(self.truths, self.num_labels)
        if not self.target.is_categorical:
            return [Question(one.astype(np.float64)) for one in asked]
        if self.class_weights is None:
            return [Question(one.astype(np.bool_)) for one in asked]
        if self.target.is_exclusive:
            counts = np.asarray(self.class_weights, dtype=np.float64)[self.truths.astype(np.int64)]
            return [Question(one.astype(np.bool_), counts) for one in asked]
        return [
            Question(one.astype(np.bool_), np.where(one, weight, 1.0))
            for one, weight in zip(asked, self.class_weights, strict=True)
        ]

    def of(self, places: NDArray[np.int64]) -> Rows:
        """Those at `places` [rows]."""
        return Rows(self.texts.rows(places), self.truths[places], self.target, self.num_labels, self.class_weights)


@dataclass(frozen=True)
class Counted:
    """`ngrams` with the `linear` model of them and how many learned texts hold each, `num_texts` [N]. `trials` led to
    `way`; `num_tried` rows took part in them, `num_learned` in the fit; `num_found` n-grams before the rarest were left
    out. `places` [R] of all rows were learned from, `rows` are these, and `held` [R, N] their n-grams."""

    ngrams: Ngrams
    linear: Linear
    num_texts: NDArray[np.int64]
    way: Way
    trials: tuple[Trial, ...]
    num_tried: int
    num_learned: int
    num_found: int
    places: NDArray[np.int64]
    held: csr_matrix
    rows: Rows

    def probabilities(self, texts: Texts) -> NDArray[np.float64]:
        """[texts, labels], or the numbers [texts, 1]."""
        answers = self.linear.answers(self.ngrams.presence(texts))
        target = self.rows.target
        return probabilities(answers, is_exclusive=target.is_exclusive) if target.is_categorical else answers

    def out_of_fold(self, num_parts: int, seed: int) -> NDArray[np.float64]:
        """[R, Q]: what models of the same way answer the learned rows, each fitted to the other parts' rows."""
        fold = parts_of(self.rows.texts, self.rows.target.strata(self.rows.truths), num_parts, seed)
        return answers_out_of_fold(self.held, self.rows.questions, fold, partial(fit, way=self.way))


def count_words(
    spec: WordCounting, rows: Rows, vocabulary_size: int, silent: Sequence[int], kind: Kind, seed: int
) -> Counted:
    """Learn from all `rows` (an even draw of more than 16 million tokens). What `spec` leaves open is chosen by
    cross-validation on at most 12,000 of them. The same rows and seed give the same model.
    Raises GivenUp."""
    places = _drawn(rows.texts, len(rows.texts), MOST_TOKENS, seed)
    rows = rows.of(places)
    left = _left_open(spec, rows.target, vocabulary_size, kind)
    is_open = bool(spec.seconds) and not left.is_settled
    trials, num_tried = tried(spec, rows, vocabulary_size, silent, kind, seed) if is_open else ([], 0)
    way = max(trials, key=lambda one: one.rank).way if trials else left.first
    least = _least_texts(spec, rows)
    most = _most_ngrams(spec, rows)
    ngrams, held, num_found = Ngrams.learn(rows.texts, vocabulary_size, way.longest, silent, least, most)
    linear = fit(held, rows.questions, way)
    num_texts = np.bincount(held.indices, minlength=held.shape[1])
    return Counted(
        ngrams,
        linear,
        num_texts,
        way,
        tuple(trials),
        num_tried=num_tried,
        num_learned=len(rows.texts),
        num_found=num_found,
        places=places,
        held=held,
        rows=rows,
    )


def tried(
    spec: WordCounting, rows: Rows, vocabulary_size: int, silent: Sequence[int], kind: Kind, seed: int
) -> tuple[list[Trial], int]:
    """What cross-validation says of the ways that `spec` leaves open, within its seconds, and on how many rows: an even
    draw of so many that a trial takes a sixth of the time, of 2,000 at least."""
    left = _left_open(spec, rows.target, vocabulary_size, kind)
    rows = rows.of(_drawn(rows.texts, _SAMPLE_ROWS, _SAMPLE_TOKENS, seed))
    work = trial_work(len(rows.texts.values) * max(left.longest), len(rows.questions))
    share = spec.seconds * WORK_A_SECOND / (_FEWEST_TRIALS * max(1.0, work))
    rows = rows.of(_drawn(rows.texts, max(_LEAST_ROWS, int(len(rows.texts) * share)), _SAMPLE_TOKENS, seed))
    fold = parts_of(rows.texts, rows.target.strata(rows.truths), NUM_FOLDS, seed)
    least = _least_texts(spec, rows)
    ngrams, held, _ = Ngrams.learn(
        rows.texts, vocabulary_size, max(left.longest), silent, least, _most_ngrams(spec, rows)
    )
    exclusive = rows.target.is_exclusive
    found = choose(ngrams, held, rows.questions, fold, left, spec.seconds, is_exclusive=exclusive)
    return found, len(rows.texts)


def _least_texts(spec: WordCounting, rows: Rows) -> int:
    return spec.least_texts or (2 if len(rows.texts) >= _MANY_ROWS else 1)


def _most_ngrams(spec: WordCounting, rows: Rows) -> int:
    return min(spec.most_ngrams, _MOST_WEIGHTS // max(1, len(rows.questions)))


def _left_open(spec: WordCounting, target: Target, vocabulary_size: int, kind: Kind) -> Open:
    possible = longest_for(vocabulary_size)
    lengths = _LONGEST[kind] if spec.longest is None else (spec.longest,)
    usual: tuple[Weighting, ...] = ("naive-bayes", "tf-idf") if target.is_categorical else ("tf-idf", "presence")
    weightings = usual if spec.weighting == "auto" else (spec.weighting,)
    return Open(tuple(dict.fromkeys(min(one, possible) for one in lengths)), weightings, spec.regularisation)


def _drawn(texts: Texts, most_rows: int, most_tokens: int, seed: int) -> NDArray[np.int64]:
    """All row numbers, or an even draw of as many as are used, in order."""
    num_rows = len(texts)
    num_tokens = int(texts.offsets[-1])
    count = min(num_rows, most_rows, max(1, int(num_rows * most_tokens / max(1, num_tokens))))
    if count == num_rows:
        return np.arange(num_rows)
    return np.sort(np.random.default_rng([seed, 3]).choice(num_rows, count, replace=False))
