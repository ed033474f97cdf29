"""run.json, study.json and labelling.json: what each is called, when it began, what a person wrote on it; checked."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from engine.errors import InputError
from engine.messages import Message, message
from engine.runs.checksums import Damage, damaged_file, read_json

FORMAT = 1
RUN_FILE, STUDY_FILE = "run.json", "study.json"
LABELLING_FILE = "labelling.json"
_LATEST = 32_503_680_000.0
"""The year 3000: what is said to be later is no time, and the clocks of some systems cannot show it."""

_STUDY_STATES = ("new", "running", "stopped", "finished")


def has_about(folder: Path) -> bool:
    """Whether a folder says that it is a run or a study, however spoilt that is. May raise OSError."""
    return any((folder / name).exists() for name in (RUN_FILE, STUDY_FILE))


def looks_like_run(folder: Path) -> bool:
    """Whether a folder without run.json seems to be a run all the same. May raise OSError."""
    return (folder / "config.yaml").exists() and any(
        (folder / name).exists() for name in ("checkpoints", "journal.jsonl", "checkpoints.json")
    )


def read_run(folder: Path) -> dict[str, Any]:
    """run.json, checked. Raises InputError for a folder without a run, one of another version, and a damaged one."""
    tree = _checked_format(folder / RUN_FILE, message("This folder holds no run."))
    _refuse_odd(folder / RUN_FILE, _odd(tree, "name"))
    _refuse_folders(folder)
    return tree


def read_study(folder: Path) -> dict[str, Any]:
    """study.json, checked; as `read_run`."""
    file = folder / STUDY_FILE
    tree = _checked_format(file, message("This folder holds no study."))
    _refuse_odd(file, _odd(tree, "title") or _odd_study(tree))
    return tree


def read_labelling(folder: Path) -> dict[str, Any]:
    """labelling.json, checked; as `read_run`."""
    file = folder / LABELLING_FILE
    tree = _checked_format(file, message("This folder holds no labelling project."))
    _refuse_odd(file, _odd(tree, "title") or _odd_labelling(tree))
    return tree


def how_to_go_on(folder: Path) -> Message:
    """What can be done about a run or a study whose files are damaged."""
    return message(
        "“python -m engine check {place} --mend” makes anew what can be made anew; or put the file back from a copy.",
        place=_quoted(folder),
    )


def _quoted(folder: Path) -> str:
    return f'"{folder}"' if " " in str(folder) else str(folder)


def _checked_format(file: Path, nothing: Message) -> dict[str, Any]:
    try:
        tree = read_json(file)
        if not isinstance(tree, dict):
            raise Damage(message("it holds something else"))
        found = tree.get("format")
        if not isinstance(found, int) or isinstance(found, bool):
            raise Damage(message("“{name}” is no {kind}", name="format", kind=message("whole number")))
    except (FileNotFoundError, NotADirectoryError) as error:
        contains = {
            RUN_FILE: message("A run's folder contains run.json and config.yaml."),
            STUDY_FILE: message("A study's folder contains study.json."),
            LABELLING_FILE: message("A labelling project's folder contains labelling.json."),
        }
        if file.name == RUN_FILE and _seems_run(file.parent):
            raise damaged_file(file, FileNotFoundError(), how_to_go_on(file.parent)) from error
        raise InputError(nothing, str(file.parent), contains[file.name]) from error
    except (OSError, Damage) as error:
        raise damaged_file(file, error, _way_on(file)) from error
    if found != FORMAT:
        raise OtherVersion(file, found)
    return tree


def _way_on(file: Path) -> Message:
    if file.name == LABELLING_FILE:
        return message("Put the file back from a copy: the labels themselves stand in labels.jsonl beside it.")
    return how_to_go_on(file.parent)


def _seems_run(folder: Path) -> bool:
    try:
        return looks_like_run(folder)
    except OSError:
        return False


class OtherVersion(InputError):
    """A run or a study that another version wrote: nothing of it is damaged."""

    def __init__(self, file: Path, found: int) -> None:
        whose = {
            RUN_FILE: message(
                "The run was written by another version (format {found}, this one reads {known}).",
                found=found,
                known=FORMAT,
            ),
            STUDY_FILE: message(
                "The study was written by another version (format {found}, this one reads {known}).",
                found=found,
                known=FORMAT,
            ),
            LABELLING_FILE: message(
                "The labelling project was written by another version (format {found}, this one reads {known}).",
                found=found,
                known=FORMAT,
            ),
        }
        super().__init__(
            whose[file.name], str(file.parent), message("Open it with the version of Attune that wrote it.")
        )


def _odd(tree: Mapping[str, Any], name: str) -> Damage | None:
    """A name and a time may be missing; what is there must be one."""
    if not isinstance(tree.get(name, ""), str):
        return _no(name, message("text"))
    created = tree.get("created", 0.0)
    if isinstance(created, bool) or not isinstance(created, int | float):
        return _no("created", message("time"))
    if isinstance(created, int) and abs(created) > _LATEST:
        return _no("created", message("time"))
    if not math.isfinite(created) or not 0.0 <= created < _LATEST:
        return _no("created", message("time"))
    return None


def _odd_study(tree: Mapping[str, Any]) -> Damage | None:
    if not isinstance(tree.get("kind"), str):
        return _no("kind", message("text"))
    if tree.get("state") not in _STUDY_STATES:
        return _no("state", message("state of a study"))
    seeds, variants = tree.get("seeds"), tree.get("variants")
    if not isinstance(seeds, list) or not all(isinstance(one, int) and not isinstance(one, bool) for one in seeds):
        return _no("seeds", message("list of whole numbers"))
    if not isinstance(variants, list) or not all(_is_variant(one) for one in variants):
        return _no("variants", message("list of variants"))
    return None if isinstance(tree.get("base"), dict) else _no("base", message("set of settings"))


def _odd_labelling(tree: Mapping[str, Any]) -> Damage | None:
    for name, least in (("num_texts", 1), ("seed", 0)):
        value = tree.get(name, 0)
        if not isinstance(value, int) or isinstance(value, bool) or value < least:
            return _no(name, message("whole number"))
    return None


def _is_variant(tree: Any) -> bool:
    if not isinstance(tree, dict) or not isinstance(tree.get("config"), dict):
        return False
    name, title = tree.get("name"), tree.get("title")
    if not isinstance(name, str) or not name or "/" in name or "\\" in name or name in (".", ".."):
        return False
    try:
        return isinstance(title, dict) and bool(Message.from_json(title).english())
    except (KeyError, TypeError, ValueError, AttributeError, IndexError):
        return False


def _no(name: str, kind: Message) -> Damage:
    return Damage(message("“{name}” is no {kind}", name=name, kind=kind))


def _refuse_odd(file: Path, odd: Damage | None) -> None:
    if odd is not None:
        raise damaged_file(file, odd, _way_on(file))


def _refuse_folders(folder: Path) -> None:
    """Where a run keeps files there are files, and folders where it keeps folders."""
    for name in ("config.yaml", "journal.jsonl", "commands.jsonl"):
        if (folder / name).exists() and not (folder / name).is_file():
            raise damaged_file(folder / name, Damage(message("it is no file")), how_to_go_on(folder))
    checkpoints = folder / "checkpoints"
    if checkpoints.exists() and not checkpoints.is_dir():
        raise damaged_file(checkpoints, Damage(message("it is no folder")), how_to_go_on(folder))
    if not (folder / "config.yaml").exists():
        raise InputError(
            message("{file} is missing.", file="config.yaml"),
            str(folder),
            message("Put it back from a copy: without its settings a run cannot be opened."),
        )
