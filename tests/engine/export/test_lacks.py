"""A full disk or memory in the processes of an export is said as such, and not blamed on ONNX."""

from __future__ import annotations

import signal
import sys
from pathlib import Path

import pytest

from engine.errors import DiskError, InputError, MemoryShortage
from engine.export import conversion
from engine.export.child_process import lack_in, run_child
from engine.runs.model_folder import ModelFolder


def last_word(code: str) -> str | None:
    running = run_child([sys.executable, "-c", code])
    while True:
        try:
            next(running)
        except StopIteration as end:
            found: str | None = end.value
            return found


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("raise OSError(28, 'No space left on device')", DiskError),
        ("raise Exception('No space left on device (os error 28)')", DiskError),
        ("raise MemoryError", MemoryShortage),
        ("raise RuntimeError('DefaultCPUAllocator: not enough memory: you tried to allocate 8 bytes')", MemoryShortage),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", MemoryShortage),
    ],
    ids=["disk", "rust", "memory", "torch", "killed"],
)
def test_what_a_process_lacked(code: str, kind: type[Exception], tmp_path: Path) -> None:
    if "kill" in code and not hasattr(signal, "SIGKILL"):
        pytest.skip("this system ends processes in another way")
    reason = last_word(code)
    assert reason is not None
    assert isinstance(lack_in(reason, tmp_path), kind)


def test_what_is_no_lack(tmp_path: Path) -> None:
    assert last_word("pass") is None
    reason = last_word("raise ValueError('no counterpart in ONNX')")
    assert reason == "ValueError: no counterpart in ONNX"
    assert lack_in(reason, tmp_path) is None


@pytest.mark.parametrize(
    ("reason", "kind"),
    [("OSError: [Errno 28] No space left on device", DiskError), ("no counterpart", InputError)],
)
def test_a_conversion_says_which(
    reason: str, kind: type[Exception], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ended(*_: object, **__: object):  # type: ignore[no-untyped-def]
        yield
        return reason

    monkeypatch.setattr(conversion, "run_child", ended)
    with pytest.raises(kind) as told:
        list(conversion.converted(ModelFolder(str(tmp_path)), "best", tmp_path / "model.onnx"))
    assert ("ONNX" in str(told.value)) == (kind is InputError)
