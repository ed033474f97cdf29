"""Atomic writes: the old content or the new, and the disk's refusals in words."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from engine.errors import DiskError, InputError
from engine.messages import message
from engine.runs.files import disk_errors, write_atomic
from tests.full_disks import small_disk

WRITERS: dict[str, Callable[[Path], object]] = {
    "python": lambda path: path.write_bytes(bytes(400_000)),
    "numpy": lambda path: np.save(path, np.zeros(100_000), allow_pickle=False),
    "safetensors": lambda path: save_file({"weights": torch.zeros(100_000)}, path),
    "atomic": lambda path: write_atomic(path, bytes(400_000)),
}


@pytest.mark.parametrize("writer", WRITERS)
def test_a_disk_that_is_really_full(writer: str, tmp_path: Path) -> None:
    with small_disk(tmp_path, kilobytes=100) as disk:
        write_atomic(disk / "old", "what was there")
        with pytest.raises(DiskError, match="The disk is full") as told, disk_errors(disk / "new"):
            WRITERS[writer](disk / "new")
        assert told.value.is_full
        assert (disk / "old").read_text() == "what was there"
        assert not list(disk.glob(".*")), "no litter"


def test_the_old_content_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_atomic(tmp_path / "file", "old")

    def refuse(descriptor: int) -> None:
        raise OSError(errno.EDQUOT, os.strerror(errno.EDQUOT))

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(DiskError, match="share of the disk"):
        write_atomic(tmp_path / "file", "new")
    assert [one.name for one in tmp_path.iterdir()] == ["file"]
    assert (tmp_path / "file").read_text() == "old"


def test_a_name_that_is_too_long(tmp_path: Path) -> None:
    with pytest.raises(DiskError, match="shorter name"):
        write_atomic(tmp_path / ("x" * 300), "")


def test_what_is_no_matter_of_the_disk_passes(tmp_path: Path) -> None:
    with pytest.raises(KeyError), disk_errors(tmp_path):
        raise KeyError("label")
    with pytest.raises(InputError), disk_errors(tmp_path):
        raise InputError(message("No."))
    with pytest.raises(MemoryError), disk_errors(tmp_path):
        raise MemoryError
