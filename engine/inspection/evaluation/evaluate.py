"""evaluate: the figures of a checkpoint as it answers, with its saved decision; what is left out; unknown labels."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from datasets import Dataset

from engine.breath import drain
from engine.config.data import Source
from engine.config.tasks.registry import type_of
from engine.errors import InputError
from engine.inspection.evaluation.examine import examine
from engine.inspection.evaluation.score_rows import evaluate_rows_in_words
from engine.inspection.generation.generators import evaluate_generator
from engine.inspection.prediction.split_answers import evaluate_rows, rows_of
from engine.inspection.subjects.loaded_models import trained
from engine.messages import message
from engine.metrics.classification import ranking_of
from engine.metrics.decided_figures import Said
from engine.records import UNDECIDED, WRONG_IF_UNKNOWN, Answers, Decision, Evaluation, LabelRule
from engine.runs.checkpoints import checkpoint_path
from engine.runs.decision import read_decision
from engine.runs.run import Run
from engine.targets import Decided, with_unknown_labels


def evaluate(
    run: Run,
    source: Source | None = None,
    split: str | None = None,
    checkpoint: str = "best",
    rule: LabelRule = WRONG_IF_UNKNOWN,
) -> Evaluation:
    """Without a source: the run's own test split where there is one, else validation. Where thresholds were saved the
    figures are those of what the model says by them. The loss is that of rows whose label is known. Raises
    InputError."""
    if type_of(run.config.task).can("generate"):
        if source is not None:
            raise InputError(
                message("A text GAN is measured against the texts that it was held back from."),
                str(source),
                message("Leave the file out; or train a run on it."),
            )
        return evaluate_generator(run, split, checkpoint)
    if run.config.task.target is None:
        return evaluate_rows_in_words(run, source, split, checkpoint)
    best = trained(run, checkpoint)
    read = rows_of(run, best, source, split, rule)
    plain = replace(
        evaluate_rows(run, best, _known(read.table, best.labels) if read.strangers else read.table, read.split),
        left_out=read.left_out,
        strangers=read.strangers,
    )
    decision = read_decision(checkpoint_path(run, checkpoint))
    if not best.labels or not (read.strangers or decision.thresholds):
        return plain
    answers = drain(examine(run, source, read.split if source is None else None, checkpoint, rule))
    return _decided(plain, answers, decision)


def _known(table: Dataset, labels: tuple[str, ...]) -> Dataset:
    """The rows that the loss is of: of several labels each row, without those that are unknown."""
    named = table["label"]
    if not isinstance(named[0], str):
        return table
    return table.select(np.flatnonzero(np.isin(np.array(named, dtype=object).astype(str), labels)))


def _decided(plain: Evaluation, answers: Answers, decision: Decision) -> Evaluation:
    usual = Decided(answers, replace(UNDECIDED, temperature=decision.temperature))
    truths = with_unknown_labels(answers).truths
    ranking = ranking_of(Decided(answers).probabilities, truths, usual.positive)  # a temperature changes no order
    loss, said = {"loss": plain.metrics["loss"]}, _said(usual)
    likeliest = {**loss, **said.metrics, **ranking}
    found = replace(plain, num_rows=len(answers), metrics=likeliest, intervals=said.intervals)
    found = replace(found, confusion=_of_known(said, len(answers.labels)))
    if not decision.thresholds:
        return found
    by_it = _said(usual.under(decision))
    return replace(
        found,
        metrics={**loss, **by_it.metrics, **ranking, "coverage": by_it.num_answered / max(1, len(answers))},
        intervals=by_it.intervals,
        confusion=_of_known(by_it, len(answers.labels)),
        likeliest=likeliest,
        decision=_in_words(by_it, answers, decision),
    )


def _said(decided: Decided) -> Said:
    assert decided.tally is not None, "asked of labelled rows of a classifier"
    return decided.tally.said(decided.positive)


def _of_known(said: Said, num_known: int) -> tuple[tuple[int, ...], ...]:
    return tuple(row[:num_known] for row in said.confusion[:num_known])


def _in_words(said: Said, answers: Answers, decision: Decision) -> dict[str, Any]:
    num_rows = len(answers)
    left = dict(zip(with_unknown_labels(answers).labels, said.abstained, strict=False))
    return {
        "temperature": decision.temperature,
        "thresholds": dict(decision.thresholds),
        "coverage": said.num_answered / max(1, num_rows),
        "num_answered": said.num_answered,
        "num_left_to_a_person": num_rows - said.num_answered,
        "left_to_a_person": {label: count for label, count in left.items() if count},
    }
