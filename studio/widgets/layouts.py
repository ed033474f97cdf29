"""Layouts: parts beside and under each other as one expression, what scrolls, and what gives way in a narrow window."""

from __future__ import annotations

from typing import Any, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLayout, QScrollArea, QVBoxLayout, QWidget

Box = TypeVar("Box", bound=QBoxLayout)
Item = QWidget | QLayout
Part = Item | tuple[Item, int] | tuple[Item, int, Qt.AlignmentFlag] | int | None
"""A widget or a layout, with the share of the room that is left and where it stands in its own; pixels that stay free;
None for room that is left."""
ANY_WIDTH = 16_777_215


def fill(box: Box, *parts: Part, gap: int | None = None, margins: tuple[int, int, int, int] = (0, 0, 0, 0)) -> Box:
    """The layout with these parts, one after the other; `gap` pixels between them (None: as the style has it)."""
    box.setContentsMargins(*margins)
    if gap is not None:
        box.setSpacing(gap)
    for part in parts:
        if part is None:
            box.addStretch(1)
        elif isinstance(part, int):
            box.addSpacing(part)
        else:
            item, *how = part if isinstance(part, tuple) else (part,)
            add: Any = box.addWidget if isinstance(item, QWidget) else box.addLayout
            add(item, *how)
    return box


def vbox(*parts: Part, gap: int | None = None, margins: tuple[int, int, int, int] = (0, 0, 0, 0)) -> QVBoxLayout:
    """Parts under each other."""
    return fill(QVBoxLayout(), *parts, gap=gap, margins=margins)


def hbox(*parts: Part, gap: int | None = None, margins: tuple[int, int, int, int] = (0, 0, 0, 0)) -> QHBoxLayout:
    """Parts beside each other."""
    return fill(QHBoxLayout(), *parts, gap=gap, margins=margins)


def panel(layout: QLayout) -> QWidget:
    """A widget without a look of its own, with this layout."""
    made = QWidget()
    made.setLayout(layout)
    return made


def scrolling(content: QLayout | QWidget, name: str = "") -> QScrollArea:
    """What is higher than its place scrolls, up and down only; `name` for a screen reader, where one may go there."""
    inner = content if isinstance(content, QWidget) else panel(content)
    inner.setObjectName("scrolled")
    area = QScrollArea()
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidgetResizable(True)
    area.setAccessibleName(name)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(inner)
    return area


def set_wide(
    box: QBoxLayout, is_wide: bool, side: QWidget | None = None, least: int = 0, most: int = ANY_WIDTH
) -> None:
    """Its parts beside each other where there is room, else under each other; beside the others `side` takes from
    `least` to `most` pixels."""
    box.setDirection(QBoxLayout.Direction.LeftToRight if is_wide else QBoxLayout.Direction.TopToBottom)
    if side is not None:
        side.setMaximumWidth(most if is_wide else ANY_WIDTH)
        side.setMinimumWidth(least if is_wide else 0)
