"""Maps, layers and heads by the names that a person types; everything is counted from 0."""

from __future__ import annotations

from dataclasses import replace

from engine.errors import InputError
from engine.messages import message
from engine.records import AttentionMap, AttentionRecord, Head, HeadFacts


def heads_named(name: str, chosen: AttentionMap) -> list[Head]:
    """“2.3” is one head, “2.*” a whole layer. Raises InputError for what is neither, and for what the map has not."""
    layer, _, head = name.partition(".")
    if not layer.isdecimal() or not (head == "*" or head.isdecimal()):
        raise InputError(
            message("“{name}” is no head.", name=name), "--mute", message("Write LAYER.HEAD from 0, as in 0.3,0.5,2.*")
        )
    num_heads = chosen.weights.shape[1]
    numbers = range(num_heads) if head == "*" else [int(head)]
    for number in numbers:
        _refuse_no_head(chosen, int(layer), number)
    return [(chosen.name, int(layer), number) for number in numbers]


def chosen_map(record: AttentionRecord, name: str | None) -> AttentionMap:
    """The map of that name; without one the first, which is self-attention where there is any. Raises InputError."""
    found = [one for one in record.maps if name in (None, one.name)]
    if not found:
        known = [one.name for one in record.maps]
        raise InputError(
            message("There is no map “{name}”.", name=name) if known else message("This model has no attention."),
            "--map",
            message("Choose one of: {known}.", known=known) if known else "",
        )
    return found[0]


def sliced(one: AttentionMap, layer: int | None, head: int | None) -> AttentionMap:
    """One layer or head of a map with its facts, still in four dimensions. Raises InputError where there is none."""
    _refuse_no_head(one, layer or 0, head or 0)
    layers = slice(None) if layer is None else slice(layer, layer + 1)
    heads = slice(None) if head is None else slice(head, head + 1)
    facts = None if one.facts is None else _sliced_facts(one.facts, layers, heads)
    return replace(one, weights=one.weights[layers, heads], facts=facts)


def _sliced_facts(facts: HeadFacts, layers: slice, heads: slice) -> HeadFacts:
    return HeadFacts(
        entropy=facts.entropy[layers, heads],
        distance=facts.distance[layers, heads],
        share=facts.share[layers, heads],
        importance=facts.importance[layers, heads],
        pattern=tuple(row[heads] for row in facts.pattern[layers]),
    )


def _refuse_no_head(one: AttentionMap, layer: int, head: int) -> None:
    num_layers, num_heads = one.weights.shape[:2]
    if not (0 <= layer < num_layers and 0 <= head < num_heads):
        raise InputError(
            message("There is no head {layer}.{head} in “{name}”.", layer=layer, head=head, name=one.name),
            mend=message(
                "Layers go from 0 to {layer}, heads from 0 to {head}.", layer=num_layers - 1, head=num_heads - 1
            ),
        )
