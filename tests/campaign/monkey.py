"""A monkey on the real window: seeded clicks, keys, sizes, languages and themes. `python -m tests.campaign.monkey SEED
SECONDS FOLDER`: exit 0 where nothing went wrong, else what did is on standard error."""

from __future__ import annotations

import faulthandler
import os
import random
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

from tests.campaign.world import ROOT, Broken, World

_STARE = 60
"""Seconds for which one action may keep the window busy on a loaded machine."""

_IGNORED = ("This plugin does not support", "propagateSizeHints")


def let_loose(world: World, chance: random.Random, seconds: float = 20) -> str:
    """In a process of its own."""
    seed = chance.randrange(10**6)
    folder = world.empty()
    (folder / "runs").mkdir()
    for number in range(2):
        world.copied(world.finished, folder / "runs" / f"holder{number}").path.rename(folder / "runs" / f"run{number}")
        (folder / "runs" / f"holder{number}").rmdir()
    (folder / "data.csv").write_text(world.data.read_text(encoding="utf-8"), encoding="utf-8")
    command = [sys.executable, "-m", "tests.campaign.monkey", str(seed), str(seconds), str(folder)]
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Broken(f"monkey {seed}: exit {done.returncode}\n{' '.join(command)}\n{done.stderr[-6000:]}")
    world.forget(folder)
    return f"monkey {seed}: {done.stdout.strip()}"


def main(seed: int, seconds: float, folder: Path) -> int:
    faulthandler.enable()
    from PySide6.QtCore import QtMsgType, qInstallMessageHandler
    from PySide6.QtWidgets import QApplication

    from studio.app import make_app
    from studio.main_window import MainWindow
    from studio.preferences import Preferences
    from studio.workers.latest_worker import wait_for_closed
    from studio.workers.run_book import RunBook

    wrong: list[str] = []

    def hear(kind: QtMsgType, _context: object, text: str) -> None:
        if kind != QtMsgType.QtDebugMsg and not any(one in text for one in _IGNORED):
            wrong.append(f"Qt: {text}")

    qInstallMessageHandler(hear)
    _no_dialogs_of_the_system(folder)
    app = make_app("light", "en")
    sys.excepthook = lambda kind, problem, trace: wrong.append(_told(kind, problem, trace))
    threading.excepthook = lambda one: wrong.append(_told(one.exc_type, one.exc_value, one.exc_traceback))
    preferences = Preferences(folder / "studio.ini")
    preferences.runs_folder = folder / "runs"
    book = RunBook(folder / "runs")
    window = MainWindow(book, preferences)
    window.show()
    _let_pass(50)
    monkey = Monkey(random.Random(seed), window, folder)
    until, count = time.monotonic() + seconds, 0
    while time.monotonic() < until and not wrong:
        faulthandler.dump_traceback_later(_STARE, exit=True)
        hung = threading.Timer(_STARE - 5, monkey.tell)
        hung.daemon = True
        hung.start()
        monkey.act()
        hung.cancel()
        QApplication.processEvents()
        faulthandler.cancel_dump_traceback_later()
        count += 1
    faulthandler.dump_traceback_later(2 * _STARE, exit=True)
    book.stop_and_wait()
    window.closing.end()
    app.processEvents()
    wait_for_closed(30)
    for one in wrong:
        sys.stderr.write(f"{one}\n")
    if wrong:
        monkey.tell()
    sys.stdout.write(f"{count} actions\n")
    sys.stdout.flush()
    os._exit(1 if wrong else 0)


def _told(kind: Any, problem: Any, trace: Any) -> str:
    import traceback

    return "".join(traceback.format_exception(kind, problem, trace))


def _no_dialogs_of_the_system(folder: Path) -> None:
    """Nobody answers them here: files are the data or nothing, folders the monkey's own."""
    from PySide6.QtGui import QDesktopServices
    from PySide6.QtWidgets import QFileDialog

    chosen = iter([str(folder / "data.csv"), ""] * 10**6)
    dialogs: Any = QFileDialog
    dialogs.getOpenFileName = lambda *_, **__: (next(chosen), "")
    dialogs.getOpenFileNames = lambda *_, **__: ([one for one in [next(chosen)] if one], "")
    dialogs.getSaveFileName = lambda *_, **__: ("", "")
    dialogs.getExistingDirectory = lambda *_, **__: ""
    services: Any = QDesktopServices
    services.openUrl = lambda *_: True


def _let_pass(milliseconds: int) -> None:
    """In an event loop of its own: Qt's `qWait` holds Python's lock, so that no worker would get on meanwhile."""
    from PySide6.QtCore import QEventLoop, QTimer

    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


