"""promise: a precision promised on a run's validation rows, and what it comes to on rows that had no part in it."""

from __future__ import annotations

import math
from collections.abc import Generator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from engine.config.data import Source
from engine.errors import InputError
from engine.inspection.evaluation.examine import examine
from engine.inspection.evaluation.guarantee_notes import notes_on, was_held_back
from engine.inspection.subjects.labels_only import refuse_answers_in_words
from engine.messages import message
from engine.metrics.confidence_intervals import wilson_figure
from engine.metrics.precision_guarantee import promised
from engine.metrics.registry import metric_of
from engine.records import (
    UNDECIDED,
    WRONG_IF_UNKNOWN,
    Answers,
    CheckedPromise,
    Decision,
    Figure,
    LabelRule,
    Progress,
    Promise,
)
from engine.runs.checkpoints import checkpoint_path
from engine.runs.decision import checked_decision
from engine.runs.history import open_history
from engine.runs.run import Run
from engine.targets import Decided, positive_of, probabilities_of, target_of

Floats = NDArray[np.float64]


def promise(
    run: Run,
    precision: float,
    confidence: float = 0.95,
    label: str | None = None,
    checkpoint: str = "best",
    source: Source | None = None,
    split: str | None = None,
    rule: LabelRule = WRONG_IF_UNKNOWN,
) -> Generator[Progress, None, CheckedPromise]:
    """Made on the validation rows, checked on another file, a named split, or the test rows; where a run has none, on
    the validation rows themselves, which is no check.

    Without a `label` it is about the positive one of two, and of many about whichever one the model says (the promise's
    label is then empty). The saved temperature counts. Raises InputError for shares that are none, a label that does
    not exist, several labels a text of which none is named, and what sorts no texts.
    """
    refuse_no_share(precision, "precision")
    refuse_no_share(confidence, "confidence", least=0.5)
    _refuse_game(run)
    saved = checked_decision(checkpoint_path(run, checkpoint))
    made_on = yield from examine(run, None, "validation", checkpoint)
    made = make_promise(made_on, precision, confidence, label, saved)
    name = split or ("data" if source is not None else _checking_split(run))
    if name == "validation":
        checked_on = made_on
    else:
        checked_on = yield from examine(run, source, None if source is not None else name, checkpoint, rule)
    return check_promise(made, checked_on, saved.temperature, is_other_file=was_held_back(run, name))


def make_promise(answers: Answers, precision: float, confidence: float, label: str | None, saved: Decision) -> Promise:
    """On the rows of `answers`, whose probabilities are divided by the saved temperature. Raises InputError."""
    truths = _truths(answers)
    named = _label(answers, label)
    probabilities = probabilities_of(answers, saved.temperature)
    scores, right = _scored(answers, probabilities, truths, named)
    found = promised(scores, right, precision, confidence, _least(answers, named, saved))
    made = Promise(named, precision, confidence, found.threshold, len(answers), rows_needed=found.rows_needed)
    if found.threshold is None:
        return made
    seen, recall, coverage = _counted(made, answers, saved.temperature)
    return Promise(
        named, precision, confidence, found.threshold, len(answers), found.lower_bound, seen.value, recall, coverage
    )


def check_promise(
    made: Promise, answers: Answers, temperature: float = 1.0, *, is_other_file: bool = False
) -> CheckedPromise:
    """What a promise comes to on the rows of `answers`. `is_other_file`: it was made on rows held back
    from the training file, and these are of another one. Raises InputError for rows without labels."""
    is_independent = answers.split not in ("validation", "train")
    if made.threshold is None:
        nothing = Figure(math.nan)
        return CheckedPromise(made, answers.split, len(answers), nothing, 0.0, 0.0, is_independent)
    _truths(answers)
    figures = _counted(made, answers, temperature)
    notes = notes_on(made, figures[0], answers.split, is_other_file=is_other_file)
    return CheckedPromise(made, answers.split, len(answers), *figures, is_independent, notes)


