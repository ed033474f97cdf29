"""harmless: cells that a spreadsheet shows as they are."""

from __future__ import annotations

_FORMULAS = ("=", "+", "-", "@", "\t", "\r")


def harmless(cell: str) -> str:
    """A spreadsheet would compute a cell that begins like a formula: it gets an apostrophe in front."""
    return f"'{cell}" if cell.startswith(_FORMULAS) else cell
