"""Files that mark words (CoNLL, BIO tags): no labels of whole texts, and told so."""

from __future__ import annotations

import re

from engine.data.sources.annotation.sheet import Sheet
from engine.errors import InputError
from engine.messages import message

_TAG = re.compile(r"O|[BIESLUM]-\S+")
_LEAST_ROWS = 8
_MOST = 0.95


def refuse_marked_words(sheet: Sheet, name: str) -> None:
    """Raises InputError for a word a line with a tag behind it."""
    lines = [" ".join(row.values()).split() for row in sheet.first]
    lines = [words for words in lines if words and words[0] != "-DOCSTART-"]
    tagged = [words for words in lines if 2 <= len(words) <= 10 and _TAG.fullmatch(words[-1])]
    if len(lines) < _LEAST_ROWS or len(tagged) < _MOST * len(lines) or all(words[-1] == "O" for words in tagged):
        return
    raise InputError(
        message(
            "The file marks single words (such as {example}); these are no labels of whole texts.",
            example=_example(tagged),
        ),
        name,
        message("Put each text into a row of its own, with one label or several beside it, as CSV or JSON Lines."),
    )


def _example(tagged: list[list[str]]) -> str:
    words = next(words for words in tagged if words[-1] != "O")
    return f"“{words[0]} {words[-1]}”"
