"""reworded: other words for one word that leave the meaning to a person.

After TextFooler (Jin 2020), without outside data. Three kinds are offered:
- synonyms and message spellings from a list written by hand;
- where the list has none, words that the training texts use alike, but only those on the word's own side of the true
  label by these texts' log-odds: neighbours by context are often opposites ("good", "bad"), and one that speaks for
  something else would change the truth, not the way it is said;
- a filler that says nothing before the word (as senders of spam do: Lowd & Meek 2005), and function words without a
  side left out or said twice.
Negations are never touched, behind one stand only synonyms, and numbers keep their digits.

What this can claim: a reader would nearly always give a reworded text the same label; style and grammar suffer, and a
word used alike need not be a synonym ("phone" for "camera" in a review). What the list does not hold is not tried.
"""

from __future__ import annotations

from random import Random

from engine.tasks.attacks.synonyms import FILLERS, FILLERS_CHINESE, is_function_word, is_negation, synonyms
from engine.tasks.attacks.usage import Usage
from engine.tasks.attacks.words import Cut, is_han

_NUM_FILLERS = 4


def reworded(text: Cut, place: int, truth: int, chance: Random, usage: Usage | None) -> list[str]:
    """What can be written in the place of a word of a text whose true label is `truth`; empty for a negation."""
    word = text.words[place]
    small = word.lower()
    if is_negation(small):
        return []
    is_number = any(sign.isdigit() for sign in word)
    others = [] if is_number else [*synonyms(small), *_neutral(small, truth, usage)]
    fillers: list[str] = []
    if not _is_negated(text, place):
        others += [] if is_number or synonyms(small) else _alike(small, truth, usage)
        fillers = _fillers(text, place, chance)
    written = [_in_case_of(word, other) for other in others]
    return [one for one in dict.fromkeys([*written, *fillers]) if one != word]


def _alike(word: str, truth: int, usage: Usage | None) -> list[str]:
    if usage is None:
        return []
    side = usage.side(word, truth)
    return [
        other
        for other in usage.near(word)
        if usage.side(other, truth) == side and not is_negation(other) and not is_function_word(other)
    ]


def _neutral(word: str, truth: int, usage: Usage | None) -> list[str]:
    if not is_function_word(word) or (usage is not None and usage.side(word, truth) != 0):
        return []
    return ["", word + word if is_han(word) else f"{word} {word}"]


def _fillers(text: Cut, place: int, chance: Random) -> list[str]:
    """Before a Chinese word only where a clause begins: nothing is parted."""
    word = text.words[place]
    if not is_han(word):
        return [f"{filler} {word}" for filler in chance.sample(FILLERS, _NUM_FILLERS)]
    if not text.is_after_gap(place):
        return []
    return [f"{filler}{word}" for filler in chance.sample(FILLERS_CHINESE, _NUM_FILLERS)]


def _is_negated(text: Cut, place: int) -> bool:
    return place > 0 and is_negation(text.words[place - 1].lower())


def _in_case_of(word: str, other: str) -> str:
    if word.isupper() and len(word) > 1:
        return other.upper()
    return other[:1].upper() + other[1:] if word[:1].isupper() else other
