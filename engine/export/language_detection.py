"""languages_of: the languages that texts seem to be in, as far as a look at their letters and small words tells."""

from __future__ import annotations

import re
from collections.abc import Sequence

_HAN, _KANA, _HANGUL = re.compile("[\u4e00-\u9fff]"), re.compile("[\u3040-\u30ff]"), re.compile("[\uac00-\ud7af]")
_LATIN = re.compile("[A-Za-z]")
_WORD = re.compile(r"[A-Za-z']+")
_ENGLISH = frozenset(("the", "and", "of", "to", "is", "in", "it", "you", "that", "for", "was", "on", "are", "with"))
_LEAST_SHARE = 0.08
"""Of all words: about every fifth word of English is one of these; other languages share a few of them."""
_LEAST_LETTERS = 0.1


def languages_of(texts: Sequence[str]) -> tuple[str, ...]:
    """ISO 639-1 codes out of zh, ja, ko and en, the most frequent first; what is none of them is left out."""
    joined = "\n".join(texts)
    han, kana, hangul, latin = (len(one.findall(joined)) for one in (_HAN, _KANA, _HANGUL, _LATIN))
    words = [word.lower() for word in _WORD.findall(joined)]
    is_english = sum(word in _ENGLISH for word in words) >= _LEAST_SHARE * max(1, len(words))
    # a sign of Chinese says about as much as three letters
    letters = {
        "ja": 3 * (han + kana) if kana > 0.1 * han else 0,
        "zh": 3 * han if kana <= 0.1 * han else 0,
        "ko": 3 * hangul,
        "en": latin if is_english else 0,
    }
    total = 3 * (han + kana + hangul) + latin
    found = [code for code, count in letters.items() if count and count >= _LEAST_LETTERS * total]
    return tuple(sorted(found, key=lambda code: -letters[code]))
