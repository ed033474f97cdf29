"""How good a found answer is: exact match and F1 of shared words, as the official SQuAD scores count them.

An answer is compared with each right one, and the best counts (Rajpurkar 2016; of a question without an answer only
silence is right, Rajpurkar 2018). Where Chinese, Japanese or Korean signs stand in a text, each of them is a word, and
their punctuation marks count for nothing, as the Latin ones do.
"""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Sequence

_ARTICLES = re.compile(r"\b(a|an|the)\b", re.UNICODE)
_PUNCTUATION = frozenset(string.punctuation)
_UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff]")
_WIDE_MARKS = re.compile("[\u3000-\u303f\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65‘’“”…—·]")


def normalized(answer: str) -> str:
    """Lower case, without punctuation, English articles and superfluous spaces; signs of Chinese stand alone."""
    text = "".join(sign for sign in answer.lower() if sign not in _PUNCTUATION)
    if _UNSPACED.search(text):
        text = _UNSPACED.sub(lambda found: f" {found[0]} ", _WIDE_MARKS.sub("", text))
    return " ".join(_ARTICLES.sub(" ", text).split())


def exact_match(said: str, wanted: Sequence[str]) -> float:
    """1 where what was said is one of the right answers; `wanted` is empty where there is none."""
    return max(float(normalized(said) == normalized(one)) for one in _right(wanted))


def f1(said: str, wanted: Sequence[str]) -> float:
    """The best harmonic mean of precision and recall of words over the right answers."""
    return max(_f1(normalized(said).split(), normalized(one).split()) for one in _right(wanted))


def _right(wanted: Sequence[str]) -> Sequence[str]:
    """Without those of which nothing is left; silence where there is no other."""
    return [one for one in wanted if normalized(one)] or [""]


def _f1(said: Sequence[str], wanted: Sequence[str]) -> float:
    if not said or not wanted:
        return float(said == wanted)
    shared = sum((Counter(said) & Counter(wanted)).values())
    if not shared:
        return 0.0
    precision, recall = shared / len(said), shared / len(wanted)
    return 2 * precision * recall / (precision + recall)
