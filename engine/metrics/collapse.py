"""The signs that a generator repeats itself, in words."""

from __future__ import annotations

import math
from collections.abc import Mapping

from engine.messages import Message, message
from engine.metrics.diversity import Openings

_TELLING = 1.5
"""An opening is told when it is so many times as common as in the training texts."""


def signs_of_collapse(
    metrics: Mapping[str, float],
    real_text: Mapping[str, float],
    openings: Openings,
    *,
    self_bleu_margin: float,
    distinct_share: float,
    num_texts: int | None = None,
) -> list[Message]:
    """Empty while there is none.

    A collapse is a self_bleu_4 above real text's by more than the margin, or a distinct_2 below the share of real
    text's; then the commonest opening is told as well, where it is far commoner than in the training texts. It is the
    share of `num_texts` texts, where their number is given. What was not measured is no sign.
    """
    signs = []
    resemblance, usual = _figure(metrics, "self_bleu_4"), _figure(real_text, "self_bleu_4")
    if resemblance > usual + self_bleu_margin:
        signs.append(
            message(
                "The texts resemble each other far more than real ones do: self-BLEU-4 is {value:.2f}, of real text "
                "{real:.2f}.",
                value=resemblance,
                real=usual,
            )
        )
    pairs, real_pairs = _figure(metrics, "distinct_2"), _figure(real_text, "distinct_2")
    if pairs < distinct_share * real_pairs:
        signs.append(
            message(
                "Only {value} % of their word pairs are different ones, of real text's {real} %.",
                value=_percent(pairs),
                real=_percent(real_pairs),
            )
        )
    telling = [one for one in openings[:1] if one[1] > _TELLING * one[2]]
    return [*signs, *(_told(*one, num_texts) for one in telling)] if signs else []


def _told(words: str, share: float, in_train: float, num_texts: int | None) -> Message:
    if num_texts is None:
        return message(
            "{share} % of the newest texts begin with “{words}”, in the training texts {in_train} %.",
            share=_percent(share),
            words=words,
            in_train=_percent(in_train),
        )
    return message(
        "{share} % of the last {num_texts} texts begin with “{words}”, in the training texts {in_train} %.",
        share=_percent(share),
        num_texts=num_texts,
        words=words,
        in_train=_percent(in_train),
    )


def _percent(share: float) -> int:
    return round(100 * share)


def _figure(metrics: Mapping[str, float], name: str) -> float:
    return float(metrics.get(name, math.nan))
