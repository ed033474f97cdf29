"""measure: every figure of a checkpoint on a split or file, each with its interval and its baselines."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace
from functools import partial

import numpy as np

from engine.config.data import Source
from engine.errors import InputError
from engine.inspection.evaluation.examine import examine
from engine.messages import message
from engine.metrics.figures_with_intervals import measured
from engine.records import WRONG_IF_UNKNOWN, Answers, Decision, LabelRule, Measures, Progress
from engine.runs.answers import answers_path, kept_counted
from engine.runs.checkpoints import checkpoint_path
from engine.runs.decision import checked_decision
from engine.runs.history import open_history
from engine.runs.model_folder import Subject
from engine.runs.run import Run
from engine.targets import positive_of, probabilities_of, target_of, with_unknown_labels


def measure(
    subject: Subject,
    source: Source | None = None,
    split: str | None = None,
    checkpoint: str = "best",
    temperature: float | None = None,
    rule: LabelRule = WRONG_IF_UNKNOWN,
) -> Generator[Progress, None, Measures]:
    """`temperature` None: that of the saved decision. Word counting stands beside the figures where it was asked of the
    same rows (`counted`), or measured while the run trained. Raises InputError for rows without labels, and as
    `examine` does."""
    answers = yield from examine(subject, source, split, checkpoint, rule)
    return (yield from measure_answers(subject, answers, source, checkpoint, temperature))


def measure_answers(
    subject: Subject, answers: Answers, source: Source | None, checkpoint: str, temperature: float | None = None
) -> Generator[Progress, None, Measures]:
    """The same where the answers are at hand."""
    truths_needed(answers)
    chosen = saved_decision(subject, checkpoint).temperature if temperature is None else temperature
    counted, rows = _kept(subject, answers, source), with_unknown_labels(answers)
    target, strangers = target_of(answers.kind), rows.num_strangers
    found = yield from measured(
        partial(target.row_figures, truths=rows.truths, positive=positive_of(answers), num_strangers=strangers),
        rows.widened(probabilities_of(answers, chosen)),
        target.simplest(rows.truths, len(rows.labels), strangers),
        rows.labels,
        answers.split,
        counted=None if counted is None else rows.widened(counted),
    )
    found = replace(found, left_out=answers.left_out, strangers=answers.strangers)
    return found if counted is not None else replace(found, counted=_told(subject, answers))


def truths_needed(answers: Answers) -> np.ndarray:
    """[rows] or [rows, labels]: what is true of them. Raises InputError where they have no labels."""
    if answers.truths is None:
        raise InputError(
            message("These rows have no labels, so nothing can be measured on them."),
            answers.source,
            message("Choose a file with a column of labels."),
        )
    return answers.truths


def saved_decision(subject: Subject, checkpoint: str) -> Decision:
    """What a person saved into the checkpoint (or stands in a model's folder)."""
    return checked_decision(checkpoint_path(subject, checkpoint) if isinstance(subject, Run) else subject.path)


def _kept(subject: Subject, answers: Answers, source: Source | None) -> np.ndarray | None:
    if not isinstance(subject, Run):
        return None
    found = kept_counted(answers_path(subject, source, answers.split, answers.checkpoint))
    return found if found is not None and found.shape == answers.logits.shape else None


def _told(subject: Subject, answers: Answers) -> dict[str, float]:
    """Word counting's figures as the training told them."""
    if not isinstance(subject, Run) or answers.source:
        return {}
    told = open_history(subject.journal)[0].baselines.get(answers.split)
    return dict(told.metrics) if told is not None and told.num_rows == len(answers) else {}
