"""Captions: short descriptions of pictures that nobody took, in English or Chinese; they have no label."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

from engine.config.data import BuiltinTexts
from engine.data.builtin.captions_chinese import CAPTIONS as CHINESE
from engine.data.builtin.captions_english import CAPTIONS as ENGLISH
from engine.data.builtin.phrases import Phrases


@dataclass(frozen=True)
class _Style:
    """A language's grammar and how long its captions are, counted in words (Chinese: in characters)."""

    grammar: Phrases
    least: int
    most: int
    has_spaces: bool

    def fits(self, caption: str) -> bool:
        length = len(caption.split()) if self.has_spaces else len(caption)
        return self.least <= length <= self.most


_ENGLISH = _Style(ENGLISH, 6, 14, has_spaces=True)
_CHINESE = _Style(CHINESE, 8, 26, has_spaces=False)
_STYLES = {"en": (_ENGLISH,), "zh": (_CHINESE,), "both": (_ENGLISH, _CHINESE)}


def write_captions(spec: BuiltinTexts, chance: random.Random) -> Iterator[str]:
    """`spec.num_rows` different captions; of both languages by turns."""
    styles, seen = _STYLES[spec.language], set[str]()
    for number in range(spec.num_rows):
        caption = _caption(styles[number % len(styles)], chance)
        while caption in seen:
            caption = _caption(styles[number % len(styles)], chance)
        seen.add(caption)
        yield caption


def _caption(style: _Style, chance: random.Random) -> str:
    caption = style.grammar.write("caption", chance)
    while not style.fits(caption):
        caption = style.grammar.write("caption", chance)
    return caption
