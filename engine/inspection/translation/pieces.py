"""Tokens put together to the words that people see, on both sides of a translation."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from transformers import PreTrainedTokenizerFast

from engine.records import SourceWord
from engine.tasks.source_text import SourceText

_SIGN = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u0e00-\u0eff]")
_LETTER = re.compile(r"\w")
_BROKEN = "\ufffd"


@dataclass(frozen=True)
class Group:
    """A word and the places `first` to `last` (excluded) of its tokens."""

    text: str
    first: int
    last: int


def source_groups(read: SourceText, unknown: int | None) -> list[tuple[SourceWord, list[int]]]:
    """Each word of what was read, with the places of its tokens among all tokens."""
    found: list[tuple[SourceWord, list[int]]] = []
    for place, (start, end) in enumerate(read.spans):
        start += len(read.text[start:end]) - len(read.text[start:end].lstrip())
        if end <= start:
            continue
        is_unknown = int(read.ids[0, place]) == unknown
        if found and start <= found[-1][0].end and _goes_on(read.text, found[-1][0], start, end):
            before, places = found[-1]
            joined = SourceWord(
                read.text[before.start : end], before.start, max(before.end, end), before.is_unknown or is_unknown
            )
            found[-1] = (joined, [*places, place])
        else:
            found.append((SourceWord(read.text[start:end], start, end, is_unknown), [place]))
    return found


def _goes_on(text: str, before: SourceWord, start: int, end: int) -> bool:
    """Bytes of one sign, or letters behind letters."""
    return start < before.end or _joined(text[before.end - 1], text[start:end])


def written_groups(tokenizer: PreTrainedTokenizerFast, ids: Sequence[int]) -> list[Group]:
    """The words of token ids without special ones; blanks between them are left out."""
    pieces = pieces_of(tokenizer, ids)
    found: list[Group] = []
    for place, piece in enumerate(pieces):
        bare = piece.strip()
        behind = found and not piece[:1].isspace() and (not bare or _joined(found[-1].text[-1:], bare))
        if behind:
            last = found[-1]
            found[-1] = Group(last.text + bare, last.first, place + 1)
        else:
            found.append(Group(bare, place, place + 1))
    return [one for one in found if one.text]


def pieces_of(tokenizer: PreTrainedTokenizerFast, ids: Sequence[int]) -> list[str]:
    """What each token adds to the text; of a sign's bytes the last one adds it."""
    if tokenizer.backend_tokenizer.decoder is None:
        return [f" {token}" for token in tokenizer.convert_ids_to_tokens(list(ids))]
    found: list[str] = []
    told = ""
    for count in range(1, len(ids) + 1):
        text = tokenizer.decode(list(ids[:count]))
        whole = text.rstrip(_BROKEN)
        is_whole = len(whole) == len(text)
        found.append(text[len(told) :] if is_whole and text.startswith(told) else "")
        if is_whole:
            told = text
    return found


def _joined(before: str, piece: str) -> bool:
    """Whether a piece goes on a word: letters behind letters, in scripts that have words."""
    first = piece[:1]
    if not before or not first or _SIGN.match(before) or _SIGN.match(first):
        return False
    return bool(_LETTER.match(before)) and bool(_LETTER.match(first))
