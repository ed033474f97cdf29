"""WordList: what a person reads as the same, written by hand: other words for a word, look-alikes of a sign.

A file of resources/attacks for each language.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field
from functools import lru_cache
from typing import Literal

from pydantic import ConfigDict
from pydantic.dataclasses import dataclass

from engine.config.plain_yaml import read_as
from engine.resources import resource

_LANGUAGES: tuple[Literal["en", "zh"], ...] = ("en", "zh")


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class WordList:
    """`fillers` say nothing of their own. `lookalikes` of a sign, in one string; `parts` that stand side by side in a
    character. All words are lower-case."""

    fillers: tuple[str, ...]
    function_words: frozenset[str]
    negations: frozenset[str]
    synonyms: dict[str, tuple[str, ...]]
    lookalikes: dict[str, str]
    parts: dict[str, str] = field(default_factory=dict)


@lru_cache(maxsize=2)
def word_list(language: Literal["en", "zh"]) -> WordList:
    """What comes with Attune for a language; read once. Raises InputError for a file that was spoilt."""
    return read_as(resource("attacks", f"{language}.yaml"), WordList)


def is_function_word(word: str) -> bool:
    """Whether a text without the (lower-case) word, or with it twice, says the same."""
    return any(word in word_list(language).function_words for language in _LANGUAGES)


def is_negation(word: str) -> bool:
    """Whether the (lower-case) word turns what follows round."""
    is_listed = any(word in word_list(language).negations for language in _LANGUAGES)
    return is_listed or word.replace("’", "'").endswith("n't")


def synonyms(word: str) -> Sequence[str]:
    """What can stand for a lower-case word; none where the lists do not know it."""
    return next((found for one in _LANGUAGES if (found := word_list(one).synonyms.get(word))), ())


@lru_cache(maxsize=1)
def phrases() -> frozenset[str]:
    """The Chinese words that have synonyms: a text is cut into them before it is cut into characters."""
    return frozenset(word_list("zh").synonyms)


def letter_lookalikes(letter: str) -> list[str]:
    """Look-alikes of a Latin letter or a digit; an upper-case letter's are upper-case. Empty where none is known."""
    found = word_list("en").lookalikes.get(letter.lower(), "")
    return list(found.upper() if letter.isupper() else found)


def character_lookalikes(character: str) -> list[str]:
    """What can stand for a Chinese character: one that looks or sounds alike, or its own parts side by side."""
    known = word_list("zh")
    others = [*known.lookalikes.get(character, ""), known.parts.get(character, "")]
    return [other for other in others if other]
