"""misspelled: ways to write one word wrongly that a person still reads without stopping.

After DeepWordBug (Gao 2018: swap, drop, add, substitute) with visual look-alikes. The first and the last letter stay
where they are (Pruthi 2019: words are recognised by them), one word gets one change, and what would be another word of
the language, as far as the training texts show it ("form" of "from"), is not offered.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from engine.tasks.attacks.word_list import character_lookalikes, letter_lookalikes
from engine.tasks.attacks.words import is_han

_LEAST_LETTERS = 4
"""Shorter words are not swapped, cut or parted."""

_SEPARATORS = ("-", ".", "_")
_MARKS = ("·", "*", ".", "-")
"""Put between two Chinese characters."""


def misspelled(word: str, chance: Random, is_word: Callable[[str], bool], most: int = 12) -> list[str]:
    """At most `most` of the ways, drawn by `chance`; none for a single letter or a sign without look-alikes."""
    found = _characters(word, chance) if is_han(word) else _letters(word, chance)
    usable = [one for one in dict.fromkeys(found) if one != word and not is_word(one.lower())]
    return usable if len(usable) <= most else chance.sample(usable, most)


def _characters(word: str, chance: Random) -> list[str]:
    """A look-alike in the place of one of the characters, or a mark behind the first one."""
    found = [
        word[:place] + sign + word[place + 1 :]
        for place, character in enumerate(word)
        for sign in character_lookalikes(character)
    ]
    mark = chance.choice(_MARKS)
    return [*found, word[:1] + mark + word[1:]]


def _letters(word: str, chance: Random) -> list[str]:
    if len(word) < 2:
        return []
    inner = range(1, len(word) - 1)
    found = [
        word[:place] + sign + word[place + 1 :]
        for place, letter in enumerate(word)
        for sign in letter_lookalikes(letter)
    ]
    if len(word) < _LEAST_LETTERS:
        return found
    separator = chance.choice(_SEPARATORS)
    found += [word[:place] + separator + word[place:] for place in range(1, len(word))]
    if any(sign.isdigit() for sign in word):
        return found  # a number with other digits is another number
    found += [word[:place] + word[place + 1] + word[place] + word[place + 2 :] for place in inner[:-1]]
    found += [word[:place] + word[place + 1 :] for place in inner]
    return found + [word[: place + 1] + word[place:] for place in inner if word[place].isalpha()]
