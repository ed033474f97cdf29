"""Names for what is written aside before it takes its place, and the clearing of what a crash left of it.

.NAME.MACHINE-PROCESS-NUMBER.part    so that two writers never share one, and a reader knows whether its writer lives
"""

from __future__ import annotations

import contextlib
import itertools
import os
import re
import shutil
import socket
import stat
import time
import zlib
from collections.abc import Iterator
from pathlib import Path

_NUMBERS = itertools.count()
_OURS = re.compile(r"\..*\.([0-9a-f]{8})-(\d+)-\d+\.part(\.npy)?")
_OLD = re.compile(r"\..*\.(\d+)\.part")
_ANY = re.compile(r"\..+\.part(\.npy)?")
_MOST_STEM = 150
"""Bytes of the name that it stands for: with what is added it stays below a file system's 255."""

_FOREIGN_DAYS = 1.0
"""A writer on another machine that shares the folder cannot be asked whether it lives."""


def aside_of(path: Path) -> Path:
    """Beside `path`, under a name that nobody else uses."""
    stem = path.name.encode("utf-8", "surrogateescape")[:_MOST_STEM].decode("utf-8", "ignore")
    return path.with_name(f".{stem}.{_machine()}-{os.getpid()}-{next(_NUMBERS)}.part")


def clear_litter(*folders: Path) -> int:
    """Delete what lies half-written in the folders and has no living writer; returns how many there were. What cannot
    be looked at or deleted stays."""
    count = 0
    for folder in folders:
        with contextlib.suppress(OSError):
            for path in _parts(folder):
                if _is_forsaken(path):
                    discard(path)
                    count += 1
    return count


def clear_litter_of(path: Path) -> None:
    """The same for what was written aside of one file or folder, in a folder where others keep theirs too."""
    stem = re.escape(aside_of(path).name.split(f".{_machine()}-")[0])
    named = re.compile(rf"{stem}\.([0-9a-f]{{8}}-)?\d+(-\d+)?\.part")
    with contextlib.suppress(OSError):
        for part in [one for one in _parts(path.parent) if named.fullmatch(one.name)]:
            if _is_forsaken(part):
                discard(part)


def share(folder: Path) -> None:
    """Give every file in a folder the rights that a file gets here which a person makes: safetensors writes its own for
    its owner alone."""
    probe = aside_of(folder / "rights")
    try:
        probe.touch()
        rights = stat.S_IMODE(probe.stat().st_mode)
    finally:
        probe.unlink(missing_ok=True)
    for file in folder.rglob("*"):
        if file.is_file() and stat.S_IMODE(file.stat().st_mode) != rights:
            file.chmod(rights)


def _parts(folder: Path) -> Iterator[Path]:
    if folder.is_dir():
        yield from [path for path in folder.iterdir() if _ANY.fullmatch(path.name)]


def _is_forsaken(path: Path) -> bool:
    """One without a writer's number is an older version's."""
    ours, old = _OURS.fullmatch(path.name), _OLD.fullmatch(path.name)
    if ours is None:
        return old is None or not _lives(int(old[1]))
    if ours[1] != _machine():
        return time.time() - path.stat().st_mtime > _FOREIGN_DAYS * 86_400
    return not _lives(int(ours[2]))


def _lives(process: int) -> bool:
    if os.name == "nt":
        import psutil

        return bool(psutil.pid_exists(process))
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True


def discard(path: Path) -> None:
    """A file or a folder; as much of it as can be."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _machine() -> str:
    return f"{zlib.crc32(socket.gethostname().encode('utf-8', 'replace')):08x}"
