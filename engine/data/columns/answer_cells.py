"""Cells of answers: the one way in which right answers to a question about a passage are written down.

A cell is empty (the passage holds no answer), a plain text (its place in the passage is searched), or JSON: a list of
right answers, any of which will do, each with the character at which it begins where that is known:

    [{"text": "once a week", "start": 118}, {"text": "every week", "start": null}]

The shapes of others are read as well: {"text": [...], "answer_start": [...]} (Hugging Face), a list of objects with
"answer_start" (SQuAD) or of plain texts.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Answer:
    """`start` is the character of the passage at which it begins; None where nobody said."""

    text: str
    start: int | None = None

    def stands_in(self, context: str) -> bool:
        """Whether it begins where it says."""
        return self.start is not None and self.start >= 0 and context.startswith(self.text, self.start)


@dataclass(frozen=True)
class Located:
    """The right answers of a row that stand in its passage. `is_ambiguous`: one occurs several times and nobody said
    which it is, so that the first counts; `is_misplaced`: one did not stand where it should, and the nearest
    occurrence counts; `num_missing` occur nowhere."""

    answers: tuple[Answer, ...]
    is_ambiguous: bool = False
    is_misplaced: bool = False
    num_missing: int = 0


def answers_of(cell: str) -> tuple[Answer, ...]:
    """The right answers of a cell, none more than once; () for a question without an answer."""
    text = cell.strip()
    if text[:1] not in ("[", "{"):
        return (Answer(text),) if text else ()
    try:
        tree = json.loads(text)
    except (ValueError, RecursionError):
        return (Answer(text),)
    found = _answers_in(tree)
    if found is None:
        return (Answer(text),)
    return tuple(dict.fromkeys(one for one in found if one.text.strip()))


def cell_of_answers(answers: Sequence[Answer]) -> str:
    """As a cell."""
    if not answers:
        return ""
    return json.dumps([{"text": one.text, "start": one.start} for one in answers], ensure_ascii=False)


def located(context: str, answers: Sequence[Answer]) -> Located:
    """Where the right answers stand in their passage."""
    found: list[Answer] = []
    is_ambiguous = is_misplaced = False
    for one in answers:
        if one.stands_in(context):
            found.append(one)
            continue
        places = _places(context, one.text)
        if not places:
            continue
        if one.start is None:
            is_ambiguous = is_ambiguous or len(places) > 1
            start = places[0]
        else:
            is_misplaced = True
            wanted = one.start
            start = min(places, key=lambda place: abs(place - wanted))
        length = len(one.text.strip())
        found.append(Answer(context[start : start + length], start))
    unique = tuple(dict.fromkeys(found))
    return Located(unique, is_ambiguous, is_misplaced, len(answers) - len(found))


def _places(context: str, text: str) -> list[int]:
    """Where a text occurs as whole words; where it nowhere does, inside of words; last, in other letter case."""
    wanted = text.strip()
    for passage, piece in ((context, wanted), (context.lower(), wanted.lower())):
        if len(passage) != len(context):
            continue  # a letter whose small form has other signs would move all that follows
        places = _occurrences(passage, piece)
        whole = [at for at in places if _is_whole(passage, at, at + len(piece))]
        if places:
            return whole or places
    return []


def _occurrences(passage: str, piece: str) -> list[int]:
    places, at = [], passage.find(piece) if piece else -1
    while at >= 0:
        places.append(at)
        at = passage.find(piece, at + 1)
    return places


def _is_whole(passage: str, start: int, end: int) -> bool:
    """No Latin letter or digit goes on before or behind it; Chinese has no gaps between words."""

    def goes_on(one: str, other: str) -> bool:
        return one.isalnum() and other.isalnum() and one.isascii() and other.isascii()

    before = start > 0 and goes_on(passage[start - 1], passage[start])
    behind = end < len(passage) and goes_on(passage[end - 1], passage[end])
    return not before and not behind


def _answers_in(tree: Any) -> list[Answer] | None:
    """None for a tree of another shape, which is then the text of an answer that looks like JSON."""
    if isinstance(tree, dict):
        texts = tree.get("text", tree.get("texts"))
        starts = tree.get("answer_start", tree.get("start", tree.get("starts")))
        if isinstance(texts, str):
            return [Answer(texts, _start(starts))]
        if not isinstance(texts, list):
            return None
        places = starts if isinstance(starts, list) and len(starts) == len(texts) else [None] * len(texts)
        return [Answer(str(text), _start(place)) for text, place in zip(texts, places, strict=True)]
    if not isinstance(tree, list):
        return None
    found: list[Answer] = []
    for item in tree:
        inner = [Answer(item)] if isinstance(item, str) else _answers_in(item) if isinstance(item, dict) else None
        if inner is None:
            return None
        found.extend(inner)
    return found


def _start(value: Any) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, float) and value == int(value):
        value = int(value)
    return value if isinstance(value, int) and value >= 0 else None
