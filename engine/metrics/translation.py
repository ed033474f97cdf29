"""What every row adds to BLEU (Papineni 2002) and chrF (Popović 2015), counted as sacrebleu does: their sums give its
corpus scores (`metrics.summed_figures`). N rows."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from sacrebleu.metrics.bleu import BLEU

Floats = NDArray[np.float64]
_WORD_ORDER, _SIGN_ORDER = 4, 6
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_UNSPACED = re.compile(r"[\u3040-\u30ff\u0e00-\u0eff\u1780-\u17ff\u1000-\u109f]")
_LETTER = re.compile(r"[^\W\d_]")
_LOOKED_AT = 1000


def tokenization_of(texts: Sequence[str]) -> str:
    """sacrebleu's name of the tokenizer that suits these texts: "zh" for Chinese, "char" for Japanese, Thai and the
    like, "13a" for what has spaces. Those that would be downloaded are never chosen."""
    shown = "".join(texts[:: max(1, len(texts) // _LOOKED_AT)])
    num_letters = max(1, len(_LETTER.findall(shown)))
    if len(_UNSPACED.findall(shown)) > 0.1 * num_letters:
        return "char"
    return "zh" if len(_HAN.findall(shown)) > 0.3 * num_letters else "13a"


def signature(tokenization: str) -> str:
    """How BLEU was counted, as papers print it."""
    metric = _bleu(tokenization)
    metric.corpus_score(["a"], [["a"]])
    return str(metric.get_signature())


def bleu_statistics(said: Sequence[str], wanted: Sequence[str], tokenization: str) -> Floats:
    """[N, 10]: words said, words wanted, of orders 1 to 4 the runs that both have, and all that were said."""
    cut = _tokenizer(tokenization)
    rows = [_shared_runs(cut(one.rstrip()).split(), cut(other.rstrip()).split()) for one, other in _pairs(said, wanted)]
    return np.array(rows, dtype=np.float64).reshape(len(rows), 2 + 2 * _WORD_ORDER)


def chrf_statistics(said: Sequence[str], wanted: Sequence[str]) -> Floats:
    """[N, 18]: of runs of 1 to 6 signs, spaces aside, those said, those wanted, and those that both have."""
    rows = [_shared_signs(one, other) for one, other in _pairs(said, wanted)]
    return np.array(rows, dtype=np.float64).reshape(len(rows), 3 * _SIGN_ORDER)


def _pairs(said: Sequence[str], wanted: Sequence[str]) -> Iterable[tuple[str, str]]:
    return zip(said, wanted, strict=True)


def _shared_runs(said: list[str], wanted: list[str]) -> list[int]:
    right, total = [], []
    for order in range(1, _WORD_ORDER + 1):
        mine, theirs = _runs(said, order), _runs(wanted, order)
        right.append((mine & theirs).total())
        total.append(mine.total())
    return [len(said), len(wanted), *right, *total]


def _shared_signs(said: str, wanted: str) -> list[int]:
    mine_all, theirs_all = "".join(said.split()), "".join(wanted.split())
    found: list[int] = []
    for order in range(1, _SIGN_ORDER + 1):
        mine, theirs = _runs(mine_all, order), _runs(theirs_all, order)
        found += [mine.total() if theirs else 0, theirs.total(), (mine & theirs).total()]
    return found


def _runs(signs: Sequence[str], order: int) -> Counter[object]:
    if isinstance(signs, str):
        return Counter(signs[start : start + order] for start in range(len(signs) - order + 1))
    return Counter(zip(*(signs[start:] for start in range(order)), strict=False))


@lru_cache(maxsize=8)
def _bleu(tokenization: str) -> BLEU:
    return BLEU(tokenize=tokenization, force=True)


def _tokenizer(tokenization: str) -> Callable[[str], str]:
    cut: Callable[[str], str] = _bleu(tokenization).tokenizer
    return cut
