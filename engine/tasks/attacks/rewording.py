"""reworded: other words for one word that leave the meaning to a person.

After TextFooler (Jin 2020), without outside data. Offered are
- synonyms and the spellings of messages, from a list written by hand;
- an empty word before the word, as senders of spam do it (Lowd & Meek 2005);
- function words left out or said twice, where the training texts' log-odds give them no side.
Negations are never touched, nothing is put behind one, and numbers stay.

Neighbours among word vectors are not offered, neither those of the attacked model nor those learned from the contexts
of the training texts: they are opposites as often as synonyms. Even among words on the same side of the true label by
the log-odds, "you pay first" became "you pay later", which turns the truth and not the answer.

What this can claim: a reader would nearly always give a reworded text the same label; style and grammar suffer, and a
synonym may miss the sense that is meant. What the list does not hold is not tried: a model that stands up to it has not
been shown to stand up to every rewording.
"""

from __future__ import annotations

from random import Random

from engine.tasks.attacks.usage import Usage
from engine.tasks.attacks.word_list import is_function_word, is_negation, synonyms, word_list
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
    fillers = [] if _is_negated(text, place) else _fillers(text, place, chance)
    written = [_in_case_of(word, other) for other in others]
    return [one for one in dict.fromkeys([*written, *fillers]) if one != word]


def _neutral(word: str, truth: int, usage: Usage | None) -> list[str]:
    if not is_function_word(word) or (usage is not None and usage.side(word, truth) != 0):
        return []
    return ["", word + word if is_han(word) else f"{word} {word}"]


def _fillers(text: Cut, place: int, chance: Random) -> list[str]:
    """Only behind a space (before a Chinese word, where a clause begins): no word, number or address is parted."""
    word = text.words[place]
    if is_han(word):
        fillers = word_list("zh").fillers if text.is_after_gap(place) else ()
        return [f"{filler}{word}" for filler in chance.sample(fillers, min(_NUM_FILLERS, len(fillers)))]
    if not text.is_after_space(place):
        return []
    return [f"{filler} {word}" for filler in chance.sample(word_list("en").fillers, _NUM_FILLERS)]


def _is_negated(text: Cut, place: int) -> bool:
    return place > 0 and is_negation(text.words[place - 1].lower())


def _in_case_of(word: str, other: str) -> str:
    if word.isupper() and len(word) > 1:
        return other.upper()
    return other[:1].upper() + other[1:] if word[:1].isupper() else other
