"""HeadTiles: where the thumbnail of each head lies: layers as rows, or in an order that flows row by row."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from PySide6.QtCore import QRect

from studio.plots.attention.head_words import Place

LABEL = 20
_LARGEST, _SMALLEST = 40, 5
_LINE = 12
_LABELLED_FROM = 24
"""Pixels from tile to tile: from here on a sorted tile has its name under it."""


@dataclass(frozen=True)
class HeadTiles:
    """`order` holds every (layer, head). A sorted flow has as many columns as a layer has heads."""

    shape: Place
    width: int
    order: tuple[Place, ...]
    is_flow: bool = False

    @property
    def gap(self) -> int:
        """Less air where there are many heads."""
        return 5 if self._room // self._columns >= 16 else 2

    @property
    def side(self) -> int:
        return max(_SMALLEST, min(_LARGEST, self._room // self._columns - self.gap))

    @property
    def has_labels(self) -> bool:
        return self.is_flow and self.side + self.gap >= _LABELLED_FROM

    @property
    def height(self) -> int:
        top = 4 if self.is_flow else LABEL
        return top + self._rows * self._down + 4

    def rect(self, place: Place) -> QRect:
        """The rectangle of a thumbnail."""
        row, column = self._slot(place)
        top = 4 if self.is_flow else LABEL
        return QRect(self._left + column * (self.side + self.gap), top + row * self._down, self.side, self.side)

    def at(self, x: float, y: float) -> Place | None:
        """The head under a point; the gap and the name after a tile belong to it."""
        top = 4 if self.is_flow else LABEL
        row, column = int((y - top) // self._down), int((x - self._left) // (self.side + self.gap))
        if not (0 <= column < self._columns and 0 <= row < self._rows):
            return None
        index = row * self._columns + column
        return self.order[index] if index < len(self.order) else None

    def layer_at(self, x: float, y: float) -> int | None:
        """The layer whose number is under a point."""
        row = int((y - LABEL) // self._down)
        return row if not self.is_flow and 0 <= x < LABEL and 0 <= row < self.shape[0] else None

    def neighbour(self, place: Place, step: Place) -> Place:
        """The head in the next row or column as they are shown, as far as there is one."""
        row, column = self._slot(place)
        row = min(max(row + step[0], 0), self._rows - 1)
        column = min(max(column + step[1], 0), self._columns - 1)
        return self.order[min(row * self._columns + column, len(self.order) - 1)]

    def _slot(self, place: Place) -> Place:
        """(row, column) of a head."""
        return divmod(self._index[place], self._columns)

    @cached_property
    def _index(self) -> dict[Place, int]:
        return {place: index for index, place in enumerate(self.order)}

    @property
    def _columns(self) -> int:
        return max(1, self.shape[1])

    @property
    def _rows(self) -> int:
        return self.shape[0]

    @property
    def _left(self) -> int:
        return 4 if self.is_flow else LABEL + 2

    @property
    def _room(self) -> int:
        return self.width - self._left - 2

    @property
    def _down(self) -> int:
        return self.side + self.gap + (_LINE if self.has_labels else 0)
