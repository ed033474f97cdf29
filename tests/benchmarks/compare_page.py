"""Compare page: how long a person waits with many runs, and for a very long one.

    python -m tests.benchmarks.compare_page

Made-up runs on disk, read as the window reads them: 200 in the list (the book, the first paint, all curves read, one
letter typed into the search), ten on the Compare page (from the click to the curves painted, another measure chosen),
and a run of 1,000,000 steps (from the click to its training loss painted; the column cache lies beside the journal, as
after any earlier look). Aim: under a second for the long run, a keystroke within a frame of 16 ms.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from engine import events
from engine.config.run import RunConfig
from engine.runs.history import open_history
from engine.runs.run import Run
from studio.app import make_app
from studio.main_window.side_bar import SideBar
from studio.pages.compare import ComparePage
from studio.pages.compare.curves_card import CurvesCard
from studio.preferences import Preferences
from studio.tables.run_model import SUMMARY
from studio.workers.run_book import RunBook
from tests.benchmarks.figures import OthersLoad, print_table, tell, wait_until_quiet
from tests.run_folders import place_checkpoint, write_run
from tests.studio.synthetic_history import Shape, evaluated, progressed, steps_taken

NUM_RUNS, NUM_COMPARED, LONG = 200, 10, 1_000_000
_EVALUATIONS = 40


class NobodyAnswers(ComparePage):
    """The page without the engine: what is measured is the window alone."""

    def _ask(self) -> None:
        return


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--patience", type=float, default=60.0, help="seconds to wait for a quiet moment, each time")
    asked = parser.parse_args()
    app = make_app("light", "en")
    folder = Path(tempfile.mkdtemp(prefix="attune-compare-"))
    try:
        rows = _measure(app, folder, asked.patience)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print_table(("what", "ms", "others' cores"), rows)


def _measure(app: QApplication, folder: Path, patience: float) -> list[tuple[str, str, str]]:
    for number in range(NUM_RUNS):
        make_run(folder, f"Run {number:03}", steps=400, seed=number)
    rows: list[tuple[str, str, str]] = []

    def note(what: str, measure: Callable[[], float]) -> None:
        wait_until_quiet(patience, 0.15)
        with OthersLoad() as load:
            found = measure()
        tell(what=what, ms=round(found, 1), others_cores=round(load.cores, 2))
        rows.append((what, f"{found:,.1f}", f"{load.cores:.2f}"))

    kept: dict[str, object] = {}
    note(f"{NUM_RUNS} runs: the book and the list painted", lambda: _first_paint(app, folder, kept))
    note(f"{NUM_RUNS} runs: all curves read, in turns", lambda: _all_read(app, kept))
    note("search: the slowest of five letters, painted", lambda: _keystroke(app, kept))
    note(f"compare: {NUM_COMPARED} runs painted", lambda: _compare(app, folder, kept))
    note("compare: another measure painted", lambda: _measure_changed(app, kept))
    long = make_run(folder, "Long", steps=LONG, seed=1)
    open_history(long.journal)  # leaves the column cache, as the first look at it does
    note(f"{LONG:,} steps beside another run: training loss painted", lambda: _long(app, folder, kept))
    return rows


def make_run(folder: Path, name: str, *, steps: int, seed: int) -> Run:
    config = RunConfig(seed=seed).with_values({"model.hidden_size": 8 + seed})
    run = write_run(folder, name, config, _told(steps, seed), "finished", step=steps)
    place_checkpoint(run, 1)
    return run


def _told(steps: int, seed: int) -> Iterator[events.Event]:
    chance = np.random.default_rng(seed)
    every = max(1, steps // _EVALUATIONS)
    shape = Shape(steps=steps, total=steps, every=every, speed=steps / 5)
    for last in range(every, steps + 1, every):
        for first in range(last - every + 1, last + 1, 500):
            yield steps_taken(first, min(last, first + 499), chance, shape)
        value = 0.94 - 0.4 * np.exp(-last / shape.speed) + chance.normal(0, 0.004)
        yield evaluated(last, float(value), shape)
        yield progressed(last, shape)


def _first_paint(app: QApplication, folder: Path, kept: dict[str, object]) -> float:
    preferences = Preferences(folder / "studio.ini")
    began = time.perf_counter()
    book = RunBook(folder)
    side = SideBar(book, preferences)
    side.resize(248, 900)
    side.show()
    side.grab()
    app.processEvents()
    kept.update(book=book, side=side)
    return _ms(began)


def _all_read(app: QApplication, kept: dict[str, object]) -> float:
    side = kept["side"]
    assert isinstance(side, SideBar)
    model, began = side.runs.model(), time.perf_counter()
    while not all(len(model.index(row, 0).data(SUMMARY).steps) for row in range(model.rowCount())):
        app.processEvents()
    return _ms(began)


def _keystroke(app: QApplication, kept: dict[str, object]) -> float:
    side = kept["side"]
    assert isinstance(side, SideBar)
    side.search.show()
    times = []
    for letter in "un 19":
        began = time.perf_counter()
        QTest.keyClicks(side.search, letter)
        app.processEvents()
        times.append(_ms(began))
    side.search.clear()
    return max(times)


def _compare(app: QApplication, folder: Path, kept: dict[str, object]) -> float:
    book = kept["book"]
    assert isinstance(book, RunBook)
    page = NobodyAnswers(book)
    page.resize(1150, 850)
    page.show()
    app.processEvents()
    kept["page"] = page
    began = time.perf_counter()
    page.show_runs([folder / f"Run {number:03}" for number in range(NUM_COMPARED)])
    app.processEvents()
    return _ms(began)


def _measure_changed(app: QApplication, kept: dict[str, object]) -> float:
    page = kept["page"]
    assert isinstance(page, ComparePage)
    began = time.perf_counter()
    page.findChild(CurvesCard).measure.segment("recall").click()
    app.processEvents()
    return _ms(began)


def _long(app: QApplication, folder: Path, kept: dict[str, object]) -> float:
    page = kept["page"]
    assert isinstance(page, ComparePage)
    page.findChild(CurvesCard).measure.set_current("training_loss")
    began = time.perf_counter()
    page.show_runs([folder / "Long", folder / "Run 000"])
    app.processEvents()
    return _ms(began)


def _ms(began: float) -> float:
    return (time.perf_counter() - began) * 1000


if __name__ == "__main__":
    sys.exit(main())
