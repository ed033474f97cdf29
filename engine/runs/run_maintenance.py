"""What a person does with runs and studies in a list: rename, star, tag, note, delete, and take that back.

All of it is kept in run.json (of a study: study.json); a name is only a name, the folder stays where it is. What is
deleted moves into `.trash` beside the runs and can be brought back from there.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from engine.errors import InputError
from engine.messages import message
from engine.runs.checksums import changed
from engine.runs.files import disk_errors, write_atomic
from engine.runs.lock import is_held
from engine.runs.names import plain_text
from engine.runs.run_facts import LABELLING_FILE, RUN_FILE, STUDY_FILE, read_labelling, read_run, read_study

TRASH = ".trash"
MOST_NAME, MOST_TAG, MOST_TAGS, MOST_NOTE = 100, 40, 20, 4000


@dataclass(frozen=True)
class Marks:
    """What a person wrote on a run."""

    star: bool = False
    tags: tuple[str, ...] = ()
    note: str = ""

    @staticmethod
    def of(about: Mapping[str, Any]) -> Marks:
        """From run.json or study.json as it was read; what an older version left out, or somebody spoilt, is empty."""
        tags, note = about.get("tags"), about.get("note")
        return Marks(
            star=about.get("star") is True,
            tags=tuple(str(tag) for tag in tags) if isinstance(tags, list) else (),
            note=note if isinstance(note, str) else "",
        )

    def with_tags(self, words: Iterable[str]) -> Marks:
        """Other tags: trimmed, each once, in their order."""
        trimmed = (" ".join(word.split())[:MOST_TAG] for word in words)
        return replace(self, tags=tuple(dict.fromkeys(tag for tag in trimmed if tag))[:MOST_TAGS])


def marks_of(path: Path) -> Marks:
    """Of a run's or a study's folder."""
    return Marks.of(_about(path)[1])


def mark(path: Path, marks: Marks) -> None:
    """Write other marks down. Raises RunFailure when the disk refuses."""
    tags = [plain_text(tag) for tag in marks.tags]
    changes: dict[str, Any] = {"star": marks.star, "tags": tags, "note": plain_text(marks.note[:MOST_NOTE])}
    _write(path, changes)


def rename(path: Path, name: str) -> str:
    """Give a run or a study another name; returns it trimmed. Raises InputError for an empty one."""
    trimmed = plain_text(" ".join(name.split()))[:MOST_NAME]
    if not trimmed:
        raise InputError(message("A run needs a name."), str(path), message("Write at least one letter or digit."))
    _write(path, {"name" if _about(path)[0].name == RUN_FILE else "title": trimmed})
    return trimmed


def delete(path: Path) -> Path:
    """Move a run or a study into the trash beside it; returns where it lies there. Raises InputError while it, or a run
    of it, is trained."""
    if any(is_held(one) for one in (path, *(run.parent for run in _runs_within(path)))):
        raise InputError(
            message("What is being trained cannot be deleted."), str(path), message("Stop it first, then delete it.")
        )
    trash = path.parent / TRASH
    number = 1
    while (trash / str(number)).exists():
        number += 1
    place = trash / str(number) / path.name
    with disk_errors(path):
        place.parent.mkdir(parents=True)
        path.replace(place)
    return place


def _runs_within(path: Path) -> list[Path]:
    """A study's; none of a folder that cannot be read."""
    try:
        return list(path.glob("*/run.json"))
    except OSError:
        return []


def restore(place: Path) -> Path:
    """Bring back what `delete` took away; returns where it lies. Raises RunFailure when the disk refuses."""
    folder, name, number = place.parents[2], place.name, 1
    while (folder / name).exists():
        number += 1
        name = f"{place.name} {number}"
    with disk_errors(place):
        place.replace(folder / name)
        place.parent.rmdir()
        with contextlib.suppress(OSError):  # something else lies in the trash
            place.parent.parent.rmdir()
    return folder / name


def _about(path: Path) -> tuple[Path, dict[str, Any]]:
    """The file that tells about a run or a study, and what stands in it. Raises InputError."""
    if (path / STUDY_FILE).is_file() and not (path / RUN_FILE).is_file():
        return path / STUDY_FILE, read_study(path)
    if (path / LABELLING_FILE).is_file() and not (path / RUN_FILE).is_file():
        return path / LABELLING_FILE, read_labelling(path)
    return path / RUN_FILE, read_run(path)


def _write(path: Path, changes: Mapping[str, Any]) -> None:
    """Change some fields and keep all others, known or not."""
    file, tree = _about(path)
    write_atomic(file, changed(tree, changes, indent=None if file.name == RUN_FILE else 1))


def set_aside(path: Path) -> None:
    """Make room where a file must be written and something else lies, a folder perhaps: it is kept under another name.
    A file is simply replaced by whoever writes. Raises RunFailure when the disk refuses."""
    if not path.is_dir():
        return
    number = 1
    while (place := path.with_name(f"{path.name}.damaged-{number}")).exists():
        number += 1
    with disk_errors(path):
        path.replace(place)
