"""counted: what word counting, fitted on a run's training rows, says of the rows that a model was asked about."""

from __future__ import annotations

from collections.abc import Generator, Sequence

import numpy as np
from datasets import Dataset

from engine.config.data import Source
from engine.data.splitting.splits import load_splits
from engine.errors import InputError, RunFailure
from engine.inspection.evaluation.examine import examine
from engine.inspection.subjects.cooperative import beside
from engine.messages import message
from engine.models.baseline import BagOfWords
from engine.models.class_weights import class_weights
from engine.records import WRONG_IF_UNKNOWN, Answers, LabelRule, Progress
from engine.runs.answers import answers_path, keep_counted, kept_counted, not_kept
from engine.runs.run import Run
from engine.targets import target_of

_CHARACTERS_A_TIME = 60_000


def bag_of_words_answers(
    run: Run,
    source: Source | None = None,
    split: str | None = None,
    checkpoint: str = "best",
    rule: LabelRule = WRONG_IF_UNKNOWN,
) -> Generator[Progress, None, np.ndarray]:
    """Probabilities [N, L] on exactly the rows of `examine`, labels in the same order; numbers [N, 1]. Kept beside the
    answers. Raises InputError where there are no training rows to count in."""
    answers = yield from examine(run, source, split, checkpoint, rule)
    path = answers_path(run, source, answers.split, answers.checkpoint, rule)
    known = kept_counted(path)
    if known is not None and known.shape == answers.logits.shape:
        return known
    train = training_rows(run)
    model = yield from _fitted(run, train)
    found = yield from _said(model, answers)
    ordered = in_order(found, _labels_of(train), answers)
    if path.is_dir():
        try:
            keep_counted(path, ordered)
        except RunFailure as failure:
            yield Progress(1, 1, note=not_kept(failure))
    return ordered


def training_rows(run: Run) -> Dataset:
    """What the run learned from. Raises InputError where its data are gone, or had no labels."""
    config = run.config
    if not config.task.has_labels:
        raise InputError(
            message("This run learned from texts without labels, so word counting has nothing to learn from."),
            str(run.path),
            message("Choose a run that sorts texts."),
        )
    try:
        return load_splits(config.data, config.task, config.seed).splits["train"]
    except InputError as error:
        raise InputError(
            message(
                "Word counting needs the texts that the run was trained on, and they cannot be read: {what}",
                what=error.what,
            ),
            error.where,
            message("Put the training data back where they were; all else works without them."),
        ) from error


def in_order(found: np.ndarray, labels: Sequence[str], answers: Answers) -> np.ndarray:
    """[N, L] by the answers' labels; one that training never saw gets 0."""
    if not target_of(answers.kind).is_categorical or tuple(labels) == answers.labels:
        return found
    ordered = np.zeros((len(found), len(answers.labels)))
    for place, label in enumerate(labels):
        if label in answers.labels:
            ordered[:, answers.labels.index(label)] = found[:, place]
    return ordered


def _labels_of(train: Dataset) -> list[str]:
    """As word counting sorts them; none of numbers."""
    named = train["label"]
    if isinstance(named[0], float):
        return []
    return sorted({label for one in named for label in ([one] if isinstance(one, str) else one)})


def _fitted(run: Run, train: Dataset) -> Generator[Progress, None, BagOfWords]:
    """In a thread of its own: the solver does not breathe. It ends by itself where nobody waits any more."""
    texts, labels = list(train["text"]), list(train["label"])
    weights = class_weights(run.config.task.loss, labels, _labels_of(train))
    return (yield from beside(lambda: BagOfWords.fit(texts, labels, run.config.seed, weights)))


def _said(model: BagOfWords, answers: Answers) -> Generator[Progress, None, np.ndarray]:
    parts: list[np.ndarray] = []
    texts: list[str] = []
    size = 0
    for place in range(len(answers)):
        texts.append(answers.texts[place])
        size += len(texts[-1])
        if size >= _CHARACTERS_A_TIME or place == len(answers) - 1:
            parts.append(model.predict_probabilities(texts))
            texts, size = [], 0
            yield Progress(place + 1, len(answers))
    return np.concatenate(parts)
