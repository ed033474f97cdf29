"""Answers on disk: `answers/KEY/` in a run's folder, so that an evaluation opens without a model or torch.

about.json   kind, labels, loss, split, source, checkpoint
logits.npy   truths.npy   rows.npy   num_tokens.npy   texts.bin/.npy   column-N.bin/.npy   counted.npy (word counting's)
"""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np

from engine.records import WRONG_IF_UNKNOWN, Answers, LabelRule, LeftOut, UnknownLabel
from engine.runs.files import disk_errors, write_atomic
from engine.runs.run import Run
from engine.runs.texts import TextColumn

_NUM_KEPT = 8
_MOST_FILES = 1000
_FORMAT = 2
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
    asked = [_FORMAT, data, task, config.seed, source, split, checkpoint, _weights(run, checkpoint)]
    if source is not None and rule != WRONG_IF_UNKNOWN:
        asked.append([rule.leave_out, rule.match_spelling])
    corrections = data.get("corrections") or []
    state = [_written(one) for one in [*files, *([corrections] if isinstance(corrections, str) else corrections)]]
    key = hashlib.sha256(json.dumps([asked, state], sort_keys=True, default=str).encode()).hexdigest()[:16]
    return run.path / "answers" / key


def kept_answers(path: Path) -> Answers | None:
    """None where none lie there, or a file is damaged: they can be asked for anew."""
    try:
        about = json.loads((path / "about.json").read_text(encoding="utf-8"))
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
    except (OSError, ValueError, KeyError, TypeError):
        return None


def keep_answers(path: Path, answers: Answers) -> None:
    """Whole or not at all; the oldest ones make room. Raises RunFailure when the disk refuses."""
    aside = path.with_name(f".{path.name}.part")
    about: dict[str, Any] = {
        name: getattr(answers, name)
        for name in ("kind", "labels", "positive_label", "loss", "split", "source", "checkpoint")
    }
    with disk_errors(path):
        shutil.rmtree(aside, ignore_errors=True)
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
            write_atomic(aside / "about.json", json.dumps(about, ensure_ascii=False))
            shutil.rmtree(path, ignore_errors=True)
            aside.replace(path)
        finally:
            shutil.rmtree(aside, ignore_errors=True)
        _forget_old(path.parent)


def kept_counted(path: Path) -> np.ndarray | None:
    """What word counting says of the same rows: probabilities [N, L], or numbers [N, 1]."""
    try:
        return _array(path / "counted.npy")
    except (OSError, ValueError):
        return None


def keep_counted(path: Path, counted: np.ndarray) -> None:
    """Raises RunFailure when the disk refuses."""
    aside = path / ".counted.part.npy"
    with disk_errors(path):
        np.save(aside, counted, allow_pickle=False)
        aside.replace(path / "counted.npy")


def _array(file: Path) -> np.ndarray | None:
    return np.load(file, allow_pickle=False) if file.exists() else None


def _weights(run: Run, checkpoint: str) -> str:
    """The check-sum of a checkpoint's weights; a saved threshold does not change it."""
    try:
        manifest = run.path / "checkpoints" / checkpoint / "manifest.json"
        return str(json.loads(manifest.read_text(encoding="utf-8"))["sha256"]["model.safetensors"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def _written(source: Any) -> list[Any]:
    """Size and time of every file that a source is made of."""
    if isinstance(source, (list, tuple)):
        return [_written(one) for one in source]
    path = Path(source).expanduser() if isinstance(source, str) else None
    if path is None or not path.exists():
        return []
    files = [path] if path.is_file() else sorted(one for one in path.rglob("*") if one.is_file())[:_MOST_FILES]
    return [(str(one), one.stat().st_size, one.stat().st_mtime_ns) for one in files]


def _forget_old(folder: Path) -> None:
    found = sorted((one for one in folder.iterdir() if one.is_dir()), key=lambda one: one.stat().st_mtime)
    for path in found[:-_NUM_KEPT]:
        shutil.rmtree(path, ignore_errors=True)
