"""Numbers as people write them: 3.5, 3,5, 1.234,5; which sign stands before the fraction is found by column."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal

Decimal = Literal["point", "comma"]

_GROUPS = "[ \u00a0\u202f'’]"
"""What may stand between thousands besides a comma or a point."""
_WITH_COMMA = re.compile(rf"[-+−]?(?:\d{{1,3}}(?:(?:\.|{_GROUPS})\d{{3}})+|\d+)?(?:,\d+)?(?:[eE][-+]?\d+)?")
_WITH_POINT = re.compile(rf"[-+−]?\d{{1,3}}(?:(?:,|{_GROUPS})\d{{3}})+(?:\.\d+)?")
_MUST_BE_POINT = re.compile(r"[-+−]?\d{1,3}(?:,\d{3})+\.\d+|[-+−]?\d{1,3}(?:,\d{3}){2,}")
_MAY_BE_GROUP = re.compile(r"[-+−]?[1-9]\d{0,2},\d{3}")
_PAIR = re.compile(r"(\d+),(\d+)")


def number_of(cell: str, sign: Decimal = "point") -> float | None:
    """The number that a cell holds, None where it holds none. Thousands may be set apart: 1.234,5 or 1 234,5 with a
    comma before the fraction, 1,234.5 with a point."""
    text = cell.strip()
    if sign == "comma" and "," in text:
        return _with_comma(text)
    try:
        return float(text)
    except ValueError:
        pass
    if sign == "comma":
        return _with_comma(text)
    if _WITH_POINT.fullmatch(text):
        return float(re.sub(rf",|{_GROUPS}", "", text).replace("−", "-"))
    return None


def _with_comma(text: str) -> float | None:
    if not _WITH_COMMA.fullmatch(text) or not re.search(r"\d", text):
        return None
    return float(re.sub(rf"\.|{_GROUPS}", "", text).replace(",", ".").replace("−", "-"))


def is_number(cell: str) -> bool:
    """Whether a cell is a number, whatever sign stands before its fraction."""
    try:
        float(cell)
    except ValueError:
        return "," in cell and _with_comma(cell.strip()) is not None
    return True


def decimal_sign(cells: Iterable[str]) -> Decimal | None:
    """What stands before the fraction in a column of such cells; None where they are no numbers or have no fraction.

    “1,3” may as well be two labels, and “1,234” a thousand: commas are believed when the column shows it.
    """
    filled = [text for text in dict.fromkeys(cell.strip() for cell in cells) if text]
    with_comma = [text for text in filled if "," in text]
    if not with_comma:
        points = sum("." in text and number_of(text) is not None for text in filled)
        return "point" if points and points >= 0.5 * sum("." in text for text in filled) else None
    if any(_MUST_BE_POINT.fullmatch(text) for text in with_comma):
        return "point"
    if sum(number_of(text, "comma") is not None for text in filled) < 0.95 * len(filled):
        return None
    if all(_MAY_BE_GROUP.fullmatch(text) for text in with_comma):
        return "point" if len(with_comma) > 1 else "comma"
    return None if _are_pairs(with_comma) else "comma"


def _are_pairs(texts: list[str]) -> bool:
    """Whether the texts look like two labels each, the smaller first: 1,3 and 2,7; never 2,2, 3,1 or 4,0."""
    pairs = [match.groups() for text in texts if (match := _PAIR.fullmatch(text))]
    if len(pairs) < len(texts) or len({second for _, second in pairs}) < 3:
        return False
    return all(int(first) < int(second) and second[0] != "0" for first, second in pairs)
