"""Desk: a page on the screen, before an engine that answers when it is told to."""

from __future__ import annotations

import re
from collections.abc import Callable, Generator
from functools import lru_cache
from pathlib import Path
from typing import Any, Generic, NamedTuple, TypeVar

import pytest
from PySide6.QtCore import QEvent, QMimeData, QObject, QPoint, QPointF, QRect, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QAction, QContextMenuEvent, QDragEnterEvent, QDropEvent, QHelpEvent, QImage, QRegion
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLabel, QMenu, QToolTip, QWidget
from pytestqt.qtbot import QtBot

from engine.breath import drain
from engine.errors import AttuneError, InputError
from engine.messages import message
from engine.records import Progress
from studio.plots.attention.marked_text import MarkedText
from studio.widgets.error_banner import ErrorBanner

LARGE, SMALL = (1192, 844), (968, 644)
Page = TypeVar("Page", bound=QWidget)
Found = TypeVar("Found", bound=QWidget)
Reply = Callable[..., object]
"""`reply(verb, *arguments, **options)` says or raises what the engine would."""


class Question(NamedTuple):
    key: Any
    arguments: tuple[Any, ...]
    options: dict[str, Any]


class SyntheticWorker(QObject):
    """Keeps what was asked; `answer`, `tell` and `fail` speak for the engine, about what was asked last.

    With `reply` it answers by itself: at once, or (`is_slow`) in the next turn of the event loop, where the newest
    question wins and what is `held` waits until it is let go.
    """

    answered = Signal(object, object)
    progressed = Signal(object, object)
    failed = Signal(object, object)
    started_asking = Signal(object)

    def __init__(self, verb: str = "", reply: Reply | None = None, *, is_slow: bool = False) -> None:
        super().__init__()
        self.verb, self.reply, self.is_slow = verb, reply, is_slow
        self.asked: list[Question] = []
        self.num_stops = 0
        self.is_closed = self.is_held = self.is_busy = False

    def ask(self, key: object, *arguments: Any, **options: Any) -> None:
        question = Question(key, arguments, options)
        self.asked.append(question)
        self.is_busy = True
        self.started_asking.emit(key)
        if self.reply is not None and self.is_slow:
            QTimer.singleShot(0, self, lambda: self._reply(question))
        elif self.reply is not None:
            self._reply(question)

    def answer(self, answer: object) -> None:
        self.is_busy = False
        self.answered.emit(self.asked[-1].key, answer)

    def tell(self, done: int, total: int, partial: object = None) -> None:
        self.progressed.emit(self.asked[-1].key, Progress(done, total, partial))

    def fail(self, what: str = "It went wrong.") -> AttuneError:
        error = InputError(message("{reason}", reason=what), "here", message("Try again."))
        self._refuse(error)
        return error

    def let_go(self) -> None:
        self.is_held = False
        self._reply(self.asked[-1])

    def stop(self) -> None:
        self.num_stops += 1

    def close(self) -> None:
        self.is_closed = True

    def _refuse(self, error: AttuneError) -> None:
        self.is_busy = False
        self.failed.emit(self.asked[-1].key, error)

    def _reply(self, question: Question) -> None:
        if self.is_closed or self.is_held or question is not self.asked[-1]:
            return
        assert self.reply is not None
        try:
            found = self.reply(self.verb, *question.arguments, **question.options)
            if isinstance(found, Generator):
                found = drain(found)
        except AttuneError as error:
            self._refuse(error)
        else:
            self.answer(found)


