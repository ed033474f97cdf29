"""Files that know whether they are whole: JSON with a sum of its own, lines with one each, and sums of other files.

What an older version wrote has no sum and is taken as it is; what has one that does not fit is damaged.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from engine.errors import InputError
from engine.messages import Message, message

SUM = "sum"
"""The key of a JSON object under which the sum of all its other keys stands."""

_MARK, _MARK_BYTES = ',"crc":"', b',"crc":"'
_TAIL = len(_MARK) + 8 + 2
"""`,"crc":"01234567"}` at the end of a line."""


class Damage(ValueError):
    """A file that cannot be believed; `why` in words that follow the file's name."""

    def __init__(self, why: Message) -> None:
        self.why = why
        super().__init__(why.english())


def read_json(file: Path) -> Any:
    """Whatever stands in a JSON file. Raises OSError, and Damage for what is no JSON, however it is spoilt."""
    if not file.is_file() and file.exists():  # a folder, or a pipe that would never end
        raise Damage(message("it is no file"))
    content = file.read_bytes()
    if not content.strip():
        raise Damage(message("it is empty"))
    try:
        return json.loads(content.decode("utf-8"))
    except RecursionError as error:
        raise Damage(message("it is nested too deeply")) from error
    except ValueError as error:
        raise Damage(message("it is no JSON, or cut short")) from error


def read_object(file: Path) -> dict[str, Any]:
    """A JSON object, without its sum. Raises OSError, and Damage for all else and for a sum that does not fit."""
    tree = read_json(file)
    if not isinstance(tree, dict):
        raise Damage(message("it holds something else"))
    if not is_sound(tree):
        raise Damage(message("its check-sum does not fit"))
    return {name: value for name, value in tree.items() if name != SUM}


def is_sound(tree: Mapping[str, Any]) -> bool:
    """Whether an object's sum fits; one without a sum is taken as it is."""
    return SUM not in tree or tree[SUM] == sum_of(tree)


def sealed(tree: Mapping[str, Any], indent: int | None = None) -> str:
    """The object as JSON, with its sum at the end."""
    whole = {name: value for name, value in tree.items() if name != SUM}
    return json.dumps({**whole, SUM: sum_of(whole)}, ensure_ascii=False, indent=indent)


def changed(file_tree: Mapping[str, Any], changes: Mapping[str, Any], indent: int | None = None) -> str:
    """The object with other values as JSON. Its sum is made anew only where it was right before: what somebody else
    changed in it must not be hidden by what we change."""
    whole = {**file_tree, **changes}
    if is_sound(file_tree):
        return sealed(whole, indent)
    return json.dumps(whole, ensure_ascii=False, indent=indent)


def sum_of(tree: Mapping[str, Any]) -> str:
    """The same however the object was laid out: of its values alone."""
    values = {name: value for name, value in tree.items() if name != SUM}
    try:
        plain = json.dumps(values, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    except RecursionError:
        return ""
    return hashlib.sha256(plain.encode("ascii")).hexdigest()


def sealed_line(tree: Mapping[str, Any]) -> bytes:
    """One line of a file that only grows: compact JSON, its sum last, and the line's end."""
    bare = json.dumps(tree, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "backslashreplace")
    return bare[:-1] + _MARK_BYTES + f"{zlib.crc32(bare[:-1]):08x}".encode() + b'"}\n'


def line_tree(line: bytes) -> dict[str, Any]:
    """What a line holds, without its sum. Raises Damage for a line that is no object or whose sum does not fit."""
    if line[-_TAIL : -_TAIL + len(_MARK)] == _MARK_BYTES and line.endswith(b'"}'):
        if line[-10:-2] != f"{zlib.crc32(line[:-_TAIL]):08x}".encode():
            raise Damage(message("its check-sum does not fit"))
        line = line[:-_TAIL] + b"}"
    try:
        tree = json.loads(line)
    except RecursionError as error:
        raise Damage(message("it is nested too deeply")) from error
    except ValueError as error:
        raise Damage(message("it is no JSON, or cut short")) from error
    if not isinstance(tree, dict):
        raise Damage(message("it holds something else"))
    return tree


def sha256(file: Path) -> str:
    """May raise OSError."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def fits(file: Path, sums: object) -> bool:
    """Whether a file has one of these sums: one sum, or a list of those that are right while one replaces another."""
    wanted = sums if isinstance(sums, list) else [sums]
    try:
        return file.is_file() and sha256(file) in wanted
    except OSError:
        return False


def is_plain_name(name: object) -> bool:
    """Whether a name can only mean a file of the folder in which it is looked up, or of one in it."""
    if not isinstance(name, str) or not name or "\\" in name or ":" in name or "\x00" in name:
        return False
    return not name.startswith("/") and all(part not in ("", ".", "..") for part in name.split("/"))


def damaged_file(file: Path, error: OSError | Damage, mend: Message) -> InputError:
    """“run.json is damaged: it is empty.” in words."""
    if isinstance(error, FileNotFoundError):
        return InputError(message("{file} is missing.", file=file.name), str(file.parent), mend)
    if isinstance(error, OSError):
        why = message("it cannot be read ({reason})", reason=error.strerror or str(error))
        return InputError(message("{file} is damaged: {why}.", file=file.name, why=why), str(file), mend)
    return InputError(message("{file} is damaged: {why}.", file=file.name, why=error.why), str(file), mend)
