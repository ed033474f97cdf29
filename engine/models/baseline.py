"""BagOfWords: word counting as the line that a deep model must pass; it lives in memory only.

`counter_of` and `Weighting` count hashed n-grams, for whoever fits many models to parts of the same texts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import HashingVectorizer, TfidfTransformer
from transformers import PreTrainedTokenizerFast

from engine.breath import breathe
from engine.config.counting import WordCounting
from engine.config.data import WordTokenizer
from engine.data.tokens.tokenizer import train_tokenizer
from engine.models.counting.counting import Counted, Rows, count_words
from engine.models.counting.linear import Way
from engine.models.counting.ngrams import Texts
from engine.targets import target_of

_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
"""Scripts written without spaces: Thai, Lao, Burmese, Khmer, Japanese, Chinese."""

_TOKEN = rf"[{_UNSPACED}]|[^\W{_UNSPACED}]+(?:['’]\w+)*"
_MAX_ROWS = 100_000
_MOST_WORDS, _MOST_TOKENS = 200_000, 8192
_READ_AT_ONCE = 1000
_MAX_CHARACTERS = 20_000
_NUM_HASHES = 2**22
"""Columns that n-grams are hashed into: hardly two of a small file share one."""

_MAX_FEATURES = 2**20
_MAX_WEIGHTS = 2**22
"""Features times labels."""

_CHOOSING = WordCounting(seconds=10)
"""Fast: what is open is chosen within so much work, always of words (signs of scripts without spaces)."""


class BagOfWords:
    """Word counting as the recipe of that name has it (`engine.models.counting`), from texts to probabilities, chosen
    within about ten processor seconds and in memory only.

    Rows beyond 100,000 are left out by even draw, so that memory is bounded for any data. An n-gram that no training
    text holds counts for nothing.
    """

    def __init__(self, tokenizer: PreTrainedTokenizerFast, counted: Counted) -> None:
        self._tokenizer, self._counted = tokenizer, counted

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
        first = labels[0]
        has_several, is_number = isinstance(first, list | tuple), isinstance(first, float | int)
        named = [] if is_number else _all_in(labels if has_several else [[label] for label in labels])
        target = target_of("several" if has_several else "one" if named else "number")
        drawn = _drawn(len(texts), seed)
        texts, labels = [texts[row] for row in drawn], [labels[row] for row in drawn]  # type: ignore[assignment]
        words = WordTokenizer(vocabulary_size=_MOST_WORDS, min_frequency=1)
        tokenizer = train_tokenizer(words, cut(texts), _MOST_TOKENS)
        weights = [class_weights.get(label, 1.0) for label in named] if class_weights and named else None
        rows = Rows(_tokens(tokenizer, texts), target.encode(labels, named), target, max(1, len(named)), weights)
        silent = tokenizer.all_special_ids
        return cls(tokenizer, count_words(_CHOOSING, rows, len(tokenizer), silent, "words", seed))

    @property
    def way(self) -> Way:
        """How n-grams are counted and weighed."""
        return self._counted.way

    def predict_probabilities(self, texts: Iterable[str]) -> NDArray[np.float64]:
        """[texts, labels], labels sorted as Python sorts them; for a regression the numbers, [texts, 1]. Several labels
        a text have a probability each."""
        return self._counted.probabilities(_tokens(self._tokenizer, texts))


def _tokens(tokenizer: PreTrainedTokenizerFast, texts: Iterable[str]) -> Texts:
    values, lengths = [np.empty(0, np.int32)], [0]
    cut_texts = iter(cut(texts))
    while chunk := list(islice(cut_texts, _READ_AT_ONCE)):
        breathe()
        read = tokenizer(chunk, truncation=True, max_length=_MOST_TOKENS, return_attention_mask=False)
        values.extend(np.array(ids, dtype=np.int32) for ids in read["input_ids"])
        lengths.extend(map(len, read["input_ids"]))
    return Texts(np.concatenate(values), np.cumsum(lengths, dtype=np.int64))


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


def _all_in(rows: Iterable[Any]) -> list[str]:
    return sorted({one for row in rows for one in row})


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