class Monkey:
    """Acts on whatever can be seen."""

    def __init__(self, chance: random.Random, window: Any, folder: Path) -> None:
        from PySide6.QtCore import QTimer

        self._chance, self._window, self._folder = chance, window, folder
        self.done: list[str] = []
        self._menus = QTimer(window)
        self._menus.timeout.connect(self._choose_from_menu)
        self._menus.start(100)

    def tell(self) -> None:
        """What was done last, where the window does not come back."""
        sys.stderr.write("\n".join(["the last actions:", *self.done[-15:], ""]))
        sys.stderr.flush()

    def act(self) -> None:
        action = self._chance.choices(
            [self._click, self._type, self._press_key, self._resize, self._look, self._wheel, self._wait, self._open],
            [50, 12, 12, 3, 2, 5, 10, 1],
        )[0]
        action()

    def _choose_from_menu(self) -> None:
        """A button with a menu waits in a loop of its own until somebody chooses or turns away."""
        from PySide6.QtCore import Qt
        from PySide6.QtTest import QTest
        from PySide6.QtWidgets import QApplication, QMenu

        menu = QApplication.activePopupWidget()
        if not isinstance(menu, QMenu):
            return
        actions = [one for one in menu.actions() if one.isEnabled() and one.isVisible() and not one.isSeparator()]
        if not actions or self._chance.random() < 0.3:
            self.done.append("turn away from a menu")
            QTest.keyClick(menu, Qt.Key.Key_Escape)
            return
        action = self._chance.choice(actions)
        self.done.append(f"choose “{action.text()}” from a menu")
        QTest.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(action).center())

    def _visible(self) -> list[Any]:
        from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

        modal = QApplication.activeModalWidget() or self._window
        found = [one for one in modal.findChildren(QWidget) if one.isVisible() and one.isEnabled()]
        buttons = [one for one in found if isinstance(one, QAbstractButton)]
        return buttons if buttons and self._chance.random() < 0.5 else found

    def _click(self) -> None:
        from PySide6.QtCore import QPoint, Qt
        from PySide6.QtTest import QTest

        found = self._visible()
        if not found:
            return
        one = self._chance.choice(found)
        place = QPoint(self._chance.randrange(max(1, one.width())), self._chance.randrange(max(1, one.height())))
        self.done.append(f"click {type(one).__name__} “{one.objectName()}” at {place.x()}, {place.y()}")
        double = self._chance.random() < 0.1
        (QTest.mouseDClick if double else QTest.mouseClick)(one, Qt.MouseButton.LeftButton, pos=place)

    def _type(self) -> None:
        from PySide6.QtWidgets import QLineEdit, QPlainTextEdit

        from tests.keyboard import type_text

        found = [one for one in self._visible() if isinstance(one, QLineEdit | QPlainTextEdit)]
        if not found:
            return
        one, text = self._chance.choice(found), self._chance.choice(_TEXTS)
        self.done.append(f"type {text!r} into “{one.objectName()}”")
        one.setFocus()
        type_text(one, text)

    def _press_key(self) -> None:
        from PySide6.QtCore import Qt
        from PySide6.QtTest import QTest
        from PySide6.QtWidgets import QApplication

        one = QApplication.focusWidget() or self._window
        name = self._chance.choice(
            ["Tab", "Backtab", "Return", "Escape", "Space", "Left", "Right", "Up", "Down", "Home"]
        )
        more = self._chance.choice([Qt.KeyboardModifier.NoModifier] * 4 + [Qt.KeyboardModifier.ShiftModifier])
        self.done.append(f"press {name} in {type(one).__name__} “{one.objectName()}”")
        QTest.keyClick(one, getattr(Qt.Key, f"Key_{name}"), more)

    def _resize(self) -> None:
        width, height = self._chance.randrange(700, 2000), self._chance.randrange(500, 1300)
        self.done.append(f"resize {width} x {height}")
        self._window.resize(width, height)

    def _look(self) -> None:
        """Another language or theme, as the page of settings changes them."""
        preferences = self._window.preferences
        if self._chance.random() < 0.5:
            preferences.language = self._chance.choice(["en", "zh"])
            self.done.append(f"language {preferences.language}")
        else:
            preferences.theme = self._chance.choice(["light", "dark"])
            self.done.append(f"theme {preferences.theme}")

    def _wheel(self) -> None:
        from PySide6.QtCore import QPoint, QPointF, Qt
        from PySide6.QtGui import QWheelEvent
        from PySide6.QtWidgets import QApplication

        found = self._visible()
        if not found:
            return
        one = self._chance.choice(found)
        turn = QPoint(0, self._chance.choice([-240, -120, 120, 240]))
        place = QPointF(one.rect().center())
        none = Qt.MouseButton.NoButton
        event = QWheelEvent(
            place, QPointF(one.mapToGlobal(place)), QPoint(), turn, none, Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        self.done.append(f"turn the wheel over {type(one).__name__} “{one.objectName()}”")
        QApplication.sendEvent(one, event)

    def _wait(self) -> None:
        _let_pass(self._chance.randrange(1, 200))

    def _open(self) -> None:
        paths = [self._folder / "data.csv", self._folder / "runs" / "run0", self._folder / "nothing.csv"]
        path = self._chance.choice(paths)
        self.done.append(f"open {path.name}")
        self._window.opening.open_path(path)


_TEXTS = ["liked film", "0", "-1", "1e9", "片子很好", "a" * 300, "“x”", "%s {y} <b>z</b>", "\t", "0.00001", "👍🏽", " "]


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), float(sys.argv[2]), Path(sys.argv[3])))
