"""leave_out: what is written when one word of the source is missing, word by word."""

from __future__ import annotations

import difflib
import math
from collections.abc import Generator, Sequence

from engine.inspection.translation.pieces import source_groups, written_groups
from engine.inspection.translation.searching import GREEDY, Told, search
from engine.inspection.translation.translate import said, transforming
from engine.records import Decoding, LeftOutWord, Progress
from engine.runs.run import Run
from engine.tasks.task import Transforms

MOST_WORDS = 60
"""Longer sources are asked about their first words."""


def leave_out(
    run: Run,
    text: str,
    decoding: Decoding = GREEDY,
    checkpoint: str = "best",
    words: Sequence[int] | None = None,
) -> Generator[Progress, None, tuple[LeftOutWord, ...]]:
    """Of every word of the source (or of those at the places `words`), those that matter most first. A drawn text is
    compared as it is without drawing. Raises InputError."""
    task = transforming(run, checkpoint)
    how = GREEDY if decoding.samples else decoding
    read = task.read_source(text)
    spans = [word for word, _ in source_groups(read, task.tokenizer.unk_token_id)]
    asked = list(range(len(spans)) if words is None else words)[:MOST_WORDS]
    usual = _words(task, search(task, read, how).found[0])
    found: list[LeftOutWord] = []
    for count, place in enumerate(asked):
        yield Progress(count, len(asked), tuple(found))
        shorter = _without(text, spans[place].start, spans[place].end)
        if not shorter.strip():
            continue
        told = search(task, task.read_source(shorter), how).found[0]
        written = _words(task, told)
        found.append(LeftOutWord(place, written, said(task, told.ids), _changed(usual, written), _sureness(told)))
    return tuple(sorted(found, key=lambda one: (not one.changed, one.sureness)))


def _without(text: str, start: int, end: int) -> str:
    before, after = text[:start], text[end:]
    return before.rstrip() + after if before.endswith(" ") and not after[:1].isalnum() else before + after


def _words(task: Transforms, told: Told) -> tuple[str, ...]:
    return tuple(one.text for one in written_groups(task.tokenizer, told.ids))


def _sureness(told: Told) -> float:
    return math.exp(told.score)


def _changed(usual: Sequence[str], written: Sequence[str]) -> tuple[int, ...]:
    """The places of the words that stand where others stood."""
    matcher = difflib.SequenceMatcher(a=usual, b=written, autojunk=False)
    places: list[int] = []
    for kind, _, _, first, last in matcher.get_opcodes():
        if kind == "delete" and written:
            places.append(min(first, len(written) - 1))
        elif kind != "equal":
            places.extend(range(first, last))
    return tuple(dict.fromkeys(places))
