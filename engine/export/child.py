"""run_child: a command in a process of its own, waited for without standing still."""

from __future__ import annotations

import subprocess
import tempfile
import time
from collections.abc import Generator, Mapping, Sequence
from pathlib import Path

_BREATH = 0.03


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
    return said[-1].strip()[:300] if said else f"exit code {child.returncode}"
