"""Dialogues in cells: every shape that they come in, as one list of turns with roles; and what is odd about one.

Known shapes: JSON lists with roles (OpenAI's "messages"), with "from" and "value" (ShareGPT), of speakers and texts, of
words alone that alternate; and plain lines that begin with who speaks ("#Person1#: …", "User: …").
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any

from engine.data.columns.list_cells import tree_in
from engine.records import Speaker, Turn

_SPEAKERS: Mapping[str, Speaker] = {
    **dict.fromkeys(("system", "developer", "instructions", "系统"), "system"),
    **dict.fromkeys(
        ("user", "human", "prompter", "customer", "client", "rider", "question", "q", "用户", "客户", "问", "顾客"),
        "user",
    ),
    **dict.fromkeys(
        ("assistant", "gpt", "chatgpt", "bot", "model", "agent", "desk", "answer", "a", "ai", "助手", "客服", "答"),
        "assistant",
    ),
}
"""How a speaker may be called; others are told apart by the order in which they begin to speak."""

_TWO: tuple[Speaker, Speaker] = ("user", "assistant")
_LETTERS = ("a", "q")
"""Answer and question, where both are there; else two people called by letters."""

_ROLE_KEYS = ("role", "from", "speaker", "author", "sender", "user")
_TEXT_KEYS = ("content", "value", "text", "utterance", "message")
_INNER = ("messages", "conversations", "conversation", "turns", "dialog", "dialogue", "items")
_LINE = re.compile(r"\s*(#[^#\n]{1,40}#|[^\W_][\w .'’-]{0,30}?)\s*[:：]\s*(.*)")
_MOST_WORDS = 3
"""Of who speaks; a longer beginning of a line is a sentence with a colon in it."""

FLAWS = ("begins_with_answer", "no_answer", "same_speaker", "empty_turn", "more_speakers")


def turns_of(cell: str) -> list[Turn]:
    """The turns in a cell of any known shape, as they stand there; none for what is no dialogue."""
    found = tree_in(cell)
    return turns_of_tree(found) if found is not None else _turns_of_lines(cell)


def turns_of_tree(tree: Any) -> list[Turn]:
    """The same of JSON that was read."""
    if isinstance(tree, dict):
        inner = next((tree[key] for key in _INNER if isinstance(tree.get(key), list)), None)
        if inner is None:
            return []
        before = tree.get("system")
        turns = turns_of_tree(inner)
        has_system = any(turn.role == "system" for turn in turns)
        return [Turn("system", before), *turns] if isinstance(before, str) and before and not has_system else turns
    if not isinstance(tree, list) or not tree:
        return []
    if all(isinstance(one, str) for one in tree):
        return [Turn("assistant" if place % 2 else "user", one) for place, one in enumerate(tree)]
    if all(isinstance(one, list) and len(one) == 2 and all(isinstance(said, str) for said in one) for one in tree):
        return turns_of_tree([said for pair in tree for said in pair])
    said = [_said(one) for one in tree if isinstance(one, dict)]
    if len(said) != len(tree) or any(one is None for one in said):
        return []
    return _with_roles([one for one in said if one is not None])


def joined(turns: Sequence[Turn]) -> str:
    """The canonical cell; "" for none."""
    return json.dumps([turn.to_json() for turn in turns], ensure_ascii=False) if turns else ""


def canonical(cell: str) -> str:
    """A cell of any known shape as a JSON list of {"role", "content"}; "" for what is no dialogue."""
    return joined(turns_of(cell))


@lru_cache(maxsize=4096)
def turns_in(cell: str) -> tuple[Turn, ...]:
    """The turns of a canonical cell."""
    if not cell:
        return ()
    return tuple(Turn(one["role"], one["content"], one.get("name", "")) for one in json.loads(cell))


def plain_text(cell: str) -> str:
    """What is said in a canonical cell, a turn a line."""
    return "\n".join(turn.content for turn in turns_in(cell))


def readable(cell: str) -> str:
    """The same with who says it, as a person reads it."""
    return "\n".join(f"{turn.name or turn.role}: {turn.content}" for turn in turns_in(cell))


def with_contents(cell: str, change: Mapping[str, str]) -> str:
    """The canonical cell with other contents, by what they were."""
    return joined([Turn(one.role, change.get(one.content, one.content), one.name) for one in turns_in(cell)])


def tidy(turns: Iterable[Turn]) -> list[Turn]:
    """As a model reads it: nothing empty, instructions first and as one, and the two speakers by turns (what one says
    twice in a row is one turn of two lines)."""
    filled = [Turn(one.role, one.content.strip(), one.name) for one in turns if one.content.strip()]
    system = "\n".join(one.content for one in filled if one.role == "system")
    found: list[Turn] = [Turn("system", system)] if system else []
    for one in filled:
        if one.role == "system":
            continue
        if found and found[-1].role == one.role:
            found[-1] = Turn(one.role, f"{found[-1].content}\n{one.content}")
        else:
            found.append(Turn(one.role, one.content))
    return found


def answers(turns: Sequence[Turn]) -> list[int]:
    """The places of the answers: what the assistant says after somebody asked."""
    asked = next((place for place, turn in enumerate(turns) if turn.role == "user"), len(turns))
    return [place for place, turn in enumerate(turns) if turn.role == "assistant" and place > asked]


def flaws_of(turns: Sequence[Turn]) -> frozenset[str]:
    """Which of `FLAWS` a dialogue has."""
    spoken = [turn for turn in turns if turn.role != "system"]
    filled = [turn for turn in spoken if turn.content.strip()]
    checks = {
        "begins_with_answer": bool(filled) and filled[0].role == "assistant",
        "no_answer": bool(spoken) and not answers(tidy(turns)),
        "same_speaker": any(one.role == after.role for one, after in pairwise(filled)),
        "empty_turn": any(not turn.content.strip() for turn in spoken),
        "more_speakers": any(turn.name for turn in spoken),
    }
    return frozenset(name for name, is_so in checks.items() if is_so)


def _said(item: dict[str, Any]) -> tuple[str, str] | None:
    """(who, what) of an object; None for one that is no turn."""
    who = next((item[key] for key in _ROLE_KEYS if isinstance(item.get(key), str)), None)
    if isinstance(item.get("author"), dict):
        who = str(item["author"].get("role", ""))
    what = next((_text_of(item[key]) for key in _TEXT_KEYS if key in item), None)
    return None if who is None or what is None else (who, what)


def _text_of(content: Any) -> str | None:
    """Words; or the words among several parts, as OpenAI has pictures and texts in one turn."""
    if content is None or isinstance(content, str):
        return content or ""
    if isinstance(content, dict) and isinstance(content.get("parts"), list):
        content = content["parts"]
    if isinstance(content, list):
        parts = [one.get("text", "") if isinstance(one, dict) else one for one in content]
        return "\n".join(one for one in parts if isinstance(one, str) and one)
    return str(content) if isinstance(content, int | float) else None


def _turns_of_lines(cell: str) -> list[Turn]:
    said: list[tuple[str, str]] = []
    for line in cell.splitlines():
        match = _LINE.fullmatch(line)
        if match is not None and len(match[1].split()) <= _MOST_WORDS:
            said.append((match[1].strip("# "), match[2].strip()))
        elif said:
            who, what = said[-1]
            said[-1] = who, f"{what}\n{line.strip()}".strip()
        elif line.strip():
            return []  # what begins without a speaker is no dialogue
    return _with_roles(said)


def _with_roles(said: Sequence[tuple[str, str]]) -> list[Turn]:
    """Speakers by their names; those who are not known begin as the one who asks, the next one answers, and further
    ones keep their name."""
    names = list(dict.fromkeys(who for who, _ in said))
    roles = {who: _SPEAKERS[who.strip().lower()] for who in names if who.strip().lower() in _SPEAKERS}
    if "user" not in roles.values():
        roles = {who: role for who, role in roles.items() if who.strip().lower() not in _LETTERS}
    free: list[Speaker] = [one for one in _TWO if one not in roles.values()]
    roles |= dict(zip([who for who in names if who not in roles], free, strict=False))
    return [Turn(roles.get(who, "user"), what, "" if who in roles else who) for who, what in said]
