"""read_yaml: a YAML file of plain settings, bounded before it is built: files of settings are passed around. read_as: a
file of words that comes with Attune, as the dataclass that says what stands in it.

Ten lines of references to references stand for a thousand million words: what stands in the file is counted as it would
be written out, by the parser's events alone, which build nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import TypeAdapter, ValidationError

from engine.errors import InputError
from engine.messages import Message, message

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The C one, where PyYAML has it, is seven times as fast: a list of 200 runs reads 200 files."""

_MOST_BYTES, _MOST_VALUES, _DEEPEST, _LONGEST_NUMBER = 2**22, 20_000, 40, 40


_Form = TypeVar("_Form")
_NUMBER = re.compile(r"[-+]?(0x[0-9a-fA-F_]+|0b[01_]+|[0-9][0-9_.:]*([eE][-+]?[0-9]+)?)")


class _Beyond(Exception):
    """A bound was passed on a line (from 0)."""

    def __init__(self, what: Message, line: int) -> None:
        self.what, self.line = what, line


def read_yaml(path: Path) -> Any:
    """The tree of a file. Raises InputError for what cannot be read, is no YAML or passes a bound."""
    text = _text(path)
    try:
        _count(text)
        return yaml.load(text, Loader=_Loader)
    except _Beyond as beyond:
        raise InputError(
            beyond.what, f"{path}:{beyond.line + 1}", message("Compare with a recipe: “python -m engine recipes”.")
        ) from None
    except (yaml.YAMLError, ValueError, OverflowError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{path}:{mark.line + 1}" if mark else str(path)
        raise InputError(
            message("The file is not valid YAML."), where, message("Compare with a recipe: “python -m engine recipes”.")
        ) from error


def read_as(path: Path, form: type[_Form]) -> _Form:
    """A file that comes with Attune, in a form that pydantic checks. Raises InputError naming the first wrong place."""
    try:
        return TypeAdapter(form).validate_python(read_yaml(path))
    except InputError as error:
        raise not_as_it_came(error.what, error.where) from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise not_as_it_came(
            message("This does not fit: {reason}.", reason=first["msg"]), f"{path}: {place}"
        ) from error


def not_as_it_came(what: Message, where: Message | str) -> InputError:
    """The error of a file that comes with Attune and was spoilt, or extended wrongly."""
    return InputError(what, where, message("Compare with the files beside it, or install Attune again."))


class _Loader(_LOADER):  # type: ignore[misc, valid-type]
    """Days and bytes stay the words that they are written as: no setting is one."""


_Loader.yaml_implicit_resolvers = {
    sign: [(tag, form) for tag, form in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for sign, resolvers in _LOADER.yaml_implicit_resolvers.items()
}


def _text(path: Path) -> str:
    try:
        if path.exists() and not path.is_file():
            raise InputError(
                message("This is no file."), str(path), message("Check the path and that you may read it.")
            )
        if path.stat().st_size > _MOST_BYTES:
            raise InputError(
                message("The file is larger than {count} MB, which no settings are.", count=_MOST_BYTES >> 20),
                str(path),
                message("Compare with a recipe: “python -m engine recipes”."),
            )
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise InputError(
            message("The file cannot be read: {reason}.", reason=error.strerror or str(error)),
            str(path),
            message("Check the path and that you may read it."),
        ) from error
    except UnicodeDecodeError as error:
        raise InputError(
            message("The file is not valid YAML."),
            str(path),
            message("Compare with a recipe: “python -m engine recipes”."),
        ) from error


def _count(text: str) -> None:
    """Raises _Beyond where the file, with each reference written out, holds too much."""
    events = yaml.parse(text, Loader=_LOADER)
    sizes: dict[str, int] = {}
    for event in events:
        if isinstance(event, yaml.NodeEvent):
            _size(event, events, sizes, 1)


def _size(event: yaml.Event, events: Iterator[yaml.Event], sizes: dict[str, int], depth: int) -> int:
    """Values in the node that begins with an event, the node itself too; the events of the node are taken."""
    line = event.start_mark.line if event.start_mark else 0
    if depth > _DEEPEST:
        raise _Beyond(message("The settings are nested more than {count} deep.", count=_DEEPEST), line)
    if isinstance(event, yaml.AliasEvent):
        if event.anchor not in sizes:
            raise _Beyond(
                message("“*{name}” refers to what is not there, or to itself.", name=str(event.anchor)[:40]), line
            )
        return sizes[event.anchor]
    size = 1
    if isinstance(event, yaml.ScalarEvent):
        if event.implicit[0] and len(event.value) > _LONGEST_NUMBER and _NUMBER.fullmatch(event.value):
            raise _Beyond(message("A number has {count} digits.", count=len(event.value)), line)
    else:
        for inner in events:
            if isinstance(inner, yaml.CollectionEndEvent):
                break
            size += _size(inner, events, sizes, depth + 1)
            if size > _MOST_VALUES:
                told = message("The settings hold more than {count} values, written out.", count=_MOST_VALUES)
                raise _Beyond(told, inner.start_mark.line if inner.start_mark else line)
    if getattr(event, "anchor", None):
        sizes[event.anchor] = size  # type: ignore[attr-defined]
    return size
