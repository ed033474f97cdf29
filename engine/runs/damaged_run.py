"""DamagedRun: a run or a study in a list that cannot be opened, with why and what can be done."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from engine.errors import InputError
from engine.messages import message
from engine.runs.run_facts import RUN_FILE, STUDY_FILE, OtherVersion, has_about, looks_like_run

Opened = TypeVar("Opened")


@dataclass(frozen=True)
class DamagedRun:
    """`error` says what is wrong; `is_study` that it would be a study."""

    path: Path
    error: InputError = field(compare=False)
    is_study: bool = False

    @property
    def name(self) -> str:
        """Its folder's, as what was written on it cannot be believed."""
        return self.path.name.encode("utf-8", "replace").decode("utf-8")

    @property
    def created(self) -> float:
        """About when: its folder's own time."""
        with contextlib.suppress(OSError):
            return max(0.0, self.path.stat().st_mtime)
        return 0.0

    @property
    def is_other_version(self) -> bool:
        """Not damaged at all, only written by another version."""
        return isinstance(self.error, OtherVersion)

    @property
    def is_mendable(self) -> bool:
        """Whether what it is called and when it began can be written anew (`engine.runs.repair`)."""
        has_settings = (self.path / "config.yaml").is_file() if not self.is_study else False
        return has_settings and not self.is_other_version


def opened_or_damaged(path: Path, open_it: Callable[[Path], Opened], file: str) -> Opened | DamagedRun | None:
    """What `open_it` makes of a folder; a damaged one where it is a run (or study, by `file`) that does not open; None
    for a folder that is neither."""
    try:
        if not path.is_dir() or not _is_meant(path, file):
            return None
        return open_it(path)
    except InputError as error:
        return DamagedRun(path, error, is_study=file == STUDY_FILE)
    except OSError as error:
        if file != RUN_FILE:
            return None  # it is told once, among the runs
        reason = error.strerror or str(error)
        what = message("The folder cannot be read: {reason}.", reason=reason)
        return DamagedRun(path, InputError(what, str(path), message("Ask for the right to read it, or move it away.")))


def _is_meant(path: Path, file: str) -> bool:
    if path.name.startswith("."):
        return False
    if (path / file).exists():
        return True
    return file == RUN_FILE and not has_about(path) and looks_like_run(path)
