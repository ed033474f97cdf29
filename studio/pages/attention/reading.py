"""Reading: what an attention record says, as pictures; slices only, computes no model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from engine.records import AttentionMap, AttentionRecord, Head
from studio.plots.attention.map_data import MapData
from studio.plots.attention.marked_text import Marks
from studio.translation import tr

Scope = Literal["head", "mean", "max"]


@dataclass(frozen=True)
class Choice:
    """What is shown of a record: which map and layer, one head of it or the mean or the maximum of all, and whether
    special tokens are among the words."""

    map: int = 0
    layer: int = 0
    head: int = 0
    scope: Scope = "head"
    with_special: bool = True


def fitting(choice: Choice, record: AttentionRecord) -> Choice:
    """The nearest choice that the record's maps have."""
    if not record.maps:
        return choice
    chosen = min(choice.map, len(record.maps) - 1)
    layers, heads = record.maps[chosen].weights.shape[:2]
    return replace(choice, map=chosen, layer=min(choice.layer, layers - 1), head=min(choice.head, heads - 1))


def first_choice(record: AttentionRecord) -> Choice:
    """The last layer's first head of the first map."""
    layers = record.maps[0].weights.shape[0] if record.maps else 1
    return Choice(layer=layers - 1)


def head_of(record: AttentionRecord, choice: Choice) -> Head:
    """The chosen head by its name, as the engine knows it."""
    return record.maps[choice.map].name, choice.layer, choice.head


def slice_of(record: AttentionRecord, choice: Choice) -> MapData:
    """One layer's head, or the mean or maximum of its heads, as a picture's data."""
    chosen = record.maps[choice.map]
    data = MapData(
        scoped(chosen.weights[choice.layer], choice),
        _shown(chosen.queries),
        _shown(chosen.keys),
        special_keys(record, chosen),
        bin_size=chosen.bin_size,
        num_tokens=len(record.tokens),
    )
    return data if choice.with_special else without_special(data)


def scoped(heads: np.ndarray, choice: Choice) -> np.ndarray:
    """The chosen one of a layer's heads [head, query, key], their mean or their maximum: float32 [query, key]."""
    if choice.scope == "mean":
        return np.asarray(heads.mean(axis=0, dtype=np.float32))
    return np.asarray(heads.max(axis=0) if choice.scope == "max" else heads[choice.head], dtype=np.float32)


def like(choice: Choice, record: AttentionRecord, other: AttentionRecord) -> Choice:
    """The same choice in another record: its map of the same name where there is one."""
    name = record.maps[choice.map].name
    same = [index for index, one in enumerate(other.maps) if one.name == name]
    return fitting(replace(choice, map=same[0] if same else choice.map), other)


def exact_data(record: AttentionRecord, weights: np.ndarray) -> MapData:
    """One head's exact weights [query, key] of a text that is pooled in the record."""
    tokens = _shown(record.tokens)
    queries = tokens if len(weights) == len(tokens) else ("∑",)
    return MapData(weights, queries, tokens, np.array(record.special, dtype=bool), num_tokens=len(tokens))


def without_special(data: MapData) -> MapData:
    """Only the words; a map of bins, or of special tokens alone, stays whole."""
    if data.is_binned or data.special.all():
        return data
    columns = np.flatnonzero(~data.special)
    rows = columns if len(data.queries) == len(data.keys) else np.arange(len(data.queries))
    return replace(
        data,
        weights=data.weights[np.ix_(rows, columns)],
        queries=tuple(data.queries[row] for row in rows),
        keys=tuple(data.keys[column] for column in columns),
        special=data.special[columns],
        num_tokens=len(columns),
    )


def special_keys(record: AttentionRecord, chosen: AttentionMap) -> np.ndarray:
    """[key] bool: which keys are [CLS] and the like; a bin is special when all of its tokens are."""
    special = np.array(record.special, dtype=bool)
    return np.logical_and.reduceat(special, np.arange(0, len(special), chosen.bin_size))


def marks_of(record: AttentionRecord, choice: Choice) -> Marks:
    """The text with each word's weight in the chosen slice, looked at from all words."""
    data = slice_of(record, replace(choice, with_special=True))
    return marks_for(record, record.spread(record.maps[choice.map], data.received))


def marks_for(record: AttentionRecord, scores: np.ndarray, *, signed: bool = False) -> Marks:
    """The text with a score for each token; special tokens stand for no part of it."""
    ordinary = [index for index, special in enumerate(record.special) if not special]
    return Marks(record.text, tuple(record.spans[index] for index in ordinary), scores[ordinary], signed=signed)


def received_words(record: AttentionRecord) -> list[tuple[str, float]]:
    """(word, how much it is looked at in all) over all layers and heads, the most first."""
    return words_received(record.tokens, record.received(), np.array(record.special, dtype=bool)) if record.maps else []


def words_received(tokens: Sequence[str], weights: np.ndarray, special: np.ndarray) -> list[tuple[str, float]]:
    """(word, how much it is looked at), the most first; a word that stands in the text twice counts as one.

    Only tokens with at least the mean weight of all that are not special.
    """
    ordinary = np.flatnonzero(~special)
    if not len(ordinary) or not weights[ordinary].any():
        return []
    least = float(weights[ordinary].mean())
    totals: dict[str, float] = {}
    for key in ordinary.tolist():
        if weights[key] >= least:
            totals[tokens[key]] = totals.get(tokens[key], 0.0) + float(weights[key])
    return sorted(totals.items(), key=lambda item: -item[1])


def num_for_half(weights: np.ndarray) -> int:
    """How few keys hold half of the weight: small is sharp."""
    ordered = np.sort(weights.astype(np.float64))[::-1]
    return int(np.searchsorted(np.cumsum(ordered), 0.5 * ordered.sum() - 1e-9) + 1)


def is_traced(name: str) -> bool:
    """Whether a map was computed from the model's own: it has no heads that could be switched."""
    return name.startswith("rollout")


def map_title(name: str) -> str:
    """A map's name in the person's language; a name that nobody knows stays as it is."""
    known = {
        "self-attention": tr("self-attention"),
        "additive attention": tr("additive attention"),
        "dot attention": tr("dot attention"),
        "general attention": tr("general attention"),
        "concat attention": tr("concat attention"),
        "multi-head attention": tr("multi-head attention"),
        "rollout": tr("rollout"),
        "rollout to the answer": tr("rollout to the answer"),
    }
    return known.get(name, name)


def _shown(tokens: tuple[str, ...]) -> tuple[str, ...]:
    """White space made visible, and no line breaks inside labels."""
    return tuple(token.strip().replace("\n", "↵") or "␣" for token in tokens)
