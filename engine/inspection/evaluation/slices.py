"""slices: where a model does worse than elsewhere: on long texts, one label, a value of a column, a word."""

from __future__ import annotations

import math
import re
from collections.abc import Generator, Iterator
from dataclasses import dataclass

import numpy as np

from engine.config.data import Source
from engine.inspection.evaluation.column_parts import parts_by_column, plain
from engine.inspection.evaluation.examine import examine
from engine.inspection.evaluation.measure import truths_needed
from engine.messages import Message, message
from engine.metrics.confidence_intervals import holm
from engine.metrics.registry import metric_of
from engine.metrics.slices import Mask, Outcome, mean_figures, quantile_bins, share_figures
from engine.records import Answers, Figure, Progress, Slice, SliceKind
from engine.runs.model_folder import Subject
from engine.targets import positive_of, probabilities_of, target_of

LEAST_ROWS = 20
"""Of fewer rows nothing can be said; a typed word is looked up all the same."""

_LEAST_OF_A_LABEL = 5
_MOST_SLICES = 400
_TEXTS_A_TIME = 500

_WORSE = 0.05
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
"""Scripts written without spaces: there a word is looked for anywhere."""


@dataclass(frozen=True)
class _Part:
    kind: SliceKind
    title: Message
    mask: Mask


@dataclass(frozen=True)
class _Judged:
    part: _Part
    metric: str
    mean: Figure
    rest: Figure
    p_value: float


def slices(
    subject: Subject,
    source: Source | None = None,
    split: str | None = None,
    checkpoint: str = "best",
    word: str = "",
) -> Generator[Progress, None, tuple[Slice, ...]]:
    """By length, label, further columns of the source and the `word`, in this order. Of two labels the metric is the
    precision of the positive one (in parts of one label the share of right answers), of more the share of right
    answers, of numbers the mean absolute error. Raises InputError for rows without labels, and as `examine` does."""
    answers = yield from examine(subject, source, split, checkpoint)
    return (yield from slices_of(answers, word))


def slices_of(answers: Answers, word: str = "") -> Generator[Progress, None, tuple[Slice, ...]]:
    """The same where the answers are at hand."""
    truths = truths_needed(answers)
    parts = [*_by_length(answers), *_by_label(answers, truths), *_by_column(answers)]
    parts = [part for part in parts if LEAST_ROWS <= part.mask.sum() <= len(answers) - LEAST_ROWS][:_MOST_SLICES]
    if word.strip():
        parts.append((yield from _by_word(answers, word.strip())))
    yield Progress(1, 2)
    judged = [
        one for one in _judged(answers, truths, parts) if one.part.kind == "word" or not math.isnan(one.mean.value)
    ]
    corrected = holm([one.p_value for one in judged])
    return tuple(_slice(one, float(p_value)) for one, p_value in zip(judged, corrected, strict=True))


def _slice(judged: _Judged, p_value: float) -> Slice:
    is_below = judged.mean.value < judged.rest.value
    return Slice(
        kind=judged.part.kind,
        title=judged.part.title,
        places=np.flatnonzero(judged.part.mask),
        metric=judged.metric,
        figure=judged.mean,
        rest=judged.rest,
        p_value=p_value,
        is_worse=p_value < _WORSE and is_below != metric_of(judged.metric).lower_is_better,
    )


def _judged(answers: Answers, truths: np.ndarray, parts: list[_Part]) -> Iterator[_Judged]:
    """Where a part is of one label alone precision would be 0 or 1: there rightness counts."""
    usual, rightness = (_outcome(answers, truths, is_precise) for is_precise in (True, False))
    is_pair = positive_of(answers) is not None
    is_one_label = [is_pair and _is_of_one_label(truths[part.mask]) for part in parts]
    found: dict[int, _Judged] = {}
    for outcome, wanted in ((usual, False), (rightness, True)):
        places = [place for place, one in enumerate(is_one_label) if one is wanted]
        figures = (share_figures if outcome.is_share else mean_figures)(
            outcome, [parts[place].mask for place in places]
        )
        for place, (mean, rest, p_value) in zip(places, figures, strict=True):
            found[place] = _Judged(parts[place], outcome.metric, mean, rest, p_value)
    yield from (found[place] for place in range(len(parts)))


def _is_of_one_label(truths: np.ndarray) -> bool:
    """Of two labels (nearly) all rows have the same one: they were chosen by their label, or by what tells it."""
    counts = np.bincount(truths[truths >= 0].astype(np.int64), minlength=2)
    return bool(counts.min() < min(_LEAST_OF_A_LABEL, len(truths)))


def _outcome(answers: Answers, truths: np.ndarray, is_precise: bool) -> Outcome:
    found = probabilities_of(answers)
    every = np.ones(len(answers), dtype=np.bool_)
    target = target_of(answers.kind)
    merits = target.merits(found, truths)
    if answers.unknown is not None and target.may_have_several:
        merits = np.where(answers.unknown.any(axis=1), 0.0, merits)
    positive = positive_of(answers)
    if positive is None or not is_precise:
        return Outcome(target.leading_metric, merits, every)
    return Outcome("precision", merits, found.argmax(axis=1) == positive)


def _by_length(answers: Answers) -> Iterator[_Part]:
    lengths = np.asarray(answers.num_tokens)
    bins = quantile_bins(lengths)
    for number, (low, high) in enumerate(bins if len(bins) > 1 else ()):
        title = message("{low} to {high} tokens", low=int(low), high=int(high))
        if number == len(bins) - 1:
            title = message("{low} tokens and more", low=int(low))
        yield _Part("length", title, (lengths >= low) & (lengths <= high))


def _by_label(answers: Answers, truths: np.ndarray) -> Iterator[_Part]:
    target = target_of(answers.kind)
    if not target.is_categorical:
        for low, high in quantile_bins(truths):
            yield _Part("label", _range_title(low, high), (truths >= low) & (truths <= high))
    for place, label in enumerate(answers.labels):
        yield _Part("label", message("label “{label}”", label=label), target.has_label(truths, place))


def _range_title(low: float, high: float) -> Message:
    return message("label from {low} to {high}", low=plain(low), high=plain(high))


def _by_column(answers: Answers) -> Iterator[_Part]:
    for title, mask in parts_by_column(answers.columns):
        yield _Part("column", title, mask)


def _by_word(answers: Answers, word: str) -> Generator[Progress, None, _Part]:
    """A whole word in any case; any piece of a text in scripts without spaces."""
    escaped = re.escape(word)
    pattern = re.compile(escaped if _UNSPACED.search(word) else rf"(?<!\w){escaped}(?!\w)", re.IGNORECASE)
    mask = np.zeros(len(answers), dtype=np.bool_)
    for place in range(len(answers)):
        mask[place] = pattern.search(answers.texts[place]) is not None
        if place % _TEXTS_A_TIME == _TEXTS_A_TIME - 1:
            yield Progress(place, 2 * len(answers))
    return _Part("word", message("with “{word}”", word=word), mask)
