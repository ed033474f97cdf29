"""ConversationView: the turns one under the other; it follows the conversation and scrolls with what is written."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from studio.pages.chat.bubble import Mark
from studio.pages.chat.turn_view import Shown, TurnView
from studio.theme import tokens
from studio.translation import tr
from studio.widgets.layouts import fill

_MARGIN = 20


class ConversationView(QScrollArea):
    """Signals are those of its turns."""

    again_wished = Signal(int)
    edited = Signal(int, str)
    stepped = Signal(int, int)
    stopped = Signal()
    go_on_wished = Signal(int)
    explained = Signal(int)
    answer_wished = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("conversation")
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(tr("Conversation"))
        self._inner = QWidget()
        self._inner.setObjectName("conversationInner")
        self._inner.setStyleSheet(f"#conversationInner {{ background: {tokens().sunk}; }}")
        self._column = fill(QVBoxLayout(self._inner), gap=12, margins=(_MARGIN, 12, _MARGIN, 14))
        self._column.addStretch(1)
        self.setWidget(self._inner)
        self._views: list[TurnView] = []
        self._follows = False

    @property
    def views(self) -> list[TurnView]:
        return list(self._views)

    def show_turns(self, turns: Sequence[Shown]) -> None:
        """Views of turns that stay are kept, with what is edited in them."""
        is_at_end, self._follows = self._is_at_end or self._follows, False
        for place, shown in enumerate(turns):
            if place < len(self._views) and self._fits(self._views[place], shown):
                continue
            for view in self._views[place:]:
                view.hide()
                view.deleteLater()
            del self._views[place:]
            break
        for view in self._views[len(turns) :]:
            view.hide()
            view.deleteLater()
        del self._views[len(turns) :]
        for shown in turns[len(self._views) :]:
            self._add(shown)
        for view, shown in zip(self._views, turns, strict=True):
            if view.shown != shown:
                view.show_turn(shown)
                view.fit(self._width)
        if is_at_end:
            QTimer.singleShot(0, self, self._to_end)

    def show_marks(self, marks: Sequence[Sequence[Mark]]) -> None:
        """Of each turn, in their order."""
        for view, found in zip(self._views, marks, strict=True):
            view.bubble.show_marks(found)

    def tint(self, place: int) -> None:
        """The turn at a place from 0; -1: none."""
        for number, view in enumerate(self._views):
            view.bubble.tint(number == place)

    def follow(self) -> None:
        """Whatever comes next is scrolled to."""
        self._follows = True

    def go_to(self, place: int) -> None:
        if 0 <= place < len(self._views):
            self.ensureWidgetVisible(self._views[place], 0, 40)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        for view in self._views:
            view.fit(self._width)

    @property
    def _width(self) -> int:
        return max(200, self.viewport().width() - 2 * _MARGIN)

    @property
    def _is_at_end(self) -> bool:
        bar = self.verticalScrollBar()
        return bar.value() >= bar.maximum() - 40

    def _to_end(self) -> None:
        self._column.activate()
        self.verticalScrollBar().setValue(self.verticalScrollBar().maximum())

    def _fits(self, view: TurnView, shown: Shown) -> bool:
        return view.shown is not None and view.shown.id == shown.id

    def _add(self, shown: Shown) -> None:
        view = TurnView(shown.is_question)
        for name in ("again_wished", "edited", "stepped", "stopped", "go_on_wished", "explained", "answer_wished"):
            getattr(view, name).connect(getattr(self, name))
        self._column.insertWidget(self._column.count() - 1, view)
        self._views.append(view)
