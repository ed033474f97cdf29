"""Every prediction as a row of a CSV that spreadsheets open safely."""

from __future__ import annotations

from collections.abc import Generator
from io import StringIO
from pathlib import Path

import numpy as np

from engine.metrics.decision_rules import ABSTAINED
from engine.records import Answers, Decision, Progress
from engine.runs.files import disk_errors, write_atomic
from engine.runs.partial_files import aside_of, clear_litter_of
from engine.runs.spreadsheets import Cell, Sheet, digits
from engine.targets import Decided

_ROWS_A_TIME = 1000
_BETWEEN = "; "


def write_predictions(path: Path, answers: Answers, decision: Decision) -> Generator[Progress, None, None]:
    """Columns row, text, label, said, abstained and `p(LABEL)` of each label; of a number only row, text, label, said.
    UTF-8 with its mark, by which spreadsheets know it. Whole or not at all; raises RunFailure when the disk refuses."""
    part = aside_of(path)
    clear_litter_of(path)
    table = _Table(answers, decision)
    with disk_errors(path):
        try:
            with part.open("w", encoding="utf-8-sig", errors="replace", newline="") as file:
                sheet = Sheet(file)
                sheet.write(table.heads)
                for first in range(0, len(answers), _ROWS_A_TIME):
                    last = min(first + _ROWS_A_TIME, len(answers))
                    sheet.write_all(table.row(place) for place in range(first, last))
                    yield Progress(last, len(answers))
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)


def write_left_out(path: Path, answers: Answers) -> None:
    """Rows that were not measured, and labels that the model does not know: reason, count, rows (the first ones) and
    labels. Raises RunFailure when the disk refuses."""
    text = StringIO()
    sheet = Sheet(text)
    sheet.write(["reason", "count", "rows", "labels"])
    found = [(one.reason, one.count, one.rows, one.labels) for one in answers.left_out]
    found += [("counts as wrong", one.count, one.rows, (one.label,)) for one in answers.strangers]
    for reason, count, rows, labels in found:
        sheet.write([reason, count, _BETWEEN.join(str(row) for row in rows), _BETWEEN.join(labels)])
    write_atomic(path, "\ufeff" + text.getvalue())


class _Table:
    def __init__(self, answers: Answers, decision: Decision) -> None:
        self._answers, decided = answers, Decided(answers, decision)
        self._found, self._said, self._target = decided.probabilities, decided.said, decided.target
        if not self._target.is_categorical:
            self.heads = ["row", "text", "label", "said"]
            return
        self.heads = ["row", "text", "label", "said", "abstained", *(f"p({label})" for label in answers.labels)]

    def row(self, place: int) -> list[Cell]:
        answers, truths = self._answers, self._answers.truths
        start: list[Cell] = [int(answers.rows[place]), answers.texts[place]]
        if not self._target.is_categorical:
            true = "" if truths is None else digits(float(truths[place]), ".6g")
            return [*start, true, digits(float(self._found[place, 0]), ".6g")]
        true = _BETWEEN.join(self._target.true_labels(answers, place))
        is_left = self._target.is_exclusive and self._said[place] == ABSTAINED
        said = "" if is_left else self._named(self._said[place])
        probabilities = (digits(float(one), ".6f") for one in self._found[place])
        return [*start, true, said, "true" if is_left else "false", *probabilities]

    def _named(self, labels: np.ndarray) -> str:
        """An id, or yes or no of each label."""
        names = self._answers.labels
        return _BETWEEN.join(names[place] for place in np.flatnonzero(labels)) if labels.ndim else names[int(labels)]
