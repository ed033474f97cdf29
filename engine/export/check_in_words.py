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
from engine.export.in_words import ANSWERING, SCRIPT, LeavingInWords
from engine.inspection.prediction.batch_in_words import answers_to
from engine.messages import message
from engine.records import RowAnswer
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


def studio_says(leaving: LeavingInWords, folder: Path, rows: Dataset) -> Generator[object, None, list[str]]:
    """The task's own answers. A task that says nothing of its own is asked by what lies in the folder, with the model
    in memory."""
    found: Sequence[RowAnswer] = yield from answers_to(leaving.run, leaving.task, rows)
    said = [one.answer for one in found]
    if len(said) == len(rows) and any(said):
        return said
    answers = runpy.run_path(str(folder / ANSWERING))["answers"]
    about = json.loads(json.dumps(leaving.about()))
    said = []
    for row in rows:
        asked = {role: leaving.kind.as_read(row[role]) for role in leaving.roles}
        said.append(answers(leaving.model, leaving.tokenizer, about, [asked])[0]["answer"])
        yield None
    return said


def folder_says(leaving: LeavingInWords, folder: Path, rows: Dataset) -> Generator[None, None, list[str]]:
    """What `ask.py` says in a process of its own."""
    asked, said = folder / ".asked.jsonl", folder / ".said.jsonl"
    lines = [json.dumps({role: leaving.kind.as_read(row[role]) for role in leaving.roles}) for row in rows]
    asked.write_text("\n".join(lines) + "\n", encoding="utf-8")
    paths = os.pathsep.join([str(_ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    command = [sys.executable, "-B", "-W", "ignore", SCRIPT, "--data", asked.name, "--out", said.name]
    try:
        reason = yield from run_child(command, folder, {**os.environ, "PYTHONPATH": paths})
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


def _answer(row: dict[str, Any]) -> str:
    return str(row.get("answer of the model", row["answer"]))


def checked_in_words(
    leaving: LeavingInWords, folder: Path, rows: Dataset, where: str
) -> Generator[object, None, float]:
    """Ask both; the share of rows that are answered otherwise. Raises RunFailure for any."""
    studio = yield from telling(studio_says(leaving, folder, rows), None)
    others = yield from folder_says(leaving, folder, rows)
    return refuse_other_answers(studio, others, where)
