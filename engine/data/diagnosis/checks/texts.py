"""Checks of the texts themselves: mark-up, broken characters, numbers instead of words, more than the model sees."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from engine.config.data import BpeTokenizer, CharacterTokenizer, WordPieceTokenizer
from engine.config.roles import ROLES, TARGET
from engine.config.tasks.registry import type_of
from engine.data.cleaning.repairs import MARKUP_PATTERN
from engine.data.columns.dialogues import plain_text
from engine.data.diagnosis.checks.case import Case, TextScan, scan
from engine.data.splitting.usable_rows import Part
from engine.data.tokens.tokenizer import train_tokenizer
from engine.messages import Message, message
from engine.records import Finding

_NUM_SPECIAL = 2
_FERTILITY_ROWS = 1000
_LARGEST_LENGTH = 8192
_LENGTH_STEP = 32


def check_markup(case: Case) -> Iterator[Finding]:
    for split, part in case.parts.items():
        mask = case.scans[split].has_markup
        if mask.any():
            yield Finding(
                kind="markup",
                severity="info",
                title=message("{count:plural:text holds:texts hold} mark-up", count=int(mask.sum())),
                detail=message("Signs such as {example} are read as words.", example=_first_markup(part, mask)),
                count=int(mask.sum()),
                rows=part.row_index.first_rows(mask),
                split=split,
                mends={"strip": message("Take the mark-up out")},
                chosen=case.chosen("markup"),
            )


def _first_markup(part: Part, mask: NDArray[np.bool_]) -> str:
    row = part.dataset[int(np.argmax(mask))]
    found = next(filter(None, (re.search(MARKUP_PATTERN, row[column]) for column in part.given.text_columns)), None)
    assert found is not None
    return found.group()[:40]


def check_broken_encoding(case: Case) -> Iterator[Finding]:
    for split, part in case.parts.items():
        mask = case.scans[split].is_broken
        if mask.any():
            yield Finding(
                kind="broken_encoding",
                severity="warning",
                title=message("{count:plural:text has:texts have} broken characters", count=int(mask.sum())),
                detail=message(
                    "Characters such as {example} come from a file that was once saved in a wrong encoding.",
                    example="Ã©, â€™, \ufffd",
                ),
                count=int(mask.sum()),
                rows=part.row_index.first_rows(mask),
                split=split,
                mends={"repair": message("Repair what can be repaired")},
                chosen=case.chosen("broken_encoding"),
            )


def check_numeric_text(case: Case) -> Iterator[Finding]:
    given = case.parts["train"].given
    if given.has_numeric_texts():
        yield Finding(
            kind="numeric_text",
            severity="error",
            title=message("The column of texts holds numbers"),
            detail=message(
                "“{column}” is hardly what shall be read: choose another column.",
                column=given.roles[given.text_columns[0]],
            ),
            count=len(case.parts["train"].dataset),
            mends={"allow": message("Read the numbers as texts")},
            chosen=case.chosen("numeric_text"),
        )


def check_lengths(case: Case) -> Iterator[Finding]:
    """Passages that questions are asked about are read in pieces, whatever their length; so are texts whose next token
    is learned."""
    kind = type_of(case.task)
    if kind.can("answer questions") or kind.can("write on"):
        return
    lengths = {split: _read_counts(case, split) for split in case.parts}
    limit = case.data.max_length
    for split, part in case.parts.items():
        mask = lengths[split] > limit
        if mask.any():
            wanted = _covering(np.concatenate([lengths["train"], lengths[split]]), limit)
            yield Finding(
                kind="too_long",
                severity="info",
                title=message("{count:plural:text is:texts are} longer than the model sees", count=int(mask.sum())),
                detail=_too_long(part, limit, int(lengths[split].max())),
                count=int(mask.sum()),
                rows=part.row_index.first_rows(mask),
                split=split,
                mends={f"raise:{wanted}": message("Read {count} tokens", count=wanted)} if wanted > limit else {},
                chosen=case.chosen("too_long"),
            )


def _too_long(part: Part, limit: int, longest: int) -> Message:
    if any(ROLES[column].holds_turns for column in part.given.text_columns):
        return message(
            "The model reads {limit} tokens; the longest dialogue has about {longest}. Late answers are learned "
            "without the first turns.",
            limit=limit,
            longest=longest,
        )
    return message(
        "The model reads {limit} tokens; the longest text has about {longest}. The rest is cut off.",
        limit=limit,
        longest=longest,
    )


def _read_counts(case: Case, split: str) -> NDArray[np.int64]:
    """[rows] of what is read: a text that shall be written has a limit of its own."""
    part = case.parts[split]
    read = [column for column in part.given.text_columns if column != TARGET.key]
    is_all = case.task.longest_answer is None or not read or len(read) == len(part.given.text_columns)
    return token_counts(case, split) if is_all else _counted(case, scan(part.dataset, read))


def token_counts(case: Case, split: str) -> NDArray[np.int64]:
    """[rows] tokens a text, special ones included: exact for words and characters, estimated for pieces of words."""
    return _counted(case, case.scans[split])


def _counted(case: Case, found: TextScan) -> NDArray[np.int64]:
    """[rows]"""
    match case.data.tokenizer:
        case CharacterTokenizer():
            return found.num_characters.astype(np.int64) + _NUM_SPECIAL
        case BpeTokenizer() | WordPieceTokenizer():
            pieces: NDArray[np.int64] = np.ceil(found.num_words * _fertility(case)).astype(np.int64)
            return pieces + _NUM_SPECIAL
    return found.num_words.astype(np.int64) + _NUM_SPECIAL


def _fertility(case: Case) -> float:
    """Pieces a word, on an evenly drawn sample."""
    part, words = case.parts["train"], case.scans["train"].num_words
    places = np.arange(0, len(words), max(1, len(words) // _FERTILITY_ROWS))
    rows = part.dataset.select(places)
    texts = [
        plain_text(text) if ROLES[column].holds_turns else text
        for column in part.given.text_columns
        for text in rows[column]
    ]
    tokenizer = train_tokenizer(case.data.tokenizer, texts, case.data.max_length)
    pieces = sum(len(ids) for ids in tokenizer(texts, add_special_tokens=False, verbose=False)["input_ids"])
    return pieces / max(1, int(words[places].sum()))


def _covering(lengths: NDArray[np.int64], limit: int) -> int:
    """A length beyond the limit that holds 95 of 100 texts whole, or 99, or all."""
    enough = (int(np.quantile(lengths, share)) for share in (0.95, 0.99, 1.0))
    wanted = next((length for length in enough if length > limit), int(lengths.max()))
    return min(_LARGEST_LENGTH, -(-wanted // _LENGTH_STEP) * _LENGTH_STEP)
