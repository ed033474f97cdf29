"""Words and sentences of a text as a person points at them, and which tokens stand for a word."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from engine.data.tokens.question_windows import Window
from engine.data.tokens.tokenizer import word_pre_tokenizer
from engine.records import AnswerSpan, Word

_SENTENCE = re.compile(r".+?(?:[.!?]+[\"'”’)]*(?=\s|$)|[。！？]+[”’）]*|\n|$)", re.DOTALL)


def words_of(text: str) -> tuple[Word, ...]:
    """Words and marks; of Chinese each sign."""
    return tuple(Word(text[start:end], start, end) for _, (start, end) in word_pre_tokenizer().pre_tokenize_str(text))


def is_word(word: Word) -> bool:
    """No mark."""
    return any(sign.isalnum() for sign in word.text)


def placed(context: str, start: int, end: int, score: float) -> AnswerSpan:
    """A piece of a passage with its sentence and its words there, counted from 1."""
    number, begins = 1, 0
    for count, sentence in enumerate(_SENTENCE.finditer(context), start=1):
        if sentence.start() <= start < sentence.end():
            number, begins = count, sentence.start()
            break
    before = [one for one in words_of(context[begins:end]) if is_word(one)]
    last = max(1, len(before))
    first = 1 + sum(one.end + begins <= start for one in before)
    return AnswerSpan(context[start:end], start, end, score, number, min(first, last), last)


def tokens_of(window: Window, is_side: NDArray[np.bool_], words: Sequence[Word]) -> list[list[int]]:
    """Of each word the tokens of a window that stand for a part of it; `is_side` [tokens] tells those of its text."""
    places = np.flatnonzero(is_side)
    begins, ends = window.offsets[places, 0], window.offsets[places, 1]
    return [places[(begins < one.end) & (ends > one.start)].tolist() for one in words]
