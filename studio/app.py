"""The application: its look and language, its last net for errors, and the loading that waits for the first paint."""

from __future__ import annotations

import contextlib
import locale
import sys
import threading
import traceback
from types import TracebackType

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QIcon
from PySide6.QtWidgets import QApplication, QDialog, QHBoxLayout, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from engine.errors import AttuneError
from engine.faults import in_words
from engine.resources import resource
from studio import theme
from studio.garbage_collection import collect_in_this_thread
from studio.translation import set_language, tr, words
from studio.widgets import Button, Heading

_REST_MS = 600


def make_app(theme_name: str = "system", language: str = "system", text_size: str = "100") -> QApplication:
    """The one QApplication, in Fusion with our theme, language and size of letters, in percent. Numbers are read and
    written with a point."""
    existing = QApplication.instance()
    app = existing if isinstance(existing, QApplication) else QApplication(sys.argv[:1])
    collect_in_this_thread(app)
    locale.setlocale(locale.LC_NUMERIC, "C")
    app.setApplicationName("Attune")
    app.setDesktopFileName("attune")
    app.setWindowIcon(QIcon(str(resource("icons", "attune.svg"))))
    set_language(language)
    theme.set_text(size=int(text_size) / 100)
    theme.apply_theme(app, theme_name)
    return app


class WarmUp(QObject):
    """Loads what is heavy a moment after the window was first painted, when nobody moves yet."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            self._window.removeEventFilter(self)
            QTimer.singleShot(_REST_MS, self, self._load)
        return False

    def _load(self) -> None:
        from studio.workers.warm_up import warm_up

        warm_up()


class _Net(QObject):
    """Problems of threads come to the window's own thread before they are shown."""

    caught = Signal(object, object, object)

    def __init__(self) -> None:
        super().__init__()
        self.caught.connect(_show_problem, Qt.ConnectionType.QueuedConnection)

    def catch(self, problem: threading.ExceptHookArgs) -> None:
        if problem.exc_value is not None:
            self.caught.emit(problem.exc_type, problem.exc_value, problem.exc_traceback)


def install_last_net() -> None:
    """An error that nobody caught, in whichever thread, is shown with its reason and a detail to copy, and printed."""
    sys.excepthook = _show_problem
    threading.excepthook = _Net().catch


def _show_problem(kind: type[BaseException], problem: BaseException, trace: TracebackType | None) -> None:
    with contextlib.suppress(OSError, ValueError):  # a console that is gone
        sys.__excepthook__(kind, problem, trace)
    if issubclass(kind, KeyboardInterrupt):
        QGuiApplication.quit()
        return
    detail = "".join(traceback.format_exception(kind, problem, trace))
    open_one = next((one for one in QApplication.topLevelWidgets() if isinstance(one, ProblemDialog)), None)
    if open_one is not None and open_one.isVisible():
        open_one.add(detail)
        return
    dialog = ProblemDialog(f"{kind.__name__}: {problem}", detail, QApplication.activeWindow(), in_words(problem))
    dialog.open()


class ProblemDialog(QDialog):
    """What went wrong inside, in a line, and the whole of it to copy."""

    def __init__(
        self, reason: str, detail: str, parent: QWidget | None = None, known: AttuneError | None = None
    ) -> None:
        """`known`: it is a lack of memory or of disk, which has words of its own."""
        super().__init__(parent)
        self.setObjectName("problem")
        self.setWindowTitle("Attune")
        self.resize(640, 380)
        told = QLabel(
            words(known.what) if known else tr("Something went wrong that should not: {reason}", reason=reason)
        )
        told.setWordWrap(True)
        calm = QLabel(
            words(known.mend) if known else tr("Your runs are safe. Please report it with the details below.")
        )
        calm.setProperty("kind", "second")
        calm.setWordWrap(True)
        self.detail = QPlainTextEdit(detail)
        self.detail.setObjectName("problem_detail")
        self.detail.setAccessibleName(tr("Details"))
        self.detail.setReadOnly(True)
        self.detail.setFont(theme.font(theme.CAPTION, mono=True))
        copy = Button(tr("Copy"), "plain", "ph.copy")
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.detail.toPlainText()))
        close = Button(tr("Close"), "primary")
        close.clicked.connect(self.accept)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        for part in (Heading(tr("This should not have happened"), "card"), told, calm, self.detail):
            column.addWidget(part)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(copy)
        row.addWidget(close)
        column.addLayout(row)

    def add(self, detail: str) -> None:
        """Another problem while this one is shown."""
        self.detail.appendPlainText("\n" + detail)
