"""BagOfWords: TF-IDF and a linear model, the line that a deep model must pass; it lives in memory only."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import HashingVectorizer, TfidfTransformer
from sklearn.linear_model import LogisticRegression, Ridge

_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
"""Scripts written without spaces: Thai, Lao, Burmese, Khmer, Japanese, Chinese."""

_TOKEN = rf"[{_UNSPACED}]|[^\W{_UNSPACED}]+(?:['’]\w+)*"
_MAX_ROWS = 100_000
_MAX_CHARACTERS = 20_000
_NUM_HASHES = 2**22
"""Columns that n-grams are hashed into: hardly two of a small file share one."""

_MAX_FEATURES = 2**20
_MAX_WEIGHTS = 2**22
"""Features times labels: the solver keeps some twenty copies."""


class OneVsRest:
    """One question a label; of a label that all rows have, or none, the answer is known."""

    def __init__(
        self, features: csr_matrix, targets: NDArray[np.bool_], weights: Sequence[float] | None = None
    ) -> None:
        """`weights` are each label's: how much its yes counts against its no."""
        counts = [1.0] * targets.shape[1] if weights is None else list(weights)
        self._models: list[LogisticRegression | float] = [
            _yes_or_no(weight).fit(features, said) if 0 < said.sum() < len(said) else float(said.any())
            for said, weight in zip(targets.T, counts, strict=True)
        ]

    def predict_proba(self, features: csr_matrix) -> NDArray[np.float64]:
        """[rows, labels]: the probability of each label, a question of its own; `features` [rows, words]."""
        columns = [
            np.full(features.shape[0], model) if isinstance(model, float) else model.predict_proba(features)[:, 1]
            for model in self._models
        ]
        return np.stack(columns, axis=1)


class BagOfWords:
    """Word 1- and 2-grams; where signs without spaces prevail, 1- to 3-grams of signs.

    N-grams are hashed, and rows beyond 100,000 left out by even draw, so that memory is bounded for any data. An n-gram
    that no training text holds says nothing, and so counts for nothing.
    """

    def __init__(
        self,
        vectorizer: HashingVectorizer,
        weighting: Weighting,
        model: LogisticRegression | Ridge | OneVsRest,
    ) -> None:
        self._vectorizer = vectorizer
        self._weighting = weighting
        self._model = model

    @classmethod
    def fit(
        cls,
        texts: Sequence[str],
        labels: Sequence[str] | Sequence[float] | Sequence[Sequence[str]],
        seed: int,
        class_weights: Mapping[str, float] | None = None,
    ) -> BagOfWords:
        """Learn from texts and their labels (strings; numbers make it a regression; lists of strings as many yes-or-no
        questions as there are different labels). `class_weights` are those that the model beside it learns with: how
        much a label's rows count (of several labels its yes against its no)."""
        rows = _drawn(len(texts), seed)
        chosen = [texts[row] for row in rows]
        answers: list[Any] = [labels[row] for row in rows]
        several = _all_in(labels) if isinstance(answers[0], list | tuple) else []
        targets = _said(answers, several) if several else np.array(answers)
        is_numeric = not several and targets.dtype.kind in "fiu"
        num_labels = len(several) or (1 if is_numeric else len(np.unique(targets)))
        vectorizer, weighting = counter_of(chosen, num_labels)
        features = weighting.fit_transform(vectorizer.transform(cut(chosen)))
        if several:
            weights = [class_weights.get(label, 1.0) for label in several] if class_weights else None
            return cls(vectorizer, weighting, OneVsRest(features, targets, weights))
        if is_numeric:
            return cls(vectorizer, weighting, Ridge(solver="lsqr").fit(features, targets))
        return cls(vectorizer, weighting, _one_of_many(features, targets, class_weights))

    def predict_probabilities(self, texts: Iterable[str]) -> NDArray[np.float64]:
        """[texts, labels], labels sorted as Python sorts them; for a regression the numbers, [texts, 1]. Several labels
        a text have a probability each."""
        features: csr_matrix = self._weighting.transform(self._vectorizer.transform(cut(texts)))
        if isinstance(self._model, Ridge):
            return np.asarray(self._model.predict(features), dtype=np.float64).reshape(-1, 1)
        return np.asarray(self._model.predict_proba(features), dtype=np.float64)


