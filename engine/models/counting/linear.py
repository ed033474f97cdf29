"""The linear model over n-grams: what each counts, one question after the other, by scikit-learn.

Shapes: R rows (texts), N n-grams, Q questions (one of two labels, else one a label; a number is one).
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.special import expit
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression, Ridge

from engine.breath import breathe
from engine.config.counting import Weighting

Floats = NDArray[np.float32]

_CERTAIN = 40.0
"""Log odds of what is always so: a probability of 1."""

_TOLERANCE = 1e-2
"""Of the solver: a tenth of it changes no figure, and takes twice as long (measured on IMDB)."""


@dataclass(frozen=True)
class Way:
    """How n-grams are counted and weighed; `regularisation` is 1 / C."""

    longest: int
    weighting: Weighting
    regularisation: float


@dataclass(frozen=True)
class Linear:
    """The answer to a question is the sum of `weights` [N, Q] of the n-grams that a text holds, plus `bias` [Q]: log
    odds, or a number. With `squares` [N] the sum is divided by the text's length, the root of the sum of them."""

    weights: Floats
    bias: Floats
    squares: Floats | None = None

    def answers(self, held: csr_matrix) -> NDArray[np.float64]:
        """[R, Q] for texts that hold n-grams, `held` [R, N] of 1."""
        found: NDArray[np.float64] = np.asarray(held @ self.weights, dtype=np.float64)
        if self.squares is not None:
            found = found / _lengths(held, self.squares)[:, None]
        return found + self.bias


@dataclass(frozen=True)
class Question:
    """`truths` [R]: yes or no, or numbers. `counts` [R]: how much each row counts, None for all alike."""

    truths: NDArray[Any]
    counts: NDArray[np.float64] | None = None

    @property
    def is_number(self) -> bool:
        return self.truths.dtype != np.bool_

    def of(self, rows: NDArray[np.int64]) -> Question:
        """The same of some rows."""
        return Question(self.truths[rows], None if self.counts is None else self.counts[rows])


def fit(held: csr_matrix, questions: Sequence[Question], way: Way) -> Linear:
    """Learn what each n-gram counts for each question. `held` [R, N] of 1.

    An n-gram that no text holds counts nothing. Raises GivenUp between two questions.
    """
    num_texts = np.bincount(held.indices, minlength=held.shape[1])
    rarity = _rarity(num_texts, held.shape[0]) if way.weighting == "tf-idf" else None
    lengths = None if rarity is None else _lengths(held, rarity**2)
    weights = np.zeros((held.shape[1], len(questions)), dtype=np.float32)
    bias = np.zeros(len(questions), dtype=np.float32)
    for number, question in enumerate(questions):
        breathe()
        scale = _ratios(held, question) if way.weighting == "naive-bayes" and not question.is_number else rarity
        found, bias[number] = _fitted(_scaled(held, scale, lengths), question, way.regularisation)
        weights[:, number] = found if scale is None else found * scale
    weights[num_texts == 0] = 0
    return Linear(weights, bias, None if rarity is None else rarity**2)


def probabilities(answers: NDArray[np.float64], *, is_exclusive: bool) -> NDArray[np.float64]:
    """[R, labels] of log odds `answers` [R, Q]. Of exclusive labels two are one question, and the odds of more are made
    to sum to 1; else each has its own."""
    said: NDArray[np.float64] = expit(answers)
    if not is_exclusive:
        return said
    if said.shape[1] == 1:
        return np.concatenate([expit(-answers), said], axis=1)
    shares: NDArray[np.float64] = said / np.maximum(said.sum(axis=1, keepdims=True), 1e-300)
    return shares


def _fitted(features: csr_matrix, question: Question, regularisation: float) -> tuple[Floats, float]:
    """(weights [N], bias)."""
    truths, counts = question.truths, question.counts
    if question.is_number:
        ridge = Ridge(alpha=regularisation, solver="lsqr").fit(features, truths, counts)
        return ridge.coef_.astype(np.float32), float(ridge.intercept_)
    if truths.all() or not truths.any():  # nothing to weigh: the answer is known
        return np.zeros(features.shape[1], np.float32), _CERTAIN if truths.any() else -_CERTAIN
    # coordinate descent on the rows' weights (Yu 2011): with more n-grams than rows ten times as fast
    model = LogisticRegression(
        C=1 / regularisation, solver="liblinear", dual=True, max_iter=1000, tol=_TOLERANCE, random_state=0
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(features, truths, counts)
    return model.coef_[0].astype(np.float32), float(model.intercept_[0])


def _ratios(held: csr_matrix, question: Question) -> Floats:
    """[N]: log of how much likelier an n-gram is in a text of yes than in one of no (Wang & Manning 2012, eq. 2),
    every n-gram seen once more on both sides."""
    yes = 1.0 + np.bincount(held[question.truths].indices, minlength=held.shape[1])
    no = 1.0 + np.bincount(held[~question.truths].indices, minlength=held.shape[1])
    ratios: Floats = (np.log(yes / yes.sum()) - np.log(no / no.sum())).astype(np.float32)
    return ratios


def _rarity(num_texts: NDArray[np.int64], num_rows: int) -> Floats:
    """[N]: the inverse document frequency, smoothed as scikit-learn does it; 0 of what no text holds."""
    found: Floats = (np.log((1 + num_rows) / (1 + num_texts)) + 1).astype(np.float32)
    return np.where(num_texts > 0, found, np.float32(0))


def _lengths(held: csr_matrix, squares: Floats) -> NDArray[np.float64]:
    """[R]: the length of each text; 1 of one without n-grams."""
    found = np.sqrt(np.asarray(held @ squares.astype(np.float64)))
    return np.where(found > 0, found, 1.0)


def _scaled(held: csr_matrix, scale: Floats | None, lengths: NDArray[np.float64] | None) -> csr_matrix:
    """Columns times `scale` [N], rows divided by `lengths` [R]."""
    data = held.data if scale is None else scale[held.indices]
    if lengths is not None:
        data = data / np.repeat(lengths, np.diff(held.indptr)).astype(np.float32)
    return csr_matrix((data.astype(np.float32, copy=False), held.indices, held.indptr), shape=held.shape)
