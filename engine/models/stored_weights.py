"""stored_weights: what a folder's safetensors files hold, by their headers, before any memory is asked for."""

from __future__ import annotations

import json
import math
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from engine.errors import InputError
from engine.messages import message
from engine.runs.plain_json import read_json

_LONGEST_HEADER = 100_000_000
"""As the library itself has it."""

_BITS = {"BOOL": 8, "U8": 8, "I8": 8, "I16": 16, "U16": 16, "F16": 16, "BF16": 16, "I32": 32, "U32": 32, "F32": 32}
_BITS |= {"F64": 64, "I64": 64, "U64": 64, "C64": 64, "F8_E4M3": 8, "F8_E5M2": 8, "F8_E8M0": 8, "F4": 4}

Shapes = dict[str, tuple[int, ...]]


def stored_weights(folder: Path, source: str) -> Shapes:
    """Shapes by name. Raises InputError where a header says what its file does not hold, a part is missing, or the list
    of parts points out of the folder."""
    shapes: Shapes = {}
    for file in _files(folder, source):
        try:
            shapes |= _shapes(file)
        except (OSError, ValueError, KeyError, TypeError, RecursionError, struct.error) as error:
            reason = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
            raise InputError(
                message("The model's weights cannot be read: {reason}", reason=f"{file.name}: {reason}"),
                source,
                message("Download or save the model anew."),
            ) from error
    return shapes


def _files(folder: Path, source: str) -> list[Path]:
    index = folder / "model.safetensors.index.json"
    if (folder / "model.safetensors").exists() or not index.exists():
        return sorted(folder.glob("model*.safetensors"))
    try:
        parts = set(read_json(index, most_bytes=2**26)["weight_map"].values())
        names = sorted(part for part in parts if isinstance(part, str) and Path(part).name == part and "\\" not in part)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise _broken_index(source) from error
    if len(names) != len(parts) or not all((folder / name).is_file() for name in names):
        raise _broken_index(source)
    return [folder / name for name in names]


def _broken_index(source: str) -> InputError:
    return InputError(
        message("The list of the model's parts (model.safetensors.index.json) names files that are not in the folder."),
        source,
        message("Get the whole model: all files that the list names."),
    )


def _shapes(file: Path) -> Shapes:
    if not file.is_file():
        raise ValueError("it is no file")
    size = file.stat().st_size
    with file.open("rb") as opened:
        (length,) = struct.unpack("<Q", opened.read(8))
        if length > min(_LONGEST_HEADER, size - 8):
            raise ValueError(f"its header would be {length:,} bytes long")
        header: Mapping[str, Any] = json.loads(opened.read(length))
    return {name: _shape(name, one, size - 8 - length) for name, one in header.items() if name != "__metadata__"}


def _shape(name: str, told: Mapping[str, Any], num_bytes: int) -> tuple[int, ...]:
    shape = tuple(int(size) for size in told["shape"])
    start, end = told["data_offsets"]
    needed = math.ceil(math.prod(shape) * _BITS.get(told["dtype"], 0) / 8)
    if any(size < 0 for size in shape) or not 0 <= start <= end <= num_bytes:
        raise ValueError(f"{name} lies outside of the file")
    if told["dtype"] in _BITS and needed != end - start:
        raise ValueError(f"{name} would have {needed:,} bytes, and {end - start:,} are there")
    return shape
