"""Words and numbers of a model card, as Markdown."""

from __future__ import annotations

from collections.abc import Sequence

_SIGNS = frozenset("|*_`<>[]\\#")


def plain(words: str) -> str:
    """One line of which nothing is read as markup."""
    return "".join(f"\\{sign}" if sign in _SIGNS else sign for sign in " ".join(words.split()))


def percent(share: float) -> str:
    return f"{100 * share:.1f}".removesuffix(".0") + " %"


def table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """The first column is words, the rest numbers."""
    lines = [columns, ["---", *("---:" for _ in columns[1:])], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def listed(names: Sequence[str], most: int) -> str:
    """“a”, “b” and 3 more."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(f"“{plain(name)}”" for name in names[:most]) + more
