"""Tokens put together to the words that people see, on both sides of a translation."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from transformers import PreTrainedTokenizerFast

from engine.records import SourceWord
from engine.tasks.source_text import SourceText

_SIGN = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u0e00-\u0eff]")
_BROKEN = "\ufffd"
_INNER = "-'’"

Span = tuple[int, int]


@dataclass(frozen=True)
class Group:
    """A word and the places `first` to `last` (excluded) of its tokens."""

    text: str
    first: int
    last: int


def word_spans(text: str) -> list[Span]:
    """Where the words stand: letters with the hyphens and apostrophes between them, runs of digits, single marks; signs
    of a script without spaces one by one."""
    found: list[list[int]] = []
    before = ""
    for place, sign in enumerate(text):
        kind = _kind(text, place)
        goes_on = kind == before and kind in ("letter", "digit") and found and found[-1][1] == place
        if goes_on:
            found[-1][1] = place + 1
        elif kind:
            found.append([place, place + 1])
        before = kind if sign.strip() else ""
    return [(start, end) for start, end in found]


def _kind(text: str, place: int) -> str:
    sign = text[place]
    if sign.isspace():
        return ""
    if _SIGN.match(sign):
        return "sign"
    if sign.isalpha() or unicodedata.category(sign).startswith("M"):
        return "letter"
    if sign in _INNER and _is_letter(text[place - 1 : place]) and _is_letter(text[place + 1 : place + 2]):
        return "letter"
    return "digit" if sign.isdigit() else "mark"


def _is_letter(sign: str) -> bool:
    return sign.isalpha() and not _SIGN.match(sign)


def source_groups(read: SourceText, unknown: int | None) -> list[tuple[SourceWord, list[int]]]:
    """Each word of what was read, with the places of its tokens among all tokens."""
    of_words = _assigned(word_spans(read.text), [_bare(read.text, span) for span in read.spans], joins_unseen=False)
    found = []
    for (start, end), places in of_words:
        is_unknown = any(int(read.ids[0, place]) == unknown for place in places)
        found.append((SourceWord(read.text[start:end], start, end, is_unknown), places))
    return found


def written_groups(tokenizer: PreTrainedTokenizerFast, ids: Sequence[int]) -> list[Group]:
    """The words of token ids without special ones."""
    pieces = pieces_of(tokenizer, ids)
    text, spans = "", []
    for piece in pieces:
        spans.append((len(text), len(text) + len(piece)))
        text += piece
    found = _assigned(word_spans(text), [_bare(text, span) for span in spans])
    return [Group(text[start:end], places[0], places[-1] + 1) for (start, end), places in found]


def _bare(text: str, span: Span) -> Span:
    """Without the blanks that it begins with."""
    start, end = span
    return start + len(text[start:end]) - len(text[start:end].lstrip()), end


def _assigned(
    words: Sequence[Span], tokens: Sequence[Span], *, joins_unseen: bool = True
) -> list[tuple[Span, list[int]]]:
    """Each word that has tokens, with their places: a token belongs to the word in which it begins. With `joins_unseen`
    one of which nothing is seen (bytes of a sign, before its last) belongs to the next that is."""
    found: dict[Span, list[int]] = {}
    unseen: list[int] = []
    number = 0
    for place, (start, end) in enumerate(tokens):
        if end <= start:
            unseen.append(place)
            continue
        while number < len(words) - 1 and words[number][1] <= start:
            number += 1
        if words and words[number][0] <= start < words[number][1]:
            before = _just_before(unseen, place) if joins_unseen else []
            found.setdefault(words[number], []).extend([*before, place])
        unseen = []
    return [(span, sorted(places)) for span, places in found.items()]


def _just_before(unseen: Sequence[int], place: int) -> list[int]:
    """Those that run up to a place."""
    run: list[int] = []
    for one in reversed(unseen):
        if one != place - len(run) - 1:
            break
        run.append(one)
    return run


def last_piece(tokenizer: PreTrainedTokenizerFast, ids: Sequence[int]) -> str:
    """What the last token adds to the text of those before it."""
    if tokenizer.backend_tokenizer.decoder is None:
        return pieces_of(tokenizer, ids[-1:])[0]
    before, whole = (str(tokenizer.decode(list(some))).rstrip(_BROKEN) for some in (ids[:-1], ids))
    return whole[len(before) :] if whole.startswith(before) else ""


def pieces_of(tokenizer: PreTrainedTokenizerFast, ids: Sequence[int]) -> list[str]:
    """What each token adds to the text; of a sign's bytes the last one adds it."""
    if tokenizer.backend_tokenizer.decoder is None:
        return [f" {token}" for token in tokenizer.convert_ids_to_tokens(list(ids))]
    found: list[str] = []
    told = ""
    for count in range(1, len(ids) + 1):
        text = str(tokenizer.decode(list(ids[:count])))
        whole = text.rstrip(_BROKEN)
        is_whole = len(whole) == len(text)
        found.append(text[len(told) :] if is_whole and text.startswith(told) else "")
        if is_whole:
            told = text
    return found
