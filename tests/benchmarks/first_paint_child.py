"""One side of the first-paint benchmark: opens a window, tells when it was painted, and ends.

Imports nothing beyond what the window itself needs, so that the clock sees the window alone.
"""

import os
import sys
import time

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget


class FirstPaint(QObject):
    """Prints the seconds since the process began: at the widget's first Paint event, and when all was drawn.

    The widget is the window, or what covers it wholly: Qt paints nothing behind an opaque child.
    """

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            watched.removeEventFilter(self)
            self._began = _seconds_since_start()
            QTimer.singleShot(0, self, self._tell)  # children are painted before the loop turns again
        return False

    def _tell(self) -> None:
        cpu = time.process_time()
        found = f'"event": {self._began:.4f}, "painted": {_seconds_since_start():.4f}, "cpu": {cpu:.4f}'
        print("{" + found + "}", flush=True)
        os._exit(0)


def _seconds_since_start() -> float:
    """Since the parent asked for this process; the clock is the same in both."""
    return time.clock_gettime(time.CLOCK_MONOTONIC) - float(os.environ["ATTUNE_BENCHMARK_BEGAN"])


def _open_empty(with_plot: bool) -> None:
    import pyqtgraph

    application = QApplication(sys.argv[:1])
    window = QMainWindow()
    window.resize(1440, 900)
    if with_plot:
        plot = pyqtgraph.PlotWidget()
        window.setCentralWidget(plot)
        FirstPaint(plot.viewport())
    else:
        FirstPaint(window)
    window.show()
    application.exec()


def _open_attune(runs: str) -> None:
    import studio.__main__ as entry

    make = entry.MainWindow

    def made(*arguments: object) -> QWidget:
        window = make(*arguments)
        FirstPaint(window)
        return window

    entry.MainWindow = made
    entry.main(["--runs", runs])


if __name__ == "__main__":
    if sys.argv[1].startswith("attune"):
        _open_attune(sys.argv[2])
    else:
        _open_empty(sys.argv[1] == "plot")
