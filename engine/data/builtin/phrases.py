"""Phrases: a small grammar that rewrites a sentence field by field; captions and messages are invented by it."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

_FIELD = re.compile(r"\{(\w+)\}")
_MARK = re.compile(r"\[([^\]]*)\]")
_MAX_TRIES = 4


@dataclass(frozen=True)
class MarkedText:
    """A text that was invented for a `label`. `evidence` are the words that decide it, `starts` where each begins in
    `text` (in characters)."""

    text: str
    label: str
    kind: str
    evidence: tuple[str, ...]
    starts: tuple[int, ...]


@dataclass(frozen=True)
class Phrases:
    """`rules` rewrite each {field} of a sentence into one of its alternatives, which may hold fields themselves. A word
    is hardly ever taken twice in one sentence, unless its field has a name of one letter, such as {d} for a digit.
    `[square brackets]` enclose the words that decide."""

    rules: Mapping[str, Sequence[str]]

    def write(self, start: str, chance: random.Random) -> str:
        """A sentence that begins as one of the alternatives of `start`; marks stay in it."""
        return with_articles("".join(self._rewritten(start, set(), chance)))

    def _rewritten(self, name: str, used: set[str], chance: random.Random) -> Iterator[str]:
        chosen = self._alternative(name, used, chance)
        if len(name) > 1:
            used.add(chosen)
        for place, piece in enumerate(_pieces(chosen)):
            if place % 2:
                yield from self._rewritten(piece, used, chance)
            else:
                yield piece

    def _alternative(self, name: str, used: set[str], chance: random.Random) -> str:
        chosen = chance.choice(self.rules[name])
        for _ in range(_MAX_TRIES):
            if "{" in chosen or chosen not in used:
                break
            chosen = chance.choice(self.rules[name])
        return chosen


@lru_cache(maxsize=4096)
def _pieces(alternative: str) -> list[str]:
    """Words and the names of fields by turns."""
    return _FIELD.split(alternative)


def with_articles(sentence: str) -> str:
    """ "a awful bed" becomes "an awful bed"; Chinese has no articles to meet."""
    return re.sub(r"\b([Aa]) (?=\[?(?!use|uni|one)[aeiou])", r"\1n ", sentence)


def capitalized(sentence: str) -> str:
    """The first letter, or the first after a mark's bracket, as a capital."""
    place = 1 if sentence.startswith("[") else 0
    return sentence[:place] + sentence[place : place + 1].upper() + sentence[place + 1 :]


def unmarked(clause: str) -> str:
    """The same words without square brackets."""
    return _MARK.sub(r"\1", clause)


def read_marks(marked: str) -> tuple[str, tuple[str, ...], tuple[int, ...]]:
    """Take the square brackets out and remember what they enclosed, and where."""
    parts: list[str] = []
    evidence: list[str] = []
    starts: list[int] = []
    length = position = 0
    for match in _MARK.finditer(marked):
        before = marked[position : match.start()]
        parts += [before, match.group(1)]
        evidence.append(match.group(1))
        starts.append(length + len(before))
        length += len(before) + len(match.group(1))
        position = match.end()
    return "".join([*parts, marked[position:]]), tuple(evidence), tuple(starts)
