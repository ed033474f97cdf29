"""Redraw: what one refresh of the Training page costs the window, for short and for very long runs.

    python -m tests.benchmarks.redraw

The real page at 1440 x 900 shows a run that goes on: before each refresh a quarter of a second of new steps arrives,
for the second half of the refreshes with a new evaluation, and then the page refreshes and paints. Aim: 6 ms.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

import numpy as np
from PySide6.QtWidgets import QApplication

from engine.runs.history import History
from studio.app import make_app
from studio.pages.training import TrainingPage
from tests.benchmarks.figures import OthersLoad, print_table, tell, wait_until_quiet, worded
from tests.studio.synthetic_history import (
    Shape,
    SyntheticBook,
    SyntheticEntry,
    captured,
    evaluated,
    progressed,
    steps_taken,
    synthetic_history,
)

AIM_MS = 6.0
SIZES = ((1_000, 500), (100_000, 500), (100_000, 1_500), (1_000_000, 500), (1_000_000, 1_500))
_NEW_STEPS = 12


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--refreshes", type=int, default=40, help="of each kind")
    parser.add_argument("--patience", type=float, default=60.0, help="seconds to wait for a quiet moment, each time")
    asked = parser.parse_args()
    app = make_app("light", "en")
    rows = []
    for steps, evaluations in SIZES:
        wait_until_quiet(asked.patience, 0.15)
        with OthersLoad() as load:
            found = _measure(app, steps, evaluations, asked.refreshes)
        for kind, times in found.items():
            shares = [float(np.percentile(times, share)) for share in (50, 95)]
            others = round(load.cores, 2)
            figures = {"median_ms": round(shares[0], 2), "most_ms": round(max(times), 2), "others_cores": others}
            tell(steps=steps, evaluations=evaluations, kind=kind, **figures)
            ratio = f"{shares[0] / AIM_MS:.2f}"
            rows.append(
                (f"{steps:,}", f"{evaluations:,}", kind, worded(times, 2), f"{shares[1]:.2f}", ratio, str(others))
            )
    head = (
        "steps",
        "evaluations",
        "new since the last refresh",
        "ms",
        "95 %",
        f"median / {AIM_MS:g} ms",
        "others' cores",
    )
    print_table(head, rows)


def _measure(app: QApplication, steps: int, evaluations: int, refreshes: int) -> dict[str, list[float]]:
    shape = Shape(steps=steps, total=2 * steps, every=max(1, steps // evaluations), speed=steps / 5)
    entry = SyntheticEntry(Path("/runs/long"), synthetic_history(shape))
    book = SyntheticBook(entry)
    page = TrainingPage(book)
    page.resize(1440, 900)
    page.show()
    page.show_run(entry.path)
    app.processEvents()
    run = _Growing(entry.history, shape)
    found: dict[str, list[float]] = {}
    for kind in ("steps", "steps and an evaluation"):
        found[kind] = [_refresh(app, page, book, run, with_evaluation=kind != "steps") for _ in range(refreshes + 3)][
            3:
        ]
    page.close()
    page.deleteLater()
    app.processEvents()
    return found


class _Growing:
    """A run that goes on where its synthetic history ends."""

    def __init__(self, history: History, shape: Shape) -> None:
        self._history, self._shape, self._chance = history, shape, np.random.default_rng(1)

    def go_on(self, with_evaluation: bool) -> None:
        first = self._history.last_step + 1
        last = first + _NEW_STEPS - 1
        self._history.append(steps_taken(first, last, self._chance, self._shape))
        self._history.append(progressed(last, self._shape))
        if with_evaluation:
            self._history.append(evaluated(last, 0.9 + self._chance.normal(0, 0.004), self._shape))
            self._history.append(captured(last, self._shape))


def _refresh(
    app: QApplication, page: TrainingPage, book: SyntheticBook, run: _Growing, *, with_evaluation: bool
) -> float:
    """Milliseconds of `refresh` and of all the painting that it asks for."""
    run.go_on(with_evaluation)
    book.advanced.emit(Path("/runs/long"))
    app.processEvents()
    began = time.perf_counter()
    page.refresh()
    app.processEvents()
    return (time.perf_counter() - began) * 1000


if __name__ == "__main__":
    sys.exit(main())
