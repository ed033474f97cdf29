"""run_child: a command in a process of its own, waited for without standing still."""

from __future__ import annotations

import signal
import subprocess
import tempfile
import time
from collections.abc import Generator, Mapping, Sequence
from pathlib import Path

from engine.errors import AttuneError, DiskError, MemoryShortage
from engine.faults import in_words

_BREATH = 0.03
_ENDED = "out of memory, most likely: the system ended the process"


def lack_in(reason: str, folder: Path) -> AttuneError | None:
    """Where a process said at last that the disk or the memory is full: that, in words; None for anything else."""
    known = in_words(RuntimeError(reason), folder)
    is_lack = isinstance(known, MemoryShortage) or (isinstance(known, DiskError) and known.is_full)
    return known if is_lack else None


def run_child(
    command: Sequence[str], folder: Path | None = None, environment: Mapping[str, str] | None = None
) -> Generator[None, None, str | None]:
    """None where it ended well, else the last line that it said. Closed meanwhile, the process is ended."""
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as output:
        child = subprocess.Popen(
            command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output
        )
        try:
            while child.poll() is None:
                time.sleep(_BREATH)
                yield
        finally:
            child.kill()
            child.wait()
        output.seek(0)
        said = [line for line in output.read().splitlines() if line.strip()]
    if child.returncode == 0:
        return None
    if child.returncode == -getattr(signal, "SIGKILL", 9):
        return _ENDED
    return said[-1].strip()[:300] if said else f"exit code {child.returncode}"
