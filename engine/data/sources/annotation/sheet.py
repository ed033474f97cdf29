"""Sheet and Marking: what a tool looks at, and what it says of it; the one shape of all tools."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Cells = Mapping[str, str]


@dataclass(frozen=True)
class Sheet:
    """A source as it was read: its columns, its first rows that are not blank, and all of them, from the start each
    time that they are asked for."""

    columns: tuple[str, ...]
    first: Sequence[Cells]
    rows: Callable[[], Iterator[Cells]]
    delimiter: str = " "

    def cells(self, column: str) -> list[str]:
        """The filled ones among the first rows."""
        return [cell for row in self.first if (cell := row.get(column, "")).strip()]


@dataclass(frozen=True)
class Marked:
    """What an annotation says of a row: its labels (none of them: an empty tuple), or None where it gives no answer,
    and `why`: "rejected", "ignored", "skipped". `text` is None where the text stands in its own column."""

    labels: tuple[str, ...] | None
    why: str = ""
    text: str | None = None


@dataclass(frozen=True)
class Marking:
    """How the rows of a tool are read: `mark` says what each gets. Texts and labels are columns of these names; those
    in `used` were read up. `none_is_said`: a row without any label is one that has none of several, not an open one."""

    tool: str
    mark: Callable[[Cells], Marked]
    text: str = "text"
    label: str = "label"
    used: frozenset[str] = frozenset()
    none_is_said: bool = False


Tool = Callable[[Sheet], Marking | None]


def share(cells: Sequence[str], holds: Callable[[str], object]) -> float:
    """Of how many cells it holds, from 0 to 1."""
    return sum(bool(holds(cell)) for cell in cells) / len(cells) if cells else 0.0


def word(value: Any) -> str:
    """A label as a word."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


MOST = 0.9
"""Of a column's filled cells so many must be as a tool writes them."""
