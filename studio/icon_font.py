"""Phosphor icons, drawn straight from the font file in the qtawesome package.

Importing qtawesome itself loads a second Qt binding layer and eleven other fonts: a third of the time that the window
has until its first paint.
"""

from __future__ import annotations

import importlib.util
import json
from functools import cache
from pathlib import Path

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QIcon, QIconEngine, QPainter, QPixmap

_GLYPH_SHARE = 0.875
"""Font pixels of an icon's height; the rest is the room that the font leaves around its glyphs."""


def font_icon(name: str, color: str, disabled: str) -> QIcon:
    """The icon (`"house"`, `"house-fill"`) in one colour, and another where it is disabled; sharp at any size.

    Raises KeyError for a name that the font does not know. Needs the QApplication.
    """
    return QIcon(_GlyphEngine(glyphs()[name], QColor(color), QColor(disabled)))


@cache
def glyphs() -> dict[str, str]:
    """{icon name: its character in the font}."""
    table = json.loads(_file("phosphor-charmap-*.json").read_text(encoding="utf-8"))
    return {name: chr(int(code, 16)) for name, code in table.items()}


class _GlyphEngine(QIconEngine):
    def __init__(self, glyph: str, color: QColor, disabled: QColor) -> None:
        super().__init__()
        self._glyph, self._color, self._disabled = glyph, color, disabled

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, _state: QIcon.State) -> None:
        font = QFont(_family())
        font.setPixelSize(max(1, round(_GLYPH_SHARE * rect.height())))
        painter.save()
        painter.setPen(self._disabled if mode == QIcon.Mode.Disabled else self._color)
        painter.setFont(font)
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, self._glyph)
        painter.restore()

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        picture = QPixmap(size)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        self.paint(painter, QRect(QPoint(0, 0), size), mode, state)
        painter.end()
        return picture


@cache
def _family() -> str:
    number = QFontDatabase.addApplicationFont(str(_file("phosphor-*.ttf")))
    return QFontDatabase.applicationFontFamilies(number)[0]


def _file(pattern: str) -> Path:
    spec = importlib.util.find_spec("qtawesome")  # finds the package without running it
    assert spec is not None and spec.origin is not None, "qtawesome is one of the requirements"
    return next((Path(spec.origin).parent / "fonts").glob(pattern))
