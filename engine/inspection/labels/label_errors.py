"""Which labels of a run's rows are likely wrong, by answers of a model that did not learn from them."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import replace
from functools import lru_cache

import numpy as np

from engine.config.data import Source
from engine.config.tasks.registry import target_kind
from engine.data.splitting.splits import load_splits
from engine.errors import InputError
from engine.inspection.evaluation.bag_of_words import bag_of_words_answers
from engine.inspection.evaluation.examine import examine, truths_of
from engine.inspection.labels.out_of_fold import out_of_fold_answers
from engine.inspection.subjects.cooperative import beside
from engine.messages import message
from engine.metrics.label_errors import suspect
from engine.records import Answers, Hunt, Judge, LabelRule, Progress, Suspect, TargetKind
from engine.runs.answers import ASKED_ANEW, answers_path, are_damaged, keep_if_possible, kept_answers, not_kept
from engine.runs.run import Run
from engine.targets import probabilities_of, target_of

CROSS_FITTED = "cross-fitted"
"""In place of a checkpoint: answers by models that are trained for the hunt alone."""

_FAR_BETTER = 0.5
_READ_ROWS = 2000


def find_label_errors(
    run: Run, split: str = "train", checkpoint: str = "best", source: Source | None = None, num: int = 200
) -> Generator[Progress, None, Hunt]:
    """The `num` most suspicious labels, worst first, and how many are wrong in all by estimate.

    Who judges the training rows must not have learned them, wrong labels too: word counting that was trained on the
    other rows (`cross_fitted`). Where word order decides, it judges badly: if the checkpoint makes less than half as
    many mistakes on validation rows as word counting makes on rows that it was not trained on, the checkpoint judges
    after all; it overlooks what it knows by heart. Neither has learned validation rows, test rows and those of another
    file (`source`): whoever makes fewer mistakes there judges. All judge by what most texts alike are labelled: a
    suspect is a question to a person, not a verdict. Answers are kept beside the run.

    Raises InputError for a run without labels, or without a checkpoint where one is asked.
    """
    if source is None and split == "train":
        answers = yield from out_of_sample(run)
        judge: Judge = "counting"
        if (yield from _knows_better(run, checkpoint, answers)):
            answers, judge = (yield from examine(run, None, split, checkpoint)), "model"
    else:
        answers, judge = yield from _of_held_out(run, split, checkpoint, source)
    found = replace(ranked_label_errors(answers, num), judge=judge)
    if not target_of(answers.kind).is_exclusive or source is not None:
        return found
    torn = yield from beside(lambda: _labels_of_torn_texts(run, answers_path(run, None, "", "").name))
    suspects = [
        replace(one, elsewhere=tuple(label for label in torn.get(one.text, ()) if label != one.label))
        for one in found.suspects
    ]
    return replace(found, suspects=tuple(suspects))


def suspects(
    run: Run, split: str = "train", checkpoint: str = "best", source: Source | None = None, num: int = 200
) -> Generator[Progress, None, tuple[Suspect, ...]]:
    """The rows alone, worst first; as `find_label_errors`."""
    return (yield from find_label_errors(run, split, checkpoint, source, num)).suspects


def ranked_label_errors(answers: Answers, num: int = 200) -> Hunt:
    """The `num` most suspicious rows of answers out of sample, worst first; what stands in a suspect follows from the
    target (`engine.metrics.label_errors`)."""
    if answers.truths is None or not len(answers):
        return Hunt((), 0, 0.0)
    with np.errstate(invalid="ignore"):
        said = probabilities_of(answers)
    found = target_of(answers.kind).label_errors(said, answers.truths, answers.labels)
    order = np.argsort(found.quality, kind="stable")[: max(0, num)]
    num_rows = int(np.isfinite(said).any(axis=1).sum())
    return Hunt(tuple(suspect(answers, found, number) for number in order), num_rows, found.expected)


def out_of_sample(run: Run) -> Generator[Progress, None, Answers]:
    """What word counting says of each training row after it was trained on the others, kept beside the run."""
    path = answers_path(run, None, "train", CROSS_FITTED)
    known = kept_answers(path)
    if known is not None:
        return known
    kind = target_kind(run.config.task)
    rows, texts, truths, labels = yield from beside(lambda: _training_rows(run, kind))
    said = yield from out_of_fold_answers(texts, truths, kind, len(labels), run.config.seed)
    answers = Answers(
        kind=kind,
        labels=labels,
        positive_label=None,
        loss=target_of(kind).default_loss,
        logits=target_of(kind).logits(said),
        truths=truths,
        rows=rows,
        num_tokens=np.zeros(len(rows), dtype=np.int32),
        texts=texts,
        split="train",
        source="",
        checkpoint=CROSS_FITTED,
    )
    if are_damaged(path):
        yield Progress(1, 1, note=ASKED_ANEW)
    answers, failure = keep_if_possible(path, answers)
    if failure is not None:
        yield Progress(1, 1, note=not_kept(failure))
    return answers


def _knows_better(run: Run, checkpoint: str, counting: Answers) -> Generator[Progress, None, bool]:
    """Whether the checkpoint, if there is one, is far better than word counting on rows that neither has learned."""
    if not run.checkpoints:
        return False
    own = yield from examine(run, None, "validation", checkpoint)
    return _error(own) < _FAR_BETTER * _error(counting)


def _of_held_out(
    run: Run, split: str, checkpoint: str, source: Source | None
) -> Generator[Progress, None, tuple[Answers, Judge]]:
    own = yield from examine(run, source, split, checkpoint, LabelRule(leave_out=True))
    if own.truths is None or not len(own):
        return own, "model"
    try:
        said = yield from bag_of_words_answers(run, source, split, checkpoint, LabelRule(leave_out=True))
    except InputError:
        return own, "model"  # the training data are gone
    target = target_of(own.kind)
    counting = replace(own, logits=target.logits(said), loss=target.default_loss)
    return (counting, "counting") if _error(counting) < _error(own) else (own, "model")


def _error(answers: Answers) -> float:
    """The share of wrong answers; of numbers the mean squared error."""
    assert answers.truths is not None
    with np.errstate(invalid="ignore"):
        said = probabilities_of(answers)
    known = np.isfinite(said).all(axis=1)
    said, truths = said[known], answers.truths[known]
    return target_of(answers.kind).error(said, truths)


def _training_rows(run: Run, kind: TargetKind) -> tuple[np.ndarray, list[str], np.ndarray, tuple[str, ...]]:
    """(row numbers, texts, what they are labelled, all labels)."""
    config = run.config
    if not config.task.has_labels:
        raise InputError(
            message("This run learned from texts without labels: none of them can be wrong."),
            str(run.path),
            message("Choose a run that sorts texts."),
        )
    splits = load_splits(config.data, config.task, config.seed)
    train = splits.splits["train"]
    truths = truths_of(train, splits.labels, kind)
    assert truths is not None
    return np.array(train["row"], dtype=np.int64), list(train["text"]), truths, splits.labels


@lru_cache(maxsize=4)
def _labels_of_torn_texts(run: Run, _state: str) -> dict[str, Sequence[str]]:
    """{text: its labels} for texts that stand in the run's data under more than one."""
    config = run.config
    first: dict[str, str] = {}
    torn: dict[str, set[str]] = {}
    for rows in load_splits(config.data, config.task, config.seed).splits.values():
        for batch in rows.select_columns(["text", "label"]).iter(_READ_ROWS):
            for text, label in zip(batch["text"], batch["label"], strict=True):
                if first.setdefault(text, label) != label:
                    torn.setdefault(text, {first[text]}).add(label)
    return {text: sorted(labels) for text, labels in torn.items()}
