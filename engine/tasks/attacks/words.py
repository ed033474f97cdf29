"""Cut: a text as its words and what stands between them, so that single words can be exchanged."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache

_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_UNSPACED = rf"\u3040-\u30ff{_HAN}"
_WORD = rf"[{_UNSPACED}]|[^\W{_UNSPACED}]+(?:['’][^\W{_UNSPACED}]+)*"
_IS_HAN = re.compile(rf"[{_HAN}]+")


@dataclass(frozen=True)
class Cut:
    """`gaps[i]` stands before `words[i]`, the last gap after the last word."""

    words: tuple[str, ...]
    gaps: tuple[str, ...]

    def text(self, changes: Mapping[int, str]) -> str:
        """The text with other words at some places; a word that becomes nothing takes the space before it along."""
        parts: list[str] = []
        for place, word in enumerate(self.words):
            written = changes.get(place, word)
            gap = self.gaps[place]
            parts += [gap if written else gap.rstrip(" "), written]
        return "".join([*parts, self.gaps[-1]])

    def without(self, places: Collection[int]) -> str:
        return self.text(dict.fromkeys(places, ""))

    def is_after_gap(self, place: int) -> bool:
        """Whether a word begins the text or stands behind a space or a mark."""
        return place == 0 or bool(self.gaps[place])

    def is_after_space(self, place: int) -> bool:
        return place == 0 or self.gaps[place][-1:].isspace()


def cut(text: str, phrases: frozenset[str] = frozenset()) -> Cut:
    """Words of spaced scripts, with their apostrophes; single Chinese characters, but one of the `phrases` as one."""
    words: list[str] = []
    gaps: list[str] = []
    end = 0
    for found in _pattern(phrases).finditer(text):
        words.append(found[0])
        gaps.append(text[end : found.start()])
        end = found.end()
    return Cut(tuple(words), (*gaps, text[end:]))


def is_han(word: str) -> bool:
    """Whether a word is written in Chinese characters alone."""
    return bool(_IS_HAN.fullmatch(word))


@lru_cache(maxsize=4)
def _pattern(phrases: frozenset[str]) -> re.Pattern[str]:
    longest_first = sorted(phrases, key=lambda phrase: (-len(phrase), phrase))
    return re.compile("|".join([*map(re.escape, longest_first), _WORD]))
