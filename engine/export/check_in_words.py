"""Checks: the exported folder is asked by its own script in a process of its own, and must say what the studio says."""

from __future__ import annotations

import json
import os
import runpy
import sys
from collections.abc import Generator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from datasets import Dataset

from engine.breath import telling
from engine.data.splitting.splits import load_splits
from engine.errors import RunFailure
from engine.export.child_process import lack_in, run_child
from engine.export.equivalence import BATCHES, TOLERANCE
from engine.export.in_words import ANSWERING, SCRIPT, LeavingInWords
from engine.inspection.prediction.batch_in_words import answers_to
from engine.messages import message
from engine.records import Format, RowAnswer
from engine.runs.run import Run

NUM_CHECKED = 60
_ROOT = Path(__file__).resolve().parents[2]


def check_rows(run: Run, roles: Sequence[str]) -> tuple[Dataset, str]:
    """(rows with row and the roles that are read, the split): at most `NUM_CHECKED` of the test split where there is
    one, else validation, from the shortest to the longest. Raises InputError where the run's texts are gone."""
    config = run.config
    splits = load_splits(config.data, config.task, config.seed).splits
    name = "test" if "test" in splits else "validation"
    table = splits[name].select_columns(["row", *roles])
    lengths = np.sum([[len(text) for text in table[role]] for role in roles], axis=0)
    order = np.argsort(lengths, kind="stable")
    places = np.unique(np.linspace(0, len(order) - 1, min(NUM_CHECKED, len(order))).round().astype(int))
    return table.select(order[places]), name


def studio_says(leaving: LeavingInWords, folder: Path, rows: Dataset) -> Generator[object, None, list[RowAnswer]]:
    """The task's own answers. A task that says nothing of its own is asked by what lies in the folder, with the model
    in memory."""
    found: Sequence[RowAnswer] = yield from answers_to(leaving.run, leaving.task, rows)
    if len(found) == len(rows) and any(one.answer for one in found):
        return list(found)
    answers = runpy.run_path(str(folder / ANSWERING))["answers"]
    about = json.loads(json.dumps(leaving.about()))
    said: list[RowAnswer] = []
    for row in rows:
        asked = {role: leaving.kind.as_read(row[role]) for role in leaving.roles}
        said.append(RowAnswer(answers(leaving.model, leaving.tokenizer, about, [asked])[0]["answer"]))
        yield None
    return said


def folder_says(
    leaving: LeavingInWords, folder: Path, rows: Dataset, *options: str, with_attune: bool = True
) -> Generator[None, None, list[RowAnswer]]:
    """What `ask.py` says in a process of its own, which finds Attune only where it may need it."""
    asked, said = folder / ".asked.jsonl", folder / ".said.jsonl"
    lines = [json.dumps({role: leaving.kind.as_read(row[role]) for role in leaving.roles}) for row in rows]
    asked.write_text("\n".join(lines) + "\n", encoding="utf-8")
    paths = os.pathsep.join([str(_ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    command = [sys.executable, "-B", "-W", "ignore", SCRIPT, "--data", asked.name, "--out", said.name, *options]
    environment = {**os.environ, "PYTHONPATH": paths} if with_attune else None
    try:
        reason = yield from run_child(command, folder, environment)
        if reason is not None:
            raise lack_in(reason, folder) or RunFailure(
                message("The exported model does not run: {reason}", reason=reason),
                str(folder),
                message("Nothing was kept; the run itself is as it was."),
            )
        found: list[dict[str, Any]] = [json.loads(line) for line in said.read_text(encoding="utf-8").splitlines()]
        return [_answer(one) for one in found]
    finally:
        asked.unlink(missing_ok=True)
        said.unlink(missing_ok=True)


def refuse_other_answers(studio: Sequence[str], others: Sequence[str], where: str) -> float:
    """The share of rows that are answered otherwise; raises RunFailure for any."""
    different = [place for place, pair in enumerate(zip(studio, others, strict=True)) if pair[0] != pair[1]]
    if different:
        first = different[0]
        raise RunFailure(
            message(
                "The exported model does not answer as the studio does: {count} of {rows:plural:answer is:answers are} "
                "others, such as “{said}” instead of “{wanted}”. Nothing was kept.",
                count=len(different),
                rows=len(studio),
                said=others[first],
                wanted=studio[first],
            ),
            where,
            message("The run itself is as it was; its answers can be written to a file instead."),
        )
    return 0.0


def refuse_other_scores(studio: Sequence[RowAnswer], others: Sequence[RowAnswer], where: str) -> None:
    """Raises RunFailure where one is as sure of an answer as the other only by more than a rounding."""
    pairs = zip(studio, others, strict=True)
    scores = [(one.score, other.score) for one, other in pairs]
    apart = [abs(one - other) for one, other in scores if one is not None and other is not None]
    if any(not one <= TOLERANCE for one in apart):
        raise RunFailure(
            message(
                "The exported model does not answer as the studio does: on {count:plural:text:texts} the largest "
                "difference is {difference}. Nothing was kept.",
                count=len(apart),
                difference=max(apart),
            ),
            where,
            message("Try the other format; this model's layers do not survive this one."),
        )


def _answer(row: dict[str, Any]) -> RowAnswer:
    return RowAnswer(str(row.get("answer of the model", row["answer"])), row.get("score"))


def checked_in_words(
    leaving: LeavingInWords, format: Format, folder: Path, rows: Dataset, where: str
) -> Generator[object, None, float]:
    """Ask both; the share of rows that are answered otherwise. Raises RunFailure for any. An ONNX file is asked row by
    row and in batches, without Attune, and must be as sure of its answers as the studio is."""
    studio = yield from telling(studio_says(leaving, folder, rows), None)
    texts = [one.answer for one in studio]
    if format == "hf":
        others = yield from folder_says(leaving, folder, rows)
        return refuse_other_answers(texts, [one.answer for one in others], where)
    for size in BATCHES:
        others = yield from folder_says(leaving, folder, rows, "--batch", str(size), with_attune=False)
        refuse_other_answers(texts, [one.answer for one in others], where)
        refuse_other_scores(studio, others, where)
    return 0.0
