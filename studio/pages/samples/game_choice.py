"""GameChoice: one of the two texts, with its letter; after the choice it says who wrote it."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QTextLayout, QTextOption
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio import theme
from studio.theme import tokens
from studio.widgets import painting
from studio.widgets.keys import ENTER, Pressable

_CHIP, _LEFT, _RIGHT = 24, 48, 12
_LINE, _TOLD, _MOST_LINES = 19, 18, 3


class GameChoice(Pressable):
    """At most three lines of the text; the whole one is its tooltip."""

    def __init__(self, letter: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._letter = letter
        self._told, self._is_real, self._is_chosen = "", False, False
        self.setObjectName(f"choice{letter}")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_text(self, text: str) -> None:
        """A text that nobody has judged yet."""
        self._told, self._is_chosen = "", False
        self.setText(" ".join(text.split()))
        self.setToolTip(text)
        self.setAccessibleName(f"{self._letter}: {text}")
        self.updateGeometry()
        self.update()

    def reveal(self, told: str, *, is_real: bool, is_chosen: bool) -> None:
        """Who wrote it, in words."""
        self._told, self._is_real, self._is_chosen = told, is_real, is_chosen
        self.setAccessibleName(f"{self._letter}: {self.text()}. {told}")
        self.updateGeometry()
        self.update()

    def _lines(self, width: int) -> list[str]:
        layout = QTextLayout(self.text(), theme.font(theme.BODY, 500))
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        layout.beginLayout()
        starts = []
        while (line := layout.createLine()).isValid():
            line.setLineWidth(max(40, width - _LEFT - _RIGHT))
            starts.append(line.textStart())
        layout.endLayout()
        ends = [*starts[1:], len(self.text())]
        lines = [self.text()[start:end] for start, end in zip(starts, ends, strict=True)]
        return lines if len(lines) <= _MOST_LINES else [*lines[: _MOST_LINES - 1], self.text()[starts[2] :]]

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        """With room for what will be told, so that nothing moves under the person's hand."""
        return theme.tall(_LINE) * len(self._lines(width)) + theme.tall(_TOLD) + 16

    def sizeHint(self) -> QSize:
        return QSize(240, self.heightForWidth(max(240, self.width())))

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self.heightForWidth(max(120, self.width())))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Once it is told who wrote it there is nothing to press: Return goes to the game, which goes on."""
        if self._told and event.key() in ENTER:
            event.ignore()
            return
        super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, colours = QPainter(self), tokens()
        ink, fill, border = self._colours()
        painting.box(painter, self.rect(), theme.BUTTON_RADIUS, fill, border, 1.5 if self._is_chosen else 1)
        chip = QRect(12, (self.height() - _CHIP) // 2, _CHIP, _CHIP)
        painting.box(painter, chip, 5, border if self._told else colours.track)
        letter_ink = colours.card if self._told else colours.text2
        painting.text(painter, chip, self._letter, theme.font(theme.CAPTION, 650), letter_ink, painting.CENTER)
        lines = self._lines(self.width())
        top = (self.height() - theme.tall(_LINE) * len(lines) - (theme.tall(_TOLD) if self._told else 0)) // 2
        for index, line in enumerate(lines):
            place = QRect(_LEFT, top + index * theme.tall(_LINE), self.width() - _LEFT - _RIGHT, theme.tall(_LINE))
            painting.text(painter, place, line.rstrip(), theme.font(theme.BODY, 500), colours.text)
        if self._told:
            under = QRect(_LEFT, top + len(lines) * theme.tall(_LINE), self.width() - _LEFT - _RIGHT, theme.tall(_TOLD))
            painting.text(painter, under, self._told, theme.font(theme.CAPTION, 500), ink)
        if self.hasFocus():
            painting.focus_ring(painter, self.rect(), theme.BUTTON_RADIUS)

    def _colours(self) -> tuple[str, str, str]:
        """(ink of what is told, ground, border)."""
        colours = tokens()
        if not self._told:
            return colours.text2, colours.sunk if self.underMouse() else colours.card, colours.line2
        if self._is_real:
            return colours.ok, colours.ok_soft, colours.ok
        if self._is_chosen:
            return colours.bad, colours.bad_soft, colours.bad
        return colours.text2, colours.sunk, colours.text3
