"""TextModel: what learns from few labels; the one place that a better way of counting words takes.

A `WordCounter` knows all texts of a project, labelled or not, as weighted n-grams: rare words are known to be rare
before the first label. `fit` learns from some of them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import HashingVectorizer, TfidfTransformer
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import normalize
from sklearn.utils import murmurhash3_32

from engine.breath import breathe
from engine.models.baseline import counter_of, cut
from engine.records import Mark

_AT_ONCE = 2000
_MOST_MARKS = 4
_LEAST_SHARE = 0.3
"""Of the strongest word's weight: what says less is not marked."""


class _Token(NamedTuple):
    word: str
    start: int
    end: int


@dataclass(frozen=True, eq=False)
class WordCounter:
    """`features` float32 [texts, n-grams]: TF-IDF of length 1, weighed by all texts of the project."""

    vectorizer: HashingVectorizer
    features: csr_matrix

    @classmethod
    def of(cls, texts: Sequence[str]) -> WordCounter:
        """Count the n-grams of all texts: once, then each model is quick. May raise GivenUp."""
        vectorizer, _ = counter_of(texts, 2)
        parts = []
        for start in range(0, len(texts), _AT_ONCE):
            breathe()
            parts.append(vectorizer.transform(cut(texts[start : start + _AT_ONCE])))
        counts = _stacked(parts)
        features = TfidfTransformer(sublinear_tf=True).fit_transform(counts).astype(np.float32)
        return cls(vectorizer, csr_matrix(features))

    def fit(self, places: Sequence[int], labels: Sequence[str]) -> TextModel:
        """Learn from the texts at these places. Two labels at least are among them."""
        own = np.unique(self.features[list(places)].indices)
        weighed = normalize(self.features[list(places)][:, own])
        model = LogisticRegression(C=20.0, tol=1e-3, max_iter=300).fit(weighed, np.asarray(labels))
        weights = model.coef_
        offsets = model.intercept_
        if len(model.classes_) == 2:
            weights, offsets = np.vstack([-weights, weights]) / 2, np.concatenate([-offsets, offsets]) / 2
        return TextModel(self, tuple(map(str, model.classes_)), own, weights - weights.mean(axis=0), offsets)

    def tokens(self, text: str) -> list[_Token]:
        """The words (or signs) that n-grams are made of, with their characters in the text."""
        found = re.finditer(self.vectorizer.token_pattern, text)
        return [_Token(one.group().lower(), one.start(), one.end()) for one in found]

    def column(self, ngram: str) -> int:
        """Where an n-gram is counted: as scikit-learn hashes it."""
        return int(abs(murmurhash3_32(ngram.encode("utf-8"), seed=0)) % self.vectorizer.n_features)


@dataclass(frozen=True, eq=False)
class TextModel:
    """Logistic regression on the n-grams `own` [n-grams] of the labelled texts: `weights` float64 [labels, n-grams],
    centred over the labels, and `offsets` [labels]."""

    counter: WordCounter
    labels: tuple[str, ...]
    own: NDArray[np.int32]
    weights: NDArray[np.float64]
    offsets: NDArray[np.float64]

    def probabilities(self, places: Sequence[int] | None = None) -> NDArray[np.float64]:
        """[texts, labels] of the texts at these places, or of all."""
        chosen = self.counter.features if places is None else self.counter.features[list(places)]
        known = normalize(chosen[:, self.own])
        scores = np.asarray(known @ self.weights.T) + self.offsets
        chances = np.exp(scores - scores.max(axis=1, keepdims=True))
        found: NDArray[np.float64] = chances / chances.sum(axis=1, keepdims=True)
        return found

    def marks(self, place: int, text: str, labels: Sequence[str]) -> tuple[Mark, ...]:
        """The words of a text (the one at this place) that speak for one of these labels, as spans in its order."""
        tokens = self.counter.tokens(text)
        wanted = [self.labels.index(label) for label in labels if label in self.labels]
        if not tokens or not wanted:
            return ()
        scores = self._token_scores(place, tokens)[:, wanted]
        leading = scores.argmax(axis=1)
        strength = scores[np.arange(len(tokens)), leading]
        floor = _LEAST_SHARE * float(strength.max())
        if floor <= 0:
            return ()
        spans: list[tuple[int, int, int, float]] = []
        last = -2
        for number in np.flatnonzero(strength > floor).tolist():
            token, label = tokens[number], int(leading[number])
            if last == number - 1 and spans[-1][2] == label:
                start, _, _, weight = spans.pop()
                spans.append((start, token.end, label, weight + float(strength[number])))
            else:
                spans.append((token.start, token.end, label, float(strength[number])))
            last = number
        strongest = sorted(spans, key=lambda one: -one[3])[:_MOST_MARKS]
        return tuple(
            Mark(start, end, self.labels[wanted[label]], weight) for start, end, label, weight in sorted(strongest)
        )

    def _token_scores(self, place: int, tokens: Sequence[_Token]) -> NDArray[np.float64]:
        """[tokens, labels]: what each adds to the labels' scores, with its share of the n-grams that it is in."""
        row = normalize(self.counter.features[[place]][:, self.own])
        value = dict(
            zip(self.own[row.indices].tolist(), zip(row.indices.tolist(), row.data.tolist(), strict=True), strict=True)
        )
        least, most = self.counter.vectorizer.ngram_range
        found = np.zeros((len(tokens), len(self.labels)))
        times: dict[int, list[range]] = {}
        for size in range(least, most + 1):
            for start in range(len(tokens) - size + 1):
                ngram = " ".join(token.word for token in tokens[start : start + size])
                column = self.counter.column(ngram)
                if column in value:
                    times.setdefault(column, []).append(range(start, start + size))
        for column, places in times.items():
            at, weight = value[column]
            for where in places:
                found[list(where)] += weight * self.weights[:, at] / (len(places) * len(where))
        return found


def _stacked(parts: Sequence[csr_matrix]) -> csr_matrix:
    from scipy.sparse import vstack

    return csr_matrix(vstack(parts, format="csr"))