class Desk(Generic[Page]):
    """What the person sees of `page`, and the engine's answers by question: `worker("answer").answer(record)`."""

    page: Page

    def __init__(self, qtbot: QtBot, reply: Reply | None = None, *, is_slow: bool = False) -> None:
        self.qtbot, self.reply, self.is_slow = qtbot, reply, is_slow
        self.workers: list[SyntheticWorker] = []

    def put(self, page: Page, size: tuple[int, int] = LARGE) -> Page:
        """On the screen, as the page that is looked at from now on."""
        self.qtbot.addWidget(page)
        page.resize(*size)
        page.show()
        self.page = page
        return page

    # the engine

    def make_worker(self, verb: str) -> Any:
        """As pages make theirs; whoever asks several kinds of question of one verb names its workers after the kind."""
        worker = SyntheticWorker(verb, self.reply, is_slow=self.is_slow)
        worker.setObjectName(verb)
        self.workers.append(worker)
        return worker

    def worker(self, question: str) -> SyntheticWorker:
        """That answers one kind of question; it must have been asked."""
        return next(one for one in reversed(self.workers) if one.objectName() == question)

    def num_asked(self, question: str) -> int:
        return len(self.worker(question).asked) if any(one.objectName() == question for one in self.workers) else 0

    def wait_asked(self, question: str, count: int = 1) -> SyntheticWorker:
        self.qtbot.waitUntil(lambda: self.num_asked(question) >= count, timeout=2000)
        return self.worker(question)

    # the person

    def press(self, name: str) -> None:
        """The button of this name that can be seen and pressed."""
        button = self.see(name, QAbstractButton)
        assert button.isEnabled(), name
        self.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)

    def pick(self, name: str, choice: object) -> None:
        """A line of a drop-down, by what it stands for or, where it stands for nothing, by its words."""
        chooser = self.find(name, QComboBox)
        place = max(chooser.findData(choice), chooser.findText(str(choice)))
        assert place >= 0, [chooser.itemText(index) for index in range(chooser.count())]
        chooser.setCurrentIndex(place)
        chooser.activated.emit(place)

    # what is seen

    def find(self, name: str, kind: type[Found] = QWidget) -> Found:  # type: ignore[assignment]
        found = self.page.findChild(kind, name)
        assert found is not None, name
        return found

    def see(self, name: str, kind: type[Found] = QWidget) -> Found:  # type: ignore[assignment]
        """The one that is visible; what was made just now is laid out, and so shown, in its turn of the event loop."""
        if not any(one.isVisible() for one in self.page.findChildren(kind, name)):
            QApplication.processEvents()
        (found,) = [one for one in self.page.findChildren(kind, name) if one.isVisible()]
        return found

    def part(self, kind: type[Found]) -> Found:
        """By its type alone."""
        found = self.page.findChild(kind)
        assert found is not None, kind
        return found

    def spoken(self, words: str, kind: type[Found] = QWidget) -> Found:  # type: ignore[assignment]
        """By what a screen reader calls it."""
        return next(one for one in self.page.findChildren(kind) if one.accessibleName() == words)

    def is_shown(self, name: str) -> bool:
        return self.find(name).isVisible()

    def says(self, name: str) -> str:
        return self.find(name, QLabel).text()

    @property
    def banner(self) -> ErrorBanner:
        return self.part(ErrorBanner)


def figures_in(sentence: str) -> list[str]:
    """Its numbers, as they are written and in their order: they matter, whatever the words around them."""
    return re.findall(r"\d+(?:,\d{3})*(?:\.\d+)?(?: %)?", sentence)


def painted(widget: QWidget) -> QImage:
    """Without the ground that it stands on."""
    image = QImage(widget.size(), QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    widget.render(image, QPoint(), QRegion(), QWidget.RenderFlag.DrawChildren)
    return image


def menu_of(widget: QWidget) -> dict[str, QAction]:
    """What the menu offers that the keyboard opens over it; the tests' platform cannot pop it up."""
    opened: list[QMenu] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(QMenu, "popup", lambda menu, _place: opened.append(menu))
        place = widget.rect().center()
        QApplication.sendEvent(widget, QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, place, place))
    return {action.text().split("\t")[0]: action for action in opened[0].actions() if action.text()}


def tooltip_at(widget: QWidget, spot: QPoint) -> str:
    """What resting on a place tells; the tests' platform shows no tooltips."""
    told: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(QToolTip, "showText", lambda _place, words, _widget: told.append(words))
        QApplication.sendEvent(widget, QHelpEvent(QEvent.Type.ToolTip, spot, widget.mapToGlobal(spot)))
    return told[-1]


def word_boxes(label: MarkedText) -> list[QRect]:
    """Where each marked word of one line stands, as the pointer finds it."""
    along = next(y for y in range(0, label.height(), 4) if set(_words_along(label, y)) != {None})
    words = _words_along(label, along)
    boxes = []
    for word in sorted({one for one in words if one is not None}):
        left, right = words.index(word), len(words) - 1 - words[::-1].index(word)
        middle = (left + right) / 2
        ys = [y for y in range(label.height()) if label.word_at(QPointF(middle, y)) == word]
        boxes.append(QRect(QPoint(left, ys[0]), QPoint(right, ys[-1])))
    return boxes


def _words_along(label: MarkedText, y: int) -> list[int | None]:
    return [label.word_at(QPointF(x, y)) for x in range(label.width())]


def drag_over(widget: QWidget, *paths: Path) -> bool:
    """Whether a file or folder could be let go there."""
    event = QDragEnterEvent(QPoint(9, 9), Qt.DropAction.CopyAction, _dragged(*paths), _LEFT, _NO_KEY)
    QApplication.sendEvent(widget, event)
    return event.isAccepted()


def drop(widget: QWidget, *paths: Path) -> None:
    assert drag_over(widget, *paths), "the drop is refused"
    event = QDropEvent(QPointF(9, 9), Qt.DropAction.CopyAction, _dragged(*paths), _LEFT, _NO_KEY)
    QApplication.sendEvent(widget, event)


_LEFT, _NO_KEY = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


@lru_cache(maxsize=1)  # it must outlive its events
def _dragged(*paths: Path) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return data
