"""checkpoints.json: which checkpoints of a run are the best, the last and the kept ones.

The file is only a pointer: every step's folder says itself how good it was (`score` in trainer.json) and whether it is
whole (its manifest), so that a pointer that is lost, cut or spoilt is made anew from the folders.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from engine.messages import message
from engine.runs.checksums import Damage, read_object, sealed

FILE = "checkpoints.json"
_STEP = re.compile(r"step-(\d{1,15})")


def read_pointer(run_folder: Path) -> dict[str, Any]:
    """What stands in the file, checked. Raises OSError where there is none, Damage for one that cannot be believed."""
    tree = read_object(run_folder / FILE)
    if not _is_pointer(tree):
        raise Damage(message("it holds something else"))
    named = {name for key in ("last", "best") if (name := tree.get(key)) is not None}
    if not all((run_folder / "checkpoints" / name).is_dir() for name in named) and step_folders(run_folder):
        raise Damage(message("it names a checkpoint that is gone"))
    return tree


def pointer_json(tree: Mapping[str, Any]) -> str:
    return sealed(tree)


def found_checkpoints(run_folder: Path) -> dict[str, Any]:
    """The pointer; where it cannot be believed what the steps' folders say. Cheap: no weights are read. Empty where
    there is no checkpoint."""
    try:
        return read_pointer(run_folder)
    except (OSError, Damage):
        return pointer_of(step_folders(run_folder))


def step_folders(run_folder: Path) -> list[Path]:
    """The folders of whole steps, rising; one without a manifest was never finished, or is damaged."""
    return [path for path in all_step_folders(run_folder) if (path / "manifest.json").exists()]


def all_step_folders(run_folder: Path) -> list[Path]:
    """Whatever is called as a step is, rising."""
    try:
        found = [(_STEP.fullmatch(path.name), path) for path in (run_folder / "checkpoints").iterdir()]
    except OSError:
        return []
    return [path for _, path in sorted((int(name[1]), path) for name, path in found if name)]


def step_number(name: str) -> int:
    """Of "step-40". Raises ValueError for all else."""
    found = _STEP.fullmatch(name)
    if found is None:
        raise ValueError(name)
    return int(found[1])


def pointer_of(folders: Iterable[Path]) -> dict[str, Any]:
    """The pointer that names these folders: the newest is the last; the best is what it says was the best until then,
    or else the newest that was the best when it was written. All others are "found": they stay for good, as nobody
    knows any more which of them were meant to."""
    ordered = list(folders)
    if not ordered:
        return {}
    told = {path.name: _score(path) for path in ordered}
    names = list(told)
    last = names[-1]
    tree: dict[str, Any] = {"last": last, "kept": [], "best": None}
    wanted = told[last].get("best_step")
    best = f"step-{wanted}" if f"step-{wanted}" in told else _newest_best(told)
    if best is not None:
        score = told[best]
        value = score["value"] if score["value"] is not None else told[last].get("best_value")
        tree |= {"best": best, "metric": score["metric"], "value": value}
    milestones = [name for name, score in told.items() if score["is_milestone"]]
    others = [name for name in names if name not in (last, best, *milestones)]
    return tree | {key: value for key, value in (("milestones", milestones), ("found", others)) if value}


def _newest_best(told: Mapping[str, Mapping[str, Any]]) -> str | None:
    return next((name for name in reversed(list(told)) if told[name]["is_best"]), None)


def _score(folder: Path) -> dict[str, Any]:
    """What a step's folder says of itself; of an older version's only what was the best until then."""
    nothing = {"metric": "", "value": None, "is_best": False, "is_milestone": False}
    try:
        tree = read_object(folder / "trainer.json")
    except (OSError, Damage):
        return nothing
    best, score = tree.get("best"), tree.get("score")
    best = best if isinstance(best, dict) else {}
    score = score if isinstance(score, dict) else {}
    step, value = best.get("step"), best.get("value")
    is_own = step is not None and f"step-{step}" == folder.name
    own = score.get("value", value if is_own else None)
    return {
        "metric": score["metric"] if isinstance(score.get("metric"), str) else "",
        "value": own if _is_number(own) else None,
        "is_best": score.get("is_best") is True or is_own,
        "is_milestone": score.get("is_milestone") is True,
        "best_step": step,
        "best_value": value if _is_number(value) else None,
    }


def _is_pointer(tree: Mapping[str, Any]) -> bool:
    best, lists = tree.get("best"), [tree.get(key, []) for key in ("kept", "milestones", "found")]
    if not _is_step(tree.get("last", best)) or not (best is None or _is_step(best)):
        return False
    if not all(isinstance(one, list) and all(_is_step(name) for name in one) for one in lists):
        return False
    value = tree.get("value")
    return isinstance(tree.get("metric", ""), str) and (value is None or _is_number(value))


def _is_step(name: object) -> bool:
    return isinstance(name, str) and _STEP.fullmatch(name) is not None


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
