"""A checkpoint's decision (temperature and thresholds), kept in its config.json; no model is loaded."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from engine.errors import InputError
from engine.messages import message
from engine.records import UNDECIDED, Decision
from engine.runs.checksums import Damage, fits, read_object, sealed
from engine.runs.files import write_atomic

CONFIG = "config.json"


def read_decision(folder: Path) -> Decision:
    """Of a checkpoint, or of any model's folder; UNDECIDED where it says none, says it in words unknown here, or where
    the file is damaged: a threshold that nobody saved must decide nothing."""
    return decision_in(_tree(folder / CONFIG)) if _is_believed(folder) else UNDECIDED


def checked_decision(folder: Path) -> Decision:
    """The same for whoever measures or exports by it. Raises InputError where the checkpoint's config is damaged."""
    if not _is_believed(folder):
        raise _unreadable(folder / CONFIG)
    return read_decision(folder)


def decision_in(tree: Any) -> Decision:
    """Of what stands in a config.json."""
    try:
        return Decision.from_json(tree["decision"])
    except (KeyError, TypeError, ValueError, AttributeError):
        return UNDECIDED


def save_decision(folder: Path, decision: Decision) -> None:
    """Into a checkpoint's config.json, as `save_in_config` does it."""
    save_in_config(folder, "decision", decision.to_json() if decision else None)


def save_in_config(folder: Path, name: str, value: Any) -> None:
    """Under a name into a checkpoint's config.json; None takes it out. Its manifest accepts the old and the new file
    while one replaces the other, so that a crash between two writes leaves a checkpoint that opens. Raises InputError
    where there is none, RunFailure when the disk refuses."""
    config, manifest = folder / CONFIG, folder / "manifest.json"
    tree, known = _tree(config), _tree(manifest)
    if not tree or not _is_believed(folder):
        raise _unreadable(config)
    tree.pop(name, None)
    if value is not None:
        tree[name] = value
    content = (json.dumps(tree, indent=2, ensure_ascii=False) + "\n").encode("utf-8")
    old, new = hashlib.sha256(config.read_bytes()).hexdigest(), hashlib.sha256(content).hexdigest()
    if known:
        _accept(manifest, known, [old, new])
    write_atomic(config, content)
    if known:
        _accept(manifest, known, new)


def _accept(manifest: Path, known: dict[str, Any], sums: str | list[str]) -> None:
    accepted = {**known["sha256"], "config.json": sums}
    write_atomic(manifest, sealed({**known, "sha256": accepted}, indent=1))


def _is_believed(folder: Path) -> bool:
    """Whether config.json is as the checkpoint's manifest says; a folder without one is another model's."""
    manifest = folder / "manifest.json"
    if not manifest.exists():
        return True
    sums = _tree(manifest).get("sha256")
    return isinstance(sums, dict) and CONFIG in sums and fits(folder / CONFIG, sums[CONFIG])


def _unreadable(config: Path) -> InputError:
    return InputError(
        message("The checkpoint's config.json cannot be read, or is not as it was written."),
        str(config),
        message("Use another checkpoint of the run, or train it again."),
    )


def _tree(file: Path) -> dict[str, Any]:
    try:
        return read_object(file)
    except (OSError, Damage):
        return {}
