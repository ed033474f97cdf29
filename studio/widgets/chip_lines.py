"""ChipLines: chips of given widths in wrapping lines, and what is found where among thousands of them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect


@dataclass(frozen=True)
class ChipLines:
    """`starts[line]` is the first chip of a line, `lefts` and `widths` are pixels of each chip, `pitch` from line to
    line, `height` of a chip."""

    starts: tuple[int, ...]
    lefts: tuple[int, ...]
    widths: tuple[int, ...]
    pitch: int
    height: int

    @property
    def num_lines(self) -> int:
        return len(self.starts)

    @property
    def total_height(self) -> int:
        return self.num_lines * self.pitch

    def line_of(self, index: int) -> int:
        return bisect_right(self.starts, index) - 1

    def line(self, number: int) -> range:
        """The chips of a line."""
        end = self.starts[number + 1] if number + 1 < self.num_lines else len(self.widths)
        return range(self.starts[number], end)

    def rect(self, index: int) -> QRect:
        return QRect(self.lefts[index], self.line_of(index) * self.pitch, self.widths[index], self.height)

    def at(self, x: int, y: int) -> int | None:
        """The chip under a point; what stands under a chip belongs to it."""
        number = y // self.pitch
        if not 0 <= number < self.num_lines:
            return None
        for index in self.line(number):
            if self.lefts[index] <= x < self.lefts[index] + self.widths[index]:
                return index
        return None

    def seen(self, top: int, bottom: int) -> range:
        """The chips of the lines between two heights."""
        if not self.widths:
            return range(0)
        first = min(max(0, top // self.pitch), self.num_lines - 1)
        last = min(max(0, bottom // self.pitch), self.num_lines - 1)
        return range(self.starts[first], self.line(last).stop)

    def moved(self, index: int, down: int) -> int:
        """The chip in another line that is nearest to being above or below."""
        number = min(max(self.line_of(index) + down, 0), self.num_lines - 1)
        middle = self.lefts[index] + self.widths[index] / 2
        return min(self.line(number), key=lambda other: abs(self.lefts[other] + self.widths[other] / 2 - middle))


def wrapped_chips(widths: Sequence[int], room: int, gap: int, pitch: int, height: int) -> ChipLines:
    """Filled line after line; a chip wider than the room is made as wide as it."""
    starts, lefts, used = [0], [], 0
    fitted = [min(width, room) for width in widths]
    for index, width in enumerate(fitted):
        if used and used + width > room:
            starts.append(index)
            used = 0
        lefts.append(used)
        used += width + gap
    return ChipLines(tuple(starts), tuple(lefts), tuple(fitted), pitch, height)
