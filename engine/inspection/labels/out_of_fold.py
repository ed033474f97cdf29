"""cross_fitted: what word counting says of each row after it was trained on the others.

A model that learned a row believes its label, so wrong labels are looked for by models that did not. N rows, L labels.
Measured on planted errors in real texts (BENCHMARKS.md): TF-IDF alone finds as many as any mix with the run's own
answers, with its summaries of texts or with a pretrained encoder's, and is the quickest.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, vstack
from sklearn.linear_model import LogisticRegression, Ridge

from engine.inspection.subjects.cooperative import beside, waited
from engine.models.baseline import counter_of, cut, weighting_for
from engine.records import Progress, TargetKind
from engine.targets import target_of

Floats = NDArray[np.float64]

_NUM_FOLDS = 5
_CHARACTERS_A_TIME = 60_000
_MAX_ROWS = 100_000
"""A fold's model learns from so many rows at most."""


def out_of_fold_answers(
    texts: Sequence[str], truths: NDArray[np.generic], kind: TargetKind, num_labels: int, seed: int
) -> Generator[Progress, None, Floats]:
    """Probabilities [N, L]; of several labels a text one for each; numbers [N, 1].

    `truths` are label ids [N], bool [N, L] or numbers [N], as in `Answers`. Rows are divided into five parts, copies of
    a text in the same one and labels in their proportions; each part is answered by a linear model on TF-IDF that was
    trained on the four others, one question a label. nan where those have no row of the label, so that nothing can be
    said. Its fits run in a thread, so that it can be stopped between two of them.
    """
    target_kind = target_of(kind)
    fold = folds(texts, target_kind.strata(truths), seed)
    targets = target_kind.questions(truths, num_labels)
    counts, num_columns = (yield from _counted(texts)), max(num_labels, len(targets))
    found = np.full((len(texts), len(targets)), np.nan)
    pool = ThreadPoolExecutor(1, thread_name_prefix="cross-fitting")
    done = len(texts)
    try:
        for held_out, train in _parts(fold, seed):
            weighing = partial(_weighed, counts, train, held_out, num_columns)
            seen, asked = yield from waited(pool.submit(weighing), Progress(done, 2 * len(texts)))
            for number, target in enumerate(targets):
                fit = pool.submit(_answers, seen, target[train], asked, is_number=not target_kind.is_categorical)
                found[held_out, number] = yield from waited(fit, Progress(done, 2 * len(texts)))
            done += len(held_out)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
    return _joined(found, truths) if target_kind.is_exclusive else found


def folds(texts: Sequence[str], stratum: NDArray[np.integer], seed: int) -> NDArray[np.int64]:
    """[N]: a part from 0 to 4 for each row; copies of a text are in the same one, each stratum is spread evenly."""
    numbers: dict[str, int] = {}
    group = np.array([numbers.setdefault(text, len(numbers)) for text in texts], dtype=np.int64)
    _, firsts = np.unique(group, return_index=True)
    generator = np.random.default_rng([seed, 4])
    of_group = np.empty(len(firsts), dtype=np.int64)
    begin = 0
    for code in np.unique(stratum[firsts]):
        members = generator.permutation(np.flatnonzero(stratum[firsts] == code))
        of_group[members] = (np.arange(len(members)) + begin) % _NUM_FOLDS
        begin += len(members)
    found: NDArray[np.int64] = of_group[group]
    return found


def _parts(fold: NDArray[np.int64], seed: int) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """(rows of a fold, rows to learn from) of each fold that has rows."""
    generator = np.random.default_rng([seed, 5])
    for number in np.unique(fold):
        train = np.flatnonzero(fold != number)
        if len(train) > _MAX_ROWS:
            train = np.sort(generator.choice(train, _MAX_ROWS, replace=False))
        yield np.flatnonzero(fold == number), train


def _counted(texts: Sequence[str]) -> Generator[Progress, None, csr_matrix]:
    """The n-grams of all texts; their labels have no part in it."""
    vectorizer, _ = counter_of(texts, 1)
    counted: list[csr_matrix] = []
    chunk: list[str] = []
    size = 0
    for place, text in enumerate(texts, start=1):
        chunk.append(text)
        size += len(text)
        if size >= _CHARACTERS_A_TIME or place == len(texts):
            counted.append(vectorizer.transform(cut(chunk)))
            chunk, size = [], 0
            yield Progress(place, 2 * len(texts))
    return (yield from beside(lambda: vstack(counted, format="csr"), Progress(len(texts), 2 * len(texts))))


def _weighed(
    counts: csr_matrix, train: NDArray[np.int64], held_out: NDArray[np.int64], num_columns: int
) -> tuple[csr_matrix, csr_matrix]:
    """TF-IDF of the rows to learn from and of those asked about, of which only what the former hold counts."""
    weighting = weighting_for(num_columns)
    return weighting.fit_transform(counts[train]), weighting.transform(counts[held_out])


def _answers(seen: csr_matrix, target: NDArray[np.generic], asked: csr_matrix, *, is_number: bool) -> Floats:
    if is_number:
        return np.asarray(Ridge(solver="lsqr").fit(seen, target).predict(asked), dtype=np.float64)
    if not target.any() or target.all():
        return np.full(asked.shape[0], np.nan)
    model = LogisticRegression(C=10.0, solver="liblinear", tol=1e-3, max_iter=1000).fit(seen, target)
    return np.asarray(model.predict_proba(asked)[:, 1], dtype=np.float64)


def _joined(found: Floats, truths: NDArray[np.generic]) -> Floats:
    """The answers to the questions as probabilities [N, L] that sum to 1; nan for rows of a label never learned."""
    if found.shape[1] == 1:
        return np.concatenate([1.0 - found, found], axis=1)
    is_lost = np.isnan(found[np.arange(len(found)), truths.astype(np.int64)])
    known = np.nan_to_num(found)
    total = known.sum(axis=1, keepdims=True)
    shares: Floats = np.divide(known, total, out=np.full_like(known, 1.0 / known.shape[1]), where=total > 0)
    shares[is_lost] = np.nan
    return shares
