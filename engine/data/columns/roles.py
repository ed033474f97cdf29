"""Which column plays which role: named by the person, else guessed from names and values."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence

import numpy as np
from scipy.optimize import linear_sum_assignment

from engine.config.roles import LABEL, ROLES, TEXT, Role
from engine.data.columns.decimal_signs import decimal_sign, is_number, number_of
from engine.data.columns.label_lists import labels_in, look_like_lists, marked_columns, single_labels
from engine.data.columns.nested_cells import described, holds_pieces
from engine.errors import InputError
from engine.messages import message
from engine.records import TargetKind

TEXT_AND_LABEL = (TEXT, LABEL)
_MAX_LABELS = 1000


def resolve_roles(
    columns: Sequence[str], named: Mapping[str, str], source: str, values: Mapping[str, Sequence[str]] | None = None
) -> dict[str, str]:
    """The columns that a person named, by name or by their number from 1. Raises InputError naming those there are,
    with what stands in them where their `values` are given."""
    return {role: _resolve(columns, role, wanted, source, values) for role, wanted in named.items() if wanted}


def resolve_columns(columns: Sequence[str], named: Sequence[str], source: str) -> tuple[str, ...]:
    """Columns of labels that a person named, by name or by their number from 1. Raises InputError."""
    return tuple(dict.fromkeys(_resolve(columns, LABEL.key, wanted, source) for wanted in named))


def _resolve(
    columns: Sequence[str], role: str, wanted: str, source: str, values: Mapping[str, Sequence[str]] | None = None
) -> str:
    if wanted in columns:
        return wanted
    alike = [column for column in columns if column.strip().lower() == wanted.strip().lower()]
    if len(alike) == 1:
        return alike[0]
    if wanted.isdigit() and 1 <= int(wanted) <= len(columns):
        return columns[int(wanted) - 1]
    where = message("{source}: column of {role}", source=source, role=ROLES[role].content)
    if alike:
        places = [columns.index(column) + 1 for column in alike]
        raise InputError(
            message("{count} columns are called “{column}”.", count=len(alike), column=wanted),
            where,
            message("Choose one by its number (data.columns.{role}=…): {places}.", role=role, places=places),
        )
    raise InputError(
        message("There is no column “{column}”.", column=wanted),
        where,
        message(
            "Say which it is, by its name or number (data.columns.{role}=…): {columns}. If the first line names the "
            "columns, or does not, set data.reading.header.",
            role=role,
            columns=described(columns, values or dict.fromkeys(columns, ())),
        ),
    )


def guess_roles(
    columns: Sequence[str],
    values: Mapping[str, Sequence[str]],
    has_header: bool,
    wanted: Sequence[Role] = TEXT_AND_LABEL,
) -> dict[str, str]:
    """The likely column of each role; a role without a likely column is missing.

    `values` are sampled cells of each column. Names speak first, then values: texts are long and varied, labels few
    and repeated; identifiers and ratings are neither.
    """
    texts = [role for role in wanted if role.is_text]
    roles = _texts_told_apart(texts, columns, values, has_header) if len(texts) > 1 else {}
    rest = [role for role in wanted if role.key not in roles and not (role.is_text and len(texts) > 1)]
    for role in sorted(rest, key=lambda role: not role.is_text):
        score = _text_score if role.is_text else _label_score
        free = [name for name in columns if name not in roles.values()]
        scores = {name: score(role, name, values[name], has_header) for name in free}
        best = max(scores, key=lambda name: scores[name], default=None)
        if best is not None and scores[best] > 0:
            roles[role.key] = best
    return {role.key: roles[role.key] for role in wanted if role.key in roles}


def _texts_told_apart(
    texts: Sequence[Role], columns: Sequence[str], values: Mapping[str, Sequence[str]], has_header: bool
) -> dict[str, str]:
    """The columns of several texts at once, so that all together are the likeliest: a name outweighs all looks."""
    scores = np.array([[_likeness(role, name, columns, values, has_header) for name in columns] for role in texts])
    rows, places = linear_sum_assignment(scores, maximize=True)
    found = zip(rows.tolist(), places.tolist(), strict=True)
    return {texts[row].key: columns[place] for row, place in found if scores[row, place] > 0}


def _likeness(
    role: Role, name: str, columns: Sequence[str], values: Mapping[str, Sequence[str]], has_header: bool
) -> float:
    """Above 0 for a column that may hold such texts, more for one that looks like it, above 5 for one called so."""
    cells = [cell for cell in values[name] if cell.strip()]
    rank = _name_rank(name, role) if has_header else 0.0
    named = 5.0 + 5.0 * rank if rank else 0.0
    if not cells or (has_header and is_identifier(name)) or (is_mostly_numbers(cells) and role.looks != "short"):
        return named if cells else 0.0
    variety = len(set(cells)) / len(cells)
    longest = max(map(_mean_length, (values[one] for one in columns)))
    share = _mean_length(cells) / max(longest, 1e-9)
    asks = sum(cell.rstrip().endswith(("?", "？")) for cell in cells) / len(cells)
    looks = {"question": asks, "long": share, "short": 0.5 * (1 - share), "any": min(1.0, variety)}[role.looks]
    return named + 0.05 + looks - 0.01 * columns.index(name) / len(columns)


def _mean_length(cells: Sequence[str]) -> float:
    filled = [len(cell) for cell in cells if cell.strip()]
    return sum(filled) / len(filled) if filled else 0.0


def guess_kind(
    columns: Sequence[str], values: Mapping[str, Sequence[str]], roles: Mapping[str, str], has_header: bool
) -> tuple[TargetKind, str, tuple[str, ...]]:
    """What a text seems to get: (one label, several or a number; the sign between several; their own columns)."""
    label = roles.get(LABEL.key)
    marked = marked_columns([column for column in columns if column != roles.get(TEXT.key)], values)
    is_free = label is None or (label in marked and not (has_header and _name_rank(label, LABEL)))
    if len(marked) > 1 and is_free:
        return "several", "", marked
    if label is None:
        return "one", "", ()
    cells = [cell.strip() for cell in values[label] if cell.strip()]
    if (sign := look_like_lists(cells)) and not single_labels(set(cells)):
        return "several", sign, ()
    return ("number" if _are_numbers(label, cells) else "one"), "", ()


def _are_numbers(name: str, cells: Sequence[str]) -> bool:
    """Numbers that measure something, not the numbers of classes: a rating, broken ones, or many with gaps."""
    if not cells or not is_mostly_numbers(cells):
        return False
    sign = decimal_sign(cells) or "point"
    values = {value for cell in cells if (value := number_of(cell, sign)) is not None}
    if len(values) < 3:
        return False
    if _is_rating(name) or any(value != int(value) for value in values if math.isfinite(value)):
        return True
    return len(values) > 30 and max(values) - min(values) + 1 > 2 * len(values)


def _text_score(role: Role, name: str, cells: Sequence[str], has_header: bool) -> float:
    """About the length of the texts, far more with a telling name; 0 for numbers that are not called a text."""
    filled = [cell for cell in cells if cell.strip()]
    if not filled or is_mostly_numbers(filled):
        return 5.0 if filled and has_header and _name_rank(name, role) else 0.0
    mean_length = sum(map(len, filled)) / len(filled)
    variety = len(set(filled)) / len(filled)
    score = mean_length * (0.1 + variety)
    return score * 4 if has_header and _name_rank(name, role) else score


def _label_score(role: Role, name: str, cells: Sequence[str], has_header: bool) -> float:
    filled = [cell for cell in cells if cell.strip()]
    distinct = len(set(filled))
    if holds_pieces(filled):
        return 0.0
    named = _name_rank(name, role) if has_header else 0.0
    if not filled:
        return named
    if distinct > len(filled) / 2 and (sign := look_like_lists(filled)):
        filled = [label for cell in filled for label in labels_in(cell, sign)]
        distinct = len(set(filled))
    if not filled:  # nothing but empty lists
        return named
    repeated = 1 - distinct / len(filled)
    few = distinct <= _MAX_LABELS and repeated >= 0.5 and sum(map(len, filled)) / len(filled) <= 60
    if has_header and is_identifier(name):
        return 0.0
    score = (1.0 + 1.0 / distinct) if few and distinct > 1 else 0.0
    if has_header and _is_rating(name):
        score *= 0.1
    return score + 10 * named


def _name_rank(name: str, role: Role) -> float:
    """1 for the most telling name of a role, less for later ones, 0 for others."""
    names = role.column_names
    key = name.strip().lower()
    if key in names:
        return 1.0 - names.index(key) / (2 * len(names))
    words = re.split(r"[^a-z一-鿿]+", key)
    return 0.3 if any(word in names for word in words if len(word) > 1) else 0.0


def is_identifier(name: str) -> bool:
    """Whether a column's name says that it numbers or names the rows."""
    return bool(re.fullmatch(r"(?i)\s*(.*[_ -])?(id|idx|index|uuid|guid|key|no|file|url)\s*", name))


def _is_rating(name: str) -> bool:
    return bool(re.fullmatch(r"(?i)\s*(rating|score|stars?|votes?|helpful.*|date|time|year|split)\s*", name))


def is_mostly_numbers(cells: Sequence[str]) -> bool:
    """Whether at least 95 of 100 filled cells are numbers."""
    numbers = sum(is_number(cell) for cell in cells)
    return numbers >= 0.95 * len(cells)
