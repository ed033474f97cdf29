"""Evaluation page: how long it takes to open on kept answers, and to follow a threshold that is dragged.

    python -m tests.benchmarks.evaluation_page [--rows 25000] [--labels 2] [--words 230] [--stand-in]

A run's folder with made-up answers to so many long texts. Opening: from the call of `show_run` to the painted figures,
the first time with the page being made, and until the texts below are there too. Dragging: the mouse moves along the
curve; everything that follows from the threshold is worked out and painted. Aims: 300 ms, 16 ms.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from studio.app import make_app
from studio.pages.evaluation import EvaluationPage
from studio.pages.evaluation.details_place import TextsPlace
from studio.plots.charts.precision_recall import PrecisionPlot
from studio.workers.run_book import RunBook
from tests.benchmarks.figures import OthersLoad, print_table, tell, wait_until_quiet
from tests.studio.desk import SyntheticWorker
from tests.studio.pages.evaluation.desk import StandInTexts, made_answers, made_run

OPEN_AIM_MS, DRAG_AIM_MS = 300.0, 16.0


Times = tuple[float, float]
"""Milliseconds on the wall, and of the processor in the window's thread: beside other programs the first are more."""


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=25_000)
    parser.add_argument("--labels", type=int, default=2)
    parser.add_argument("--words", type=int, default=230, help="of a text")
    parser.add_argument("--moves", type=int, default=300)
    parser.add_argument("--patience", type=float, default=60.0, help="seconds to wait for a quiet moment")
    parser.add_argument("--stand-in", action="store_true", help="instead of the page's list of texts")
    asked = parser.parse_args()
    app = make_app("light", "en")
    labels = tuple(f"label {number}" for number in range(asked.labels))
    with tempfile.TemporaryDirectory() as folder:
        skill = 2 + float(np.log(asked.labels / 2))
        answers = made_answers(labels, asked.rows, words=asked.words, skill=skill)
        runs = [made_run(Path(folder), answers, name) for name in ("first", "second")]
        del answers
        book = RunBook(Path(folder))
        for run in runs:
            _ = book.entry(run.path).config  # the window has read it before it shows the page
        wait_until_quiet(asked.patience, 0.15)
        with OthersLoad() as load:
            page, painted, first = _made(app, book, runs[0].path, stand_in=asked.stand_in)
            again = _timed(app, lambda: page.show_run(runs[1].path))
            moves = _dragged(app, page, asked.moves)
        page.close_workers()
    rows = [
        ("page made, figures painted", painted, OPEN_AIM_MS),
        ("page made, texts there", first, OPEN_AIM_MS),
        ("page there, all painted", again, OPEN_AIM_MS),
    ]
    for share, name in ((50, "median"), (99, "99 of 100")):
        wall, busy = np.percentile(moves, share, axis=0).tolist()
        rows.append((f"threshold moved, {name}", (wall, busy), DRAG_AIM_MS))
    for name, (wall, busy), aim in rows:
        tell(
            what=name, rows=asked.rows, labels=asked.labels, wall_ms=round(wall, 2), busy_ms=round(busy, 2), aim_ms=aim
        )
    table = [(name, f"{wall:.1f}", f"{busy:.1f}", f"{aim:g}") for name, (wall, busy), aim in rows]
    print_table(("what", "ms", "ms of processor", "aim"), table)
    print(f"other programs kept {load.cores:.2f} cores busy")


def _timed(app: QApplication, act: Callable[[], object]) -> Times:
    """With all the painting that it asks for."""
    wall, busy = time.perf_counter(), time.thread_time()
    act()
    app.processEvents()
    return _since(wall, busy)


class _Painted(QObject):
    """When the curve, which is painted last of the figures, was painted first."""

    def __init__(self) -> None:
        super().__init__()
        self.began = time.perf_counter(), time.thread_time()
        self.times: Times | None = None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint and self.times is None:
            watched.removeEventFilter(self)
            QApplication.sendEvent(watched, event)
            self.times = _since(*self.began)
        return False


def _since(wall: float, busy: float) -> Times:
    return (time.perf_counter() - wall) * 1000, (time.thread_time() - busy) * 1000


def _made(app: QApplication, book: RunBook, path: Path, *, stand_in: bool) -> tuple[EvaluationPage, Times, Times]:
    found: list[EvaluationPage] = []
    painted = _Painted()

    def open_page() -> None:
        more = {"make_texts": StandInTexts} if stand_in else {}
        page = EvaluationPage(book, SyntheticWorker, **more)  # type: ignore[arg-type]
        page.findChild(PrecisionPlot).viewport().installEventFilter(painted)
        page.resize(1192, 844)
        page.show_run(path)
        page.show()
        found.append(page)

    _timed(app, open_page)
    assert painted.times is not None
    place = found[0].findChild(TextsPlace)
    while place is not None and place.findChild(QWidget) is None:
        app.processEvents()
    app.processEvents()
    return found[0], painted.times, _since(*painted.began)


def _dragged(app: QApplication, page: QWidget, num_moves: int) -> list[Times]:
    """Of each move of the mouse along the curve."""
    plot = page.findChild(PrecisionPlot)
    assert plot is not None
    middle = plot.frame_rect().center().y()
    recalls = 0.5 + 0.48 * np.abs(np.sin(np.linspace(0, 12, num_moves)))
    spots = [QPoint(round(plot.spot(float(recall), 1.0).x()), round(middle)) for recall in recalls]
    place = plot.viewport()
    _timed(app, lambda: QTest.mousePress(place, Qt.MouseButton.LeftButton, pos=spots[0]))
    found = [_timed(app, lambda spot=spot: QTest.mouseMove(place, spot)) for spot in spots]
    QTest.mouseRelease(place, Qt.MouseButton.LeftButton, pos=spots[-1])
    return found


if __name__ == "__main__":
    sys.exit(main())
