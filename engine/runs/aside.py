"""aside: where something is written until it is whole, and what a killed program left of it."""

from __future__ import annotations

import contextlib
import os
import platform
import shutil
import uuid
import zlib
from pathlib import Path

import psutil

_LONGEST = 120
"""Bytes of the name that are kept: file systems allow 255 of the whole."""


def aside(path: Path) -> Path:
    """A name beside `path` that nobody else uses; `.NAME.MACHINE-PROCESS-CHANCE.part`."""
    return path.with_name(f"{_start(path)}{_machine()}-{os.getpid()}-{uuid.uuid4().hex[:6]}.part")


def sweep(path: Path) -> None:
    """Remove what programs of this machine that are gone left beside `path`; of others nothing can be known."""
    for one in path.parent.glob(f"{_escaped(_start(path))}{_machine()}-*-*.part"):
        process = one.name.removesuffix(".part").split("-")[-2]
        if not process.isdecimal() or psutil.pid_exists(int(process)):
            continue
        if one.is_dir() and not one.is_symlink():
            shutil.rmtree(one, ignore_errors=True)
        else:
            with contextlib.suppress(OSError):
                one.unlink()


def _start(path: Path) -> str:
    name = os.fsencode(path.name)[:_LONGEST].decode("utf-8", errors="ignore")
    return f".{name}."


def _machine() -> str:
    return f"{zlib.crc32(platform.node().encode()):08x}"


def _escaped(name: str) -> str:
    return "".join(f"[{sign}]" if sign in "*?[" else sign for sign in name)