def refuse_no_share(value: float, name: str, least: float = 0.0) -> None:
    """Raises InputError for what does not lie between `least` and 1."""
    if least <= value < 1 and value > 0:
        return
    share = value / 100 if 1 < value < 100 else 0.95
    raise InputError(
        message("{value} is no share that could be promised.", value=f"{value:g}"),
        name,
        message(
            "Give a number between {least} and 1: {share} is {percent}. Certainty (1) takes more rows than there are.",
            least=f"{least:g}",
            share=f"{share:g}",
            percent=metric_of("precision").in_log(share),
        ),
    )


def _refuse_game(run: Run) -> None:
    refuse_answers_in_words(run)
    if not run.config.task.has_labels:
        raise InputError(
            message("A text GAN sorts no texts, so there is no precision to promise."),
            str(run.path),
            message("Choose a run that sorts texts."),
        )


def _label(answers: Answers, label: str | None) -> str:
    """The one that is meant; "" for whichever one is said."""
    if not target_of(answers.kind).is_categorical:
        raise InputError(
            message("This model says numbers, so there is no label whose precision could be promised."),
            mend=message("Choose a run that sorts texts."),
        )
    if label is not None and label not in answers.labels:
        raise InputError(
            message("There is no label “{label}”.", label=label),
            "label",
            message("Choose one of: {labels}.", labels=list(answers.labels)),
        )
    if label is None and target_of(answers.kind).may_have_several:
        raise InputError(
            message("A text may have several labels here: the precision of which one?"),
            "label",
            message("Choose one of: {labels}.", labels=list(answers.labels)),
        )
    if label is None:
        positive = positive_of(answers)
        return "" if positive is None else answers.labels[positive]
    return label


def _truths(answers: Answers) -> np.ndarray:
    if answers.truths is None:
        raise InputError(message("These rows have no labels, so no precision can be measured."), answers.source)
    return answers.truths


def _scored(
    answers: Answers, probabilities: Floats, truths: np.ndarray, label: str
) -> tuple[Floats, NDArray[np.bool_]]:
    """(what a threshold is compared with, whether it would be right) [N]."""
    if not label:
        likeliest = probabilities.argmax(axis=1)
        return probabilities.max(axis=1), likeliest == truths
    number = answers.labels.index(label)
    target = target_of(answers.kind)
    return target.scores(probabilities, number), target.has_label(truths, number)


def _least(answers: Answers, label: str, saved: Decision) -> float:
    """Both of two labels with thresholds are at least .5; where the other one's is lower, it is dropped on saving."""
    if positive_of(answers) is None:
        return 0.0
    others = [saved.thresholds[one] for one in answers.labels if one != label and one in saved.thresholds]
    return 0.5 if any(value >= 0.5 for value in others) else 0.0


def _counted(made: Promise, answers: Answers, temperature: float) -> tuple[Figure, float, float]:
    """(precision, recall, coverage) where the promise's threshold is the only one. Of several labels a text the
    coverage is the share of texts that are given the label."""
    several = target_of(answers.kind).may_have_several
    decision = UNDECIDED.with_promise(made, answers.labels, several=several)
    decided = Decided(answers, replace(decision, temperature=temperature))
    if made.label:
        number, counts = answers.labels.index(made.label), decided.by_label
        num_hits, num_said, num_true = (int(one[number]) for one in (counts.hits, counts.said, counts.true))
    else:
        assert decided.tally is not None, "asked of labelled rows of a classifier"
        num_hits, num_said, num_true = decided.tally.num_right, decided.num_answered, decided.num_rows
    coverage = num_said / max(1, decided.num_rows) if several else decided.coverage
    measured = wilson_figure(num_hits, num_said) if num_said else Figure(math.nan)
    return measured, num_hits / max(num_true, 1), coverage


def _checking_split(run: Run) -> str:
    started = open_history(run.journal)[0].started
    return "test" if started is not None and "test" in started.rows else "validation"
