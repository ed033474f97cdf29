"""Texts invented by grammars that know which words decide: data to try everything on, and to check attention by."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import assert_never

import numpy as np
from datasets import Dataset, Features, List, Value

from engine.config.data import BuiltinTexts
from engine.data import short_messages
from engine.data.captions import write_captions
from engine.data.phrases import MarkedText
from engine.data.reviews import LABELS, write_reviews
from engine.data.short_messages import write_messages

_FEATURES = Features(
    {
        "row": Value("int64"),
        "text": Value("string"),
        "label": Value("string"),
        "evidence": List(Value("string")),
        "evidence_start": List(Value("int32")),
        "kind": Value("string"),
    }
)
_PAIRS = (LABELS, *short_messages.LABELS.values())
_OPPOSITE = {one: other for pair in _PAIRS for one, other in (pair, pair[::-1])}


def builtin_texts(spec: BuiltinTexts, seed: int) -> Dataset:
    """`spec.num_rows` different texts of the chosen topic; the same seed invents the same ones.

    Columns: row (from 1), text; of reviews and messages also label, evidence (list of words), evidence_start (list of
    places), kind. Labels are true; `with_label_noise` turns some round.
    """
    match spec.topic:
        case "reviews":
            return builtin_reviews(spec, seed)
        case "messages":
            return _labelled(list(write_messages(spec, random.Random(f"messages {seed}"))))
        case "captions":
            texts = list(write_captions(spec, random.Random(f"captions {seed}")))
            features = Features({name: _FEATURES[name] for name in ("row", "text")})
            return Dataset.from_dict({"row": list(range(1, len(texts) + 1)), "text": texts}, features=features)
    assert_never(spec.topic)


def builtin_reviews(spec: BuiltinTexts, seed: int) -> Dataset:
    """`spec.num_rows` different reviews, half of them positive, as `builtin_texts` gives them."""
    return _labelled(list(write_reviews(spec, random.Random(f"reviews {seed}"))))


def with_label_noise(split: Dataset, share: float, seed: int) -> Dataset:
    """Turn round the labels of a share of the rows, drawn by the seed."""
    wrong = np.random.default_rng([seed, 3]).permutation(len(split))[: round(share * len(split))]
    if not len(wrong):
        return split
    labels = list(split["label"])
    for place in wrong:
        labels[place] = _OPPOSITE[labels[place]]
    return Dataset.from_dict({**split[:], "label": labels}, features=split.features)


def _labelled(texts: Sequence[MarkedText]) -> Dataset:
    columns = {
        "row": list(range(1, len(texts) + 1)),
        "text": [one.text for one in texts],
        "label": [one.label for one in texts],
        "evidence": [list(one.evidence) for one in texts],
        "evidence_start": [list(one.starts) for one in texts],
        "kind": [one.kind for one in texts],
    }
    return Dataset.from_dict(columns, features=_FEATURES)
