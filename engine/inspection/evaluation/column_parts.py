"""parts_by_column: rows that have something in common beside their texts, by what further columns say of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from engine.data.columns.roles import is_identifier
from engine.messages import Message, message
from engine.metrics.slices import Mask, quantile_bins

_MOST_VALUES = 20
_NUMERIC_SHARE = 0.95
_SPREAD_OF_A_COUNT = 100
"""A split may hold few of the rows that were numbered."""


def parts_by_column(columns: Mapping[str, Sequence[str]]) -> Iterator[tuple[Message, Mask]]:
    """(what its rows have in common, which rows those are), of {column: cells [rows]}: each of a few values; numbers in
    four parts of about as many rows. What names or numbers the rows is no property of them."""
    for name, column in columns.items():
        if is_identifier(name):
            continue
        cells = np.array([cell.strip() for cell in column], dtype=object)
        values, codes = np.unique(cells.astype(str), return_inverse=True)
        numbers = _numbers(cells) if len(values) > _MOST_VALUES else None
        if numbers is not None and not _counts_rows(numbers):
            for low, high in quantile_bins(numbers[~np.isnan(numbers)]):
                title = message("{column} from {low} to {high}", column=name, low=plain(low), high=plain(high))
                yield title, (numbers >= low) & (numbers <= high)
        elif 1 < len(values) <= _MOST_VALUES:
            for code, value in enumerate(values):
                title = message("{column} is “{value}”", column=name, value=str(value)[:60])
                yield title if value else message("{column} is empty", column=name), codes == code


def plain(number: float) -> float | int:
    """Whole numbers are written with all their digits."""
    return int(number) if number.is_integer() and abs(number) < 1e15 else number


def _numbers(cells: NDArray[np.object_]) -> NDArray[np.float64] | None:
    """nan for cells that hold none; None where fewer than 95 of 100 filled cells do."""
    found = np.full(len(cells), np.nan)
    num_filled = 0
    for place, cell in enumerate(cells):
        num_filled += bool(cell)
        try:
            found[place] = float(cell)
        except ValueError:
            continue
    found[~np.isfinite(found)] = np.nan
    return found if num_filled and np.isfinite(found).sum() >= _NUMERIC_SHARE * num_filled else None


def _counts_rows(numbers: NDArray[np.float64]) -> bool:
    """Whole numbers, each once and close to each other, number the rows: they are no property of a text."""
    held = numbers[~np.isnan(numbers)]
    is_once = len(np.unique(held)) == len(held)
    return bool(is_once and (held == np.floor(held)).all() and np.ptp(held) < _SPREAD_OF_A_COUNT * len(held))
