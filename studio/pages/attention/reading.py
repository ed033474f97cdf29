"""Reading: what an attention record says, as pictures and as sentences; slices only, computes no model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.records import AttentionMap, AttentionRecord
from studio.numbers import percent
from studio.plots.map_data import MapData
from studio.plots.marked_text import Marks
from studio.plots.weights import looked_at
from studio.translation import tr


@dataclass(frozen=True)
class Choice:
    """What is shown of a record: which map, layer and head (None: the mean of the layer's heads), special tokens."""

    map: int = 0
    layer: int = 0
    head: int | None = 0
    with_special: bool = True


def fitting(choice: Choice, record: AttentionRecord) -> Choice:
    """The nearest choice that the record's maps have."""
    if not record.maps:
        return choice
    chosen = min(choice.map, len(record.maps) - 1)
    layers, heads = record.maps[chosen].weights.shape[:2]
    head = None if choice.head is None else min(choice.head, heads - 1)
    return Choice(chosen, min(choice.layer, layers - 1), head, choice.with_special)


def first_choice(record: AttentionRecord) -> Choice:
    """The last layer's first head of the first map."""
    layers = record.maps[0].weights.shape[0] if record.maps else 1
    return Choice(layer=layers - 1)


def slice_of(record: AttentionRecord, choice: Choice) -> MapData:
    """One layer's head, or the mean over its heads, as a picture's data."""
    chosen = record.maps[choice.map]
    layer = chosen.weights[choice.layer]
    weights = layer.mean(axis=0) if choice.head is None else layer[choice.head]
    special = special_keys(record, chosen)
    queries, keys = _shown(chosen.queries), _shown(chosen.keys)
    if choice.with_special or special.all():
        return MapData(np.asarray(weights, dtype=np.float32), queries, keys, special)
    rows = np.flatnonzero(~special) if len(queries) == len(keys) else np.arange(len(queries))
    columns = np.flatnonzero(~special)
    kept = np.asarray(weights, dtype=np.float32)[np.ix_(rows, columns)]
    return MapData(
        kept, tuple(queries[row] for row in rows), tuple(keys[column] for column in columns), special[columns]
    )


def special_keys(record: AttentionRecord, chosen: AttentionMap) -> np.ndarray:
    """[key] bool: which keys are [CLS] and the like."""
    if len(record.special) == len(chosen.keys):
        return np.array(record.special, dtype=bool)
    return np.zeros(len(chosen.keys), dtype=bool)


def marks_of(record: AttentionRecord, choice: Choice) -> Marks:
    """The text with each word's weight in the chosen slice, looked at from all words."""
    weights = looked_at(slice_of(record, Choice(choice.map, choice.layer, choice.head)).weights)
    ordinary = [index for index, special in enumerate(record.special) if not special and index < len(weights)]
    return Marks(record.text, tuple(record.spans[index] for index in ordinary), weights[ordinary])


def sentence(record: AttentionRecord, received: list[tuple[str, float]]) -> str:
    """What it says and which words it looks at most, over all layers and heads (see `received_words`)."""
    answer = record.prediction
    said = tr("It says “{label}”", label=answer.label)
    if answer.probabilities:
        share = likelihood(answer.probabilities[answer.label])
        said = tr("It says “{label}” ({share})", label=answer.label, share=share)
    words = [word for word, _ in received]
    if not record.maps or not words:
        return tr("{said}.", said=said)
    if len(words) == 1:
        return tr("{said}; it looks most at “{first}”.", said=said, first=words[0])
    return tr("{said}; it looks most at “{first}” and “{second}”.", said=said, first=words[0], second=words[1])


def received_words(record: AttentionRecord) -> list[tuple[str, float]]:
    """(word, how much it is looked at in all) over all layers and heads, the most first."""
    return words_received(record.tokens, record.received(), np.array(record.special, dtype=bool)) if record.maps else []


def slice_sentence(data: MapData) -> str:
    """Where one head looks, and how sharply."""
    count = num_for_half(looked_at(data.weights))
    words = [word for word, _ in words_received(data.keys, looked_at(data.weights), data.special)]
    if not words:
        return tr("Looks at the special tokens only.")
    if len(words) == 1:
        return tr(
            "Looks mostly at “{first}”. Half of its weight lies on {count:plural:token:tokens}.",
            first=words[0],
            count=count,
        )
    return tr(
        "Looks mostly at “{first}” and “{second}”. Half of its weight lies on {count:plural:token:tokens}.",
        first=words[0],
        second=words[1],
        count=count,
    )


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


def likelihood(probability: float) -> str:
    """A probability in whole percent that is never rounded to certainty."""
    if probability < 1.0 and round(100 * probability) == 100:
        return "> " + percent(0.99, 0)
    if probability > 0.0 and round(100 * probability) == 0:
        return "< " + percent(0.01, 0)
    return percent(probability, 0)


def num_for_half(weights: np.ndarray) -> int:
    """How few keys hold half of the weight: small is sharp."""
    ordered = np.sort(weights.astype(np.float64))[::-1]
    return int(np.searchsorted(np.cumsum(ordered), 0.5 * ordered.sum() - 1e-9) + 1)


def notices(record: AttentionRecord) -> list[str]:
    """What the person should know about how the text was read."""
    found = []
    if record.truncated:
        found.append(
            tr(
                "The text is longer than the model reads: the last {count:plural:token was:tokens were} cut off.",
                count=record.truncated,
            )
        )
    if record.unknown:
        found.append(tr("{count:plural:word is:words are} unknown to the model.", count=record.unknown))
    return found


def map_title(name: str) -> str:
    """A map's name in the person's language; a name that nobody knows stays as it is."""
    known = {
        "self-attention": tr("self-attention"),
        "additive attention": tr("additive attention"),
        "dot attention": tr("dot attention"),
        "general attention": tr("general attention"),
        "concat attention": tr("concat attention"),
        "multi-head attention": tr("multi-head attention"),
    }
    return known.get(name, name)


def _shown(tokens: tuple[str, ...]) -> tuple[str, ...]:
    """White space made visible, and no line breaks inside labels."""
    return tuple(token.strip().replace("\n", "↵") or "␣" for token in tokens)
