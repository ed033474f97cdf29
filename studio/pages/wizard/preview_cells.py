"""Cells as a person reads them: right answers and dialogues without the signs of the file that holds them."""

from __future__ import annotations

from functools import lru_cache

from engine.config.roles import ANSWER, ROLES
from engine.data.columns.answer_cells import answers_of
from engine.data.columns.dialogues import turns_of

_BETWEEN = "  ·  "
_LONGEST = 50_000


@lru_cache(maxsize=2048)
def readable_cell(role: str, cell: str) -> str:
    """What a cell says that plays this role; as it stands where it holds something else, or very much."""
    if len(cell) > _LONGEST:
        return cell
    if role == ANSWER.key:
        return _BETWEEN.join(dict.fromkeys(one.text for one in answers_of(cell)))
    if role in ROLES and ROLES[role].holds_turns:
        turns = turns_of(cell)
        return "\n".join(f"{turn.name or turn.role}: {turn.content}" for turn in turns) if turns else cell
    return cell
