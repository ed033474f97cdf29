"""The application: ready to train in a moment, torch-free until the first paint, and errors that reach the person."""

from __future__ import annotations

import locale
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from engine.runs.run import Run
from studio import app as application
from studio.__main__ import _parse
from studio.app import ProblemDialog, WarmUp, make_app
from studio.ending import Signals
from studio.theme import is_dark
from studio.translation import language
from studio.workers import warm_up as warm

ROOT = Path(__file__).resolve().parents[2]

_FIRST_PAINT = """
import sys
from pathlib import Path
from studio.app import make_app
from studio.main_window import MainWindow
from studio.preferences import Preferences
from studio.workers.run_book import RunBook
folder = Path(sys.argv[1])
app = make_app("light", "en")
window = MainWindow(RunBook(folder / "runs"), Preferences(folder / "studio.ini"))
window.show()
app.processEvents()
assert not window.grab().isNull()
heavy = {"torch", "transformers", "datasets", "sklearn", "pyqtgraph", "engine.verbs"} & set(sys.modules)
print("heavy:", sorted(heavy))
"""


def test_nothing_heavy_before_the_first_paint(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _FIRST_PAINT, str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "heavy: []"


def test_make_app_keeps_decimal_points(look: QApplication) -> None:
    assert make_app("dark", "zh") is look
    assert locale.localeconv()["decimal_point"] == "."
    assert is_dark()
    assert language() == "zh"
    assert look.applicationName() == "Attune"


def test_loading_waits_for_the_first_paint(qtbot: QtBot, look: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    loaded: list[bool] = []
    monkeypatch.setattr(application, "_REST_MS", 30)
    monkeypatch.setattr(warm, "warm_up", lambda: loaded.append(True))
    window = QWidget()
    qtbot.addWidget(window)
    WarmUp(window)
    qtbot.wait(80)
    assert loaded == [], "nothing was painted yet"
    window.show()
    qtbot.waitUntil(lambda: loaded == [True])
    window.update()
    qtbot.wait(80)
    assert loaded == [True], "once is enough"


@pytest.mark.usefixtures("look")
def test_last_net_shows_a_reason_and_a_detail(
    qtbot: QtBot, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    application.install_last_net()
    try:
        raise ZeroDivisionError("by nothing")
    except ZeroDivisionError as problem:
        sys.excepthook(type(problem), problem, problem.__traceback__)
        sys.excepthook(type(problem), problem, problem.__traceback__)
    dialogs = [one for one in QApplication.topLevelWidgets() if isinstance(one, ProblemDialog) and one.isVisible()]
    assert len(dialogs) == 1, "a second problem joins the first"
    qtbot.addWidget(dialogs[0])
    assert dialogs[0].detail.toPlainText().count("ZeroDivisionError: by nothing") == 2
    assert "ZeroDivisionError" in capsys.readouterr().err, "it is never swallowed"


def test_arguments(tmp_path: Path) -> None:
    asked = _parse([str(tmp_path / "a.csv"), "--runs", str(tmp_path), "--theme", "dark", "--language", "zh"])
    assert (asked.path, asked.runs, asked.theme, asked.language) == (tmp_path / "a.csv", tmp_path, "dark", "zh")
    assert _parse([]).path is None


@pytest.mark.parametrize("name", [one for one in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, one)])
def test_a_signal_reaches_a_window_that_waits(qtbot: QtBot, look: QApplication, name: str) -> None:
    """From outside of Python's own loop, as Ctrl+C in the terminal comes."""
    before = signal.getsignal(getattr(signal, name))
    signals = Signals()
    sender = threading.Timer(0.05, os.kill, (os.getpid(), getattr(signal, name)))
    with qtbot.waitSignal(signals.told, timeout=5000):
        sender.start()
    signals.close()
    assert signal.getsignal(getattr(signal, name)) == before


def test_a_problem_of_a_thread_is_shown(
    qtbot: QtBot, look: QApplication, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    application.install_last_net()

    def short_of_memory() -> None:
        raise MemoryError

    thread = threading.Thread(target=short_of_memory)
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: any(isinstance(one, ProblemDialog) for one in QApplication.topLevelWidgets()))
    dialog = next(one for one in QApplication.topLevelWidgets() if isinstance(one, ProblemDialog))
    qtbot.addWidget(dialog)
    assert "short_of_memory" in dialog.detail.toPlainText()
    assert any("The memory is full." in label.text() for label in dialog.findChildren(QLabel))


_TOLD = """
import os, signal, sys, threading
from pathlib import Path
from PySide6.QtCore import QTimer
import studio.__main__ as program
from engine.config.run import RunConfig
from studio.preferences import Preferences
from studio.workers.run_book import RunBook

folder = Path(sys.argv[1])
program.Preferences = lambda: Preferences(folder / "studio.ini")
began = []

class Book(RunBook):
    def __init__(self, *words, **more):
        super().__init__(*words, **more)
        small = {"data.builtin.num_rows": 240, "training.max_steps": 1000000, "training.device": "cpu"}
        QTimer.singleShot(0, lambda: self.start(RunConfig().with_values(small), "one"))
        self.advanced.connect(self.tell)

    def tell(self, path):
        if self.entry(path).history.last_step > 2 and not began:
            began.append(path)
            os.kill(os.getpid(), signal.SIGTERM)

program.RunBook = Book
sys.exit(program.main(["--runs", str(folder / "runs")]))
"""


@pytest.mark.slow
def test_the_window_that_is_told_to_end_keeps_its_run(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _TOLD, str(tmp_path)], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    run = Run.open(tmp_path / "runs" / "one")
    assert run.state == "stopped"
    assert run.checkpoints["last"]
