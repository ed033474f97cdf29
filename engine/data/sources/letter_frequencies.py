"""How well a text reads as some language: by the letters that follow one another in its words."""

from __future__ import annotations

import itertools
import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import lru_cache

from engine.config.plain_yaml import read_as
from engine.resources import resource

PAIRS = resource("languages", "letter_pairs.json")
"""{language: {letter: [its followers whose share is e^-0, e^-1, … e^-7]}}; "_" is the edge of a word. Counted in the
translations of free software."""

_UNSEEN, _STRANGE, _MIDDLE_CAPITAL = -9.0, -13.0, -5.0
_USUAL_SIGN, _RARE_SIGN, _BROKEN, _WITHIN_WORD = -4.5, -10.0, -16.0, -5.0
_USUAL_SIGNS = frozenset("€£§©®°²³¡¿«»‘’‚“”„–—…•·™½¼\xa0±×№、。，！？：；「」『』（）《》〈〉【】～％・ー\u200b")
_MARKS = "\u0300-\u036f\u0591-\u05c7\u064b-\u0652\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u200c"
_WORD = re.compile(rf"[^\W\d_](?:[^\W\d_]|[{_MARKS}])*")
_SAME = str.maketrans("șțȘȚیکİ", "şţŞŢيكi")
"""Letters that old encodings do not tell apart, as one."""


@lru_cache(maxsize=1)
def _models() -> dict[str, dict[str, dict[str, float]]]:
    trees = json.loads(PAIRS.read_text(encoding="utf-8"))
    return {
        language: {
            first: {second: -float(place) for place, followers in enumerate(shares) for second in followers}
            for first, shares in tree.items()
        }
        for language, tree in trees.items()
    }


def score(words: Sequence[str], languages: Sequence[str]) -> float:
    """How likely the words are, as a logarithm, each in the one of the languages that fits it best; `words` are what
    stands between spaces."""
    return sum(max(_of_word(word, language) for language in languages) for word in words)


def is_usual_sign(sign: str) -> bool:
    """Whether a character is ASCII, or one of the signs that texts of all languages have."""
    return sign.isascii() or sign in _USUAL_SIGNS


@lru_cache(maxsize=100_000)
def _of_word(word: str, language: str) -> float:
    plain = unicodedata.normalize("NFC", word)
    found, end = 0.0, 0
    for match in _WORD.finditer(plain):
        is_within = end > 0 and match.start() - end == 1 and not plain[end].isascii()
        beside_digit = (
            plain[match.start() - 1 : match.start()].isdigit() or plain[match.end() : match.end() + 1].isdigit()
        )
        found += _of_letters(match.group(), language) + (is_within + beside_digit) * _WITHIN_WORD
        end = match.end()
    return found + sum(map(_of_sign, _WORD.sub("", plain)))


def _of_letters(word: str, language: str) -> float:
    if language in ("zh", "zh-hant", "ja", "ko"):
        return sum(_of_character(character, language) for character in word)
    model = _models()[language]
    small = word.translate(_SAME).lower()
    found = sum(_of_pair(first, second, model) for first, second in zip(f"_{small}", f"{small}_", strict=True))
    inner = sum(before.islower() and after.isupper() for before, after in itertools.pairwise(word))
    return found + inner * _MIDDLE_CAPITAL


def _of_pair(first: str, second: str, model: Mapping[str, Mapping[str, float]]) -> float:
    share = model.get(first, {}).get(second)
    if share is not None:
        return share
    return _UNSEEN if second in model and first in model else _STRANGE


def _of_sign(sign: str) -> float:
    if sign.isascii():
        return 0.0
    if sign == "\ufffd":
        return _BROKEN
    if sign in _USUAL_SIGNS:
        return _USUAL_SIGN
    return _BROKEN if unicodedata.category(sign) in ("Cc", "Cn", "Co") else _RARE_SIGN


def _of_character(character: str, language: str) -> float:
    """Of writings with thousands of signs: the usual ones, those of the writing, those of another one."""
    if character.isascii():
        return -6.0
    if language == "ja":
        usual, own = "ぁ" <= character <= "ヿ", "一" <= character <= "龥"
    else:
        usual = character in _usual_characters()[language]
        own = "가" <= character <= "힣" if language == "ko" else "一" <= character <= "龥"
    return -4.5 if usual else -9.0 if own else -14.0


@lru_cache(maxsize=1)
def _usual_characters() -> dict[str, frozenset[str]]:
    found = read_as(resource("languages", "usual_characters.yaml"), dict[str, str])
    return {language: frozenset(text.replace("\n", "")) for language, text in found.items()}
