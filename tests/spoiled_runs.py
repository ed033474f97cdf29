"""Ways to spoil the files of a run, as disks, crashes and hands do."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

DEEP = "[" * 20_000 + "]" * 20_000


def missing(file: Path) -> None:
    shutil.rmtree(file) if file.is_dir() else file.unlink(missing_ok=True)


def empty(file: Path) -> None:
    file.write_bytes(b"")


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def flipped(file: Path, place: float = 0.5) -> None:
    """One bit of one byte."""
    content = bytearray(file.read_bytes())
    content[int(place * (len(content) - 1))] ^= 0x04
    file.write_bytes(bytes(content))


def wrong_shape(file: Path) -> None:
    file.write_text('[1, {"a": null}, "b"]\n', encoding="utf-8")


def folder(file: Path) -> None:
    missing(file)
    file.mkdir()


def nested(file: Path) -> None:
    file.write_text(DEEP + "\n", encoding="utf-8")


SPOILERS: dict[str, Callable[[Path], None]] = {
    one.__name__: one for one in (missing, empty, cut, flipped, wrong_shape, folder, nested)
}


def set_about(run: Path, **changes: Any) -> None:
    """Other values in run.json or study.json as somebody else would write them."""
    file = next(run / name for name in ("run.json", "study.json") if (run / name).is_file())
    tree = json.loads(file.read_text(encoding="utf-8"))
    file.write_text(json.dumps({**tree, **changes}), encoding="utf-8")


ODD_ABOUTS: dict[str, dict[str, Any]] = {
    "created a text": {"created": "yesterday"},
    "created null": {"created": None},
    "created NaN": {"created": float("nan")},
    "created infinite": {"created": float("inf")},
    "created far": {"created": 1e300},
    "created negative": {"created": -1.0},
    "created a long number": {"created": 10**400},
    "created a list": {"created": [1]},
    "created true": {"created": True},
    "format infinite": {"format": float("inf")},
    "format NaN": {"format": float("nan")},
    "format a text": {"format": "1"},
    "format true": {"format": True},
    "format null": {"format": None},
    "name a number": {"name": 3},
    "name a list": {"name": ["a"]},
    "name null": {"name": None},
    "title a number": {"title": 5},
}
