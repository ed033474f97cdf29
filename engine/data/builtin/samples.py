"""Texts invented by grammars that know which words decide: data to try everything on, and to check attention by."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from datasets import Dataset, Features, List, Value

from engine.config.data import BuiltinTexts
from engine.data.builtin.row_writers import ROW_WRITERS
from engine.data.builtin.topics import NUM_STARS, write_texts

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


def builtin_texts(spec: BuiltinTexts, seed: int) -> Dataset:
    """`spec.num_rows` different texts of the chosen topic; the same seed invents the same ones.

    Columns: row (from 1), text; of all but captions also label, evidence (list of words), evidence_start (list of
    places), kind; of a topic of `ROW_WRITERS` one a role instead. What is judged is a cell of labels with semicolons
    between them, stars are written as a number. Labels are true; `with_label_noise` turns some round.
    Raises InputError for a spoilt file of built-in texts.
    """
    if spec.topic in ROW_WRITERS:
        return _of_roles(ROW_WRITERS[spec.topic](spec, random.Random(f"{spec.topic} {seed}")))
    texts = list(write_texts(spec, random.Random(f"{spec.topic} {seed}")))
    columns = {
        "row": list(range(1, len(texts) + 1)),
        "text": [one.text for one in texts],
        "label": [one.label for one in texts],
        "evidence": [list(one.evidence) for one in texts],
        "evidence_start": [list(one.starts) for one in texts],
        "kind": [one.kind for one in texts],
    }
    kept = ("row", "text") if spec.topic == "captions" else tuple(columns)
    features = Features({name: _FEATURES[name] for name in kept})
    return Dataset.from_dict({name: columns[name] for name in kept}, features=features)


def _of_roles(rows: Iterator[Mapping[str, str]]) -> Dataset:
    """Columns row (from 1) and one a role."""
    written = list(rows)
    roles = list(written[0])
    columns = {"row": list(range(1, len(written) + 1)), **{role: [one[role] for one in written] for role in roles}}
    features = Features({"row": Value("int64"), **{role: Value("string") for role in roles}})
    return Dataset.from_dict(columns, features=features)


def with_label_noise(split: Dataset, share: float, seed: int) -> Dataset:
    """Turn round the labels of a share of the rows, drawn by the seed: a label becomes another one (of two its
    opposite), of several one is taken away or added, the number five becomes one."""
    generator = np.random.default_rng([seed, 3])
    wrong = generator.permutation(len(split))[: round(share * len(split))]
    if not len(wrong):
        return split
    labels = list(split["label"])
    known = sorted({one for row in labels for one in (row if isinstance(row, list) else [row])})
    for place in wrong:
        labels[place] = _turned(labels[place], known, generator)
    return Dataset.from_dict({**split[:], "label": labels}, features=split.features)


def _turned(label: Any, known: Sequence[Any], generator: np.random.Generator) -> Any:
    if isinstance(label, list):
        return sorted({*label} ^ {known[int(generator.integers(len(known)))]})
    if isinstance(label, float):
        return _other_end(label)
    others = [one for one in known if one != label]
    return others[int(generator.integers(len(others)))]


def _other_end(stars: float) -> float:
    """The middle becomes the best."""
    return NUM_STARS + 1 - stars if 2 * stars != NUM_STARS + 1 else float(NUM_STARS)
