"""Event-loop delay: how late the window hears of anything, with and without a run that trains beside it.

    python -m tests.benchmarks.event_loop_delay --rounds 3

The real window trains the quick look. A timer of 5 ms counts how late it comes. Every moment that falls into a pause of
the loop counts, with the time that was left of the pause (else a long pause would look as rare as a short one). Aim: 99
of 100 under 16 ms while a run trains; the one import of torch is told apart.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PySide6.QtCore import QEventLoop, QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication

from studio.app import make_app
from studio.main_window import MainWindow
from studio.preferences import Preferences
from studio.recipes import QUICK_LOOK, recipe
from studio.workers.run_book import RunBook
from tests.benchmarks.figures import WAITING, OthersLoad, print_table, run_child, tell, wait_until_quiet

AIM_MS = 16.0
_EVERY_MS = 5
_SHARES = (50.0, 95.0, 99.0, 99.9)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--steps", type=int, default=500, help="of the quick look")
    parser.add_argument("--rest", type=float, default=10.0, help="seconds without a run")
    parser.add_argument(
        "--waiting", nargs="+", choices=WAITING, default=["default"], help="how idle OpenMP threads wait"
    )
    parser.add_argument("--patience", type=float, default=60.0, help="seconds to wait for a quiet moment, each time")
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.child:
        print(json.dumps(_measure(asked.steps, asked.rest)))
        return
    rows = []
    for turn in range(asked.rounds):
        for waiting in asked.waiting:
            wait_until_quiet(asked.patience, 0.15)
            with OthersLoad() as load:
                arguments = ["--child", "--steps", str(asked.steps), "--rest", str(asked.rest)]
                found = run_child("tests.benchmarks.event_loop_delay", arguments, WAITING[waiting])
            others = round(load.cores, 2)
            for phase, figures in found.items():
                tell(round=turn, waiting=waiting, phase=phase, **figures, others_cores=others)
                rows.append((phase, waiting, *(str(value) for value in figures.values()), str(others)))
    _print_table(rows)


def _print_table(rows: list[tuple[str, ...]]) -> None:
    shares = [f"{share:g} %" for share in _SHARES]
    head = ("phase", "waiting", "seconds", *shares, "most", "over 16 ms, %", "others' cores")
    print_table(head, sorted(rows))
    print(f"\nDelays in ms; aim: {AIM_MS:g} ms at 99 %.")


class Lateness(QObject):
    """Asks for a turn every 5 ms and keeps how late each one came, by the phase that was named last."""

    def __init__(self) -> None:
        super().__init__()
        self._turns: dict[str, list[float]] = {}
        self._phase: list[float] = []
        self._before = time.perf_counter()
        self._timer = QTimer(self, interval=_EVERY_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._note)
        self._timer.start()

    def enter(self, phase: str) -> None:
        self._phase = self._turns.setdefault(phase, [])

    def _note(self) -> None:
        now = time.perf_counter()
        self._phase.append((now - self._before) * 1000)
        self._before = now

    def figures(self) -> dict[str, dict[str, float]]:
        return {phase: _figures(np.array(turns)) for phase, turns in self._turns.items() if turns}


def _figures(turns: np.ndarray) -> dict[str, float]:
    """`turns` are the milliseconds between one turn and the next."""
    delays = np.concatenate(
        [np.arange(turn - _EVERY_MS, 0, -_EVERY_MS) if turn > _EVERY_MS else [0.0] for turn in turns]
    )
    named = {f"{share:g} %": round(float(np.percentile(delays, share)), 2) for share in _SHARES}
    return {
        "seconds": round(float(turns.sum()) / 1000, 1),
        **named,
        "most": round(float(delays.max()), 1),
        "over 16 ms, %": round(float((delays > AIM_MS).mean() * 100), 2),
    }


def _measure(steps: int, rest: float) -> dict[str, dict[str, float]]:
    with tempfile.TemporaryDirectory() as folder:
        app = make_app("light", "en")
        book = RunBook(Path(folder) / "runs")
        window = MainWindow(book, Preferences(Path(folder) / "studio.ini"))
        window.resize(1440, 900)
        window.show()
        lateness = Lateness()
        _live(lateness, "window opens", seconds=1.0)
        _import_torch(lateness)
        _live(lateness, "at rest on Home", seconds=rest)
        config = recipe(QUICK_LOOK).config.with_values({"training.max_steps": steps})
        lateness.enter("run prepares")
        book.advanced.connect(lambda path: lateness.enter("run trains") if book.entry(path).history.started else None)
        window.beginning.start(config, "Quick look")
        _run_until(lambda: book.active is None)
        _live(lateness, "at rest on Training", seconds=rest)
        window.close()
        QApplication.sendPostedEvents()
        del app
        return lateness.figures()


def _import_torch(lateness: Lateness) -> None:
    """The same door as the window's own warm-up, which is told apart here."""
    from studio.workers.warm_up import warm_up

    lateness.enter("torch is imported")
    loading = warm_up()
    _run_until(lambda: not loading.is_alive())


def _live(lateness: Lateness, phase: str, seconds: float) -> None:
    lateness.enter(phase)
    end = time.monotonic() + seconds
    _run_until(lambda: time.monotonic() > end)


def _run_until(is_over: Callable[[], bool]) -> None:
    """Qt's own loop, which lets go of the interpreter while it waits."""
    loop = QEventLoop()
    looking = QTimer(interval=50)
    looking.timeout.connect(lambda: loop.quit() if is_over() else None)
    looking.start()
    loop.exec()


if __name__ == "__main__":
    sys.exit(main())
