"""How good a model is: answers to rows, figures, promises, comparisons, attacks."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from pathlib import Path

import numpy as np

from engine.config.data import Source
from engine.inspection.comparison.compare import compare as compare_runs
from engine.inspection.evaluation import precision_guarantee as promising
from engine.inspection.evaluation.bag_of_words import bag_of_words_answers as counted_rows
from engine.inspection.evaluation.calibrate import calibrate as calibrate_run
from engine.inspection.evaluation.evaluate import evaluate as evaluate_rows
from engine.inspection.evaluation.examine import examine as examine_rows
from engine.inspection.evaluation.examined_rows import left_out_of
from engine.inspection.evaluation.measure import measure as measure_rows
from engine.inspection.evaluation.robustness import robustness
from engine.inspection.evaluation.slices import slices as slices_of_rows
from engine.inspection.evaluation.throughput import throughput as speed_of
from engine.inspection.reporting.report import report as write_report
from engine.records import (
    WRONG_IF_UNKNOWN,
    Answers,
    AttackMethod,
    Calibration,
    CheckedPromise,
    Comparison,
    Evaluation,
    LabelRule,
    LeftOut,
    Measures,
    Progress,
    Robustness,
    Slice,
    Speed,
)
from engine.runs.model_folder import Subject
from engine.runs.run import Run
from engine.runs.study import Study


def evaluate(
    run: Run,
    source: Source | None = None,
    split: str | None = None,
    checkpoint: str = "best",
    rule: LabelRule = WRONG_IF_UNKNOWN,
) -> Evaluation:
    """How good a checkpoint is on a split of the run's data, or on another labelled file, as it answers with its saved
    decision; of a text GAN: every meter, beside those of real text."""
    return evaluate_rows(run, source, split, checkpoint, rule)


def examine(
    subject: Subject,
    source: Source | None = None,
    split: str | None = None,
    checkpoint: str = "best",
    rule: LabelRule = WRONG_IF_UNKNOWN,
) -> Generator[Progress, None, Answers]:
    """What a checkpoint says of every row of a file, or of a split of the run's data; kept in the run's `answers`."""
    return (yield from examine_rows(subject, source, split, checkpoint, rule))


def left_out(
    subject: Subject, source: Source | None = None, split: str | None = None, checkpoint: str = "best"
) -> tuple[LeftOut, ...]:
    """Rows that nothing is measured on where labels have to be the model's (attacks, heads, suspects), and why."""
    return left_out_of(subject, source, split, checkpoint)


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
    """From which probability on a label is right often enough: promised on validation rows, checked on test rows (or a
    named split, or a file). Without a label: the positive one of two, whichever it says of many."""
    return (yield from promising.promise(run, precision, confidence, label, checkpoint, source, split, rule))


def measure(
    subject: Subject,
    source: Source | None = None,
    split: str | None = None,
    checkpoint: str = "best",
    temperature: float | None = None,
    rule: LabelRule = WRONG_IF_UNKNOWN,
) -> Generator[Progress, None, Measures]:
    """Every figure with its interval, and baselines beside them. A `Progress.partial` has the figures early, before
    the intervals that take long. `temperature` None: that of the saved decision."""
    return (yield from measure_rows(subject, source, split, checkpoint, temperature, rule))


def counted(
    run: Run, source: Source | None = None, split: str | None = None, checkpoint: str = "best"
) -> Generator[Progress, None, np.ndarray]:
    """Word counting's probabilities [N, L] on the rows of `examine`; kept beside them."""
    return (yield from counted_rows(run, source, split, checkpoint))


def calibrate(run: Run, checkpoint: str = "best", split: str | None = None) -> Generator[Progress, None, Calibration]:
    """The temperature that fits the validation rows best, and how far probabilities can be believed before and after
    it: on test rows, where the run has some."""
    return (yield from calibrate_run(run, checkpoint, split))


def slices(
    subject: Subject,
    source: Source | None = None,
    split: str | None = None,
    checkpoint: str = "best",
    word: str = "",
) -> Generator[Progress, None, tuple[Slice, ...]]:
    """Parts of the rows (by length, label, column, a word) and whether the model does worse there than elsewhere."""
    return (yield from slices_of_rows(subject, source, split, checkpoint, word))


def speed(subject: Subject, checkpoint: str = "best") -> Generator[Progress, None, Speed]:
    """Rows a second in batches, and the seconds that one text takes."""
    return (yield from speed_of(subject, checkpoint))


def report(
    run: Run,
    source: Source | None = None,
    split: str | None = None,
    checkpoint: str = "best",
    folder: Path | None = None,
    language: str = "en",
    rule: LabelRule = WRONG_IF_UNKNOWN,
) -> Generator[Progress, None, tuple[Path, Path]]:
    """One HTML file for people and the CSV of all predictions, in `folder` (the run's `report`)."""
    return (yield from write_report(run, source, split, checkpoint, folder, language, rule))


def compare(
    runs: Sequence[Run | Study],
    split: str | None = None,
    source: Source | None = None,
    rule: LabelRule = WRONG_IF_UNKNOWN,
) -> Generator[Progress, None, Comparison]:
    """Runs, or the runs of studies, on the same texts: the first one's group against each other one."""
    return (yield from compare_runs(runs, split, source, rule))


def attack(
    subject: Subject,
    method: AttackMethod,
    source: Source | None = None,
    split: str | None = None,
    num_rows: int = 200,
    checkpoint: str = "best",
) -> Generator[Progress, None, Robustness]:
    """What is left of precision and recall when texts are misspelled or reworded against the model: `num_rows` rows of
    a labelled file, or of the run's test (else validation) split. Goes on while it is iterated; closing it stops it."""
    return (yield from robustness(subject, method, source, split, num_rows, checkpoint))
