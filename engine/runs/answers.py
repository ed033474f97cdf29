"""Answers on disk: `answers/KEY/` in a run's folder, so that an evaluation opens without a model or torch.

about.json   kind, labels, loss, split, source, checkpoint, and the sums of all other files
logits.npy   truths.npy   rows.npy   num_tokens.npy   texts.bin/.npy   column-N.bin/.npy
counted.npy  what word counting says of the same rows, and counted.json, its sum
"""

from __future__ import annotations

import hashlib
import io
import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np

from engine.errors import RunFailure
from engine.messages import Message, message
from engine.records import WRONG_IF_UNKNOWN, Answers, LabelRule, LeftOut, UnknownLabel
from engine.runs.checksums import fits, read_object, sealed, sha256
from engine.runs.files import disk_errors, write_atomic
from engine.runs.kept_folders import believe, files_of, forget_old, put, weights_of
from engine.runs.partial_files import aside_of, clear_litter
from engine.runs.run import Run
from engine.runs.texts import TextColumn

_FORMAT = 3
_ABOUT, _COUNTED, _COUNTED_SUM = "about.json", "counted.npy", "counted.json"
Source = str | tuple[str, ...]
_ARRAYS = ("logits", "truths", "rows", "num_tokens", "unknown")


def answers_path(
    run: Run, source: Source | None, split: str, checkpoint: str, rule: LabelRule = WRONG_IF_UNKNOWN
) -> Path:
    """Where the answers of `checkpoint` ("step-N") to a split of the run's data, or to another source, lie. The place
    follows from the weights, from the settings that decide the rows and from when the files were written, so that what
    is out of date is never found."""
    config = run.config
    data = config.data.model_dump(mode="json")
    task = {**config.task.model_dump(mode="json"), "positive_label": None}
    files = [source] if source is not None else [data["train"], data["validation"], data["test"]]
    asked = [_FORMAT, data, task, config.seed, source, split, checkpoint, weights_of(run, checkpoint)]
    if source is not None and rule != WRONG_IF_UNKNOWN:
        asked.append([rule.leave_out, rule.match_spelling])
    corrections = data.get("corrections") or []
    state = [files_of(one) for one in [*files, *([corrections] if isinstance(corrections, str) else corrections)]]
    key = hashlib.sha256(json.dumps([asked, state], sort_keys=True, default=str).encode()).hexdigest()[:16]
    return run.path / "answers" / key


def kept_answers(path: Path) -> Answers | None:
    """None where none lie there, or a file is damaged: they can be asked for anew."""
    try:
        about = read_object(path / _ABOUT)
        believe(path, about.pop("sums"))
        arrays = {name: _array(path / f"{name}.npy") for name in _ARRAYS}
        columns = {name: TextColumn(path / f"column-{number}") for number, name in enumerate(about.pop("columns"))}
        about["labels"] = tuple(about["labels"])
        about["left_out"] = tuple(LeftOut.from_json(one) for one in about.get("left_out", ()))
        about["strangers"] = tuple(UnknownLabel.from_json(one) for one in about.get("strangers", ()))
        logits, rows, num_tokens = arrays["logits"], arrays["rows"], arrays["num_tokens"]
        if logits is None or rows is None or num_tokens is None:
            return None
        return Answers(
            **about,
            logits=logits,
            truths=arrays["truths"],
            rows=rows,
            num_tokens=num_tokens,
            unknown=arrays["unknown"],
            texts=TextColumn(path / "texts"),
            columns=columns,
        )
    except (OSError, ValueError, KeyError, TypeError, EOFError, AttributeError):
        return None


def are_damaged(path: Path) -> bool:
    """Whether answers lie there that cannot be believed, so that asking anew is more than the first time."""
    return path.exists() and kept_answers(path) is None


ASKED_ANEW = message("The answers that were kept are damaged: the texts were asked anew.")


def keep_answers(path: Path, answers: Answers) -> None:
    """Whole or not at all; the oldest ones make room. Raises RunFailure when the disk refuses."""
    aside = aside_of(path)
    about: dict[str, Any] = {
        name: getattr(answers, name)
        for name in ("kind", "labels", "positive_label", "loss", "split", "source", "checkpoint")
    }
    with disk_errors(path):
        clear_litter(path.parent)
        aside.mkdir(parents=True)
        try:
            for name in _ARRAYS:
                if getattr(answers, name) is not None:
                    np.save(aside / f"{name}.npy", getattr(answers, name), allow_pickle=False)
            TextColumn.write(aside / "texts", answers.texts)
            for number, column in enumerate(answers.columns.values()):
                TextColumn.write(aside / f"column-{number}", column)
            about["columns"] = list(answers.columns)
            about["left_out"] = [one.to_json() for one in answers.left_out]
            about["strangers"] = [one.to_json() for one in answers.strangers]
            about["sums"] = {file.name: sha256(file) for file in sorted(aside.iterdir())}
            write_atomic(aside / _ABOUT, sealed({**about, "labels": list(answers.labels)}))
            put(aside, path, is_kept=lambda: kept_answers(path) is not None)
        finally:
            shutil.rmtree(aside, ignore_errors=True)
        forget_old(path.parent)


def keep_if_possible(path: Path, answers: Answers) -> tuple[Answers, RunFailure | None]:
    """The answers as they are kept, or as they are with why they could not be: who only wanted to know them has them
    all the same."""
    try:
        keep_answers(path, answers)
    except RunFailure as failure:
        return answers, failure
    return kept_answers(path) or answers, None


def not_kept(failure: RunFailure) -> Message:
    """What to say then."""
    return message(
        "The answers could not be kept for the next time: {what} ({where})", what=failure.what, where=failure.where
    )


def kept_counted(path: Path) -> np.ndarray | None:
    """What word counting says of the same rows: probabilities [N, L], or numbers [N, 1]; None where it was not kept, or
    is damaged."""
    try:
        if not fits(path / _COUNTED, read_object(path / _COUNTED_SUM).get("sha256")):
            return None
        return _array(path / _COUNTED)
    except (OSError, ValueError):
        return None


def keep_counted(path: Path, counted: np.ndarray) -> None:
    """Keep what word counting says of the rows, `counted` [rows, labels]. Raises RunFailure when the disk refuses."""
    buffer = io.BytesIO()
    np.save(buffer, counted, allow_pickle=False)
    write_atomic(path / _COUNTED, buffer.getvalue())
    write_atomic(path / _COUNTED_SUM, sealed({"sha256": hashlib.sha256(buffer.getvalue()).hexdigest()}))


def _array(file: Path) -> np.ndarray | None:
    return np.load(file, allow_pickle=False) if file.exists() else None
