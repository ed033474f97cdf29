"""shapes: whether what came out of a file is of an event's declared types; a file can say anything."""

from __future__ import annotations

import types
from collections.abc import Callable
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

import numpy as np

from engine import events
from engine.messages import Message

Check = Callable[[Any], bool]
_MOST = 2**53


@cache
def checks_of(name: str) -> dict[str, Check]:
    """A check for each field of an event, by its name."""
    return {field: _check(hint) for field, hint in get_type_hints(getattr(events, name)).items()}


def _check(hint: Any) -> Check:
    plain = _PLAIN.get(hint)
    if plain is not None:
        return plain
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        parts = [_check(one) for one in arguments]
        return lambda value: any(part(value) for part in parts)
    if origin is list:
        item = _check(arguments[0])
        return lambda value: isinstance(value, list) and all(item(one) for one in value)
    if origin is dict:
        held = _check(arguments[1])
        return lambda value: (
            isinstance(value, dict) and all(isinstance(key, str) and held(one) for key, one in value.items())
        )
    raise TypeError(hint)


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) <= _MOST


def _is_number(value: Any) -> bool:
    return _is_whole(value) or isinstance(value, float)


_PLAIN: dict[Any, Check] = {
    Any: lambda value: True,
    type(None): lambda value: value is None,
    str: lambda value: isinstance(value, str),
    bool: lambda value: isinstance(value, bool),
    int: _is_whole,
    float: _is_number,
    np.ndarray: lambda value: isinstance(value, np.ndarray) and value.ndim == 1,
    Message: lambda value: isinstance(value, Message),
}
