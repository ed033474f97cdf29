"""Names of runs and studies as folders that every file system takes."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from engine.errors import InputError
from engine.messages import message

_UNFIT = re.compile(r'[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff<>:"/\\|?*]+')
_RESERVED = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?", re.IGNORECASE)
_MOST_BYTES = 180
"""A file system takes 255; what is written aside, a number behind a name that is taken, and the trash add to it."""

_MOST_CHARACTERS = 100
_MARK = 6


def safe_name(name: str) -> str:
    """A name that every file system takes: the same one for the same name. Raises InputError where nothing of it is
    left."""
    cleaned = _UNFIT.sub("-", name).strip(" .")
    if not cleaned:
        raise InputError(message("This cannot be a run's name."), plain_text(name), message("Use letters and digits."))
    cleaned = _shortened(cleaned)
    return f"_{cleaned}" if _RESERVED.fullmatch(cleaned) else cleaned


def plain_text(name: str) -> str:
    """A name as a file can hold it: what came in as bytes that are no text is marked."""
    return name.encode("utf-8", "replace").decode("utf-8")


def free_name(folder: Path, wanted: str) -> str:
    """The name, or the name with a number, of which there is nothing in the folder yet."""
    stem = safe_name(wanted)
    number = 1
    while (folder / (stem if number == 1 else f"{stem} {number}")).exists():
        number += 1
    return stem if number == 1 else f"{stem} {number}"


def _shortened(name: str) -> str:
    """Two long names that begin alike stay two: the end of a long one is a mark of the whole."""
    if len(name) <= _MOST_CHARACTERS and len(name.encode("utf-8")) <= _MOST_BYTES:
        return name
    mark = hashlib.sha256(name.encode("utf-8")).hexdigest()[:_MARK]
    cut = name[:_MOST_CHARACTERS].encode("utf-8")[:_MOST_BYTES].decode("utf-8", "ignore")
    return f"{cut.strip(' .')}-{mark}"