class Weighting:
    """TF-IDF with rows of length 1, as `TfidfVectorizer` gives it: what no fitted text holds is left out. Hashing gives
    such an n-gram a column all the same, and scikit-learn's weight for it would be the largest of all: new texts would
    consist of it, and all that is known of them would shrink. Where more than `most` columns are used, they share."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._weights = TfidfTransformer(sublinear_tf=True)
        self._place = np.empty(0, dtype=np.int32)

    def fit_transform(self, counts: csr_matrix) -> csr_matrix:
        """`counts` [texts, hashes] are learned from and weighed; [texts, n-grams]."""
        used = np.flatnonzero(np.bincount(counts.indices, minlength=counts.shape[1]))
        hashes = used if len(used) <= self._most else used % self._most
        _, place = np.unique(hashes, return_inverse=True)
        self._place = np.full(counts.shape[1], -1, dtype=np.int32)
        self._place[used] = place
        weighed: csr_matrix = self._weights.fit_transform(self._known(counts))
        return weighed

    def transform(self, counts: csr_matrix) -> csr_matrix:
        weighed: csr_matrix = self._weights.transform(self._known(counts))
        return weighed

    def _known(self, counts: csr_matrix) -> csr_matrix:
        """The columns that fitted texts use, closed up; those that share one are added."""
        place = self._place[counts.indices]
        kept = place >= 0
        before = np.concatenate([[0], np.cumsum(kept)])
        shape = (counts.shape[0], int(self._place.max(initial=0)) + 1)
        found = csr_matrix((counts.data[kept], place[kept], before[counts.indptr]), shape=shape)
        found.sum_duplicates()
        return found


def counter_of(texts: Sequence[str], num_labels: int) -> tuple[HashingVectorizer, Weighting]:
    """What counts n-grams in texts like these (cut by `cut`), and what weighs the counts once it is fitted."""
    vectorizer = HashingVectorizer(
        token_pattern=_TOKEN,
        ngram_range=(1, 3) if is_unspaced(texts) else (1, 2),
        n_features=_NUM_HASHES,
        alternate_sign=False,
        norm=None,
        dtype=np.float32,
    )
    return vectorizer, weighting_for(num_labels)


def weighting_for(num_labels: int) -> Weighting:
    """Of no more n-grams than a linear model of so many labels has room for."""
    return Weighting(_num_features(num_labels))


def _one_of_many(
    features: csr_matrix, targets: NDArray[Any], class_weights: Mapping[str, float] | None
) -> LogisticRegression:
    counts = [class_weights.get(label, 1.0) for label in targets.tolist()] if class_weights else None
    return LogisticRegression(C=10.0, tol=1e-5, max_iter=1000).fit(features, targets, counts)


def _yes_or_no(weight: float = 1.0) -> LogisticRegression:
    """Coordinate descent on the rows' weights (Yu 2011): with more n-grams than rows ten times as fast."""
    weights = None if weight == 1.0 else {True: weight, False: 1.0}
    return LogisticRegression(
        C=10.0, solver="liblinear", dual=True, max_iter=1000, random_state=0, class_weight=weights
    )


def _all_in(rows: Iterable[Any]) -> list[str]:
    return sorted({one for row in rows for one in row})


def _said(rows: Sequence[Sequence[str]], labels: Sequence[str]) -> NDArray[np.bool_]:
    """[rows, labels]"""
    places = {label: place for place, label in enumerate(labels)}
    found = np.zeros((len(rows), len(labels)), dtype=np.bool_)
    for number, row in enumerate(rows):
        found[number, [places[label] for label in row]] = True
    return found


def _drawn(num_rows: int, seed: int) -> list[int]:
    """All row numbers, or an even draw of as many as are used, in order."""
    if num_rows <= _MAX_ROWS:
        return list(range(num_rows))
    drawn = np.random.default_rng(seed).choice(num_rows, _MAX_ROWS, replace=False)
    return [int(row) for row in np.sort(drawn)]


def is_unspaced(texts: Sequence[str]) -> bool:
    """Whether signs of scripts without spaces are the larger part of the letters in up to 1,000 texts."""
    step = max(1, len(texts) // 1000)
    sample = "".join(text[:500] for text in texts[::step])
    num_unspaced = len(re.findall(rf"[{_UNSPACED}]", sample))
    return num_unspaced > len(re.findall(r"\w", sample)) / 2


def _num_features(num_labels: int) -> int:
    """A power of two: a hash's last bits are its best ones."""
    largest = _MAX_WEIGHTS // num_labels
    return min(_MAX_FEATURES, max(2**12, 1 << largest.bit_length() - 1))


def cut(texts: Iterable[str]) -> Iterable[str]:
    """The beginning of each text, so that a book among them does not fill the memory."""
    return (text[:_MAX_CHARACTERS] for text in texts)
