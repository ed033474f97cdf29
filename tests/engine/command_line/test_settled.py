"""What was done keeps its exit code, whatever signal comes while Python takes itself apart."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

ENDING = """
import os, signal, sys
from engine.command_line.ending import loading, settle

with loading():
    pass

class Last:
    def __del__(self, kill=os.kill, process=os.getpid(), number=int(sys.argv[1])):
        kill(process, number)

last = Last()
settle(7)
sys.exit(7)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows ends a process by other means")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_at_the_very_end_changes_no_exit_code(number: signal.Signals) -> None:
    done = subprocess.run(
        [sys.executable, "-c", ENDING, str(int(number))], capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stderr) == (7, "")
