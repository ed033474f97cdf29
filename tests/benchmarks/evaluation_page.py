"""Evaluation page: how long it takes to open on kept answers, and to follow a threshold that is dragged.

    python -m tests.benchmarks.evaluation_page [--rows 25000] [--labels 2] [--words 230]

A run's folder with made-up answers to so many long texts. Opening: from the call of `show_run` to the painted page, the
first time with the page being made. Dragging: the mouse moves along the curve; everything that follows from the
threshold is worked out and painted. Aims: 300 ms, 16 ms.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from engine.config.run import RunConfig
from studio.app import make_app
from studio.pages.evaluation import EvaluationPage
from studio.plots.precision_plot import PrecisionPlot
from studio.workers.run_book import RunBook
from tests.benchmarks.figures import OthersLoad, print_table, tell, wait_until_quiet

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "studio"))

from evaluation_desk import StandInTexts, made_answers, made_run
from synthetic_attention import SyntheticWorker

OPEN_AIM_MS, DRAG_AIM_MS = 300.0, 16.0


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=25_000)
    parser.add_argument("--labels", type=int, default=2)
    parser.add_argument("--words", type=int, default=230, help="of a text")
    parser.add_argument("--moves", type=int, default=300)
    parser.add_argument("--patience", type=float, default=60.0, help="seconds to wait for a quiet moment")
    parser.add_argument("--real-texts", action="store_true", help="with the page's own list of texts")
    asked = parser.parse_args()
    app = make_app("light", "en")
    RunConfig()  # the window has loaded the choices by then
    labels = tuple(f"label {number}" for number in range(asked.labels))
    with tempfile.TemporaryDirectory() as folder:
        answers = made_answers(labels, asked.rows, words=asked.words, skill=2 + float(np.log(asked.labels / 2)))
        runs = [made_run(Path(folder), answers, name) for name in ("first", "second")]
        del answers
        book = RunBook(Path(folder))
        for run in runs:
            _ = book.entry(run.path).config  # the window has read it before it shows the page
        wait_until_quiet(asked.patience, 0.15)
        with OthersLoad() as load:
            page, first = _opened(app, book, runs[0].path, real_texts=asked.real_texts)
            began = time.perf_counter()
            page.show_run(runs[1].path)
            app.processEvents()
            again = (time.perf_counter() - began) * 1000
            moves = _dragged(app, page, asked.moves)
        page.close_workers()
    others = round(load.cores, 2)
    shares = {share: float(np.percentile(moves, share)) for share in (50, 99)}
    tell(rows=asked.rows, labels=asked.labels, first_ms=round(first, 1), again_ms=round(again, 1), others_cores=others)
    tell(drag_median_ms=round(shares[50], 2), drag_99_ms=round(shares[99], 2), moves=len(moves))
    print_table(
        ("what", "ms", "aim"),
        [
            ("opened, page made", f"{first:.0f}", f"{OPEN_AIM_MS:g}"),
            ("opened, page there", f"{again:.0f}", f"{OPEN_AIM_MS:g}"),
            ("threshold moved, median", f"{shares[50]:.1f}", f"{DRAG_AIM_MS:g}"),
            ("threshold moved, 99 of 100", f"{shares[99]:.1f}", f"{DRAG_AIM_MS:g}"),
        ],
    )


def _opened(app: QApplication, book: RunBook, path: Path, *, real_texts: bool) -> tuple[EvaluationPage, float]:
    began = time.perf_counter()
    more = {} if real_texts else {"make_texts": StandInTexts}
    page = EvaluationPage(book, SyntheticWorker, **more)  # type: ignore[arg-type]
    page.resize(1192, 844)
    page.show_run(path)
    page.show()
    app.processEvents()
    return page, (time.perf_counter() - began) * 1000


def _dragged(app: QApplication, page: QWidget, num_moves: int) -> list[float]:
    """Milliseconds of each move of the mouse, with all the painting that it asks for."""
    plot = page.findChild(PrecisionPlot)
    assert plot is not None
    frame = plot.frame()
    middle = frame.rect.center().y()

    def spot(recall: float) -> QPointF:
        return QPointF(frame.x(recall), middle)

    QTest.mousePress(plot, Qt.MouseButton.LeftButton, pos=spot(0.99).toPoint())
    app.processEvents()
    found = []
    for recall in 0.5 + 0.48 * np.abs(np.sin(np.linspace(0, 12, num_moves))):
        began = time.perf_counter()
        plot._drag_to(spot(float(recall)).x())
        app.processEvents()
        found.append((time.perf_counter() - began) * 1000)
    QTest.mouseRelease(plot, Qt.MouseButton.LeftButton, pos=spot(0.5).toPoint())
    return found


if __name__ == "__main__":
    sys.exit(main())
