"""TokenChips: the tokens of a text as chips that can be masked, deleted and replaced, each with what it changes."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QMenu, QSizePolicy, QWidget

from studio import theme
from studio.theme import mixed, tokens
from studio.translation import tr
from studio.widgets import painting
from studio.widgets.chip_editor import ChipEditor
from studio.widgets.chip_lines import ChipLines, wrapped_chips

_CHIP, _CHANGE, _AIR, _GAP, _PADDING = 24, 15, 6, 4, 9
_MOST_LINES, _LEAST_WIDTH = 3, 26
_STRONGEST = 0.5
_LEAST_END = 0.1
"""Ten points: changes that are all small stay pale, however they compare with each other."""

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2)


class TokenChips(QAbstractScrollArea):
    """A click or Space opens a chip's menu; Delete deletes, M masks, Enter or F2 replaces, arrows go from chip to chip.

    Numbers of tokens count from 0. `hovered(i)` tells the token under the pointer or the keyboard, -1 for none.
    """

    hovered = Signal(int)
    mask_requested = Signal(int)
    delete_requested = Signal(int)
    replace_requested = Signal(int, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("tokenChips")
        self.setAccessibleName(tr("Tokens of the text"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.viewport().setAutoFillBackground(False)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.viewport().setMouseTracking(True)
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor)
        self._tokens: tuple[str, ...] = ()
        self._special: tuple[bool, ...] = ()
        self._scores: np.ndarray | None = None
        self._mask_token: str | None = None
        self._current: int | None = None
        self._advances: list[int] = []
        self._lines = wrapped_chips((), 1, _GAP, _CHIP, _CHIP)
        self._menu: QMenu | None = None
        self._most_lines, self._keeps_room = _MOST_LINES, False
        self._editor = ChipEditor(self.viewport())
        self._editor.accepted.connect(self._replace)
        self._editor.closed.connect(self.setFocus)

    # -- what is shown -------------------------------------------------------------------------------------------------

    def set_tokens(
        self, tokens: Sequence[str], special: Sequence[bool], scores: np.ndarray | Sequence[float] | None = None
    ) -> None:
        """`scores` are leave-one-out's: the probability less the probability without the token (None: not measured).

        Under each token stands what taking it away changes, in points of probability: a score of .54 reads "−54".
        """
        assert len(tokens) == len(special)
        is_new = tuple(tokens) != self._tokens
        self._tokens, self._special = tuple(tokens), tuple(bool(one) for one in special)
        if is_new:
            self._editor.close_quietly()
            letters = theme.font(theme.BODY, 500).key()
            self._advances = [_advance(token, letters) for token in self._tokens]
            self._current = None
        self.set_scores(scores)

    def set_scores(self, scores: np.ndarray | Sequence[float] | None) -> None:
        """Measured later, or for another answer."""
        self._scores = None if scores is None else np.asarray(scores, dtype=np.float64)
        assert self._scores is None or self._scores.shape == (len(self._tokens),)
        self._arrange()
        self._describe()

    def set_mask_token(self, token: str | None) -> None:
        """What the model reads as a masked word; None where it knows none, and masking cannot be asked for."""
        self._mask_token = token

    def set_room(self, most_lines: int, *, for_changes: bool) -> None:
        """How many lines are seen at once, and whether each has room for changes before they are measured: then nothing
        below moves when they come."""
        if (most_lines, for_changes) != (self._most_lines, self._keeps_room):
            self._most_lines, self._keeps_room = most_lines, for_changes
            self._arrange()

    def set_current(self, index: int | None) -> None:
        """Mark a token and scroll to it; nothing is emitted."""
        self._current = index if index is not None and 0 <= index < len(self._tokens) else None
        if self._current is not None:
            self._scroll_to(self._current)
        self._describe()
        self.viewport().update()

    @property
    def current(self) -> int | None:
        return self._current

    def _point_at(self, index: int | None) -> None:
        if index != self._current:
            self.set_current(index)
            self.hovered.emit(-1 if index is None else index)

    def _describe(self) -> None:
        if self._current is None:
            self.setAccessibleDescription(" ".join(self._tokens))
            return
        change = change_words(self._scores[self._current]) if self._scores is not None else ""
        self.setAccessibleDescription(f"{self._tokens[self._current]} {change}".strip())

    # -- where things lie ----------------------------------------------------------------------------------------------

    def _pitch(self) -> int:
        return _CHIP + _AIR + (_CHANGE if self._keeps_room or self._scores is not None else 0)

    def _lines_for(self, width: int) -> ChipLines:
        widths = [max(_LEAST_WIDTH, advance + 2 * _PADDING) for advance in self._advances]
        return wrapped_chips(widths, max(40, width - 2), _GAP, self._pitch(), _CHIP)

    def _arrange(self) -> None:
        self._lines = self._lines_for(self.viewport().width())
        bar, page = self.verticalScrollBar(), self.viewport().height()
        bar.setSingleStep(self._pitch())
        bar.setPageStep(page)
        bar.setRange(0, max(0, self._lines.total_height - page))
        self.updateGeometry()
        self.viewport().update()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        """Up to three lines, or as `set_room` says; more of them scroll."""
        return min(self._most_lines, max(1, self._lines_for(width).num_lines)) * self._pitch()

    def sizeHint(self) -> QSize:
        return QSize(480, self.heightForWidth(max(480, self.width())))

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self._pitch())

    def rect_of(self, index: int) -> QRect:
        """Where a chip lies on the screen, in the viewport."""
        return self._lines.rect(index).translated(1, 1 - self.verticalScrollBar().value())

    def token_at(self, spot: QPoint) -> int | None:
        return self._lines.at(spot.x() - 1, spot.y() - 1 + self.verticalScrollBar().value())

    def _scroll_to(self, index: int) -> None:
        bar, top = self.verticalScrollBar(), self._lines.line_of(index) * self._pitch()
        if top < bar.value():
            bar.setValue(top)
        elif top + self._pitch() > bar.value() + self.viewport().height():
            bar.setValue(top + self._pitch() - self.viewport().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def scrollContentsBy(self, _dx: int, _dy: int) -> None:
        self._editor.close_quietly()
        self.viewport().update()

    # -- painting ------------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Only the lines that are seen."""
        painter = QPainter(self.viewport())
        top = self.verticalScrollBar().value()
        end = 0.0 if self._scores is None else float(np.abs(self._scores).max(initial=_LEAST_END))
        for index in self._lines.seen(top + event.rect().top(), top + event.rect().bottom()):
            self._paint_chip(painter, index, end)

    def _paint_chip(self, painter: QPainter, index: int, end: float) -> None:
        colours, rect, is_special = tokens(), self.rect_of(index), self._special[index]
        score = 0.0 if self._scores is None or is_special else float(self._scores[index])
        strength = _STRONGEST * (abs(score) / end) ** 0.7 if end else 0.0
        hue = colours.s2 if score > 0 else colours.s1
        fill = colours.card if is_special else mixed(hue, colours.sunk, strength)
        border = mixed(hue, colours.line, strength) if not is_special else None
        painting.box(painter, rect, theme.CHIP_RADIUS, fill, border)
        if index == self._current:
            if self.hasFocus():
                painting.focus_ring(painter, rect, theme.CHIP_RADIUS)
            else:
                painting.box(painter, rect, theme.CHIP_RADIUS, border=colours.s2, width=1.5)
        ink = colours.text3 if is_special else colours.text
        letters = theme.font(theme.BODY, 400 if is_special else 500)
        painting.text(painter, rect.adjusted(4, 0, -4, 0), _shown(self._tokens[index]), letters, ink, painting.CENTER)
        if self._scores is not None and not is_special:
            self._paint_change(painter, rect, score)

    def _paint_change(self, painter: QPainter, rect: QRect, score: float) -> None:
        place = QRect(rect.left() - 3, rect.bottom() + 1, rect.width() + 6, _CHANGE)
        is_small = abs(score) < 0.005
        ink = tokens().text3 if is_small else tokens().s2 if score > 0 else tokens().s1
        letters = theme.font(theme.TICK, 400 if is_small else 600)
        painting.text(painter, place, change_words(score), letters, QColor(ink).name(), painting.CENTER)

    # -- pointing and editing ------------------------------------------------------------------------------------------

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave and not self._editor.isVisible() and not self.hasFocus():
            self._point_at(None)
        return super().viewportEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if not self._editor.isVisible():
            self._point_at(self.token_at(event.position().toPoint()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._point_at(self.token_at(event.position().toPoint()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        index = self.token_at(event.position().toPoint())
        if index is not None and index == self._current and event.button() == Qt.MouseButton.LeftButton:
            self._open_menu(index)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        is_by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        index = self._current if is_by_key else self.token_at(event.pos())
        if index is not None:
            self._open_menu(index)

    def focusInEvent(self, event: QEvent) -> None:
        super().focusInEvent(event)  # type: ignore[arg-type]
        self.viewport().update()

    def focusOutEvent(self, event: QEvent) -> None:
        super().focusOutEvent(event)  # type: ignore[arg-type]
        self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if self._tokens and (self._move_by_key(key) or self._edit_by_key(key)):
            return
        super().keyPressEvent(event)

    def _move_by_key(self, key: Qt.Key) -> bool:
        last, current = len(self._tokens) - 1, self._current
        if key not in (*_AWAY, Qt.Key.Key_Home, Qt.Key.Key_End):
            return False
        if key == Qt.Key.Key_Home or current is None:
            self._point_at(0)
        elif key == Qt.Key.Key_End:
            self._point_at(last)
        else:
            down, right = _AWAY[key]
            self._point_at(self._lines.moved(current, down) if down else min(max(current + right, 0), last))
        return True

    def _edit_by_key(self, key: Qt.Key) -> bool:
        index = self._current
        if key == Qt.Key.Key_Escape and index is not None:
            self._point_at(None)
        elif index is None or self._special[index]:
            return False
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.delete_requested.emit(index)
        elif key == Qt.Key.Key_M and self._mask_token is not None:
            self.mask_requested.emit(index)
        elif key in _ENTER:
            self.edit(index)
        elif key in (Qt.Key.Key_Space, Qt.Key.Key_Menu):
            self._open_menu(index)
        else:
            return False
        return True

    def _open_menu(self, index: int) -> None:
        if not self._special[index]:
            self._menu = self.menu_for(index)
            self._menu.popup(self.viewport().mapToGlobal(self.rect_of(index).bottomLeft() + QPoint(0, 2)))

    def menu_for(self, index: int) -> QMenu:
        """What can be done with a token; masking says why when it cannot."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        words = tr("Mask") if self._mask_token is not None else tr("Mask (this model knows no masked word)")
        mask = menu.addAction(theme.icon("ph.eye-slash"), words)
        mask.setEnabled(self._mask_token is not None)
        mask.triggered.connect(lambda: self.mask_requested.emit(index))
        delete = menu.addAction(theme.icon("ph.trash"), tr("Delete"))
        delete.triggered.connect(lambda: self.delete_requested.emit(index))
        replace = menu.addAction(theme.icon("ph.pencil-simple"), tr("Replace …"))
        replace.triggered.connect(lambda: self.edit(index))
        return menu

    def edit(self, index: int) -> None:
        """Write another word in a chip's place: Enter takes it, Escape or a click elsewhere leaves it as it was."""
        self.set_current(index)
        self._editor.open(index, _plain(self._tokens[index]), self.rect_of(index), self.viewport().width())

    def _replace(self, index: int, text: str) -> None:
        if text and text != _plain(self._tokens[index]):
            self.replace_requested.emit(index, text)


_AWAY = {
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
}


def change_words(score: float) -> str:
    """What taking a token away changes, in points: `−54`, `+3`, `−0.4`, `0`."""
    points = -100 * score
    digits = 0 if abs(points) >= 0.95 else 1
    if round(abs(points), digits) == 0:
        return "0"
    return f"{'+' if points > 0 else '−'}{abs(points):.{digits}f}"


def _shown(token: str) -> str:
    return token.strip().replace("\n", "↵") or "␣"


@lru_cache(maxsize=8192)
def _advance(token: str, _letters: str) -> int:
    """Pixels of a token in these letters: kept, as most stay the same while a person types."""
    return QFontMetrics(theme.font(theme.BODY, 500)).horizontalAdvance(_shown(token))


def _plain(token: str) -> str:
    """The letters of a token without its tokenizer's marks."""
    return token.removeprefix("##").lstrip("Ġ▁ ").strip() or token
