"""What answers are worth: every row's part of BLEU, chrF, ROUGE, exact match and perplexity. N rows."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from engine.metrics.rouge import rouge_statistics
from engine.metrics.summed_figures import VALUE_OF
from engine.metrics.translation import bleu_statistics, chrf_statistics, tokenization_of

Floats = NDArray[np.float64]
SHOWN_BY_ROW = ("chrf", "bleu", "rouge_l", "em", "perplexity")


def answer_statistics(said: Sequence[str], wanted: Sequence[str]) -> dict[str, Floats]:
    """By figure [N, columns], of texts alone."""
    exact = np.array([_plain(one) == _plain(other) for one, other in zip(said, wanted, strict=True)], dtype=np.float64)
    return {
        "bleu": bleu_statistics(said, wanted, tokenization_of(wanted)),
        "chrf": chrf_statistics(said, wanted),
        **rouge_statistics(said, wanted),
        "em": np.stack([exact, np.ones(len(exact))], axis=1).reshape(len(exact), 2),
    }


def row_scores(statistics: Mapping[str, Floats]) -> list[dict[str, float]]:
    """[N]: some of the figures, of each row alone."""
    found = {key: VALUE_OF[key](statistics[key]) for key in SHOWN_BY_ROW if key in statistics}
    return [{key: float(values[place]) for key, values in found.items()} for place in range(len(statistics["chrf"]))]


def beginnings(sources: Sequence[str], wanted: Sequence[str]) -> list[str]:
    """The simplest answer: the source's first signs, as many as the right answers have on average, up to a blank."""
    length = round(float(np.mean([len(one) for one in wanted]))) if wanted else 0
    return [_cut(source, length) for source in sources]


def _cut(text: str, length: int) -> str:
    if len(text) <= length:
        return text
    at = text.rfind(" ", 0, length + 1)
    return text[: at if at > 0 else length]


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())
