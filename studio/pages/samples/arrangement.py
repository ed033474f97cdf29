"""Arrangement: in which order samples stand, which are found, and which words of a text begin many others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from engine.records import Sample, Samples

Order = Literal["surest", "least-sure", "written", "copied"]
ORDERS: tuple[Order, ...] = ("surest", "least-sure", "written", "copied")
_CONSPICUOUS, _BEYOND_REAL, _MOST = 0.08, 1.5, 3


def arranged(samples: Sequence[Sample], order: Order, words: str = "") -> list[Sample]:
    """Those that hold the words, in this order; equals stay as they were written."""
    sought = words.casefold().split()
    found = [one for one in samples if all(word in one.text.casefold() for word in sought)]
    if order == "surest":
        return sorted(found, key=lambda one: -(one.probability or 0.0))
    if order == "least-sure":
        return sorted(found, key=lambda one: 1.0 if one.probability is None else one.probability)
    if order == "copied":
        return sorted(found, key=lambda one: -one.overlap)
    return found


def repeated_openings(samples: Samples) -> list[str]:
    """The openings that stand out: more frequent than in the training texts by half, and frequent at all."""
    found = [words for words, here, there in samples.openings if here >= _CONSPICUOUS and here > _BEYOND_REAL * there]
    return found[:_MOST]


def opening_length(text: str, opening: str) -> int:
    """How many characters at the beginning of a text are the opening, whatever its spaces and capitals; 0 for none."""
    wanted, at = "".join(opening.split()).casefold(), 0
    matched = 0
    while at < len(text) and matched < len(wanted):
        letter = text[at].casefold()
        at += 1
        if letter.isspace():
            continue
        if not wanted.startswith(letter, matched):
            return 0
        matched += len(letter)
    goes_on = at < len(text) and text[at].isalnum() and text[at].isascii() and text[at - 1].isascii()
    return at if wanted and matched == len(wanted) and not goes_on else 0


def marked_length(text: str, openings: Sequence[str]) -> int:
    """Of the first of the openings that the text begins with."""
    return next((length for one in openings if (length := opening_length(text, one))), 0)
