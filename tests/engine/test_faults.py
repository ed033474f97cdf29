"""What libraries raise for a full disk or memory, each as it raises it, becomes words; a bug stays a bug."""

from __future__ import annotations

import errno
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
import torch
from safetensors import SafetensorError

from engine.errors import AttuneError, DiskError, Fault, InputError, MemoryShortage
from engine.faults import disk_error, disk_number, fault, in_words, is_memory, memory_error, number_in, size
from engine.messages import message

FULL = [
    OSError(errno.ENOSPC, "No space left on device"),
    OSError(errno.EDQUOT, "Disk quota exceeded"),
    OSError(errno.EFBIG, "File too large"),
    SafetensorError("Error while serializing: I/O error: No space left on device (os error 28)"),
    Exception("No space left on device (os error 28)"),  # of tokenizers
    OSError("200000 requested and 51168 written"),  # of numpy
    RuntimeError("[enforce fail at inline_container.cc:595] . PytorchStreamWriter failed writing file data/0"),
    OSError(errno.ENOSPC, "Error writing bytes to file. Detail: [errno 28] No space left on device"),  # of pyarrow
]
REFUSED = [errno.EACCES, errno.EPERM, errno.EROFS, errno.ENAMETOOLONG, errno.ENOENT, errno.ENOTDIR, errno.EIO]


@pytest.mark.parametrize("problem", FULL, ids=lambda one: f"{type(one).__name__}-{str(one)[:30]}")
def test_a_full_disk(problem: Exception, tmp_path: Path) -> None:
    error = in_words(problem, tmp_path / "here")
    assert isinstance(error, DiskError)
    assert error.is_full
    assert error.where.english() == str(tmp_path / "here")
    assert "Free some space" in error.mend.english()


@pytest.mark.parametrize("number", REFUSED, ids=lambda number: errno.errorcode[number])
def test_a_disk_that_refuses(number: int, tmp_path: Path) -> None:
    problem = OSError(number, "no")
    error = disk_error(problem, tmp_path)
    assert not error.is_full
    assert error.what.english().startswith("Writing failed: ")
    assert error.mend.english()


def test_what_failed_because_of_a_full_disk() -> None:
    """A library wraps the system's error in one of its own, or fails over it while it cleans up."""
    try:
        try:
            raise OSError(errno.ENOSPC, "No space left on device")
        except OSError:
            raise RuntimeError("the exporter failed")  # noqa: B904 - as libraries do it
    except RuntimeError as problem:
        assert disk_number(problem) == errno.ENOSPC
    try:
        try:
            raise FileNotFoundError(errno.ENOENT, "no such file")
        except OSError:
            raise KeyError("label")  # noqa: B904
    except KeyError as problem:
        assert in_words(problem) is None, "a file that was looked for in vain does not explain a bug"


def test_how_much_is_needed_and_free(tmp_path: Path) -> None:
    problem = OSError(errno.ENOSPC, "No space left on device")
    told = disk_error(problem, tmp_path, needed=10**18).what.english()
    assert told.startswith("The disk is full. ")
    assert told.endswith(" are free, 1,000,000 TB are needed.")
    assert disk_error(problem, tmp_path / "no" / "such" / "folder").what.english().startswith("The disk is full.")
    assert [size(one) for one in (999, 1500, 34_000_000, 1.2e9)] == ["999 bytes", "1.5 kB", "34 MB", "1.2 GB"]


def as_torch_raises_it() -> None:
    torch.empty(10**14)


def as_numpy_raises_it() -> None:
    np.empty(10**15)


def as_pyarrow_raises_it() -> None:
    pa.allocate_buffer(10**15)


def as_python_raises_it() -> None:
    bytearray(10**16)


def as_a_model_too_large_raises_it() -> None:
    torch.nn.Linear(10**10, 10**10)


@pytest.mark.parametrize(
    "ask",
    [
        as_torch_raises_it,
        as_numpy_raises_it,
        as_pyarrow_raises_it,
        as_python_raises_it,
        as_a_model_too_large_raises_it,
    ],
)
def test_memory_that_is_really_asked_for(ask) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(Exception) as caught:
        ask()
    error = in_words(caught.value)
    assert isinstance(error, MemoryShortage)
    assert error.what.english().startswith("The memory is full")
    assert all(error.to_json().values())


@pytest.mark.parametrize(
    "problem",
    [
        torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.50 GiB. GPU 0 has a total capacity of …"),
        RuntimeError("MPS backend out of memory (MPS allocated: 8 GB)"),
        RuntimeError("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`"),
        RuntimeError("std::bad_alloc"),
        RuntimeError("can't start new thread"),
        ImportError("x.so: failed to map segment from shared object"),
        OSError(errno.ENOMEM, "Cannot allocate memory"),
        SafetensorError("Error while deserializing: Cannot allocate memory (os error 12)"),
    ],
    ids=lambda one: str(one)[:30],
)
def test_a_lack_of_memory_by_its_words(problem: Exception) -> None:
    assert is_memory(problem)
    assert disk_number(problem) is None or isinstance(problem, OSError)


@pytest.mark.parametrize(
    ("problem", "size_asked"),
    [
        (RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 4000000000 bytes."), "4.0 GB"),
        (torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.50 GiB."), "2.50 GiB"),
    ],
)
def test_the_size_that_was_asked_for(problem: Exception, size_asked: str) -> None:
    told = memory_error(problem).what.english()
    assert told == f"The memory is full: a piece of {size_asked} was asked for at once."


@pytest.mark.parametrize(
    "problem", [KeyError("label"), ValueError("no such metric"), RuntimeError("shape mismatch"), RecursionError()]
)
def test_a_bug_stays_a_bug(problem: Exception) -> None:
    assert in_words(problem) is None
    told = fault(problem)
    assert isinstance(told, Fault)
    assert type(problem).__name__ in told.what.english()
    assert any(type(problem).__name__ in note for note in told.__notes__)


def test_an_error_in_words_stays_as_it_is() -> None:
    error: AttuneError = InputError(message("No."), "x", message("Yes."))
    assert in_words(error) is error
    assert number_in("nothing of that kind") is None
