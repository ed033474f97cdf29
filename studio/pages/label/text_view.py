"""MarkedWords: a text in large letters, with the words that speak for a label underlined in its colour."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QPointF, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QTextLayout, QTextOption
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.records import Mark
from studio import theme
from studio.theme import tokens
from studio.widgets import painting

_SIZE, _LONG_SIZE = 21, 15
_LONG = 500
"""Characters from which a text stands in smaller letters."""
_LEADING, _UNDER = 1.48, 3
_MOST = 20_000


class MarkedWords(QWidget):
    """As high as the text needs in its width."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("labelText")
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._text, self._marks = "", ()
        self._colours: Mapping[str, str] = {}

    def show_text(self, text: str, marks: Sequence[Mark], colours: Mapping[str, str]) -> None:
        """`colours` of each label that is marked."""
        self._text, self._marks, self._colours = text[:_MOST].replace("\t", " "), tuple(marks), colours
        self.setAccessibleName(text)
        told = (f"{self._text[mark.start : mark.end]}: {mark.label}" for mark in marks)
        self.setAccessibleDescription("; ".join(told))
        self.updateGeometry()
        self.update()

    def marks(self) -> list[tuple[str, str]]:
        """(words, label) of all that is underlined."""
        return [(self._text[mark.start : mark.end], mark.label) for mark in self._marks]

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return round(self._laid_out(max(1, width))[1]) + 6

    def sizeHint(self) -> QSize:
        return QSize(300, self.heightForWidth(max(300, self.width())))

    def minimumSizeHint(self) -> QSize:
        return QSize(120, 40)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        layout, _ = self._laid_out(self.width())
        painter.setPen(QColor(tokens().text))
        layout.draw(painter, QPointF(0, 0))
        for mark in self._marks:
            colour = self._colours.get(mark.label, tokens().text3)
            for number in range(layout.lineCount()):
                line = layout.lineAt(number)
                start, end = max(mark.start, line.textStart()), min(mark.end, line.textStart() + line.textLength())
                if start < end and self._text[start:end].strip():
                    end = start + len(self._text[start:end].rstrip())
                    left, right = line.cursorToX(start)[0], line.cursorToX(end)[0]  # type: ignore[index]
                    foot = round(line.y() + line.ascent() + line.descent()) + 1
                    painter.fillRect(QRect(round(left), foot, round(right - left), _UNDER), QColor(colour))

    def _laid_out(self, width: int) -> tuple[QTextLayout, float]:
        """The lines, and how high they are together."""
        layout = QTextLayout(
            self._text.replace("\n", "\u2028"), theme.font(_LONG_SIZE if len(self._text) > _LONG else _SIZE)
        )
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        layout.beginLayout()
        top = 0.0
        while (line := layout.createLine()).isValid():
            line.setLineWidth(width)
            line.setPosition(QPointF(0, top))
            top += line.height() * _LEADING
        layout.endLayout()
        return layout, top


class SignKeys(QWidget):
    """Keys as they look on a keyboard, with what they do."""

    def __init__(self, keys: Sequence[str], told: str, between: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._keys, self._told, self._between = list(keys), told, between
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(f"{', '.join(keys)}: {told}")

    def show_keys(self, keys: Sequence[str]) -> None:
        """Other keys do the same."""
        if list(keys) != self._keys:
            self._keys = list(keys)
            self.setAccessibleName(f"{', '.join(keys)}: {self._told}")
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._paint(None) + 2, theme.tall(24))

    def paintEvent(self, event: QPaintEvent) -> None:
        self._paint(QPainter(self))

    def _paint(self, painter: QPainter | None) -> int:
        """Draws, or (None) only measures; returns the width."""
        caps, plain = theme.font(theme.TICK, 600), theme.font(theme.CAPTION)
        left, height, colours = 0, theme.tall(24), tokens()
        for number, key in enumerate(self._keys):
            if number and self._between:
                width = QFontMetrics(plain).horizontalAdvance(self._between)
                if painter is not None:
                    painting.text(painter, QRect(left, 0, width + 4, height), self._between, plain, colours.text2)
                left += width + 6
            width = max(theme.tall(22), QFontMetrics(caps).horizontalAdvance(key) + 14)
            if painter is not None:
                cap = QRect(left, (height - theme.tall(22)) // 2, width, theme.tall(22))
                painting.box(painter, cap, 5, colours.card, colours.line2)
                painting.text(painter, cap, key, caps, colours.text, Qt.AlignmentFlag.AlignCenter)
            left += width + 6
        width = QFontMetrics(plain).horizontalAdvance(self._told)
        if painter is not None:
            painting.text(painter, QRect(left + 2, 0, width + 4, height), self._told, plain, colours.text2)
        return left + 2 + width
