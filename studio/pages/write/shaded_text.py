"""ShadedText: a person's words plain, a model's tokens shaded by how much each surprised it; one of them is pointed at.

Word pieces join without a space, as the text has none there.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.records import WrittenToken
from studio.theme import font, is_dark, mixed, tokens
from studio.translation import tr

MOST_BITS = 8.0
_STRONGEST = 0.72
_LINE = 30.0
_SIZE = 15


def shade_of(bits: float) -> str:
    """The ground of a token that surprised by so many bits."""
    share = min(1.0, max(0.0, bits / MOST_BITS))
    return mixed(tokens().s2, tokens().card, _STRONGEST * (0.1 + 0.9 * share) * (0.85 if is_dark() else 1.0))


class ShadedText(QWidget):
    """`pointed(place)` at the token under the mouse or chosen by the arrow keys, `pinned(place)` when it is clicked or
    Return is pressed; `prompt_clicked` when the person's own words are. Places are those of the tokens."""

    pointed = Signal(int)
    pinned = Signal(int)
    prompt_clicked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._font = QFont(font(_SIZE, 400))
        self._font.setWordSpacing(3)
        self._prompt, self._tokens = "", ()
        self._unseen, self._place, self._is_caret = 0, None, False
        self._starts: list[int] = [0]
        self._layout = QTextLayout()
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    @property
    def place(self) -> int | None:
        """The token that is pointed at."""
        return self._place

    @property
    def spans(self) -> list[tuple[int, int]]:
        """(first, after the last) character of each token in the whole text."""
        return list(zip(self._starts[:-1], self._starts[1:], strict=True))

    def show_text(
        self, prompt: str, shown: Sequence[WrittenToken], *, unseen_characters: int = 0, has_caret: bool = False
    ) -> None:
        """The first `unseen_characters` are out of the model's sight; a caret stands behind a text that goes on."""
        self._prompt, self._tokens = prompt, tuple(shown)
        self._unseen, self._is_caret = unseen_characters, has_caret
        self._starts = [len(prompt)]
        for token in self._tokens:
            self._starts.append(self._starts[-1] + len(token.text))
        if self._place is not None and self._place >= len(self._tokens):
            self._place = None
        self._layout = self._laid_out(self._inner_width(self.width()))
        self.setAccessibleName(self._whole())
        self.updateGeometry()
        self.update()

    def point_at(self, place: int | None) -> None:
        """Mark a token; nothing is emitted."""
        self._place = place if place is not None and 0 <= place < len(self._tokens) else None
        if self._place is not None:
            token = self._tokens[self._place]
            self.setAccessibleDescription(
                tr("{token}: {bits} bits", token=token.text.strip(), bits=f"{token.bits:.1f}")
            )
        self.update()

    def box_of(self, place: int) -> QRectF:
        """Where a token stands, its last line."""
        boxes = self._boxes(*self.spans[place])
        return boxes[-1] if boxes else QRectF()

    # -- layout --------------------------------------------------------------------------------------------------------

    def _whole(self) -> str:
        return self._prompt + "".join(token.text for token in self._tokens)

    def _inner_width(self, width: int) -> float:
        return max(40.0, width - 8.0)

    def _laid_out(self, width: float) -> QTextLayout:
        shown = (self._whole() + ("▏" if self._is_caret else "")).replace("\n", "\u2028")
        layout = QTextLayout(shown, self._font)
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        layout.beginLayout()
        y = (_LINE - QFontMetricsF(self._font).height()) / 2
        while (line := layout.createLine()).isValid():
            line.setLineWidth(width)
            line.setPosition(QPointF(4, y))
            y += _LINE
        layout.endLayout()
        return layout

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return round(max(2, self._laid_out(self._inner_width(width)).lineCount()) * _LINE + 4)

    def sizeHint(self) -> QSize:
        return QSize(300, self.heightForWidth(max(300, self.width())))

    def minimumSizeHint(self) -> QSize:
        return QSize(160, round(2 * _LINE + 4))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._layout = self._laid_out(self._inner_width(self.width()))
        self.updateGeometry()

    def _boxes(self, start: int, end: int) -> list[QRectF]:
        """Boxes of a range of characters without the spaces at its edges, one a line."""
        whole = self._whole()
        while start < end and whole[start].isspace():
            start += 1
        while end > start and whole[end - 1].isspace():
            end -= 1
        boxes = []
        for index in range(self._layout.lineCount()):
            line = self._layout.lineAt(index)
            first, last = max(start, line.textStart()), min(end, line.textStart() + line.textLength())
            if first < last:
                left, right = line.cursorToX(first)[0], line.cursorToX(last)[0]  # type: ignore[index]
                before = 2.0 if first == start and not self._touches(start - 1) else 0.0
                after = 2.0 if last == end and not self._touches(end) else 0.0
                boxes.append(QRectF(left - before, line.y() - 3, right - left + before + after, line.height() + 6))
        return boxes

    def _touches(self, place: int) -> bool:
        """Whether a sign stands there that no space parts from the token."""
        whole = self._whole()
        return 0 <= place < len(whole) and not whole[place].isspace()

    # -- painting ------------------------------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        for token, (start, end) in zip(self._tokens, self.spans, strict=True):
            painter.setBrush(QColor(shade_of(token.bits)))
            for box in self._boxes(start, end):
                painter.drawRoundedRect(box, 3, 3)
        painter.setPen(QColor(tokens().text))
        self._layout.draw(painter, QPointF(0, 0))
        if self._unseen:
            self._paint_unseen(painter)
        if self._place is not None:
            self._paint_pointed(painter, self._place)
        if self.hasFocus() and self._place is None:
            painter.setPen(QPen(QColor(tokens().accent), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)

    def _paint_unseen(self, painter: QPainter) -> None:
        """What the model cannot see is pale."""
        veil = QColor(tokens().card)
        veil.setAlpha(170)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(veil)
        for box in self._boxes(0, self._unseen):
            painter.drawRect(box)

    def _paint_pointed(self, painter: QPainter, place: int) -> None:
        """A ring, and a line to the margin under its line of text."""
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(tokens().accent), 2))
        boxes = self._boxes(*self.spans[place])
        for box in boxes:
            painter.drawRoundedRect(box.adjusted(-1, -1, 1, 1), 4, 4)
        if boxes:
            painter.setPen(QPen(QColor(tokens().accent), 1))
            below = boxes[-1].bottom() + 2  # between two lines of text, never over one
            painter.drawLine(QPointF(boxes[-1].center().x(), below), QPointF(self.width(), below))

    # -- mouse and keys ------------------------------------------------------------------------------------------------

    def _at(self, spot: QPointF) -> int | None:
        return next(
            (place for place, span in enumerate(self.spans) if any(box.contains(spot) for box in self._boxes(*span))),
            None,
        )

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        place = self._at(event.position())
        self.setCursor(Qt.CursorShape.PointingHandCursor if place is not None else Qt.CursorShape.IBeamCursor)
        if place is not None and place != self._place:
            self.point_at(place)
            self.pointed.emit(place)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = self._at(event.position())
        if place is not None:
            self.point_at(place)
            self.pinned.emit(place)
        elif self._is_in_prompt(event.position()):
            self.prompt_clicked.emit()

    def _is_in_prompt(self, spot: QPointF) -> bool:
        return not self._tokens or any(box.contains(spot) for box in self._boxes(0, len(self._prompt)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is None or not self._tokens:
            super().keyPressEvent(event)
            return
        begin = len(self._tokens) if step < 0 else -1
        place = min(len(self._tokens) - 1, max(0, (begin if self._place is None else self._place) + step))
        self.point_at(place)
        self.pinned.emit(place)

    def event(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.update()
        return super().event(event)
