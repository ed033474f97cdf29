"""The doctor: what real data have, with row numbers, counts and a mend for each; and how they look after mending."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from engine.config.data import DataConfig
from engine.config.tasks.registry import Task, target_kind, type_of
from engine.data.columns.roles import guess_roles
from engine.data.diagnosis.checks import (
    corpora,
    corrections,
    dialogues,
    duplicates,
    held_back,
    labels,
    pairs,
    questions,
    tables,
    texts,
    unlabelled,
)
from engine.data.diagnosis.checks.case import Case
from engine.data.sources.tables import read_tables, role_sample
from engine.data.splitting.corrections import corrected_parts
from engine.data.splitting.splits import Splits, label_counts_of, load_splits
from engine.data.splitting.unlabelled import load_unlabelled
from engine.data.splitting.usable_rows import left_out_splits, read_parts
from engine.errors import InputError
from engine.messages import message
from engine.records import DataReport, Finding
from engine.runs.correction_files import read_corrections

_CHECKS: tuple[Callable[[Case], Iterator[Finding]], ...] = (
    texts.check_numeric_text,
    tables.check_encoding,
    tables.check_header,
    tables.check_lines_above,
    tables.check_repeated_header,
    tables.check_quotes,
    tables.check_column_names,
    tables.check_same_names,
    tables.check_stray_files,
    tables.check_left_out_splits,
    tables.check_tool_answers,
    tables.check_blank_rows,
    tables.check_ragged_rows,
    labels.check_missing_labels,
    labels.check_missing_words,
    labels.check_label_or_missing,
    labels.check_no_labels,
    labels.check_label_lists,
    labels.check_label_forms,
    labels.check_label_spelling,
    labels.check_labels_of_splits,
    labels.check_constant_labels,
    duplicates.check_conflicting_labels,
    duplicates.check_duplicates_across,
    duplicates.check_duplicates,
    dialogues.check_dialogues,
    texts.check_markup,
    texts.check_broken_encoding,
    texts.check_lengths,
    labels.check_balance,
    corpora.check_few_texts,
    questions.check_answers,
    questions.check_passages,
    questions.check_marks,
    pairs.check_long_targets,
    pairs.check_same_twice,
    pairs.check_exchanged,
)
_OF_LABELS = frozenset(
    (
        labels.check_missing_labels,
        labels.check_missing_words,
        labels.check_label_or_missing,
        labels.check_no_labels,
        labels.check_label_lists,
        labels.check_label_forms,
        labels.check_label_spelling,
        labels.check_labels_of_splits,
        labels.check_constant_labels,
        labels.check_balance,
        duplicates.check_conflicting_labels,
    )
)
_OF_CORPORA = frozenset((corpora.check_few_texts,))
_OF_READING = frozenset(("label_forms", "missing_words", "label_or_missing"))
"""Mends that say how a label is read at all: what is found holds for labels that are read so."""

_SEVERITIES = ("error", "warning", "info")
_MAX_LENGTHS = 5000


def diagnose(data: DataConfig, task: Task, seed: int) -> DataReport:
    """All findings, gravest first. What keeps the data from being trained on at all is a finding of severity "error".

    Findings are of the data as they are, with the labels that were corrected; `chosen` says which
    mend is set. Balance and rows are counted after mending.
    Raises InputError for sources that cannot be read and columns that are missing.
    """
    as_said = {kind: mend for kind, mend in data.mends.items() if kind in _OF_READING}
    parts = read_parts(data.model_copy(update={"mends": as_said}), task, seed)
    left_out = left_out_splits(parts) if task.has_labels else {}
    parts = {split: part for split, part in parts.items() if split not in left_out}
    parts, told = corrected_parts(parts, read_corrections(data.corrections) if task.has_labels else ())
    case = Case(data, task, parts, left_out)
    others = _OF_CORPORA if task.has_labels else _OF_LABELS
    findings = [finding for check in _CHECKS if check not in others for finding in check(case)]
    findings.extend(corrections.check_corrections(told))
    splits: Splits | None = None
    try:
        splits = load_splits(data, task, seed)
    except InputError as error:
        if not any(finding.severity == "error" for finding in findings):
            findings.append(_unusable(error))
    if splits is not None:
        findings.extend(held_back.check_held_back(case, splits.splits))
    if data.unlabelled is not None:
        more = (
            splits.more if splits else load_unlabelled(data, {}, case.parts["train"].given.roles.get("text", ""), seed)
        )
        findings.extend(unlabelled.check_unlabelled(more) if more else ())
    findings.sort(key=lambda finding: _SEVERITIES.index(finding.severity))
    given = case.parts["train"].given
    return DataReport(
        findings=tuple(findings),
        balance=_balance(case, splits) if task.has_classes else {},
        lengths=_sample(texts.token_counts(case, "train")),
        max_length=data.max_length,
        num_rows=_num_rows(case, splits),
        positive_label=splits.positive_label if splits else None,
        is_numeric=task.has_numbers,
        kind=target_kind(task),
        numbers=_numbers(task, splits),
        has_labels=task.has_labels,
        columns=given.table.columns,
        roles=given.roles,
        facts=given.table.facts,
        has_header=given.table.has_header,
        rows_read=sum(len(part.dataset) for part in case.parts.values()),
        labels=_labels(case, splits) if task.has_classes else {},
    )


def with_target_said(report: DataReport) -> DataReport:
    """The same where what a text gets was guessed: how a training is told of it."""
    if report.target not in ("several", "number"):
        return report
    said = Finding(
        kind="guessed_target",
        severity="info",
        title=message("Each text seems to get several labels")
        if report.target == "several"
        else message("Each text seems to get a number"),
        detail=message("They are read so here; for training set task.multi_label=true.")
        if report.target == "several"
        else message(
            "It is read so here; for training set task.loss.name=mse. If the numbers are names of classes, say "
            "task.loss.name=cross-entropy."
        ),
        count=report.rows_read,
    )
    return replace(report, findings=(*report.findings, said))


def first_look(data: DataConfig, task: Task, error: InputError) -> DataReport:
    """What is known of data that `diagnose` refuses with this error."""
    empty = DataReport(
        findings=(_unusable(error),),
        balance={},
        lengths=np.empty(0, np.int64),
        max_length=data.max_length,
        num_rows={},
        positive_label=None,
        is_numeric=task.has_numbers,
        kind=target_kind(task),
        has_labels=task.has_labels,
    )
    try:
        tables = read_tables(data.train, data.builtin, has_labels=task.has_labels)
    except InputError:
        return empty
    table = tables["train"]
    named = {role: column for role, column in data.columns.items() if column in table.columns}
    return replace(
        empty,
        columns=table.columns,
        roles=guess_roles(table.columns, role_sample(table), table.has_header, type_of(task).roles) | named,
        facts=table.facts,
        has_header=table.has_header,
        rows_read=sum(len(one.dataset) for one in tables.values()),
        num_rows={split: len(one.dataset) for split, one in tables.items()},
    )


def _balance(case: Case, splits: Splits | None) -> dict[str, int]:
    counts = label_counts_of(splits.splits["train"]) if splits else labels.label_rows(case.parts["train"])
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def _labels(case: Case, splits: Splits | None) -> dict[str, int]:
    """Rows a label over all splits, the most frequent first."""
    counts: Counter[str] = Counter()
    for rows in splits.splits.values() if splits else ():
        counts.update(label_counts_of(rows))
    for part in case.parts.values() if splits is None else ():
        counts.update(labels.label_rows(part))
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def _unusable(error: InputError) -> Finding:
    return Finding(kind="unusable", severity="error", title=error.what, detail=error.mend, count=1)


def _num_rows(case: Case, splits: Splits | None) -> dict[str, int]:
    if splits is None:
        return {split: len(part.dataset) for split, part in case.parts.items()}
    return {split: len(rows) for split, rows in splits.splits.items()}


def _numbers(task: Task, splits: Splits | None) -> NDArray[np.float64]:
    if splits is None or not task.has_numbers:
        return np.empty(0)
    numbers: list[float] = splits.splits["train"]["label"][:]
    return np.array(numbers[:: max(1, len(numbers) // _MAX_LENGTHS)], dtype=np.float64)


def _sample(lengths: NDArray[np.int64]) -> NDArray[np.int64]:
    return lengths[:: max(1, len(lengths) // _MAX_LENGTHS)]
